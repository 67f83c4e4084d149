"""Offers, made in turns or once: what a single different act gains."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tenbin.forms.bargaining.payoffs import View
from tenbin.forms.bargaining.tables import (
    AGREE,
    IMPASSE,
    LEAVE,
    LEFT,
    REFUSE,
    SETTLED,
    WAIT,
    BargainingSolution,
    Problems,
)
from tenbin.scenario.language import Array

__all__ = ["once_residual", "periods_residual", "turns_residual"]

Acts = NDArray[np.int8]

CLOSE = 1e-9
"""Payoffs this near to each other, in units of the range, may be taken for equal."""


def turns_residual(
    problems: Problems, solution: BargainingSolution, at: slice, view: View
) -> tuple[Array, Array]:
    """The most [n] that a single different act gains at either turn of alternating offers.

    What the strategies lead to from each turn is worked out first; then each act is compared with
    all others that whoever acts has there, the strategies being followed afterwards. With
    discounts below one this is subgame perfection.
    """
    action, offer = solution.action[at], solution.offer[at]
    value = _values(view, action, offer)
    missed, margin = np.zeros(len(action)), np.full(len(action), np.inf)
    for player in (0, 1):
        then = value[:, 1 - player]
        wait = view.disagreement + view.discount * (then - view.disagreement)
        gain, ahead = _turn_gain(
            view, player, action[:, player], offer[:, player], value[:, player], wait
        )
        missed, margin = np.maximum(missed, gain), np.minimum(margin, ahead)
    told = _told(problems, solution, at, view, value[:, problems.first])
    return np.maximum(missed, told), margin


def _values(view: View, action: Acts, offer: Array) -> Array:
    """What both have [n, 2 turns, 2] from each turn on, under the strategies."""
    value = np.empty((len(action), 2, 2))
    for player in (0, 1):
        other = 1 - player
        does = action[:, player][:, None]
        agreed = view.payoffs(np.nan_to_num(offer[:, player]))
        gone = np.empty((2, len(action), 2))
        gone[0][:, player], gone[0][:, other] = view.outside[:, player], view.left[:, other]
        gone[1][:, other], gone[1][:, player] = view.outside[:, other], view.left[:, player]
        value[:, player] = np.where(
            does == AGREE, agreed, np.where(does == LEAVE, gone[0], gone[1])
        )
    for player in (0, 1):
        waits = action[:, player] == WAIT
        for_ever = waits & (action[:, 1 - player] == WAIT)
        later = view.disagreement + view.discount * (value[:, 1 - player] - view.disagreement)
        value[waits, player] = later[waits]
        value[for_ever, player] = view.disagreement[for_ever]
    return value


def _turn_gain(
    view: View, player: int, does: Acts, offer: Array, value: Array, wait: Array
) -> tuple[Array, Array]:
    """What either gains by another act at a player's turn [n], and the distance to a tie [n]."""
    other = 1 - player
    refusal = np.maximum(view.outside[:, other], wait[:, other])
    close = CLOSE * view.extent
    leaves = view.outside[:, other] > wait[:, other] + close
    stays = view.outside[:, other] < wait[:, other] - close
    # where the other is indifferent between leaving and waiting, the player cannot rely on either
    alone = np.where(
        leaves, view.left[:, player],
        np.where(stays, wait[:, player], np.minimum(view.left[:, player], wait[:, player])),
    )  # fmt: skip
    need = np.maximum(refusal, view.floor[:, other])
    best = view.most(player, need)
    best = np.where(best >= view.floor[:, player] - close, best, -np.inf)
    instead = np.maximum(alone, view.outside[:, player])
    could = np.maximum(best, instead)
    gain = np.maximum(could - value[:, player], 0.0) / view.extent
    short = np.maximum(need - value[:, other], 0.0) / view.extent
    low = np.maximum(view.floor[:, player] - value[:, player], 0.0) / view.extent
    fits = np.maximum(view.allowed(offer), np.maximum(short, low))
    wrong = np.where(does == AGREE, fits, 0.0)
    wrong = np.where((does == REFUSE) & ~(view.outside[:, other] >= wait[:, other] - close),
                     np.inf, wrong)  # fmt: skip
    wrong = np.where((does == WAIT) & leaves, np.inf, wrong)
    wrong = np.where((does == LEAVE) & np.isneginf(view.outside[:, player]), np.inf, wrong)
    ahead = np.where(does == AGREE, value[:, player] - instead, instead - best) / view.extent
    return np.maximum(gain, wrong), ahead


def _told(
    problems: Problems, solution: BargainingSolution, at: slice, view: View, value: Array
) -> Array:
    """What the result and the payoffs told of a solution miss of what its first turn leads to."""
    first = problems.first
    action = solution.action[at][:, first]
    action = np.where(action == WAIT, solution.action[at][:, 1 - first], action)
    result = solution.chance[at, :, 0].argmax(axis=1)
    due = np.where(action == AGREE, SETTLED, np.where(action == WAIT, IMPASSE, LEFT))
    payoff = solution.payoff[at][:, :, 0, 0]
    wrong = np.abs(payoff - value).max(axis=1) / view.extent
    return np.where(result == due, wrong, np.inf)


def periods_residual(
    problems: Problems, solution: BargainingSolution, at: slice, view: View
) -> tuple[Array, Array]:
    """What the payoffs told miss of backward induction over the periods [n]."""
    value = view.disagreement
    margin = np.full(len(value), np.inf)
    gone = np.zeros(len(value), dtype=np.bool_)
    close = CLOSE * view.extent
    for period in range(problems.periods - 1, -1, -1):
        player = problems.first if period % 2 == 0 else 1 - problems.first
        other = 1 - player
        wait = view.disagreement + view.discount * (value - view.disagreement)
        leaves = view.outside[:, other] > wait[:, other] + close
        refusal = np.where(leaves, view.outside[:, other], wait[:, other])
        alone = np.where(leaves, view.left[:, player], wait[:, player])
        need = np.maximum(refusal, view.floor[:, other])
        best = view.most(player, need)
        best = np.where(best >= view.floor[:, player] - close, best, -np.inf)
        instead = np.maximum(alone, view.outside[:, player])
        agrees = best >= instead - close
        theirs = np.maximum(need, view.most(other, np.where(agrees, best, -np.inf)))
        out = view.outside[:, player] > alone + close
        new = np.empty_like(value)
        new[:, player] = np.where(agrees, best, instead)
        new[:, other] = np.where(agrees, theirs, np.where(out, view.left[:, other], refusal))
        gone = np.where(agrees, False, out | leaves | gone)
        value = new
        margin = np.minimum(margin, np.abs(best - instead) / view.extent)
    payoff = solution.payoff[at][:, :, 0, 0]
    result = solution.chance[at, :, 0].argmax(axis=1)
    missed = np.abs(payoff - value).max(axis=1) / view.extent
    share = solution.share[at][:, 0, 0]
    worth = view.payoffs(np.nan_to_num(share))
    agreed = result == SETTLED
    action = solution.action[at][:, problems.first]
    at_once = np.asarray(np.logical_and(agreed, action == AGREE))
    wrong = np.abs(payoff - worth).max(axis=1) / view.extent
    missed = np.where(at_once, np.maximum(missed, np.maximum(wrong, view.allowed(share))), missed)
    return np.where(agreed | (gone == (result == LEFT)), missed, np.inf), margin


def once_residual(
    problems: Problems, solution: BargainingSolution, at: slice, view: View
) -> tuple[Array, Array]:
    """What another offer gains [n] where there is but one, and nothing is private."""
    player, other = problems.first, 1 - problems.first
    leaves = view.outside > view.disagreement
    gone = np.asarray(leaves.any(axis=1))
    alone = np.where(leaves, view.outside, np.where(gone[:, None], view.left, view.disagreement))
    best = view.most(player, np.maximum(alone[:, other], view.floor[:, other]))
    close = CLOSE * view.extent
    best = np.where(best >= view.floor[:, player] - close, best, -np.inf)
    payoff = solution.payoff[at][:, :, 0, 0]
    result = solution.chance[at, :, 0].argmax(axis=1)
    gain = np.maximum(np.maximum(best, alone[:, player]) - payoff[:, player], 0.0)
    shares = solution.offer[at, player]
    worth = view.payoffs(np.nan_to_num(shares))
    short = np.maximum(np.maximum(alone, view.floor) - worth, 0.0)
    short[:, player] = np.maximum(view.floor[:, player] - worth[:, player], 0.0)
    wrong = np.maximum(np.abs(worth - payoff), short).max(axis=1) / view.extent
    wrong = np.maximum(wrong, view.allowed(shares))
    due = np.abs(payoff - alone).max(axis=1) / view.extent
    due = np.where(gone == (result == LEFT), due, np.inf)
    missed = np.maximum(gain / view.extent, np.where(result == SETTLED, wrong, due))
    return missed, np.abs(best - alone[:, player]) / view.extent
