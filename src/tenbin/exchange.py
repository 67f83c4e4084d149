"""Games of other tools, from Python: Gambit's files, pygambit's and OpenSpiel's objects.

game = read_game("crisis.efg")                       # tables of one world
game = scenario_game(scenario, "crisis", world=3)    # a model of a scenario
theirs = to_pygambit(game)
"""

from __future__ import annotations

from tenbin.errors import FormError, TenbinError
from tenbin.forms.tree.bind import BoundTree
from tenbin.forms.tree.exchange import read_efg, read_game, read_nfg, write_efg, write_nfg
from tenbin.forms.tree.exchange_nfg import NormalForm, normal_form
from tenbin.forms.tree.exchange_objects import (
    from_pygambit,
    from_pyspiel,
    to_pygambit,
    to_pyspiel,
)
from tenbin.forms.tree.tables import TreeGame
from tenbin.run import Setting, bind_worlds, policy_setting
from tenbin.scenario.language import Array
from tenbin.scenario.objects import Scenario
from tenbin.worlds import central_world, draw_worlds

__all__ = [
    "NormalForm",
    "from_pygambit",
    "from_pyspiel",
    "normal_form",
    "read_efg",
    "read_game",
    "read_nfg",
    "scenario_game",
    "to_pygambit",
    "to_pyspiel",
    "write_efg",
    "write_nfg",
]


def scenario_game(
    scenario: Scenario,
    model: str,
    policy: str | None = None,
    world: int | None = None,
    seed: int = 0,
) -> TreeGame:
    """A model of a scenario as a game in one world.

    Parameters
    ----------
    scenario
        Where the model stands.
    model
        Its name; its form must be `tree`.
    policy
        The policy whose levers and committed moves hold; None sets nothing.
    world
        A world of the runs with this seed and the design `sobol`, by its number; None: the
        central one.
    seed
        The seed of those runs.

    Returns
    -------
    A game with one world. A committed move is a chance move with one branch.

    Raises
    ------
    TenbinError
        If there is no such model or policy.
    FormError
        If the model is no tree.
    ScenarioError
        If the model cannot be made into a game.
    """
    if model not in scenario.models:
        raise TenbinError(f"unknown model '{model}'; allowed: {', '.join(scenario.models)}")
    if policy is not None and policy not in scenario.policies:
        raise TenbinError(f"unknown policy '{policy}'; allowed: {', '.join(scenario.policies)}")
    setting = Setting() if policy is None else policy_setting(scenario, policy)
    if scenario.models[model].form != "tree":
        form = scenario.models[model].form
        raise FormError(f"'{model}' is of the form {form}; other tools' files hold trees alone")
    bound = bind_worlds(scenario, model, chosen_world(scenario, world, seed), setting)
    assert isinstance(bound, BoundTree)
    return bound.game


def chosen_world(scenario: Scenario, world: int | None = None, seed: int = 0) -> dict[str, Array]:
    """The uncertainties of one world [1]: the one of that number, else the central one."""
    if world is None:
        return central_world(scenario)
    return draw_worlds(scenario, world, world + 1, seed=seed)
