"""Checks a solution from the definition of its concept alone; imports no solver.

The residual is what the definition is missed by, in units of the payoff range: for Nash and
Kalai-Smorodinsky what the first-order condition of the optimum or the proportion is missed by,
for alternating offers the most that either player gains by a single different act, for an offer
made once the most that another offer gains.
"""

from __future__ import annotations

import numpy as np

from tenbin.forms.bargaining.certify_chance import chance_residual
from tenbin.forms.bargaining.certify_offers import once_residual, periods_residual, turns_residual
from tenbin.forms.bargaining.certify_shift import shift_residual
from tenbin.forms.bargaining.payoffs import View, view_of
from tenbin.forms.bargaining.tables import IMPASSE, LEFT, SETTLED, BargainingSolution, Problems
from tenbin.forms.contract import Certificate
from tenbin.scenario.language import Array

__all__ = ["certify_bargaining"]

TILE = 16_384

AT_LIMIT = 1e-9
"""A payoff this near to the least that is accepted (in units of the range) is at it."""

Missed = tuple[Array, Array]
"""What the definition is missed by [n], and the distance to a tie [n]."""


def certify_bargaining(
    problems: Problems, solution: BargainingSolution, concept: str, worlds: int, tolerance: float
) -> Certificate:
    """What the definition of a concept says of a solution.

    Parameters
    ----------
    problems
        The N = W x M problems.
    solution
        Their solution, made by whatever means.
    concept
        Whose definition is meant.
    worlds
        W.
    tolerance
        The largest residual of what is certified.
    """
    residual, margin = np.full(len(problems), np.inf), np.zeros(len(problems))
    for start in range(0, len(problems), TILE):
        at = slice(start, start + TILE)
        with np.errstate(all="ignore"):
            missed, distance = _missed(problems, solution, concept, at)
        residual[at] = np.where(np.isnan(missed), np.inf, missed)
        margin[at] = np.where(np.isfinite(distance), distance, 0.0)
    by_world = np.asarray(residual.reshape(worlds, -1).max(axis=1))[:, None]
    by_world = np.where(solution.found, by_world, np.nan)
    least = np.asarray(margin.reshape(worlds, -1).min(axis=1))[:, None]
    certified = solution.found & (by_world <= tolerance)
    return Certificate(by_world, np.zeros_like(by_world), least, certified)


def _missed(problems: Problems, solution: BargainingSolution, concept: str, at: slice) -> Missed:
    if problems.shift is not None:
        return shift_residual(problems, solution, at)
    if len(problems.consents.kind) or problems.n_types > 1:
        return chance_residual(problems, solution, concept, at)
    view = view_of(problems, at)
    check = {
        "nash": _nash_residual,
        "kalai_smorodinsky": _kalai_residual,
        "rubinstein": periods_residual if problems.periods else turns_residual,
        "ultimatum": once_residual,
    }[concept]
    return check(problems, solution, at, view)


# results


def _result_of(solution: BargainingSolution, at: slice) -> Array:
    """The result [n] that has probability one."""
    return solution.chance[at, :, 0].argmax(axis=1)


def _payoff_of(solution: BargainingSolution, at: slice) -> Array:
    return solution.payoff[at][:, :, 0, 0]


def _accepted(view: View) -> Array:
    """The least [n, 2] that each accepts in an agreement, by its nature and by its ratifiers."""
    own = np.maximum(view.disagreement, view.outside)
    return np.maximum(own, view.floor)


def _no_agreement(view: View, result: Array, payoff: Array) -> Array:
    """What a result without agreement [n] is missed by: none would be accepted, payoffs are so."""
    least = _accepted(view)
    missed = np.maximum(view.most(0, least[:, 1]) - least[:, 0], 0.0)
    leaves = view.outside > view.disagreement
    gone = np.asarray(leaves.any(axis=1))
    due = np.where(leaves, view.outside, np.where(gone[:, None], view.left, view.disagreement))
    missed = np.maximum(missed, np.abs(payoff - due).max(axis=1))
    return np.where(gone == (result == LEFT), missed, np.inf) / view.extent


def _agreement(view: View, shares: Array, payoff: Array) -> Array:
    """What an agreement [n] misses of being allowed, accepted and worth what is said."""
    worth = view.payoffs(shares)
    short = np.maximum(_accepted(view) - worth, 0.0).max(axis=1)
    wrong = np.abs(payoff - worth).max(axis=1)
    return np.maximum(view.allowed(shares), np.maximum(short, wrong) / view.extent)


def _either(view: View, result: Array, payoff: Array, agreed: Array, margin: Array) -> Missed:
    """The residual of an agreement, or of there being none."""
    missed = np.where(result == SETTLED, agreed, _no_agreement(view, result, payoff))
    missed = np.where((result == SETTLED) | (result == LEFT) | (result == IMPASSE), missed, np.inf)
    least = _accepted(view)
    apart = (least[:, 0] - view.most(0, least[:, 1])) / view.extent
    return missed, np.where(result == SETTLED, margin, apart)


def _nash_residual(
    problems: Problems, solution: BargainingSolution, at: slice, view: View
) -> Missed:
    """What no other agreement's weighted product may beat.

    The agreement is best if for some weights of the two payoffs, at least those of the product's
    derivative and more only where a payoff is at the least that is accepted, no allowed shares
    are worth more (the sets are convex). The least excess over such weights is the residual.
    """
    shares, payoff = solution.offer[at, 0], _payoff_of(solution, at)
    worth = view.payoffs(shares)
    gains = worth - view.disagreement
    power = problems.power[at]
    weight = np.stack([power * gains[:, 1], (1.0 - power) * gains[:, 0]], axis=1)
    total = weight.sum(axis=1)
    part = np.where(total > AT_LIMIT * view.extent, weight[:, 0] / total, power)
    at_limit = worth - _accepted(view) <= AT_LIMIT * view.extent[:, None]
    low = np.where(at_limit[:, 1] | (total <= AT_LIMIT * view.extent), 0.0, part)
    high = np.where(at_limit[:, 0] | (total <= AT_LIMIT * view.extent), 1.0, part)
    excess = _least_excess(view, shares, low, high) / view.extent
    agreed = np.maximum(excess, _agreement(view, shares, payoff))
    margin = (worth - _accepted(view)).min(axis=1) / view.extent
    return _either(view, _result_of(solution, at), payoff, agreed, margin)


def _least_excess(view: View, shares: Array, low: Array, high: Array) -> Array:
    """The least, over weights in [low, high] of the first payoff, of what other shares add [n].

    Payoffs are concave in the shares, so their slopes bound what is added.
    """
    first, second = view.slopes(shares).transpose(1, 0, 2)
    neutral = np.abs(second) / (np.abs(first) + np.abs(second))
    tried = np.concatenate([low[:, None], high[:, None], np.nan_to_num(neutral, nan=0.5)], axis=1)
    tried = np.clip(tried, low[:, None], high[:, None])
    least = np.full(len(shares), np.inf)
    for part in tried.T:
        weight = part[:, None] * first + (1.0 - part[:, None]) * second
        ends = np.where(weight >= 0, view.high, view.low)
        least = np.minimum(least, (weight * (ends - shares)).sum(axis=1))
    return least


def _kalai_residual(
    problems: Problems, solution: BargainingSolution, at: slice, view: View
) -> Missed:
    """Efficient, and both have the same share of the most that each could gain."""
    shares, payoff = solution.offer[at, 0], _payoff_of(solution, at)
    worth, least = view.payoffs(shares), _accepted(view)
    gains = worth - view.disagreement
    best = np.stack([view.most(0, least[:, 1]), view.most(1, least[:, 0])], axis=1)
    best = best - view.disagreement
    uneven = np.abs(gains[:, 0] * best[:, 1] - gains[:, 1] * best[:, 0])
    uneven = np.where(best.sum(axis=1) > 0, uneven / best.sum(axis=1), 0.0)
    wasted = np.maximum(
        view.most(0, worth[:, 1]) - worth[:, 0], view.most(1, worth[:, 0]) - worth[:, 1]
    )
    missed = np.maximum(np.maximum(uneven, wasted), 0.0) / view.extent
    agreed = np.maximum(missed, _agreement(view, shares, payoff))
    margin = (worth - least).min(axis=1) / view.extent
    return _either(view, _result_of(solution, at), payoff, agreed, margin)
