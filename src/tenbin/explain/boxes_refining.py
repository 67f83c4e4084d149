"""From a peeled box to the fewest restrictions that do as well, each at its best interval.

The measure is the correlation of lying in the box with being of interest. The interval of one
dimension that is best while the others stay is found exactly from counts (the best-interval search
of subgroup discovery [mampaey2012]); dimensions take turns until none helps.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np

from tenbin.explain.boxes import (
    BINS,
    Binned,
    Bools,
    Box,
    Score,
    Selected,
    Whole,
    correlation_of,
    leave_one_out,
    score_box,
)
from tenbin.explain.boxes_peeling import Step

__all__ = ["SLACK", "Choice", "best_codes", "fewest", "refine", "simplest"]

SLACK = 0.02
"""How much correlation a box may lose at least, to restrict fewer dimensions."""
_ONE_SIDED = 0.005
"""How much correlation an interval may lose at least, to be open at one end."""
_LEAST_GAIN = 1e-4
_MOST_TURNS = 40
_MANY = 8


@dataclass(frozen=True, slots=True)
class Choice:
    """Codes allowed [BINS] in a dimension, and the correlation that the box then has."""

    allowed: Bools
    correlation: float


def refine(
    binned: Binned, selected: Selected, box: Box, dimensions: tuple[int, ...] | None = None
) -> Box:
    """The box with the best interval in each of its dimensions, the others given.

    Each time the dimension that gains most moves, until none gains more than 1e-4 of correlation.
    """
    moving = box.restricted if dimensions is None else dimensions
    total = score_box(binned, selected, box)
    correlation = total.correlation
    for _ in range(_MOST_TURNS):
        tables = leave_one_out(binned, selected, box, moving)
        choices = {
            j: best_codes(tables[j].sum(axis=0), tables[j, 1], total, binned.ordered[j])
            for j in moving
        }
        if not choices:
            return box
        j = max(choices, key=lambda item: choices[item].correlation)
        if choices[j].correlation <= correlation + _LEAST_GAIN:
            return box
        box, correlation = box.replaced(j, choices[j].allowed), choices[j].correlation
    return box


def best_codes(worlds: Whole, hits: Whole, total: Score, ordered: bool) -> Choice:
    """The codes of one dimension whose correlation is best.

    Parameters
    ----------
    worlds, hits
        Worlds, and those of interest, by code [BINS], of those that other dimensions let in.
    total
        Any score of the same worlds: how many there are in all.
    ordered
        Whether codes must be an interval. One that is open at an end is preferred where it loses
        at most half a percent, or half a standard error.
    """
    if not ordered:
        return _best_choices(worlds, hits, total)
    below = np.concatenate([[0], np.cumsum(worlds)])
    below_hits = np.concatenate([[0], np.cumsum(hits)])
    # Intervals start where a code with worlds does, so that equal ones are not tried twice.
    starts = np.flatnonzero(np.concatenate([[True], worlds[1:] > 0]))
    stops = np.flatnonzero(np.concatenate([worlds[:-1] > 0, [True]])) + 1
    count = below[stops] - below[starts, None]
    good = below_hits[stops] - below_hits[starts, None]
    found = correlation_of(np.maximum(count, 0), good, total.all_worlds, total.all_hits)
    first, last = np.unravel_index(int(np.where(count > 0, found, -1.0).argmax()), found.shape)
    top = float(found[first, last])
    enough = top - max(_ONE_SIDED, 0.5 * _standard_error(top, total))
    from_low, to_high = int(found[0].argmax()), int(found[:, -1].argmax())
    if found[0, -1] >= enough:
        first, last = 0, -1
    elif found[0, from_low] >= max(enough, found[to_high, -1]):
        first, last = 0, from_low
    elif found[to_high, -1] >= enough:
        first, last = to_high, -1
    codes = np.arange(BINS)
    allowed = (codes >= starts[first]) & (codes < stops[last])
    return Choice(allowed, float(found[first, last]))


def _best_choices(worlds: Whole, hits: Whole, total: Score) -> Choice:
    """The best set of choices: those of the highest shares, as many as is best."""
    share = np.where(worlds > 0, hits / np.maximum(worlds, 1), 0.0)
    order = np.argsort(-share, kind="stable")
    count, good = np.cumsum(worlds[order]), np.cumsum(hits[order])
    found = correlation_of(count, good, total.all_worlds, total.all_hits)
    last = int(found.argmax())
    allowed = worlds == 0
    allowed[order[: last + 1]] = True
    return Choice(allowed, float(found[last]))


def fewest(binned: Binned, selected: Selected, box: Box) -> list[Step]:
    """Boxes with ever fewer dimensions restricted, from the given one to a single dimension.

    Each time the dimension that is missed least is freed, and the others find their best interval
    anew; while many are restricted a quarter of them are freed at once, without that.
    """
    while len(box.restricted) > _MANY:
        ranked = _least_missed(binned, selected, box)
        box = box.freed(ranked[: max(len(ranked) // 4, 1)])
    box = refine(binned, selected, box)
    found = [Step(box, score_box(binned, selected, box))]
    while len(box.restricted) > 1:
        freed = _least_missed(binned, selected, box)[0]
        box = refine(binned, selected, box.freed([freed]))
        found.append(Step(box, score_box(binned, selected, box)))
    return found


def _least_missed(binned: Binned, selected: Selected, box: Box) -> list[int]:
    """The restricted dimensions, those first without which the box loses least."""
    tables = leave_one_out(binned, selected, box, box.restricted)
    total = score_box(binned, selected, box)

    def without(j: int) -> float:
        worlds, hits = int(tables[j].sum()), int(tables[j, 1].sum())
        return float(correlation_of(worlds, hits, total.all_worlds, total.all_hits))

    return sorted(box.restricted, key=without, reverse=True)


def simplest(steps: list[Step]) -> Step:
    """The box with the fewest dimensions whose correlation is near the best.

    Near is within `SLACK`, or within one standard error where that is more ([breiman1984]).
    """
    best = max(steps, key=lambda step: step.score.correlation).score
    least = best.correlation - max(SLACK, _standard_error(best.correlation, best))
    near = [step for step in steps if step.score.correlation >= least]
    return min(near, key=lambda step: (len(step.box.restricted), -step.score.correlation))


def _standard_error(correlation: float, total: Score) -> float:
    """About how far chance moves a correlation: as if each world of interest were one pair."""
    rarer = min(total.all_hits, total.all_worlds - total.all_hits)
    return (1.0 - correlation**2) / sqrt(max(rarer, 1))
