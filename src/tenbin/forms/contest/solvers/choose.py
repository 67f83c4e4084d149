"""The method that fits a contest."""

from __future__ import annotations

from tenbin.forms.contest.solvers.alliance import solve_alliance
from tenbin.forms.contest.solvers.attrition import solve_attrition
from tenbin.forms.contest.solvers.race import solve_race
from tenbin.forms.contest.solvers.tullock import solve_tullock
from tenbin.forms.contest.tables import (
    AttritionGame,
    ContestGame,
    ContestSolution,
    RaceGame,
    TullockGame,
)

__all__ = ["solve_contest"]


def solve_contest(game: ContestGame) -> ContestSolution:
    """The equilibria of every world of a contest."""
    match game:
        case TullockGame():
            return solve_tullock(game)
        case AttritionGame():
            return solve_attrition(game)
        case RaceGame():
            return solve_race(game)
        case _:
            return solve_alliance(game)
