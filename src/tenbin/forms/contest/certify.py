"""Whether a solution is an equilibrium of a contest, from the definition alone.

Every player's payoff is computed from the rules of the contest at many other efforts, and nobody
may gain. As payoffs are flat near their top, the first-order condition is looked at too, by
differences. A rest point of an arms race must not move, and what is called stable must come back:
disturbances are followed over a long time.
"""

from __future__ import annotations

import numpy as np
from scipy.special import log_ndtr, ndtri_exp

from tenbin.forms.contest.tables import (
    LEVELS,
    AllianceGame,
    AttritionGame,
    Bools,
    ContestGame,
    ContestSolution,
    RaceGame,
    TullockGame,
    ValueKind,
)
from tenbin.forms.contract import Certificate
from tenbin.scenario.language import Array

__all__ = ["certify_contest"]

GRID: Array = np.concatenate([np.linspace(0.0, 1.0, 201), np.geomspace(1e-6, 0.005, 40)])
"""Efforts that are tried, as shares of the largest that can pay."""
NEAR: Array = 1.0 + np.array([-0.1, -0.01, -0.001, 0.001, 0.01, 0.1])
"""Further efforts that are tried, as multiples of the one taken."""
TIMES: Array = np.linspace(0.0, 1.0, 41)
"""Stopping times that are tried, as shares of a long time."""
STEP = 1e-5
"""Relative step of the differences."""
TILE = 2048
DOUBLINGS = 60
"""How often the time over which disturbances are followed is doubled."""
TYPES = slice(4, None, 12)
"""Which types of a private value are tried."""


def certify_contest(game: ContestGame, solution: ContestSolution, tolerance: float) -> Certificate:
    """What the definition says of every equilibrium [W, K].

    residual: the largest gain from deviating, or what first-order conditions miss per doubling of
    an effort, in units of what is at stake. margin: NaN (a contest has no action that is nearly
    as good but for efforts nearby).
    """
    residual = np.full(solution.found.shape, np.inf)
    with np.errstate(all="ignore"):
        for start in range(0, len(game.valid), TILE):
            part = slice(start, start + TILE)
            for slot in range(solution.found.shape[1]):
                residual[part, slot] = _residual(game, solution, part, slot)
    residual = np.where(np.isnan(residual), np.inf, residual)
    certified = solution.found & (residual <= tolerance)
    blank = ~solution.found
    return Certificate(
        residual=np.where(blank, np.nan, residual),
        witness_gap=np.where(blank, np.nan, 0.0),
        margin=np.full(residual.shape, np.nan),
        certified=certified,
    )


def _residual(game: ContestGame, solution: ContestSolution, part: slice, slot: int) -> Array:
    effort = solution.effort[part, slot]
    match game:
        case TullockGame():
            return _tullock(game, solution, part, slot, effort)
        case AllianceGame():
            return _alliance(game, solution, part, slot, effort)
        case RaceGame():
            return _race(game, solution, part, slot, effort)
        case AttritionGame() if game.kind == ValueKind.KNOWN:
            return _known_attrition(game, solution, part, slot)
        case AttritionGame():
            return _private_attrition(game, solution, part)


# Tullock


def _tullock(
    game: TullockGame, solution: ContestSolution, part: slice, slot: int, effort: Array
) -> Array:
    value, cost, r = game.value[part], game.cost[part], game.decisiveness[part, None]
    worst = np.where((effort >= 0.0).all(axis=1), 0.0, np.inf)
    force = effort**r
    for player in range(effort.shape[1]):
        others = force.sum(axis=1) - force[:, player]
        v, c = value[:, player, None], cost[:, player, None]

        def payoff(e: Array, others: Array = others, v: Array = v, c: Array = c) -> Array:
            share = e**r / (e**r + others[:, None])
            return v * np.where(e > 0.0, share, 0.0) - c * e

        own = effort[:, player, None]
        got = payoff(own)[:, 0]
        tried = np.concatenate([v / c * GRID, own * NEAR], axis=1)
        gain = payoff(tried).max(axis=1) - got
        error = np.abs(got - solution.payoff[part, slot, player])
        error += v[:, 0] * np.abs(force[:, player] / force.sum(axis=1)
                                  - solution.win[part, slot, player])  # fmt: skip
        slope = np.abs(payoff(own * (1 + STEP)) - payoff(own * (1 - STEP)))[:, 0] / (2 * STEP)
        missed = np.maximum.reduce([gain, error, np.where(own[:, 0] > 0.0, slope, 0.0)])
        worst = np.maximum(worst, missed / v[:, 0])
    return worst


# alliances


def _alliance(
    game: AllianceGame, solution: ContestSolution, part: slice, slot: int, effort: Array
) -> Array:
    inside = (effort >= 0.0) & (effort <= game.weight[part])
    worst = np.where(inside.all(axis=1), 0.0, np.inf)
    for player in range(effort.shape[1]):
        others = (effort.sum(axis=1) - effort[:, player])[:, None]
        w, a = game.weight[part, player, None], game.taste[part, player, None]

        def payoff(g: Array, others: Array = others, w: Array = w, a: Array = a) -> Array:
            return np.maximum(w - g, 0.0) ** (1.0 - a) * (g + others) ** a

        own = effort[:, player, None]
        got = payoff(own)[:, 0]
        tried = np.concatenate([w * GRID, np.minimum(own * NEAR, w)], axis=1)
        gain = payoff(tried).max(axis=1) - got
        error = np.abs(got - solution.payoff[part, slot, player])
        slope = np.abs(payoff(own * (1 + STEP)) - payoff(own * (1 - STEP)))[:, 0] / (2 * STEP)
        missed = np.maximum.reduce([gain, error, np.where(own[:, 0] > 0.0, slope, 0.0)])
        worst = np.maximum(worst, missed / got)
    return worst


# arms races


def _race(
    game: RaceGame, solution: ContestSolution, part: slice, slot: int, effort: Array
) -> Array:
    react, fatigue = game.react[part], game.fatigue[part]
    drift = game.grievance[part] - fatigue * effort
    size = np.abs(game.grievance[part]) + np.abs(fatigue * effort)
    for other in range(effort.shape[1]):
        drift = drift + react[:, :, other] * effort[:, other, None]
        size = size + np.abs(react[:, :, other] * effort[:, other, None])
    arming = np.ones(effort.shape, dtype=np.bool_) if game.negative else effort > 0.0
    moves = np.where(arming, np.abs(drift), np.maximum(drift, 0.0)) / size.max(axis=1)[:, None]
    moves = np.where(size.max(axis=1)[:, None] > 0.0, moves, 0.0)
    below = not game.negative and (effort < 0.0)
    residual = np.where(below, np.inf, moves).max(axis=1)
    assert solution.growth is not None
    dies = _disturbances_die(react, fatigue, arming)
    said = solution.growth[part, slot]
    return np.where(dies == (said < 0.0), residual, np.where(said == 0.0, residual, np.inf))


def _disturbances_die(react: Array, fatigue: Array, arming: Bools) -> Bools:
    """In which worlds [W] every small change of the efforts of those who arm dies out.

    One step of the implicit midpoint rule multiplies a disturbance by a matrix whose powers vanish
    iff the disturbances do; the power is doubled until it is plain which.
    """
    count = react.shape[1]
    both = arming[:, :, None] & arming[:, None, :]
    flow = np.where(both, react, 0.0) - np.eye(count) * np.where(arming, fatigue, 1.0)[:, :, None]
    rate = np.abs(flow).sum(axis=2).max(axis=1)[:, None, None]
    rate = np.where(np.isfinite(rate) & (rate > 0.0), rate, 1.0)
    half = np.where(np.isfinite(flow), flow, 0.0) / (2.0 * rate)
    power = np.linalg.solve(np.eye(count) - half, np.eye(count) + half)
    for _ in range(DOUBLINGS):
        size = np.abs(power).max(axis=(1, 2))[:, None, None]
        power = np.where((size > 1e-200) & (size < 1e150), power @ power, power)
    return np.abs(power).max(axis=(1, 2)) < 0.5


# attrition


def _known_attrition(
    game: AttritionGame, solution: ContestSolution, part: slice, slot: int
) -> Array:
    """Every stopping time is tried against the other's distribution of stopping times.

    The other gives in at the start with `at_once`, later at the rate `rate`. Who gives in at some
    time must not do worse by that than by stopping at any other.
    """
    assert solution.rate is not None
    assert solution.at_once is not None
    worst = np.zeros(len(solution.found[part]))
    length = np.zeros(len(worst))
    for player in (0, 1):
        other = 1 - player
        v, c = game.value[part, player, None], game.cost[part, player, None]
        rate = solution.rate[part, slot, other, None]
        mass = solution.at_once[part, slot, other, None]
        longest = 20.0 * np.where(rate > 0.0, 1.0 / rate, v / c)
        stop = longest * TIMES
        payoff = mass * v + (1.0 - mass) * _stopping_payoff(v, c, rate, stop)
        got = solution.payoff[part, slot, player]
        own_rate = solution.rate[part, slot, player]
        gain = payoff.max(axis=1) - got
        stays = (own_rate == 0.0) & (solution.at_once[part, slot, player] == 0.0)
        used = np.where(stays, payoff[:, -1], payoff.min(axis=1))
        used = np.where(solution.at_once[part, slot, player] == 1.0, mass[:, 0] * v[:, 0], used)
        worst = np.maximum(worst, np.maximum(gain, np.abs(used - got)) / v[:, 0])
        length = length + rate[:, 0]
    both = solution.at_once[part, slot].max(axis=1) > 0.0
    mean = np.where(both, 0.0, 1.0 / length)
    error = np.abs(solution.effort[part, slot] - mean[:, None]).max(axis=1)
    wins = solution.rate[part, slot, ::-1] / length[:, None]
    wins = np.where(both[:, None], solution.at_once[part, slot, ::-1], wins)
    error = error / np.where(mean > 0.0, mean, 1.0)
    error = np.maximum(error, np.abs(solution.win[part, slot] - wins).max(axis=1))
    return np.maximum(worst, error)


_NODES, _WEIGHTS = (np.asarray(a, dtype=np.float64) for a in np.polynomial.legendre.leggauss(48))


def _stopping_payoff(v: Array, c: Array, rate: Array, stop: Array) -> Array:
    """The payoff [W, Z] of stopping then, where the other gives in at a constant rate."""
    total = -c * stop * np.exp(-rate * stop)
    for node, weight in zip(_NODES, _WEIGHTS, strict=True):
        at = 0.5 * stop * (node + 1.0)
        total = total + 0.5 * stop * weight * rate * np.exp(-rate * at) * (v - c * at)
    return total


def _private_attrition(game: AttritionGame, solution: ContestSolution, part: slice) -> Array:
    """Types of many values try the stopping times of all other types.

    A type's payoff from stopping like the type of level y: the prize less the cost against all
    lower types, integrated over them by Simpson's rule, and the cost alone against the others.
    """
    assert solution.stop is not None
    stop, value, c = solution.stop[part], _values(game, part), game.cost[part, :1]
    share = np.exp(-LEVELS)
    cost = c * (_simpson(stop * share) + (stop * share)[:, ::2])
    beaten = 1.0 - share[::2]
    taken = value[:, ::2] * beaten - cost
    types = np.arange(len(beaten))[TYPES]
    best = (value[:, ::2][:, types, None] * beaten - cost[:, None, :]).max(axis=2)
    gain = (best - taken[:, types]).max(axis=1)
    mean = _simpson(2.0 * stop * share**2)[:, -1]
    error = c[:, 0] * np.abs(solution.effort[part, 0] - mean[:, None]).max(axis=1)
    payoff = _simpson((value * (1.0 - share)) * share)[:, -1] - c[:, 0] * mean
    payoff += value[:, -1] * share[-1]
    error += np.abs(solution.payoff[part, 0] - payoff[:, None]).max(axis=1)
    sound = (np.diff(stop, axis=1) >= 0.0).all(axis=1) & (solution.win[part, 0] == 0.5).all(axis=1)
    return np.where(sound, (gain + error) / value[:, -1], np.inf)


def _values(game: AttritionGame, part: slice) -> Array:
    """The values [W, Z] that are exceeded with probability exp(-y), at all levels y."""
    low, high = game.low[part, None], game.high[part, None]
    if game.kind == ValueKind.UNIFORM:
        return high - (high - low) * np.exp(-LEVELS)
    return np.maximum(low - high * ndtri_exp(log_ndtr(low / high) - LEVELS), 0.0)


def _simpson(values: Array) -> Array:
    """Integrals [W, Z'] of values [W, Z] over the level, from zero up to every second one.

    Levels are cubes of evenly spaced numbers, over which Simpson's rule runs.
    """
    even = np.cbrt(LEVELS)
    inner = values * 3.0 * even**2
    step = even[1] - even[0]
    panels = step / 3.0 * (inner[:, :-2:2] + 4.0 * inner[:, 1:-1:2] + inner[:, 2::2])
    return np.concatenate([np.zeros((len(values), 1)), np.cumsum(panels, axis=1)], axis=1)
