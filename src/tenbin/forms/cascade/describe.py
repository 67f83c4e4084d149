"""The equilibria of one world in words and numbers, for people and for other programs."""

from __future__ import annotations

from typing import Any

import numpy as np

from tenbin.forms.cascade.game import BoundCascade
from tenbin.forms.cascade.payoffs import expected_payoff
from tenbin.forms.cascade.tables import CascadeSolution, RegimeGame
from tenbin.forms.contract import Certificate

__all__ = ["describe_equilibria"]


def describe_equilibria(
    bound: BoundCascade, solution: CascadeSolution, certificate: Certificate, world: int
) -> list[dict[str, Any]]:
    """Every equilibrium found in one world: who joins, on what terms, and for what payoff."""
    game = bound.game
    found: list[dict[str, Any]] = []
    for slot in np.flatnonzero(solution.found[world]):
        residual = float(certificate.residual[world, slot])
        cutoffs = solution.cutoff[world, slot]
        if isinstance(game, RegimeGame):
            profile = {"attack": {"below_signal": float(cutoffs[1])},
                       "regime": {"falls_below_state": float(cutoffs[0])}}  # fmt: skip
            found.append({"profile": profile, "payoffs": {}, "residual": residual})
            continue
        joins, step = solution.joins[world, slot], solution.step[world, slot]
        with np.errstate(all="ignore"):
            payoffs = [
                float(expected_payoff(game, solution, player)[world, slot])
                for player in range(game.n_players)
            ]
        answer: dict[str, Any] = {
            "profile": {
                name: {"join": float(p), "stay": 1.0 - float(p)}
                for name, p in zip(game.players, joins, strict=True)
            },
            "payoffs": dict(zip(game.players, payoffs, strict=True)),
            "residual": residual,
        }
        if not game.private:
            order = zip(game.players, step, strict=True)
            answer["order"] = {name: int(at) for name, at in order if not np.isnan(at)}
        found.append(answer)
    return found
