"""The equilibria of one world in words and numbers, for people and for other programs."""

from __future__ import annotations

from typing import Any

import numpy as np

from tenbin.forms.contract import Certificate
from tenbin.forms.stochastic.bind import BoundGame
from tenbin.forms.stochastic.chains import NEVER, Chains, chains_of, prior_mass
from tenbin.forms.stochastic.outcomes import expected_payoff
from tenbin.forms.stochastic.refine import grid_change, key_outcomes
from tenbin.forms.stochastic.tables import NONE, StochasticSolution, StochasticStructure
from tenbin.scenario.language import Array

__all__ = ["describe_equilibria"]


def describe_equilibria(
    bound: BoundGame, solution: StochasticSolution, certificate: Certificate, world: int
) -> list[dict[str, Any]]:
    """Every equilibrium found in one world.

    Each has a `profile` by decision point (with types: at the beliefs that play comes to, and at
    the belief of the start where it never does), `payoffs` as discounted averages per period,
    `outcomes` by their calls, the `residual`, and with types `grid`: which of the outcomes change
    when the grid of beliefs is made finer, and from what to what.
    """
    chains = chains_of(bound, solution)
    return [
        _equilibrium(bound, chains, certificate, world, int(slot))
        for slot in np.flatnonzero(chains.found[world])
    ]


def _equilibrium(
    bound: BoundGame, chains: Chains, certificate: Certificate, world: int, slot: int
) -> dict[str, Any]:
    players = bound.model.rules.players
    told: dict[str, Any] = {
        "profile": _profile(chains, world, slot),
        "payoffs": {
            name: float(expected_payoff(chains, number)[world, slot])
            for number, name in enumerate(players)
        },
        "outcomes": key_outcomes(bound, chains.solution, world, slot),
        "residual": float(certificate.residual[world, slot]),
    }
    change = grid_change(bound, chains.solution, world, slot)
    if change is not None:
        coarse, fine = change.points
        told["grid"] = {
            "beliefs": f"{coarse} and {fine}",
            "largest change of a share or probability": change.largest,
            **{
                call: f"{before:.6g} becomes {after:.6g}"
                for call, (before, after) in change.outcomes.items()
                if f"{before:.6g}" != f"{after:.6g}"
            },
        }
    return told


def _profile(chains: Chains, world: int, slot: int) -> dict[str, dict[str, float]]:
    structure = chains.structure
    beliefs = structure.beliefs
    reached = _reached(chains, world, slot)
    told: dict[str, dict[str, float]] = {}
    for point in range(structure.n_points):
        first, last = structure.action_start[point], structure.action_start[point + 1]
        places = reached[structure.point_state[point]] if structure.informed != NONE else [0]
        for place in places:
            name = _point_name(structure, point)
            if structure.informed != NONE:
                shown = f"{structure.type_names[0]} = {beliefs[place]:.4g}"
                name += f" where the belief in {shown}"
            probabilities = chains.profile[world, slot, place, first:last]
            told[name] = {
                action: float(p)
                for action, p in zip(structure.action_names[first:last], probabilities, strict=True)
            }
    return told


def _point_name(structure: StochasticStructure, point: int) -> str:
    player = structure.players[structure.point_player[point]]
    kind = structure.point_type[point]
    who = player if kind == NONE else f"{player} ({structure.type_names[kind]})"
    return f"{structure.state_names[structure.point_state[point]]}: {who}"


def _reached(chains: Chains, world: int, slot: int) -> list[list[int]]:
    """For each state the grid points at which play is found there; else those of the start."""
    flow = chains.flow()
    spent: Array = (flow.visits + flow.share)[world, slot].sum(axis=0)
    first = np.flatnonzero(prior_mass(chains.game)[world].sum(axis=0) > 0.0).tolist()
    return [
        np.flatnonzero(spent[:, state] > NEVER).tolist() or first
        for state in range(chains.structure.n_states)
    ]
