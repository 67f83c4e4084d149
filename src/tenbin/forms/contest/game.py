"""`ContestModel`: the structure of one contest with its numbers, and its games in many worlds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from tenbin.errors import Place, Problem, ScenarioError
from tenbin.forms.contest.read import CONCEPTS, Rules, read_rules
from tenbin.forms.contest.tables import (
    LEVELS,
    AllianceGame,
    AttritionGame,
    ContestGame,
    RaceGame,
    TullockGame,
    ValueKind,
)
from tenbin.forms.numbers import NumberTable
from tenbin.scenario.language import Array, Numbers, OutcomeCall
from tenbin.scenario.objects import Scenario

__all__ = [
    "CONCEPTS",
    "BoundContest",
    "ContestModel",
    "bind_contest",
    "check_numbers",
    "compile_contest",
]


@dataclass(frozen=True)
class ContestModel:
    """A compiled contest: names, and the index of each number in the table."""

    name: str
    rules: Rules
    table: NumberTable
    place: Place
    form: str = "contest"

    @property
    def concept(self) -> str:
        return self.rules.concept

    @property
    def players(self) -> tuple[str, ...]:
        return self.rules.players

    @property
    def names(self) -> frozenset[str]:
        return self.table.names

    @property
    def links(self) -> tuple[OutcomeCall, ...]:
        return self.table.links

    @property
    def size(self) -> dict[str, int]:
        private = self.rules.kind != ValueKind.KNOWN
        return {"players": len(self.players)} | ({"levels": len(LEVELS)} if private else {})


@dataclass(frozen=True)
class BoundContest:
    """The games [W] of a model."""

    model: ContestModel
    game: ContestGame


def compile_contest(scenario: Scenario, name: str, play: Mapping[str, str]) -> ContestModel:
    """The structure of one model.

    Raises
    ------
    ScenarioError
        With every structural problem found; a contest has no moves that `play` could commit.
    """
    entry = scenario.models[name]
    table = NumberTable(scenario)
    rules, problems = read_rules(scenario, entry, table)
    problems = [*problems, *table.problems]
    for move in play:
        what = f"`play` commits '{move}', and a contest has no moves"
        problems.append(Problem(entry.place, what, move))
    if rules is None or problems:
        raise ScenarioError(problems)
    return ContestModel(name, rules, table, entry.place)


def bind_contest(
    model: ContestModel, numbers: Numbers, outcomes: Mapping[OutcomeCall, Array], worlds: int
) -> BoundContest:
    """The model's numbers evaluated in every world.

    Parameters
    ----------
    numbers, outcomes
        The names that `model.names`, the outcomes that `model.links` lists: floats or arrays [W].
    worlds
        W.

    Returns
    -------
    The games; `valid` is false where a number is not finite or out of bounds, or a distribution
    of values is empty.
    """
    columns = model.table.evaluate(numbers, outcomes, worlds)
    valid = model.table.valid(columns)
    rules = model.rules
    each = {key: columns[:, index] for key, index in rules.by_player.items()}
    one = {key: columns[:, index] for key, index in rules.single.items()}
    match rules.concept:
        case "tullock":
            game: ContestGame = TullockGame(rules.players, **each, **one, valid=valid)
        case "attrition":
            game = _attrition(rules, each, one)
            valid &= (game.high > game.low) | (rules.kind != ValueKind.UNIFORM)
            game = AttritionGame(
                game.players, game.kind, game.value, game.low, game.high, game.cost, valid
            )
        case "richardson":
            game = RaceGame(rules.players, **each, negative=rules.negative, valid=valid)
        case _:
            game = AllianceGame(rules.players, **each, valid=valid)
    return BoundContest(model, game)


def _attrition(rules: Rules, each: dict[str, Array], one: dict[str, Array]) -> AttritionGame:
    cost = each["cost"]
    blank = np.full(len(cost), np.nan)
    return AttritionGame(
        players=rules.players,
        kind=rules.kind,
        value=each.get("value", np.full(cost.shape, np.nan)),
        low=one.get("low", blank),
        high=one.get("high", blank),
        cost=cost,
        valid=np.ones(len(cost), dtype=np.bool_),
    )


def check_numbers(
    model: ContestModel,
    numbers: Numbers,
    outcomes: Mapping[OutcomeCall, Array],
    worlds: int,
) -> list[Problem]:
    """What is wrong with a model's numbers in some of the worlds."""
    problems = model.table.check(numbers, outcomes, worlds)
    bound = bind_contest(model, numbers, outcomes, worlds)
    columns = model.table.evaluate(numbers, outcomes, worlds)
    sound = model.table.valid(columns)
    told = {"the ends of the uniform values stand the wrong way round": sound & ~bound.game.valid}
    if isinstance(bound.game, TullockGame):
        from tenbin.forms.contest.solvers.tullock import solve_tullock

        none = sound & ~solve_tullock(bound.game).found[:, 0]
        told["the contest is too decisive for an equilibrium in pure efforts"] = none
    for what, where in told.items():
        if where.any():
            what = f"{what} in {where.mean():.1%} of the worlds tried"
            problems.append(Problem(model.place, what))
    return problems
