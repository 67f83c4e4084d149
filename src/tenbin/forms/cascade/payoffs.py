"""Expected payoffs of a network's players, and the range that tolerances are relative to."""

from __future__ import annotations

import numpy as np

from tenbin.forms.cascade.tables import CascadeGame, CascadeSolution, CostKind
from tenbin.scenario.language import Array

__all__ = ["expected_payoff", "mean_cost", "payoff_range"]


def mean_cost(game: CascadeGame) -> Array:
    """The cost, or its mean, of each player [W, P]."""
    middle = 0.5 * (game.cost_a + game.cost_b)
    return np.where(game.kind == CostKind.UNIFORM, middle, game.cost_a)


def payoff_range(game: CascadeGame) -> Array:
    """The scale of payoffs [W]: what is at stake for the player with most at stake."""
    own = np.abs(game.gain - mean_cost(game))
    if game.common is not None:
        weights = game.common[:, None] * (game.n_players - 1)
    else:
        weights = (np.abs(game.influence) + np.abs(game.staying)).sum(axis=2)
    spread = (own + weights).max(axis=1)
    return np.where(spread > 0, spread, 1.0)


def expected_payoff(game: CascadeGame, solution: CascadeSolution, player: int) -> Array:
    """A player's expected payoff [W, K] before costs are known.

    Joining pays the gain and the influence of the others that have joined, less the own cost; not
    joining costs `staying` per other that has joined.
    """
    joins = solution.joins
    own = joins[:, :, player]
    cost = _cost_paid(game, solution, player)
    if game.common is not None:
        others = joins.sum(axis=2) - own
        return own * (game.gain[:, player, None] + game.common[:, None] * others) - cost
    total = own * game.gain[:, player, None] - cost
    for other in range(game.n_players):
        if other == player:
            continue
        both, alone = _together(game, joins, player, other)
        total += game.influence[:, player, other, None] * both
        total -= game.staying[:, player, other, None] * alone
    return total


def _together(game: CascadeGame, joins: Array, player: int, other: int) -> tuple[Array, Array]:
    """The probabilities [W, K] that both join, and that only the other does."""
    if not game.correlated:
        both = joins[:, :, player] * joins[:, :, other]
    else:
        from tenbin.forms.cascade.factor import given_factor

        given, weights = given_factor(game, joins[:, :, [player, other]])
        both = np.einsum("wkz,z->wk", given[:, :, 0] * given[:, :, 1], weights)
    return both, joins[:, :, other] - both


def _cost_paid(game: CascadeGame, solution: CascadeSolution, player: int) -> Array:
    """The expected cost [W, K] that is paid: over the costs at which the player joins."""
    own, cutoff = solution.joins[:, :, player], solution.cutoff[:, :, player]
    a, b = game.cost_a[:, player, None], game.cost_b[:, player, None]
    mean = mean_cost(game)[:, player, None]
    kind = CostKind(int(game.kind[player]))
    if kind == CostKind.KNOWN or game.forced[player]:
        return own * mean
    if kind == CostKind.UNIFORM:
        top = np.clip(cutoff, a, b)
        return np.where(b > a, (top**2 - a**2) / (2.0 * (b - a)), own * a)
    z = (cutoff - a) / b
    density = np.exp(-0.5 * z**2) / np.sqrt(2.0 * np.pi)
    return np.where(b > 0, own * a - b * density, own * a)
