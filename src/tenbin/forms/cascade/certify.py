"""Whether a solution is an equilibrium of a cascade, from the definition alone.

Nobody may gain by deviating: where costs are known, a player joins iff it pays; where they are
private, the cutoff is the cost at which joining pays exactly nothing, the others' joining counted
by numerical integration over their costs. An end that is called the least (the greatest) must also
be where best replies lead, one player after another, from where nobody (everybody) joins. A
global game is checked by integration: at the critical signal an attack is worth nothing, and at
the critical state the mass that attacks is the state.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from tenbin.forms.cascade.tables import (
    FREE,
    JOINED,
    CascadeGame,
    CascadeSolution,
    CostKind,
    RegimeGame,
)
from tenbin.forms.contract import Certificate
from tenbin.scenario.language import Array

__all__ = ["certify_network", "certify_regime"]

SWEEPS, SWEEPS_CORRELATED = 2000, 200
NEAR = 1e-3
"""How near to an end independent best replies must come, in probability."""
CONSISTENT = 1e-9
"""How near a reported probability must be to the one that follows from its cutoff."""
OCCURS = 7.0
"""Standard deviations within which a normal cost counts as occurring (all but 1 in 10**12)."""
STILL = 1e-12
"""A change of probabilities that counts as none."""
REACH = 10.0
"""Standard deviations over which a normal density is integrated."""
TILE = 2048
"""Worlds worked on at once."""

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(40)


# networks


def certify_network(game: CascadeGame, solution: CascadeSolution, tolerance: float) -> Certificate:
    """What the definition says of every equilibrium of a network or crowd [W, K].

    residual: the largest gain from deviating, of any player at any cost, in units of the payoff
    range. witness_gap: how far independent best replies end from an end called least or greatest.
    margin: the smallest loss of a player whose cost is known and who would do the other thing.
    """
    with np.errstate(all="ignore"):
        range_ = _payoff_range(game)[:, None]
        slots = range(solution.found.shape[1])
        parts = [_deviations(game, solution.joins[:, k], solution.cutoff[:, k]) for k in slots]
        residual = np.stack([gain for gain, _ in parts], axis=1) / range_
        margin = np.stack([loss for _, loss in parts], axis=1) / range_
        gap = np.zeros(solution.found.shape)
        for above, named in ((False, solution.is_least), (True, solution.is_greatest)):
            wanted = named & solution.found
            gap = np.fmax(gap, _distance_to_end(game, solution, wanted, above))
    certified = solution.found & (residual <= tolerance) & (gap <= NEAR)
    blank = ~solution.found
    return Certificate(
        residual=np.where(blank, np.nan, residual),
        witness_gap=np.where(blank, np.nan, gap),
        margin=np.where(blank, np.nan, margin),
        certified=certified,
    )


def _payoff_range(game: CascadeGame) -> Array:
    """What is at stake [W] for the player with most at stake."""
    typical = np.where(game.kind == CostKind.UNIFORM, (game.cost_a + game.cost_b) / 2, game.cost_a)
    stake = np.abs(game.gain - typical)
    if game.common is None:
        stake = stake + np.abs(game.influence).sum(axis=2) + np.abs(game.staying).sum(axis=2)
    else:
        stake = stake + game.common[:, None] * (game.n_players - 1)
    largest = stake.max(axis=1)
    return np.where(largest > 0, largest, 1.0)


def _worth(game: CascadeGame, joins: Array, player: int) -> Array:
    """What joining is worth to one player [W], its cost not counted, if the others join so."""
    if game.common is not None:
        others = joins.sum(axis=1) - joins[:, player]
        return game.gain[:, player] + game.common * others
    worth = game.gain[:, player].copy()
    for other in range(game.n_players):
        if other != player:
            effect = game.influence[:, player, other] + game.staying[:, player, other]
            worth = worth + effect * joins[:, other]
    return worth


def _deviations(game: CascadeGame, joins: Array, cutoff: Array) -> tuple[Array, Array]:
    """The largest gain from deviating [W], and the smallest loss where costs are known [W]."""
    gain = np.zeros(game.n_worlds)
    loss = np.full(game.n_worlds, np.inf)
    for player in range(game.n_players):
        if game.forced[player] != FREE:
            wrong = joins[:, player] != (1.0 if game.forced[player] == JOINED else 0.0)
            gain = np.where(wrong, np.inf, gain)
            continue
        if game.kind[player] == CostKind.KNOWN:
            better = _worth(game, joins, player) - game.cost_a[:, player]
            own = joins[:, player]
            missed = np.where(own == 1.0, -better, better)
            gain = np.where((own == 0.0) | (own == 1.0), np.fmax(gain, missed), np.inf)
            loss = np.fmin(loss, -missed)
        else:
            gain = np.maximum(gain, _cutoff_error(game, joins, cutoff, player))
    return np.where(np.isnan(gain), np.inf, gain), np.where(np.isinf(loss), np.nan, loss)


def _cutoff_error(game: CascadeGame, joins: Array, cutoff: Array, player: int) -> Array:
    """The largest gain [W] of a type of one player, whose cost is private, from deviating.

    The value of joining less its cost falls in the cost. So nobody gains more than the type at the
    cutoff, or at the end of the costs that occur if the cutoff lies beyond it.
    """
    played = cutoff[:, player]
    low, high = _support(game, player)
    at = np.clip(played, low, high)
    better = _worth_at(game, joins, cutoff, player, at) - at
    error = np.where(played > high, np.maximum(-better, 0.0), np.abs(better))
    error = np.where(played < low, np.maximum(better, 0.0), error)
    said = np.abs(_chance_below(game, player, played) - joins[:, player])
    return np.where(said <= CONSISTENT, error, np.inf)


def _support(game: CascadeGame, player: int) -> tuple[Array, Array]:
    """Between what costs of one player lie [W], but for what cannot matter."""
    a, b = game.cost_a[:, player], game.cost_b[:, player]
    if game.kind[player] == CostKind.UNIFORM:
        return a, b
    return a - OCCURS * b, a + OCCURS * b


def _chance_below(
    game: CascadeGame, player: int, cost: Array, factor: Array | None = None
) -> Array:
    """The probability [W] of a cost of at most so much, its density integrated.

    `factor` [W, 2] replaces mean and standard deviation of a normal cost.
    """
    a, b = game.cost_a[:, player], game.cost_b[:, player]
    if game.kind[player] == CostKind.UNIFORM:
        return np.where(b > a, np.clip((cost - a) / (b - a), 0.0, 1.0), (cost >= a) * 1.0)
    if factor is not None:
        a, b = factor[:, 0], factor[:, 1]
    z = np.clip((cost - a) / b, -REACH, REACH)
    far = np.abs(z)
    at = 0.5 * far[:, None] * (_NODES + 1.0)
    area = 0.5 * far * (np.exp(-0.5 * at**2) @ _WEIGHTS) / np.sqrt(2.0 * np.pi)
    chance = 0.5 + np.sign(z) * area
    return np.where(b > 0, chance, (cost >= a) * 1.0)


def _worth_at(game: CascadeGame, joins: Array, cutoff: Array, player: int, cost: Array) -> Array:
    """What joining is worth [W] to a type with this cost, who knows what it says of the others."""
    believed = joins.copy()
    for other in range(game.n_players):
        if other == player or game.forced[other] != FREE:
            continue
        if game.kind[other] == CostKind.KNOWN:
            continue
        seen = None
        if game.correlated:
            own = (cost - game.cost_a[:, player]) / game.cost_b[:, player]
            b, rho = game.cost_b[:, other], game.correlation
            mean = game.cost_a[:, other] + rho * b * own
            seen = np.stack([mean, b * np.sqrt(1.0 - rho**2)], axis=1)
        believed[:, other] = _chance_below(game, other, cutoff[:, other], seen)
    return _worth(game, believed, player)


def _distance_to_end(
    game: CascadeGame, solution: CascadeSolution, wanted: NDArray[np.bool_], above: bool
) -> Array:
    """How far [W, K] best replies, one player after another, end from the wanted equilibria."""
    gap = np.zeros(wanted.shape)
    for slot in range(wanted.shape[1]):
        for start in range(0, game.n_worlds, TILE):
            worlds = start + np.flatnonzero(wanted[start : start + TILE, slot])
            joins = solution.joins[:, slot]
            gap[worlds, slot] = _sweep(game, joins, worlds, above)
    return gap


def _sweep(game: CascadeGame, target: Array, worlds: NDArray[np.intp], above: bool) -> Array:
    """The distance [worlds] left after best replies, one by one, from the bottom or the top."""
    gap = np.full(len(worlds), np.inf)
    joins = np.full((len(worlds), game.n_players), 1.0 if above else 0.0)
    joins[:, game.forced != FREE] = np.where(game.forced[game.forced != FREE] == JOINED, 1.0, 0.0)
    cutoff = np.where(joins > 0.5, np.inf, -np.inf)
    part, going = _some(game, worlds), np.arange(len(worlds))
    for _ in range(SWEEPS_CORRELATED if game.correlated else SWEEPS):
        before = joins.copy()
        for player in np.flatnonzero(game.forced == FREE):
            reply = _best_reply(part, joins, cutoff, int(player))
            cutoff[:, player], joins[:, player] = reply
        left = np.abs(joins - target[worlds]).max(axis=1)
        gap[going] = left
        again = (left > NEAR) & (np.abs(joins - before) > STILL).any(axis=1)
        if not again.any():
            break
        joins, cutoff, worlds, going = joins[again], cutoff[again], worlds[again], going[again]
        part = _some(game, worlds)
    return gap


def _some(game: CascadeGame, worlds: NDArray[np.intp]) -> CascadeGame:
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


def _best_reply(game: CascadeGame, joins: Array, cutoff: Array, player: int) -> tuple[Array, Array]:
    """The cutoff [W] of a player, and how probably it joins, if the others join so; ties join."""
    worth = _worth(game, joins, player)
    if game.kind[player] == CostKind.KNOWN:
        cost = game.cost_a[:, player]
        ties = 1e-9 * (np.abs(worth) + np.abs(cost))
        return worth, np.where(worth >= cost - ties, 1.0, 0.0)
    if game.correlated:
        worth = _correlated_cutoff(game, joins, cutoff, player)
    return worth, _chance_below(game, player, worth)


def _correlated_cutoff(game: CascadeGame, joins: Array, cutoff: Array, player: int) -> Array:
    """The cost [W] that is just worth paying, found by halving."""
    low, high = _worth(game, joins * 0.0, player), _worth(game, joins * 0.0 + 1.0, player)
    for _ in range(40):
        middle = 0.5 * (low + high)
        pays = _worth_at(game, joins, cutoff, player, middle) >= middle
        low, high = np.where(pays, middle, low), np.where(pays, high, middle)
    return 0.5 * (low + high)


# continua


def certify_regime(game: RegimeGame, solution: CascadeSolution, tolerance: float) -> Certificate:
    """What the definition says of the critical states and signals [W, K] of a global game.

    residual: the larger of what an attack at the critical signal is worth, in units of the gain,
    and of how much the mass that attacks at the critical state differs from it.
    """
    with np.errstate(all="ignore"):
        state, signal = solution.cutoff[:, :, 0], solution.cutoff[:, :, 1]
        noise, gain = game.noise[:, None], game.gain[:, None]
        mass = _normal_below((signal - state) / noise)
        falls = _posterior_below(game, signal, state)
        worth = np.abs(falls - game.cost[:, None] / gain)
        residual = np.fmax(worth, np.abs(mass - state))
    blank = ~solution.found
    return Certificate(
        residual=np.where(blank, np.nan, residual),
        witness_gap=np.where(blank, np.nan, 0.0),
        margin=np.where(blank, np.nan, np.nan),
        certified=~blank & (residual <= tolerance),
    )


def _normal_below(z: Array) -> Array:
    """The standard normal distribution function, its density integrated."""
    far = np.minimum(np.abs(z), REACH)
    at = 0.5 * far[..., None] * (_NODES + 1.0)
    area = 0.5 * far * (np.exp(-0.5 * at**2) @ _WEIGHTS) / np.sqrt(2.0 * np.pi)
    return 0.5 + np.sign(z) * area


def _posterior_below(game: RegimeGame, signal: Array, state: Array) -> Array:
    """The probability [W, K] that the state is at most so much, after the signal, by Bayes."""
    precision, prior = game.noise[:, None] ** -2.0, game.prior_precision[:, None]
    mean = (prior * game.prior_mean[:, None] + precision * signal) / (prior + precision)
    return _normal_below((state - mean) * np.sqrt(prior + precision))
