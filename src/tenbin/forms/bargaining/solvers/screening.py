"""One offer to somebody whose type is not known."""

from __future__ import annotations

import numpy as np

from tenbin.forms.bargaining.solvers.batch import assembled, run_tiles
from tenbin.forms.bargaining.tables import (
    AGREE,
    IMPASSE,
    LEFT,
    REFUSE,
    RESULTS,
    SETTLED,
    WAIT,
    BargainingSolution,
    Bools,
    Problems,
)
from tenbin.forms.contract import SolverOptions
from tenbin.scenario.language import Array

__all__ = ["solve_screening"]

SLACK = 1e-11
"""Payoffs this near to each other, relative to their size, are the same to who answers."""


def solve_screening(problems: Problems, options: SolverOptions, worlds: int) -> BargainingSolution:
    """The best single offer to either of two types, in every problem.

    Each set of types that may accept has its best offer, exactly; the best of these is made.
    """
    n, first, other = len(problems), problems.first, 1 - problems.first
    need, refused, gone = _refusal(problems)
    offer = np.full((n, problems.n_issues), np.nan)
    made, tie = np.zeros(n, dtype=np.bool_), np.zeros(n, dtype=np.bool_)

    def solve(start: int, stop: int) -> None:
        from tenbin.forms.bargaining.solvers.screening_kernel import screen_worlds

        at = slice(start, stop)
        screen_worlds(
            first, problems.base[at], problems.slope[at], problems.low[at], problems.high[at],
            refused[at, first], need[at], problems.floor[at, first], problems.prior[at],
            problems.valid[at], offer[at], made[at], tie[at],
        )  # fmt: skip

    run_tiles(solve, n, options.threads)
    offer[~made] = np.nan
    worth = problems.base + np.einsum("nitj,nj->nit", problems.slope, np.nan_to_num(offer))
    size = np.maximum(np.abs(problems.slope).max(axis=(1, 2, 3)), np.abs(need).max(axis=1))
    accepts = made[:, None] & (worth[:, other] >= need - SLACK * size[:, None])
    chance = np.zeros((n, RESULTS, 2))
    chance[:, SETTLED] = np.where(accepts, problems.prior, 0.0)
    chance[:, LEFT] = np.where(~accepts & gone, problems.prior, 0.0)
    chance[:, IMPASSE] = np.where(~accepts & ~gone, problems.prior, 0.0)
    payoff = np.repeat(refused[:, :, None], RESULTS, axis=2)
    payoff[:, :, SETTLED] = worth
    agreed = accepts.any(axis=1)
    action = np.where(agreed, AGREE, np.where(gone.any(axis=1), REFUSE, WAIT)).astype(np.int8)
    offer[~agreed] = np.nan
    return assembled(
        problems, worlds, np.repeat(offer[:, None], 2, axis=1), np.stack([action, action], axis=1),
        chance, payoff, offer[:, None, None, :], np.ones(n, dtype=np.bool_), {"tie": tie},
        "corners of what the types accept",
    )  # fmt: skip


def _refusal(problems: Problems) -> tuple[Array, Array, Bools]:
    """What each type gets by refusing [N, T], what both then get [N, 2, T], whether one leaves."""
    first, other = problems.first, 1 - problems.first
    leaves = problems.outside > problems.disagreement
    gone = leaves[:, other] | leaves[:, first]
    refused = np.where(gone[:, None], problems.left, problems.disagreement)
    for player in (first, other):
        own = leaves[:, player]
        own = own & ~leaves[:, other] if player == first else own
        refused[:, player] = np.where(own, problems.outside[:, player], refused[:, player])
    return refused[:, other], refused, gone
