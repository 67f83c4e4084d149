"""How far a claim is from changing its truth: a number that is negative where it is false."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from tenbin.judge.evaluate import TOLERANCE, measure
from tenbin.judge.propositions import (
    Comparison,
    Equivalence,
    Junction,
    Monotone,
    Negation,
    Proposition,
    Quantity,
    Ranking,
    Score,
)
from tenbin.judge.views import View
from tenbin.scenario.language import Array

__all__ = ["merit_of"]


def merit_of(proposition: Proposition, view: View) -> Array:
    """The margin [rows] by which a proposition is true, in units of what its numbers vary over.

    Positive where it is true, negative where it is false (up to the tolerance), NaN where a number
    has no value. Differences of outcomes count relative to the outcomes' own scale.
    """
    match proposition:
        case Comparison(operator, left, right):
            return _margin(operator, left, right, view)
        case Junction("and", parts):
            return np.minimum.reduce([merit_of(part, view) for part in parts])
        case Junction(_, parts):
            return np.maximum.reduce([merit_of(part, view) for part in parts])
        case Negation(part):
            return -merit_of(part, view)
        case Equivalence(first, second):
            one, other = merit_of(first, view), merit_of(second, view)
            return np.sign(one) * np.sign(other) * np.minimum(np.abs(one), np.abs(other))
        case Monotone(rising, points):
            return _trend(points if rising else points[::-1], view)
        case Ranking():
            return _ranking(proposition, view)


def _margin(operator: str, left: Quantity, right: Quantity, view: View) -> Array:
    one, other = measure(left, view), measure(right, view)
    given = [side.tolerance for side in (one, other) if side.tolerance is not None]
    size = np.fmax(np.abs(one.value), np.abs(other.value))
    scale = np.maximum.reduce(given) / TOLERANCE if given else size
    with np.errstate(invalid="ignore", divide="ignore"):
        excess = (other.value - one.value) / np.where(scale > 0.0, scale, 1.0)
    if operator in ("<", "<="):
        return excess
    if operator in (">", ">="):
        return -excess
    apart = np.abs(excess) - TOLERANCE
    return apart if operator == "!=" else -apart


def _trend(points: tuple[Quantity, ...], view: View) -> Array:
    """The last beyond the first, and no step against."""
    overall = _margin("<", points[0], points[-1], view)
    steps = [_margin("<=", one, other, view) + TOLERANCE for one, other in pairwise(points)]
    return np.minimum.reduce([overall, *steps])


def _ranking(ranking: Ranking, view: View) -> Array:
    """`best`: the least lead over a rival. `dominated`: the most by which a rival leads."""
    if ranking.by == "satisfice" and ranking.kind == "best":
        return np.minimum.reduce([_enough(score, view) for score in ranking.own])
    leads = [
        np.minimum.reduce(
            [_lead(mine, theirs, view) for mine, theirs in zip(ranking.own, rival, strict=True)]
        )
        for rival in ranking.rivals
    ]
    if ranking.kind == "best":
        return np.minimum.reduce(leads)
    behind = [
        np.minimum.reduce(
            [-_lead(mine, theirs, view) for mine, theirs in zip(ranking.own, rival, strict=True)]
        )
        for rival in ranking.rivals
    ]
    return np.maximum.reduce(behind)


def _lead(mine: Score, theirs: Score, view: View) -> Array:
    return _margin(">" if mine.sign > 0 else "<", mine.quantity, theirs.quantity, view)


def _enough(score: Score, view: View) -> Array:
    assert score.threshold is not None
    return _margin(">=" if score.sign > 0 else "<=", score.quantity, score.threshold, view)
