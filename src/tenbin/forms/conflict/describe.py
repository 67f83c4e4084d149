"""The equilibria of one world in words and numbers, for people and for other programs."""

from __future__ import annotations

from typing import Any

import numpy as np

from tenbin.forms.conflict.game import BoundConflict
from tenbin.forms.conflict.tables import CONCEPTS, NONE, ConflictSolution
from tenbin.forms.contract import Certificate

__all__ = ["describe_equilibria"]


def describe_equilibria(
    bound: BoundConflict, solution: ConflictSolution, certificate: Certificate, world: int
) -> list[dict[str, Any]]:
    """Every equilibrium of one world: the options of each player, payoffs, residual.

    Parameters
    ----------
    bound
        The conflicts of a batch.
    solution
        Their equilibria [W, K].
    certificate
        What the certifier says of them.
    world
        Which world of the batch.

    Returns
    -------
    One entry per equilibrium, the selected one first. `profile` gives each option as `on` 1 or 0
    (for a conflict without options the state alone); `concepts` under which it is stable for all;
    `improvements` and `moves` from the start, None where none lead there.
    """
    graph = bound.game.graph
    order = int(bound.game.order[world])
    groups = list(range(graph.n_players))
    under = {concept: solution.holds(concept, groups)[order] for concept in CONCEPTS}
    payoffs = [its.at(solution.state)[world] for its in bound.game.preferences]
    found: list[dict[str, Any]] = []
    for slot in np.flatnonzero(solution.found[world]):
        state = int(solution.state[world, slot])
        steps, moves = int(solution.joint_steps[order, state]), int(solution.moves_taken[state])
        found.append(
            {
                "state": graph.state_names[state],
                "profile": _profile(bound, state),
                "payoffs": {
                    player: float(its[slot])
                    for player, its in zip(graph.players, payoffs, strict=True)
                },
                "residual": float(certificate.residual[world, slot]),
                "concepts": [concept for concept in CONCEPTS if under[concept][state]],
                "improvements": None if steps == NONE else steps,
                "moves": None if moves == NONE else moves,
            }
        )
    return found


def _profile(bound: BoundConflict, state: int) -> dict[str, dict[str, float]]:
    graph = bound.game.graph
    if not graph.option_names:
        return {"state": {graph.state_names[state]: 1.0}}
    on = zip(graph.option_names, graph.options[state].tolist(), strict=True)
    return {name: {"on": float(taken), "off": 1.0 - float(taken)} for name, taken in on}
