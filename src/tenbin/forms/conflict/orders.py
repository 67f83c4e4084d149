"""From payoffs to rankings, and from worlds to orders: worlds with the same rankings share one."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tenbin.forms.conflict.tables import Ints, Preference
from tenbin.scenario.language import Array

__all__ = ["BLOCK", "TIE", "rank_states", "share_orders"]

TIE = 1e-9
"""Payoffs nearer to each other than this share of the player's range are a tie."""
BLOCK = 1 << 22
"""Payoffs ranked at once."""

Ranks = NDArray[np.int16]


def rank_states(preference: Preference, worlds: int) -> tuple[Ranks, Ints, Array]:
    """Rankings of one player: the different ones, which one each world has, and margins.

    Parameters
    ----------
    preference
        Of one player; what is not finite is ranked somehow.
    worlds
        W.

    Returns
    -------
    Rankings [R, S], 1 the worst class; the ranking of each world [W]; the smallest difference
    between two classes in units of the payoff range [W] (of ranks: one), infinite for one class.
    """
    if preference.ordinal or len(preference.values) == 1:
        ranks, margin = _rank(preference.payoffs(slice(0, 1)))
        margin = np.where(np.isfinite(margin), 1.0, margin) if preference.ordinal else margin
        return ranks, np.zeros(worlds, dtype=np.int32), np.repeat(margin, worlds)
    states = preference.payoffs(slice(0, 1)).shape[1]
    step = max(BLOCK // max(states, 1), 1)
    ranks = np.empty((worlds, states), dtype=np.int16)
    margin = np.empty(worlds)
    for begin in range(0, worlds, step):
        part = slice(begin, min(begin + step, worlds))
        ranks[part], margin[part] = _rank(preference.payoffs(part))
    distinct, index = _distinct_rows(ranks)
    return distinct, index, margin


def _rank(payoffs: Array) -> tuple[Ranks, Array]:
    """Ranks [w, S] of payoffs [w, S], and the smallest relative difference of classes [w]."""
    payoffs = np.where(np.isfinite(payoffs), payoffs, 0.0)
    order = np.argsort(payoffs, axis=1, kind="stable")
    ascending = np.take_along_axis(payoffs, order, axis=1)
    span = ascending[:, -1:] - ascending[:, :1]
    step = np.diff(ascending, axis=1)
    apart = step > TIE * span
    ranks = np.ones(payoffs.shape, dtype=np.int16)
    ranks[:, 1:] += np.cumsum(apart, axis=1, dtype=np.int16)
    found = np.empty_like(ranks)
    np.put_along_axis(found, order, ranks, axis=1)
    smallest = np.where(apart, step, np.inf).min(axis=1, initial=np.inf)
    return found, smallest / np.where(span[:, 0] > 0, span[:, 0], 1.0)


def _distinct_rows(rows: NDArray[np.int16]) -> tuple[NDArray[np.int16], Ints]:
    """The different rows in the order of their first appearance, and which one each row is."""
    packed = np.ascontiguousarray(rows).view(np.dtype((np.void, rows.itemsize * rows.shape[1])))
    _, first, index = np.unique(packed.ravel(), return_index=True, return_inverse=True)
    place = np.empty(len(first), dtype=np.int32)
    appearance = np.argsort(first, kind="stable")
    place[appearance] = np.arange(len(first), dtype=np.int32)
    return rows[first[appearance]], place[index.ravel()]


def share_orders(by_player: list[Ints], valid: NDArray[np.bool_]) -> tuple[Ints, Ints]:
    """The different combinations of rankings, and which one each world has.

    Parameters
    ----------
    by_player
        The ranking of each player in each world [W].
    valid
        Which worlds count [W].

    Returns
    -------
    Rankings by order and player [U, P], at least one order; the order of each world [W], 0 where it
    is not valid.
    """
    table = np.stack(by_player, axis=1).astype(np.int32)
    order = np.zeros(len(table), dtype=np.int32)
    if not valid.any():
        return table[:1], order
    rows, first, index = np.unique(table[valid], axis=0, return_index=True, return_inverse=True)
    place = np.empty(len(rows), dtype=np.int32)
    appearance = np.argsort(first, kind="stable")
    place[appearance] = np.arange(len(rows), dtype=np.int32)
    order[valid] = place[index.ravel()]
    return rows[appearance], order
