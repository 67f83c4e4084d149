"""Alternating offers: Rubinstein's without end, Stahl's with a last period."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from tenbin.forms.bargaining.solvers.batch import payoffs_at, solve_frontier
from tenbin.forms.bargaining.solvers.worlds_kernel import OFFERS
from tenbin.forms.bargaining.tables import AGREE, BargainingSolution, Bools, Problems
from tenbin.forms.contract import SolverOptions

__all__ = ["solve_rubinstein"]

SLACK = 1e-9


def solve_rubinstein(problems: Problems, options: SolverOptions, worlds: int) -> BargainingSolution:
    """The subgame perfect equilibrium of alternating offers, in every problem.

    With a last period by backward induction; without, the stationary equilibrium: the fixed point
    of what each has to concede, by Newton's method, which ends exactly on linear payoffs. At its
    turn a player proposes or leaves, and the other accepts, refuses or leaves.
    """
    if problems.periods:
        return solve_frontier(problems, options, worlds, OFFERS, "backward induction over periods")
    solution = solve_frontier(problems, options, worlds, OFFERS, "stationary offers")
    only = _is_only(problems, solution).reshape(worlds, -1).all(axis=1)
    return replace(solution, complete=np.logical_and(solution.complete, only))


def _is_only(problems: Problems, solution: BargainingSolution) -> Bools:
    """Where [N] the equilibrium is known to be the only one (Shaked and Sutton's argument).

    Both agree at either's turn, and one of these agreements is as good for both as anybody's
    leaving.
    """
    agree = (solution.action == AGREE).all(axis=1)
    if np.isneginf(problems.outside).all():
        return np.asarray(agree)
    away = np.maximum(problems.outside, problems.left)[:, :, 0]
    good = np.zeros(len(problems), dtype=np.bool_)
    for turn in (0, 1):
        worth = payoffs_at(problems, np.nan_to_num(solution.offer[:, turn]))
        good |= (worth >= away - SLACK).all(axis=1)
    return np.asarray(agree & good)
