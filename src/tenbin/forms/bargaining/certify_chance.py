"""Offers that chance has a say in: whether any other is worth more, by a dense search.

Where a ratifier's limit or the responder's secret is not known, the expected worth of many other
agreements is worked out from the definition: all over what is allowed, and along the lines from
the agreement to them, down to a hundred-thousandth of the way (the logarithm of the worth is
concave, so a better one would show on the line to it). Where the responder is of one of two types,
the worth of every offer is bounded by duality for each set of types that might accept.
"""

from __future__ import annotations

from itertools import combinations, product

import numpy as np

from tenbin.forms.bargaining.chances import probability_below
from tenbin.forms.bargaining.payoffs import NOWHERE, View, view_of
from tenbin.forms.bargaining.tables import (
    IMPASSE,
    LEFT,
    REJECTED,
    SETTLED,
    BargainingSolution,
    Bools,
    Problems,
)
from tenbin.scenario.language import Array

__all__ = ["chance_residual"]

TILE = 1_024
STEPS = (1.0, 0.5, 0.1, 0.01, 1e-3, 1e-5)
"""How far on the way to other agreements the search looks."""
GRID = 257
"""Agreements looked at where there is one issue."""
POINTS = 64
"""Agreements inside, and at most as many corners, looked at where there are several."""
MOST_CORNERS = 6


def chance_residual(
    problems: Problems, solution: BargainingSolution, concept: str, at: slice
) -> tuple[Array, Array]:
    """What another agreement is worth more [n], in units of the payoff range; and the margin."""
    start, stop, _ = at.indices(len(problems))
    check = _typed if problems.n_types > 1 else _searched
    parts = [
        check(problems, solution, concept, slice(begin, min(begin + TILE, stop)))
        for begin in range(start, stop, TILE)
    ]
    missed = np.concatenate([part[0] for part in parts])
    return missed, np.concatenate([part[1] for part in parts])


# limits and secrets that are not known


def _consent(problems: Problems, at: slice, worth: Array, shares: Array) -> Array:
    """The probability [n, c] that all consent to shares [n, c, J] worth [n, c, 2]."""
    consents = problems.consents
    total = np.ones(shares.shape[:2])
    for r, kind in enumerate(consents.kind):
        j, line = consents.issue[r], consents.line[at, r]
        own = worth[..., consents.player[r]]
        z = own if j < 0 else line[:, :1] + line[:, 1:] * shares[..., j]
        wide = np.repeat(consents.parameters[at, r][:, None], z.shape[1], axis=1)
        given = probability_below(int(kind), wide.reshape(-1, 4), z.ravel()).reshape(z.shape)
        total = total * np.where(consents.active[at, r][:, None], given, 1.0)
    return total


def _worth(view: View, shares: Array) -> Array:
    """What shares [n, c, J] are worth to both [n, c, 2]."""
    if view.curvature is None:
        return view.base[:, None] + np.einsum("nij,ncj->nci", view.slope, shares)
    rise = view.slope[:, None, :, 0]
    own = np.clip(np.where(rise >= 0, shares, 1.0 - shares), 0.0, 1.0)
    worst = view.base[:, None] + np.minimum(rise, 0.0)
    return worst + np.abs(rise) * own ** view.curvature[:, None]


def _objective(
    problems: Problems, view: View, concept: str, at: slice, shares: Array
) -> tuple[Array, Array, Array]:
    """What agreements [n, c] are worth to who chooses, beyond none; consent; payoffs."""
    worth = _worth(view, shares)
    chance = _consent(problems, at, worth, shares)
    refused = view.disagreement[:, None]
    first = problems.first
    if problems.consents.answers:
        gain = worth[..., first] - view.left[:, None, first]
        fine = (worth >= view.floor[:, None] - 1e-9 * view.extent[:, None, None]).all(axis=2)
        return np.where(fine, chance * gain, -np.inf), chance, worth
    gain = worth - refused
    slack = 1e-9 * view.extent[:, None]
    fine = (gain >= -slack[..., None]).all(axis=2)
    fine &= (worth >= view.floor[:, None] - slack[..., None]).all(axis=2)
    if concept == "ultimatum":
        return np.where(fine, chance * gain[..., first], -np.inf), chance, worth
    power = problems.power[at][:, None]
    gain = np.maximum(gain, 0.0)
    value = gain[..., 0] ** power * gain[..., 1] ** (1.0 - power)
    return np.where(fine, chance * value, -np.inf), chance, worth


def _searched(
    problems: Problems, solution: BargainingSolution, concept: str, at: slice
) -> tuple[Array, Array]:
    view = view_of(problems, at)
    offer = solution.offer[at, 0]
    agreed = np.asarray(np.isfinite(offer).all(axis=1))
    centre = np.where(agreed[:, None], offer, 0.5 * (view.low + view.high))
    value, chance, worth = _objective(problems, view, concept, at, centre[:, None])
    value = np.where(agreed, value[:, 0], 0.0)
    best = np.full(len(offer), -np.inf)
    for target in _targets(view):
        for step in STEPS:
            tried = centre + step * (target - centre)
            other = _objective(problems, view, concept, at, tried[:, None])[0][:, 0]
            best = np.maximum(best, other)
    best = np.where(view.is_possible, best, -np.inf)
    missed = np.maximum(best - value, 0.0) / view.extent
    told = _told(problems, solution, at, agreed, chance[:, 0], worth[:, 0], view)
    outside = np.where(agreed, view.allowed(offer), 0.0)
    return np.maximum(np.maximum(missed, told), outside), np.abs(value) / view.extent


def _targets(view: View) -> list[Array]:
    """Shares [n, J] all over what is allowed."""
    n_issues = view.low.shape[1]
    if n_issues == 1:
        parts = np.linspace(0.0, 1.0, GRID)[:, None]
    else:
        cut = min(n_issues, MOST_CORNERS)
        corners = np.array(list(product((0.0, 1.0), repeat=cut)))
        corners = np.pad(corners, ((0, 0), (0, n_issues - cut)), constant_values=0.5)
        edges = np.concatenate([np.eye(n_issues), 1.0 - np.eye(n_issues)])
        parts = np.concatenate([corners, edges, _spread(POINTS, n_issues)])
    width = view.high - view.low
    return [view.low + part * width for part in parts]


def _spread(count: int, size: int) -> Array:
    """Points spread over the unit cube (an additive recurrence of Kronecker's kind)."""
    root = 2.0
    for _ in range(50):
        root = (1.0 + root) ** (1.0 / (size + 1))
    steps = root ** -np.arange(1.0, size + 1)
    return np.mod(0.5 + np.arange(1, count + 1)[:, None] * steps, 1.0)


def _told(
    problems: Problems,
    solution: BargainingSolution,
    at: slice,
    agreed: Bools,
    chance: Array,
    worth: Array,
    view: View,
) -> Array:
    """What the probabilities and payoffs told miss of those that the offer leads to."""
    told = solution.chance[at, :, 0]
    settled = np.where(agreed, chance, 0.0)
    missed = np.abs(told[:, SETTLED] - settled)
    rest = told[:, REJECTED]
    if problems.consents.answers:
        rest = told[:, LEFT] + told[:, IMPASSE]
    wrong = np.abs(rest - (1.0 - settled))
    missed = np.maximum(
        missed, np.where(np.logical_or(agreed, problems.consents.answers), wrong, 0.0)
    )
    payoff = solution.payoff[at][:, :, SETTLED, 0]
    apart = np.abs(payoff - worth).max(axis=1) / view.extent
    return np.maximum(missed, np.where(agreed, apart, 0.0))


# two types


def _typed(
    problems: Problems, solution: BargainingSolution, concept: str, at: slice
) -> tuple[Array, Array]:
    """By how much the best bound on any offer's worth [n] exceeds that of the offer made."""
    first, other = problems.first, 1 - problems.first
    views = [view_of(problems, at, kind) for kind in (0, 1)]
    extent = np.maximum(views[0].extent, views[1].extent)
    prior = problems.prior[at]
    need, refused = np.empty((len(extent), 2)), np.empty((len(extent), 2))
    for kind, view in enumerate(views):
        leaves = view.outside > view.disagreement
        gone = leaves.any(axis=1)
        need[:, kind] = np.where(
            leaves[:, other], view.outside[:, other],
            np.where(gone, view.left[:, other], view.disagreement[:, other]),
        )  # fmt: skip
        refused[:, kind] = np.where(
            leaves[:, other], view.left[:, first],
            np.where(leaves[:, first], view.outside[:, first], view.disagreement[:, first]),
        )  # fmt: skip
    floor = views[0].floor[:, first]
    bounds = [view.most(first, need[:, kind]) for kind, view in enumerate(views)]
    both = np.minimum(_bound_for_both(views, first, need), np.minimum(bounds[0], bounds[1]))
    nothing = (prior * refused).sum(axis=1)
    best = nothing
    for bound, worth in (
        (both, both),
        (bounds[0], prior[:, 0] * bounds[0] + prior[:, 1] * refused[:, 1]),
        (bounds[1], prior[:, 1] * bounds[1] + prior[:, 0] * refused[:, 0]),
    ):
        best = np.where((bound > NOWHERE) & (bound >= floor), np.fmax(best, worth), best)
    offer = solution.offer[at, 0]
    agreed = np.asarray(np.isfinite(offer).all(axis=1))
    shares = np.nan_to_num(offer)
    value, missed = np.zeros(len(extent)), np.zeros(len(extent))
    told = solution.chance[at]
    for kind, view in enumerate(views):
        worth = view.payoffs(shares)
        ahead = worth[:, other] - need[:, kind]
        accepts = agreed & (ahead >= -1e-9 * extent)
        value += prior[:, kind] * np.where(accepts, worth[:, first], refused[:, kind])
        wrong = np.abs(told[:, SETTLED, kind] - np.where(accepts, prior[:, kind], 0.0))
        missed = np.maximum(missed, np.where(np.abs(ahead) > 1e-9 * extent, wrong, 0.0))
        payoff = solution.payoff[at][:, :, SETTLED, kind]
        apart = np.abs(payoff - worth).max(axis=1) / extent
        missed = np.maximum(missed, np.where(accepts, apart, 0.0))
    outside = np.where(agreed, views[0].allowed(offer), 0.0)
    short = np.maximum(best - value, 0.0) / extent
    return np.maximum(np.maximum(short, missed), outside), np.abs(value - nothing) / extent


def _bound_for_both(views: list[View], first: int, need: Array) -> Array:
    """The most [n] that an offer accepted by both types can be worth, by duality.

    Any two prices of the types' payoffs give a bound; the least is at prices at which two issues,
    or one issue at one price, are worth as much on either side.
    """
    other = 1 - first
    own, base = views[0].slope[:, first], views[0].base[:, first]
    theirs = [view.slope[:, other] for view in views]
    spare = [view.base[:, other] - need[:, kind] for kind, view in enumerate(views)]
    n_issues = own.shape[1]
    zero = np.zeros(len(base))
    prices: list[tuple[Array, Array]] = [(zero, zero)]
    for j in range(n_issues):
        prices.append((_ratio(-own[:, j], theirs[0][:, j]), zero))
        prices.append((zero, _ratio(-own[:, j], theirs[1][:, j])))
    for j, k in combinations(range(n_issues), 2):
        area = theirs[0][:, j] * theirs[1][:, k] - theirs[0][:, k] * theirs[1][:, j]
        one = -own[:, j] * theirs[1][:, k] + own[:, k] * theirs[1][:, j]
        two = -own[:, k] * theirs[0][:, j] + own[:, j] * theirs[0][:, k]
        prices.append((_ratio(one, area), _ratio(two, area)))
    least = np.full(len(base), np.inf)
    for one, two in prices:
        weight = own + one[:, None] * theirs[0] + two[:, None] * theirs[1]
        ends = np.where(weight >= 0, views[0].high, views[0].low)
        bound = base + one * spare[0] + two * spare[1] + (weight * ends).sum(axis=1)
        least = np.fmin(least, bound)
    possible = views[0].is_possible & (_shared_room(views, theirs, spare) >= 0.0)
    return np.where(possible, least, NOWHERE)


def _shared_room(views: list[View], theirs: list[Array], spare: list[Array]) -> Array:
    """Negative [n] where no shares give both types what they need: some mixture of them shows it.

    At each mixture of the types' payoffs the most that is left over; the least of these.
    """
    n_issues = theirs[0].shape[1]
    mixtures = [np.zeros(len(spare[0])), np.ones(len(spare[0]))]
    for j in range(n_issues):
        apart = theirs[1][:, j] - theirs[0][:, j]
        mixtures.append(np.minimum(_ratio(theirs[1][:, j], apart), 1.0))
    least = np.full(len(spare[0]), np.inf)
    for part in mixtures:
        weight = part[:, None] * theirs[0] + (1.0 - part)[:, None] * theirs[1]
        ends = np.where(weight >= 0, views[0].high, views[0].low)
        over = part * spare[0] + (1.0 - part) * spare[1] + (weight * ends).sum(axis=1)
        least = np.minimum(least, over)
    return least + 1e-9 * views[0].extent


def _ratio(above: Array, below: Array) -> Array:
    """A price: never negative, zero where there is none."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.nan_to_num(np.maximum(above / below, 0.0), nan=0.0, posinf=0.0, neginf=0.0)
