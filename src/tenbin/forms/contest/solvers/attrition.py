"""Wars of attrition: hazards where prizes are known, stopping times where they are private.

Known prizes: each gives in at the rate that keeps the other indifferent; payoffs are zero. There
are others, among them the two in which one side gives in at once because the other never does.
Private values from one distribution (Bishop, Cannings and Maynard Smith 1978): a type v stops at
t(v) = integral of x f(x) / (1 - F(x)) up to v, over the cost rate.
"""

from __future__ import annotations

import numpy as np

from tenbin.forms.contest.tables import AttritionGame, Bools, ContestSolution, ValueKind
from tenbin.forms.contest.values_drawn import mean_and_least, stopping_levels
from tenbin.forms.contract import Status

__all__ = ["solve_attrition"]


def solve_attrition(game: AttritionGame) -> ContestSolution:
    """The equilibria of every world: K = 3 where prizes are known, else 1."""
    if game.kind == ValueKind.KNOWN:
        return _known(game)
    return _private(game)


def _status(valid: Bools) -> np.ndarray:
    return np.where(valid, Status.SOLVED, Status.NOT_FINITE).astype(np.int8)


def _known(game: AttritionGame) -> ContestSolution:
    """The mixed equilibrium without a mass at the start, then the two in which one gives in."""
    worlds = len(game.valid)
    ratio = np.where(game.valid[:, None], game.cost / game.value, 1.0)
    rate = np.zeros((worlds, 3, 2))
    rate[:, 0] = ratio[:, ::-1]
    at_once = np.zeros((worlds, 3, 2))
    at_once[:, 1, 1] = at_once[:, 2, 0] = 1.0
    length = np.zeros((worlds, 3, 1))
    total = rate[:, 0].sum(axis=1)
    length[:, 0, 0] = 1.0 / total
    win = np.zeros((worlds, 3, 2))
    win[:, 0] = rate[:, 0, ::-1] / total[:, None]
    win[:, 1, 0] = win[:, 2, 1] = 1.0
    payoff = np.zeros((worlds, 3, 2))
    payoff[:, 1:] = win[:, 1:] * game.value[:, None]
    shown = game.valid[:, None, None]
    return ContestSolution(
        effort=np.where(shown, np.broadcast_to(length, win.shape), np.nan),
        win=np.where(shown, win, np.nan),
        payoff=np.where(shown, payoff, np.nan),
        found=np.broadcast_to(game.valid[:, None], (worlds, 3)).copy(),
        status=_status(game.valid),
        complete=np.zeros(worlds, dtype=np.bool_),
        method="closed form",
        rate=np.where(shown, rate, np.nan),
        at_once=np.where(shown, at_once, np.nan),
    )


def _private(game: AttritionGame) -> ContestSolution:
    """The symmetric equilibrium in stopping times."""
    with np.errstate(all="ignore"):
        mean, least = mean_and_least(game)
        length = 0.5 * least / game.cost[:, 0]
        stop = stopping_levels(game)
    payoff = (mean - 0.5 * least) - 0.5 * least
    ok = game.valid & np.isfinite(length) & np.isfinite(stop).all(axis=1)
    shape = (len(ok), 1, 2)
    shown = ok[:, None, None]
    status = np.where(game.valid & ~ok, np.int8(Status.NO_EQUILIBRIUM_FOUND), _status(game.valid))
    return ContestSolution(
        effort=np.where(shown, np.broadcast_to(length[:, None, None], shape), np.nan),
        win=np.where(shown, np.full(shape, 0.5), np.nan),
        payoff=np.where(shown, np.broadcast_to(payoff[:, None, None], shape), np.nan),
        found=ok[:, None].copy(),
        status=status.astype(np.int8),
        complete=np.zeros(len(ok), dtype=np.bool_),
        method="stopping times by integrating the hazard",
        stop=np.where(ok[:, None], stop, np.nan),
    )
