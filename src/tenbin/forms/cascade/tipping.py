"""The tipping player: whose refusal ends the longest part of the cascade."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tenbin.forms.cascade.tables import FREE, CascadeGame, CascadeSolution
from tenbin.scenario.language import Array

__all__ = ["NOBODY", "lost_without", "tipping_players"]

NOBODY = -1
LEAST = 1e-9
"""What a refusal must cost in expected adopters to count at all."""
ROUNDS = 5000


def lost_without(game: CascadeGame, solution: CascadeSolution) -> Array:
    """How many others join less [W, K, P] if a player refuses, at the same end of the equilibria.

    Zero for players who do not join, and for those who do not choose.
    """
    from tenbin.forms.cascade.solvers.monotone import climb

    joins = solution.joins
    lost = np.zeros(joins.shape)
    from_top = solution.is_greatest & ~solution.is_least
    for player in np.flatnonzero(game.forced == FREE):
        others = np.arange(game.n_players) != player
        for above in (False, True):
            here = (from_top if above else ~from_top) & solution.found
            if not here.any():
                continue
            end = climb(game, from_above=above, max_rounds=ROUNDS, without=int(player))
            fewer = (joins[:, :, others] - end.joins[:, None, others]).sum(axis=2)
            lost[:, :, player] = np.where(here, fewer, lost[:, :, player])
    return np.where(joins > 0, lost, 0.0)


def tipping_players(game: CascadeGame, solution: CascadeSolution) -> NDArray[np.intp]:
    """The tipping player [W, K], by number; NOBODY where nobody's refusal stops another.

    Of several, the one that joins first; then the one that the file names first.
    """
    known = game.cache.get("tipping")
    if isinstance(known, tuple) and known[0] is solution:
        return known[1]
    lost = lost_without(game, solution)
    most = lost.max(axis=2, keepdims=True)
    best = (lost >= most - LEAST) & (most > LEAST)
    step = np.where(best & ~np.isnan(solution.step), solution.step, np.inf)
    first = best & (step == step.min(axis=2, keepdims=True))
    found = np.where(best.any(axis=2), np.argmax(first, axis=2), NOBODY)
    game.cache["tipping"] = (solution, found)
    return found
