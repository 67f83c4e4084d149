"""What a solved cascade yields: who joins, when, with whom, on what terms; who tips it."""

from __future__ import annotations

import numpy as np

from tenbin.errors import Problem
from tenbin.forms.cascade.events import MOST_NAMES, names_of
from tenbin.forms.cascade.game import BoundCascade, CascadeModel
from tenbin.forms.cascade.payoffs import payoff_range
from tenbin.forms.cascade.read import RESERVED, Regime
from tenbin.forms.cascade.tables import CascadeSolution, RegimeGame
from tenbin.forms.reading import only_name
from tenbin.scenario.language import Array, Event, OutcomeCall

__all__ = ["FUNCTIONS", "cascade_outcome", "check_call", "is_probability", "outcome_scale"]

FUNCTIONS = ("P", "E", "adopts", "tipping", "order", "cutoff")
REGIME = {"P": ("falls",), "E": ("attack",), "cutoff": ("state", "signal")}
"""What may be asked of a continuum, by function."""


def is_probability(call: OutcomeCall) -> bool:
    """Whether the outcome lies in [0, 1] by definition."""
    return call.function in ("P", "adopts", "tipping")


def outcome_scale(bound: BoundCascade, call: OutcomeCall) -> float | Array:
    """What a comparison of the outcome has a millionth of as its tolerance: a number, or [W]."""
    if is_probability(call) or isinstance(bound.game, RegimeGame):
        return 1.0
    name = str(only_name(_event(call)))
    if call.function == "order" or name in RESERVED:
        return float(bound.game.n_players)
    return payoff_range(bound.game)


def cascade_outcome(bound: BoundCascade, solution: CascadeSolution, call: OutcomeCall) -> Array:
    """An outcome in every world and equilibrium.

    Parameters
    ----------
    bound
        The games of W worlds.
    solution
        Their equilibria [W, K].
    call
        What is asked, found in order by `check_call`.

    Returns
    -------
    Values [W, K]; NaN where a condition is impossible or somebody never joins, and in slots that
    hold no equilibrium.
    """
    from tenbin.forms.cascade.values import network_values, regime_values

    game = bound.game
    with np.errstate(all="ignore"):
        if isinstance(game, RegimeGame):
            values = regime_values(game, solution, call)
        else:
            values = network_values(game, solution, call)
    return np.where(solution.found & game.valid[:, None], values, np.nan)


def _event(call: OutcomeCall) -> Event:
    event = call.arguments[0]
    assert isinstance(event, Event)
    return event


# what may be asked


def check_call(model: CascadeModel, call: OutcomeCall) -> list[Problem]:
    """What is wrong with an outcome call on this model; empty where it can be answered."""
    if call.function not in FUNCTIONS:
        what = f"a cascade has no outcome '{call.function}'"
        return [Problem(call.place, what, call.function, FUNCTIONS)]
    if len(call.arguments) != 1 or call.options or not isinstance(call.arguments[0], Event):
        shape = "an event" if call.function == "P" else "one name"
        what = f"'{call.function}' takes {shape} of model '{model.name}' and nothing else"
        return [Problem(call.place, what)]
    problems = _check_given(model, call)
    if isinstance(model.rules, Regime):
        return problems + _check_regime(model, model.rules, call)
    if call.function == "P":
        return problems + _check_event(model, call)
    name = str(only_name(_event(call)) or _event(call))
    allowed = (*model.players, *(RESERVED if call.function == "E" else ()))
    if name not in allowed:
        what = f"model '{model.name}' has no player '{name}'"
        problems.append(Problem(call.place, what, name, allowed))
    if call.function == "order" and model.private:
        what = "where costs are private all decide at once: nobody joins before another"
        problems.append(Problem(call.place, what, advice="Ask for P(model.player)."))
    return problems


def _check_given(model: CascadeModel, call: OutcomeCall) -> list[Problem]:
    if call.given is None:
        return []
    if call.function == "P" and isinstance(call.given, Event) and model.players:
        return []
    what = "in a cascade only `P` takes `given=`, with an event of players"
    return [Problem(call.place, what)]


def _check_event(model: CascadeModel, call: OutcomeCall) -> list[Problem]:
    """Unknown players of an event and of its condition, and too many of them."""
    events = [_event(call), *([call.given] if isinstance(call.given, Event) else [])]
    names = tuple(dict.fromkeys(name for event in events for name in names_of(event)))
    problems = [
        Problem(call.place, f"model '{model.name}' has no player '{name}'", name, model.players)
        for name in names
        if name not in model.players
    ]
    if len(names) > MOST_NAMES:
        what = f"an event names {len(names)} players, more than {MOST_NAMES}"
        problems.append(Problem(call.place, what, advice="Ask for E(model.adopters)."))
    return problems


def _check_regime(model: CascadeModel, rules: Regime, call: OutcomeCall) -> list[Problem]:
    allowed = REGIME.get(call.function, ())
    if not allowed:
        what = f"a global game has no outcome '{call.function}'"
        return [Problem(call.place, what, call.function, tuple(REGIME))]
    name = str(only_name(_event(call)) or _event(call))
    if name not in allowed:
        what = f"'{call.function}' of a global game takes no '{name}'"
        return [Problem(call.place, what, name, allowed)]
    if call.function != "cutoff" and rules.state_kind is None:
        what = f"'{call.function}' of model '{model.name}' depends on the state"
        return [Problem(call.place, what, advice="Give the model a `state`, or a `prior`.")]
    return []
