"""A common good (Olson and Zeckhauser 1966): the contributors and what each of them gives.

With theta = (1 - taste) / taste the best reply is g = max(0, w - theta G), G the total. The sum of
these falls in G, so there is one equilibrium: the m players of highest w / theta contribute, and
G = sum of their w / (1 + sum of their theta).
"""

from __future__ import annotations

import numpy as np

from tenbin.forms.contest.tables import AllianceGame, ContestSolution
from tenbin.forms.contract import Status

__all__ = ["solve_alliance"]


def solve_alliance(game: AllianceGame) -> ContestSolution:
    """The equilibrium of every world [W, K = 1, P]."""
    ok = game.valid[:, None]
    w = np.where(ok, game.weight, 1.0)
    taste = np.where(ok, game.taste, 0.5)
    theta = (1.0 - taste) / taste
    order = np.argsort(-w / theta, axis=1, kind="stable")
    ranked_w = np.take_along_axis(w, order, axis=1)
    ranked_theta = np.take_along_axis(theta, order, axis=1)
    totals = np.cumsum(ranked_w, axis=1) / (1.0 + np.cumsum(ranked_theta, axis=1))
    active = (ranked_w > ranked_theta * totals).sum(axis=1)
    total = np.take_along_axis(totals, active[:, None] - 1, axis=1)
    effort = np.maximum(w - theta * total, 0.0)
    payoff = (w - effort) ** (1.0 - taste) * total**taste
    blank = np.full(effort.shape, np.nan)
    return ContestSolution(
        effort=np.where(ok, effort, np.nan)[:, None],
        win=blank[:, None],
        payoff=np.where(ok, payoff, np.nan)[:, None],
        found=game.valid[:, None].copy(),
        status=np.where(game.valid, Status.SOLVED, Status.NOT_FINITE).astype(np.int8),
        complete=game.valid.copy(),
        method="closed form over the number of contributors",
        flags={"free_riders": game.valid & (effort == 0.0).any(axis=1)},
    )
