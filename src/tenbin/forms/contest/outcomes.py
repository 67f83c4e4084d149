"""What a solved contest yields: efforts, chances, payoffs, how long it lasts, stability."""

from __future__ import annotations

import numpy as np

from tenbin.errors import Problem
from tenbin.forms.contest.game import BoundContest, ContestModel
from tenbin.forms.contest.tables import (
    AllianceGame,
    AttritionGame,
    ContestSolution,
    RaceGame,
    TullockGame,
    ValueKind,
)
from tenbin.forms.reading import only_name
from tenbin.scenario.language import Array, Event, OutcomeCall

__all__ = ["FUNCTIONS", "check_call", "contest_outcome", "is_probability", "outcome_scale"]

FUNCTIONS = {
    "tullock": ("effort", "P", "E", "active"),
    "attrition": ("effort", "P", "E", "lasts", "stops"),
    "richardson": ("effort", "stable", "E"),
    "alliance": ("effort", "share", "E", "active"),
}
"""What may be asked, by concept."""
EXPECTED = {
    "tullock": ("total",),
    "attrition": ("total", "length"),
    "richardson": ("total",),
    "alliance": ("total",),
}
"""What `E` takes beside the players, by concept."""


def is_probability(call: OutcomeCall) -> bool:
    """Whether the outcome lies in [0, 1] by definition."""
    return call.function in ("P", "active", "share", "stable", "lasts")


def outcome_scale(bound: BoundContest, call: OutcomeCall) -> float | Array:
    """What a comparison of the outcome has a millionth of as its tolerance: a number, or [W]."""
    if is_probability(call):
        return 1.0
    with np.errstate(all="ignore"):
        size = _scale(bound, call)
    return np.where(np.isfinite(size) & (size > 0), size, 1.0)


def _scale(bound: BoundContest, call: OutcomeCall) -> Array:
    game, of_payoff = bound.game, call.function == "E" and _name(call) in bound.model.players
    match game:
        case TullockGame():
            return (game.value if of_payoff else game.value / game.cost).max(axis=1)
        case AttritionGame():
            spread = game.low + game.high if game.kind == ValueKind.NORMAL else game.high
            value = game.value.max(axis=1) if game.kind == ValueKind.KNOWN else spread
            return value if of_payoff else value / game.cost.min(axis=1)
        case RaceGame():
            size = np.abs(game.grievance) + game.react.sum(axis=2) * np.abs(game.start)
            return (size / game.fatigue).max(axis=1)
        case AllianceGame():
            return game.weight.sum(axis=1)


def contest_outcome(bound: BoundContest, solution: ContestSolution, call: OutcomeCall) -> Array:
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
    Values [W, K]; NaN in slots that hold no equilibrium, and where a type never stops.
    """
    name, function = _name(call), call.function
    with np.errstate(all="ignore"):
        if name == "total":
            values = solution.effort.sum(axis=2)
        elif name == "length":
            values = solution.effort[:, :, 0]
        elif function == "stable":
            assert solution.growth is not None
            values = (solution.growth < 0.0).astype(np.float64)
        elif function == "lasts":
            values = _lasting(bound, solution, call)
        else:
            values = _of_player(bound, solution, call, bound.model.players.index(name))
    return np.where(solution.found & bound.game.valid[:, None], values, np.nan)


def _of_player(
    bound: BoundContest, solution: ContestSolution, call: OutcomeCall, player: int
) -> Array:
    effort = solution.effort[:, :, player]
    match call.function:
        case "P":
            return solution.win[:, :, player]
        case "E":
            return solution.payoff[:, :, player]
        case "active":
            return (effort > 0.0).astype(np.float64)
        case "share":
            return effort / solution.effort.sum(axis=2)
        case "stops":
            from tenbin.forms.contest.values_drawn import stopping_time

            assert isinstance(bound.game, AttritionGame)
            at = np.full((len(effort), 1), _number(call))
            time = stopping_time(bound.game, at)
            return np.where(np.isfinite(time), time, np.nan)
        case _ if len(call.arguments) == 2:
            from tenbin.forms.contest.solvers.race import effort_path

            assert isinstance(bound.game, RaceGame)
            path = effort_path(bound.game, _number(call))[:, player, None]
            return np.broadcast_to(path, effort.shape)
        case _:
            return effort


def _lasting(bound: BoundContest, solution: ContestSolution, call: OutcomeCall) -> Array:
    """The probability [W, K] that a player, or both, have not given in by some time."""
    game, name = bound.game, _name(call)
    assert isinstance(game, AttritionGame)
    who = [0, 1] if name == "contest" else [bound.model.players.index(name)]
    if game.kind != ValueKind.KNOWN:
        return _still_in(game, _number(call))[:, None] ** len(who)
    assert solution.rate is not None
    assert solution.at_once is not None
    stays = np.exp(-solution.rate * _number(call)) * (1.0 - solution.at_once)
    return stays[:, :, who].prod(axis=2)


def _still_in(game: AttritionGame, time: float) -> Array:
    """The probability [W] that a player whose value is private has not given in by a time."""
    from tenbin.forms.contest.values_drawn import stopping_time, value_at

    low, high = np.zeros(len(game.valid)), np.full(len(game.valid), 700.0)
    for _ in range(80):
        middle = 0.5 * (low + high)
        before = stopping_time(game, value_at(game, middle[:, None]))[:, 0] <= time
        low, high = np.where(before, middle, low), np.where(before, high, middle)
    return np.exp(-0.5 * (low + high))


def _event(call: OutcomeCall) -> Event:
    event = call.arguments[0]
    assert isinstance(event, Event)
    return event


def _name(call: OutcomeCall) -> str:
    return str(only_name(_event(call)) or _event(call))


def _number(call: OutcomeCall) -> float:
    number = call.arguments[1]
    assert isinstance(number, float)
    return number


# what may be asked


def check_call(model: ContestModel, call: OutcomeCall) -> list[Problem]:
    """What is wrong with an outcome call on this model; empty where it can be answered."""
    concept, allowed = model.concept, FUNCTIONS[model.concept]
    if call.function not in allowed:
        what = f"a contest with the concept '{concept}' has no outcome '{call.function}'"
        return [Problem(call.place, what, call.function, allowed)]
    problems: list[Problem] = []
    if call.given is not None or call.options:
        what = f"'{call.function}' takes no `given=` or other keywords in a contest"
        problems.append(Problem(call.place, what))
    named = _allowed_names(model, call.function)
    if not isinstance(call.arguments[0], Event) or _name(call) not in named:
        what = f"'{call.function}' of model '{model.name}' takes no '{call.arguments[0]}'"
        return [*problems, Problem(call.place, what, str(call.arguments[0]), named)]
    return problems + _check_number(model, call)


def _allowed_names(model: ContestModel, function: str) -> tuple[str, ...]:
    match function:
        case "E" if model.concept == "richardson":
            return EXPECTED[model.concept]
        case "E":
            return (*model.players, *EXPECTED[model.concept])
        case "stable":
            return ("rest",)
        case "lasts":
            return (*model.players, "contest")
        case _:
            return model.players


def _check_number(model: ContestModel, call: OutcomeCall) -> list[Problem]:
    """Whether a second argument, a number, is there where it must and may be."""
    extra = call.arguments[1:]
    private = model.rules.kind != ValueKind.KNOWN
    if call.function == "stops" and not private:
        what = "`stops` asks when a type gives in, and the values here are known to all"
        return [Problem(call.place, what, advice="Ask for lasts(model.player, time).")]
    wanted = call.function in ("lasts", "stops")
    may = wanted or (call.function == "effort" and model.concept == "richardson")
    is_number = len(extra) == 1 and isinstance(extra[0], float)
    if is_number and may:
        if call.function == "effort" and not model.rules.negative:
            what = "the path of efforts is not available with `negative: false`"
            return [Problem(call.place, what)]
        return []
    if not extra and not wanted:
        return []
    shape = f"{call.function}({model.name}.{_name(call)}" + (", number)" if may else ")")
    return [Problem(call.place, f"write {shape}")]
