"""Both ends of a network's equilibria by monotone iteration, with a bracketed Newton finish.

Joining is the more attractive the more others join. So best replies, begun where nobody joins,
rise to the least equilibrium, and begun where all join they fall to the greatest (Tarski; Milgrom
and Roberts 1990). Where costs are private the iteration may come near its end only slowly. Then a
Newton step is tried from time to time; its end is accepted only if the map is a contraction on the
whole box between the iterate and that end, which proves that no other equilibrium lies there.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from tenbin.forms.cascade.solvers.correlated import correlated_cutoffs, finish_correlated
from tenbin.forms.cascade.tables import (
    FREE,
    JOINED,
    STAYS,
    TIE,
    Bools,
    CascadeGame,
    CascadeSolution,
    CostKind,
)
from tenbin.forms.contract import SolverOptions, Status
from tenbin.scenario.language import Array

__all__ = ["End", "climb", "join_probabilities", "net_gains", "solve_network"]

SETTLED = 1e-15
"""A change of all probabilities that counts as none."""
APART = 1e-9
"""How far apart the two ends must lie to be two equilibria."""
TRY_EVERY = 8
"""Rounds between attempts to finish by Newton's method."""
NEWTON = 30
REACHED = 1e-13
"""How near to its own best reply the end of Newton's method must be."""
MOST_CORRELATED = 200
"""Rounds at most where costs are correlated: each is dear, and Newton's method ends nearly all."""
TILE = 4096
"""Worlds worked on at once."""

_PEAK = 1.0 / np.sqrt(2.0 * np.pi)


@dataclass(frozen=True)
class End:
    """One end of the equilibria: joins, cutoff, step [W, P]; rounds, settled [W]."""

    joins: Array
    cutoff: Array
    step: Array
    rounds: NDArray[np.int64]
    settled: Bools


def solve_network(game: CascadeGame, options: SolverOptions) -> CascadeSolution:
    """The least and the greatest equilibrium of every world.

    Parameters
    ----------
    game
        The games of W worlds.
    options
        `concept` tells which end is selected; `max_steps` bounds the rounds.

    Returns
    -------
    Solution with K = 2: the selected end, and the other one where it differs. `complete` where
    both ends are the same: then the equilibrium is unique, but for indifference.
    """
    low = climb(game, from_above=False, max_rounds=options.max_steps)
    high = climb(game, from_above=True, max_rounds=options.max_steps)
    high = _block_joins_last(game, low, high)
    differ = np.abs(high.joins - low.joins).max(axis=1, initial=0.0) > APART
    ends = (high, low) if options.concept == "greatest" else (low, high)
    least = np.stack([np.full(game.n_worlds, end is low) | ~differ for end in ends], axis=1)
    greatest = np.stack([np.full(game.n_worlds, end is high) | ~differ for end in ends], axis=1)
    settled = low.settled & high.settled
    status = np.where(settled, Status.SOLVED, Status.MAX_STEPS_REACHED)
    return CascadeSolution(
        joins=np.stack([end.joins for end in ends], axis=1),
        cutoff=np.stack([end.cutoff for end in ends], axis=1),
        step=np.stack([end.step for end in ends], axis=1),
        is_least=least,
        is_greatest=greatest,
        found=np.stack([game.valid, differ & game.valid], axis=1),
        status=np.where(game.valid, status, Status.NOT_FINITE).astype(np.int8),
        complete=game.valid & settled & ~differ,
        method="best replies from below and from above",
        flags={"tie": _indifferent(game, ends) & game.valid, "several": differ & game.valid},
        steps=np.maximum(low.rounds, high.rounds).astype(np.int32),
    )


def climb(
    game: CascadeGame, *, from_above: bool, max_rounds: int, without: int | None = None
) -> End:
    """Best replies from where nobody joins to the least equilibrium, or down to the greatest.

    `without` is a player who is kept from joining.
    """
    shape = (game.n_worlds, game.n_players)
    joins = np.full(shape, 1.0 if from_above else 0.0)
    joins[:, game.forced == JOINED] = 1.0
    joins[:, game.forced == STAYS] = 0.0
    step = np.where(game.forced == JOINED, 0.0, np.full(shape, np.nan))
    if without is not None:
        joins[:, without], step[:, without] = 0.0, np.nan
    cutoff = np.full(shape, np.nan)
    rounds = np.zeros(game.n_worlds, dtype=np.int64)
    settled = ~game.valid
    bound = min(max_rounds, MOST_CORRELATED) if game.correlated else max_rounds
    with np.errstate(all="ignore"):
        for start in range(0, game.n_worlds, TILE):
            worlds = start + np.flatnonzero(game.valid[start : start + TILE])
            for number in range(1, bound + 1):
                if not len(worlds):
                    break
                before = joins[worlds]
                part = _part(game, worlds)
                after, net = _reply(part, before, without)
                rounds[worlds] = number
                newly = np.isnan(step[worlds]) & (after == 1.0)
                step[worlds] = np.where(newly, number, step[worlds])
                joins[worlds], cutoff[worlds] = after, net
                done = np.abs(after - before).max(axis=1) <= SETTLED
                if part.private and number % TRY_EVERY == 0:
                    end, net, here = _finish(part, after, net, without, from_above)
                    joins[worlds[here]], cutoff[worlds[here]] = end[here], net[here]
                    done |= here
                settled[worlds] = done
                worlds = worlds[~done]
        cutoff = np.where(game.valid[:, None], cutoff, np.nan)
    if game.private:
        step = np.where(game.forced == JOINED, 0.0, np.nan) + np.zeros(shape)
    elif from_above:
        step = np.where(joins == 1.0, 0.0, np.nan)
    return End(joins, cutoff, step, rounds, settled)


def _block_joins_last(game: CascadeGame, low: End, high: End) -> End:
    """Steps of the greatest equilibrium: those of the least, then the rest all at once."""
    if game.private:
        return high
    with np.errstate(all="ignore"):
        last = np.fmax.reduce(np.where(np.isnan(low.step), 0.0, low.step), axis=1)
    joined = np.where(np.isnan(low.step), last[:, None] + 1.0, low.step)
    step = np.where(high.joins == 1.0, joined, np.nan)
    return End(high.joins, high.cutoff, step, high.rounds, high.settled)


def _part(game: CascadeGame, worlds: NDArray[np.intp]) -> CascadeGame:
    """The games of some worlds."""
    return replace(
        game,
        gain=game.gain[worlds],
        cost_a=game.cost_a[worlds],
        cost_b=game.cost_b[worlds],
        influence=game.influence[worlds],
        staying=game.staying[worlds],
        common=None if game.common is None else game.common[worlds],
        correlation=game.correlation[worlds],
        valid=game.valid[worlds],
        cache={},
    )


# best replies


def _reply(game: CascadeGame, joins: Array, without: int | None) -> tuple[Array, Array]:
    """Who joins [W, P] as a best reply to `joins`, and the cutoffs [W, P]."""
    net = correlated_cutoffs(game, joins) if game.correlated else net_gains(game, joins)
    after = join_probabilities(game, net)
    if without is not None:
        after[:, without] = 0.0
    return after, net


def net_gains(game: CascadeGame, joins: Array) -> Array:
    """What joining is worth to each player [W, P], less its cost, where others join so."""
    if game.common is not None:
        return game.gain + game.common[:, None] * (joins.sum(axis=1, keepdims=True) - joins)
    net = game.gain.copy()
    for other in range(game.n_players):
        weight = game.influence[:, :, other] + game.staying[:, :, other]
        net += weight * joins[:, other, None]
    return net


def join_probabilities(game: CascadeGame, net: Array) -> Array:
    """The probability [W, P] that a player's cost is at most its net gain; ties join."""
    a, b, kind = game.cost_a, game.cost_b, game.kind
    slack = TIE * (np.abs(net) + np.abs(game.gain) + np.abs(a))
    joins = (net >= a - slack).astype(np.float64)
    uniform, normal = kind == CostKind.UNIFORM, kind == CostKind.NORMAL
    if uniform.any():
        share = np.clip((net - a) / (b - a), 0.0, 1.0)
        joins = np.where(uniform & (b > a), share, joins)
    if normal.any():
        joins = np.where(normal & (b > 0), ndtr((net - a) / b), joins)
    joins[:, game.forced == JOINED] = 1.0
    joins[:, game.forced == STAYS] = 0.0
    return joins


def _indifferent(game: CascadeGame, ends: tuple[End, ...]) -> Bools:
    """In which worlds [W] a player whose cost is known is indifferent at one of the ends."""
    known = (game.kind == CostKind.KNOWN) & (game.forced == FREE)
    tie = np.zeros(game.n_worlds, dtype=np.bool_)
    with np.errstate(all="ignore"):
        for end in ends:
            size = np.abs(end.cutoff) + np.abs(game.gain) + np.abs(game.cost_a)
            tie |= ((np.abs(end.cutoff - game.cost_a) <= TIE * size) & known).any(axis=1)
    return tie


# the finish where costs are private


def _finish(
    game: CascadeGame, joins: Array, cutoff: Array, without: int | None, from_above: bool
) -> tuple[Array, Array, Bools]:
    """The end of Newton's method from `joins`, its cutoffs [W, P], and where it is the one sought.

    It is where it lies beyond `joins` and best replies contract on the box between the two.
    """
    if game.correlated:
        net, proved = finish_correlated(game, cutoff, from_above, without)
        end = join_probabilities(game, np.where(np.isfinite(net), net, cutoff))
        if without is not None:
            end[:, without] = 0.0
        return end, net, proved
    end, settled = joins.copy(), np.zeros(len(joins), dtype=np.bool_)
    for _ in range(NEWTON):
        after, net = _reply(game, end, without)
        settled |= np.abs(after - end).max(axis=1) <= SETTLED
        if settled.all():
            break
        step = _solved(_slopes(game, net, net, without), after - end)
        end = np.where(settled[:, None], end, np.clip(end + step, 0.0, 1.0))
    after, net = _reply(game, end, without)
    here = np.isfinite(end).all(axis=1) & (np.abs(after - end).max(axis=1) <= REACHED)
    beyond = (end - joins) * (-1.0 if from_above else 1.0)
    here &= (beyond >= -SETTLED).all(axis=1)
    return after, net, here & _contracts(game, _reply(game, joins, without)[1], net, without)


def _contracts(game: CascadeGame, one: Array, other: Array, without: int | None) -> Bools:
    """In which worlds [W] best replies contract on the box between two vectors of net gains.

    The slopes are at most those that `_slopes` gives; a matrix of numbers not below zero contracts
    in some weighted norm iff (I - it) d = 1 has a positive solution d.
    """
    low, high = np.minimum(one, other), np.maximum(one, other)
    weights = _solved(_slopes(game, low, high, without), np.ones(low.shape))
    a = game.cost_a
    jumps = (game.kind == CostKind.KNOWN) | ((game.kind == CostKind.NORMAL) & (game.cost_b == 0))
    jumps |= (game.kind == CostKind.UNIFORM) & (game.cost_b == a)
    slack = TIE * (np.abs(high) + np.abs(game.gain) + np.abs(a))
    crossed = jumps & (game.forced == FREE) & (low < a - slack) & (high >= a - slack)
    return (weights > 0).all(axis=1) & np.isfinite(weights).all(axis=1) & ~crossed.any(axis=1)


def _slopes(game: CascadeGame, low: Array, high: Array, without: int | None) -> Array:
    """The largest slopes [W, P, P] of best replies where net gains lie between low and high."""
    a, b, kind = game.cost_a, game.cost_b, game.kind
    density = np.zeros(low.shape)
    uniform = (kind == CostKind.UNIFORM) & (b > a) & (high >= a) & (low <= b)
    density = np.where(uniform, 1.0 / (b - a), density)
    nearest = np.clip(a, low, high)
    peak = _PEAK / b * np.exp(-0.5 * ((nearest - a) / b) ** 2)
    density = np.where((kind == CostKind.NORMAL) & (b > 0), peak, density)
    density[:, np.not_equal(game.forced, FREE)] = 0.0
    if without is not None:
        density[:, without] = 0.0
    return density[:, :, None] * (game.influence + game.staying)


def _solved(slopes: Array, right: Array) -> Array:
    """Solutions x [W, P] of (I - slopes) x = right; NaN where there is none."""
    matrix = np.eye(slopes.shape[1]) - slopes
    bad: Bools = ~np.all(np.isfinite(matrix), axis=(1, 2)) | ~np.all(np.isfinite(right), axis=1)
    matrix = np.where(bad[:, None, None], np.eye(slopes.shape[1]), matrix)
    singular = np.abs(np.linalg.det(matrix)) < 1e-300
    matrix = np.where(singular[:, None, None], np.eye(slopes.shape[1]), matrix)
    found = np.linalg.solve(matrix, np.where(bad[:, None], 0.0, right)[:, :, None])[:, :, 0]
    return np.where((bad | singular)[:, None], np.nan, found)
