"""One equilibrium by the states of the file: time in each, ways between them, what is done."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tenbin.forms.stochastic.bind import BoundGame
from tenbin.forms.stochastic.chains import NEVER, chains_of, prior_mass
from tenbin.forms.stochastic.tables import NONE, StochasticSolution
from tenbin.scenario.language import Array

__all__ = ["ActionShare", "PhaseFlows", "phase_flows"]


@dataclass(frozen=True, slots=True)
class ActionShare:
    """How probable an action is while play is in its state, also by the mover's type."""

    phase: int
    player: int
    action: str
    probability: float
    by_type: tuple[float, ...]


@dataclass(frozen=True)
class PhaseFlows:
    """What happens in one world and equilibrium, by the states of the file (number F of them).

    `share` [F] is the long-run share of time, `visits` [F] the expected periods in passing, `ever`
    [F] the probability of ever being there; `ways` [F, F] where play goes next from a period in a
    state, and `flow` [F, F] how much of all moves that is.
    """

    share: Array
    visits: Array
    ever: Array
    ways: Array
    flow: Array
    actions: tuple[ActionShare, ...]
    lasts: bool
    """Whether play may go on for ever in states that are no ends."""


def phase_flows(
    bound: BoundGame, solution: StochasticSolution, world: int, slot: int = 0
) -> PhaseFlows | None:
    """What happens in one world; None where it is unsolved."""
    chains = chains_of(bound, solution)
    if not chains.found[world, slot]:
        return None
    model, game = bound.model, bound.game
    structure, count = game.structure, len(model.rules.phases)
    phase = model.state_phase
    member = phase[:, None] == np.arange(count)
    flow = chains.flow()
    share, visits = flow.share[world, slot], flow.visits[world, slot]
    by_phase = (share.sum(axis=(0, 1)) @ member, visits.sum(axis=(0, 1)) @ member)
    weights = np.where((by_phase[0] @ member.T) > 0.0, share, visits)
    total = weights.sum(axis=(0, 1)) @ member
    even = prior_mass(game)[world][:, :, None] / member.sum(axis=0).clip(1)[phase]
    with np.errstate(invalid="ignore", divide="ignore"):
        weights = np.where(total[phase] > 0.0, weights / total[phase], even)
    profile = chains.profile[world, slot]
    taken = np.ones((structure.n_types, structure.grid, structure.n_cells))
    for player in range(structure.n_players):
        for kind in range(structure.n_types):
            action = structure.cell_action[:, player, kind]
            chosen = np.where(
                action == NONE, 1.0, profile[:, np.maximum(action, 0)] if profile.size else 1.0
            )
            taken[kind] *= chosen
    cells = (weights[:, :, structure.cell_state] * taken).sum(axis=(0, 1))
    moves = cells[structure.branch_cell] * game.prob[world]
    ways = np.zeros((count, count))
    origin = phase[structure.cell_state[structure.branch_cell]]
    np.add.at(ways, (origin, phase[structure.branch_to]), moves)
    spent = by_phase[0] + by_phase[1] / max(float(by_phase[1].sum()), 1.0)
    ever = np.array(
        [
            chains.flow(stop=member[:, f]).share[world, slot][..., member[:, f]].sum()
            for f in range(count)
        ]
    )
    actions = _actions(bound, weights, profile)
    goes_on = np.array([name not in model.ends for name in model.rules.phases])
    return PhaseFlows(
        share=by_phase[0],
        visits=by_phase[1],
        ever=np.clip(ever, 0.0, 1.0),
        ways=ways,
        flow=ways * spent[:, None],
        actions=actions,
        lasts=bool(by_phase[0][goes_on].sum() > NEVER),
    )


def _actions(bound: BoundGame, weights: Array, profile: Array) -> tuple[ActionShare, ...]:
    """The actions of every state of the file, over the time spent there."""
    structure, rules = bound.game.structure, bound.model.rules
    found: dict[tuple[int, int, str], Array] = {}
    by_type = weights.sum(axis=1)
    for f, item in enumerate(rules.phases.values()):
        for player, actions in item.movers:
            found.update({(f, player, a.name): np.zeros(structure.n_types) for a in actions})
    phase = bound.model.state_phase
    for point in range(structure.n_points):
        state, player = structure.point_state[point], int(structure.point_player[point])
        kind = structure.point_type[point]
        kinds = range(structure.n_types) if kind == NONE else (kind,)
        for action in range(structure.action_start[point], structure.action_start[point + 1]):
            key = int(phase[state]), player, structure.action_names[action]
            for each in kinds:
                found[key][each] += float(weights[each, :, state] @ profile[:, action])
    of_phase = np.zeros((len(rules.phases), structure.n_types))
    np.add.at(of_phase, phase, by_type.T)
    return tuple(
        ActionShare(
            f,
            player,
            name,
            float(taken.sum()),
            _by_type(taken, of_phase[f]) if player == structure.informed else (),
        )
        for (f, player, name), taken in found.items()
    )


def _by_type(taken: Array, weight: Array) -> tuple[float, ...]:
    """The probability of an action by the mover's type; zero for a type that is never there."""
    return tuple(
        float(part / whole) if whole > 0.0 else 0.0
        for part, whole in zip(taken, weight, strict=True)
    )
