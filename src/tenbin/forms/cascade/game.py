"""`CascadeModel`: the structure of one cascade with its numbers, and its games in many worlds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from tenbin.errors import Place, Problem, ScenarioError
from tenbin.forms.cascade.read import Network, Regime, Rules, read_rules
from tenbin.forms.cascade.tables import FREE, Bools, CascadeGame, CostKind, RegimeGame
from tenbin.forms.numbers import NumberTable
from tenbin.scenario.language import Array, Numbers, OutcomeCall
from tenbin.scenario.objects import ModelEntry, Scenario

__all__ = [
    "CONCEPTS",
    "BoundCascade",
    "CascadeModel",
    "bind_cascade",
    "check_numbers",
    "compile_cascade",
]

CONCEPTS = ("least", "greatest", "global")


@dataclass(frozen=True)
class CascadeModel:
    """A compiled cascade: names, and the index of each number in the table."""

    name: str
    concept: str
    rules: Rules
    table: NumberTable
    place: Place
    warnings: tuple[Problem, ...] = ()
    form: str = "cascade"

    @property
    def names(self) -> frozenset[str]:
        return self.table.names

    @property
    def links(self) -> tuple[OutcomeCall, ...]:
        return self.table.links

    @property
    def size(self) -> dict[str, int]:
        rules = self.rules
        if isinstance(rules, Regime):
            return {"continuum": 1}
        if rules.common is not None:
            return {"actors": len(rules.players)}
        pairs = np.count_nonzero(rules.influence != rules.zero)
        return {"players": len(rules.players), "influences": int(pairs)}

    @property
    def players(self) -> tuple[str, ...]:
        return () if isinstance(self.rules, Regime) else self.rules.players

    @property
    def private(self) -> bool:
        """Whether some cost is known to its player alone."""
        rules = self.rules
        if isinstance(rules, Regime):
            return False
        return bool(((rules.kind != CostKind.KNOWN) & (rules.forced == FREE)).any())


@dataclass(frozen=True)
class BoundCascade:
    """The games [W] of a model."""

    model: CascadeModel
    game: CascadeGame | RegimeGame


def compile_cascade(scenario: Scenario, name: str, play: Mapping[str, str]) -> CascadeModel:
    """The structure of one model with `play` (player -> `join` or `stay`) committed.

    Raises
    ------
    ScenarioError
        With every structural problem found.
    """
    entry = scenario.models[name]
    table = NumberTable(scenario)
    rules, problems = read_rules(scenario, entry, play, table)
    problems = [*_concept_problems(entry), *problems, *table.problems]
    if rules is None or any(not problem.warning for problem in problems):
        raise ScenarioError(problems)
    concept = entry.concept or CONCEPTS[0]
    return CascadeModel(name, concept, rules, table, entry.place, tuple(problems))


def _concept_problems(entry: ModelEntry) -> list[Problem]:
    if entry.concept and entry.concept not in CONCEPTS:
        place = entry.place_of("concept")
        what = f"unknown concept '{entry.concept}' of a cascade"
        return [Problem(place, what, entry.concept, CONCEPTS)]
    return []


def bind_cascade(
    model: CascadeModel, numbers: Numbers, outcomes: Mapping[OutcomeCall, Array], worlds: int
) -> BoundCascade:
    """The model's numbers evaluated in every world.

    Parameters
    ----------
    numbers, outcomes
        The names that `model.names`, the outcomes that `model.links` lists: floats or arrays [W].
    worlds
        W.

    Returns
    -------
    The games; `valid` is false where a number is not finite or out of bounds, an interval is
    empty, or another's joining makes joining less attractive.
    """
    columns = model.table.evaluate(numbers, outcomes, worlds)
    valid = model.table.valid(columns)
    with np.errstate(all="ignore"):
        if isinstance(model.rules, Regime):
            return BoundCascade(model, _regime(model.rules, columns, valid))
        game = _network(model.rules, columns, valid)
        valid &= _ordered(game) & _complements(game)
    return BoundCascade(model, game)


def _network(rules: Network, columns: Array, valid: Bools) -> CascadeGame:
    crowd = rules.common is not None
    pairs = (0, 0) if crowd else rules.influence.shape
    return CascadeGame(
        players=rules.players,
        forced=rules.forced,
        kind=rules.kind,
        gain=columns[:, rules.gain],
        cost_a=columns[:, rules.cost_a],
        cost_b=columns[:, rules.cost_b],
        influence=np.empty((len(columns), *pairs)) if crowd else columns[:, rules.influence],
        staying=np.empty((len(columns), *pairs)) if crowd else columns[:, rules.staying],
        common=columns[:, rules.common] if rules.common is not None else None,
        correlation=columns[:, rules.correlation],
        correlated=rules.correlation != rules.zero,
        valid=valid,
    )


def _regime(rules: Regime, columns: Array, valid: Bools) -> RegimeGame:
    game = RegimeGame(
        *(columns[:, index] for index in rules.indices),
        state_kind=rules.state_kind,
        state_a=columns[:, rules.state_a],
        state_b=(
            1.0 / np.sqrt(columns[:, rules.indices[-1]])
            if rules.state_b is None
            else columns[:, rules.state_b]
        ),
        valid=valid,
    )
    valid &= game.cost < game.gain
    if game.state_kind == CostKind.UNIFORM:
        valid &= game.state_a <= game.state_b
    return game


def _ordered(game: CascadeGame) -> Bools:
    """In which worlds [W] no uniform cost has its ends the wrong way round."""
    uniform = game.kind == CostKind.UNIFORM
    return np.all((game.cost_a <= game.cost_b)[:, uniform], axis=1)


def _complements(game: CascadeGame) -> Bools:
    """In which worlds [W] nobody's joining makes another's joining less attractive."""
    if game.common is not None:
        return np.asarray(game.common >= 0)
    size = np.abs(game.influence) + np.abs(game.staying)
    return np.all(game.influence + game.staying >= -1e-12 * size, axis=(1, 2))


def check_numbers(
    model: CascadeModel,
    numbers: Numbers,
    outcomes: Mapping[OutcomeCall, Array],
    worlds: int,
) -> list[Problem]:
    """What is wrong with a model's numbers in some of the worlds."""
    problems = model.table.check(numbers, outcomes, worlds)
    columns = model.table.evaluate(numbers, outcomes, worlds)
    finite: Bools = np.all(np.isfinite(columns), axis=1)
    rules, place = model.rules, model.place
    if isinstance(rules, Regime):
        game = _regime(rules, columns, finite.copy())
        wrong = {"the cost of attacking is not below the gain": finite & ~game.valid}
    else:
        network = _network(rules, columns, finite)
        wrong = {
            "the ends of a uniform cost stand the wrong way round": finite & ~_ordered(network),
            "another's joining makes joining less attractive (influence + staying is negative)": (
                finite & ~_complements(network)
            ),
        }
    for what, where in wrong.items():
        if where.any():
            told = f"{what} in {where.mean():.1%} of the worlds tried"
            problems.append(Problem(place, told))
    return problems
