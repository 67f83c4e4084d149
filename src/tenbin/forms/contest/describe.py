"""The equilibria of one world in words and numbers, for people and for other programs."""

from __future__ import annotations

from typing import Any

import numpy as np

from tenbin.forms.contest.game import BoundContest
from tenbin.forms.contest.tables import ContestSolution
from tenbin.forms.contract import Certificate

__all__ = ["describe_equilibria"]


def describe_equilibria(
    bound: BoundContest, solution: ContestSolution, certificate: Certificate, world: int
) -> list[dict[str, Any]]:
    """Every equilibrium found in one world: efforts, chances, payoffs, residual."""
    players = bound.model.players
    found: list[dict[str, Any]] = []
    for slot in np.flatnonzero(solution.found[world]):
        rows: dict[str, dict[str, float]] = {}
        for number, name in enumerate(players):
            numbers = {
                "effort": solution.effort[world, slot, number],
                "win": solution.win[world, slot, number],
            }
            if solution.rate is not None and solution.at_once is not None:
                numbers["rate"] = solution.rate[world, slot, number]
                numbers["at_once"] = solution.at_once[world, slot, number]
            rows[name] = {k: float(v) for k, v in numbers.items() if not np.isnan(v)}
        payoffs = {
            name: float(solution.payoff[world, slot, number])
            for number, name in enumerate(players)
            if not np.isnan(solution.payoff[world, slot, number])
        }
        answer: dict[str, Any] = {
            "profile": rows,
            "payoffs": payoffs,
            "residual": float(certificate.residual[world, slot]),
        }
        if solution.growth is not None:
            answer["stable"] = bool(solution.growth[world, slot] < 0.0)
        found.append(answer)
    return found
