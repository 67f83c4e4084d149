"""Stochastic games as tables, made by hand or at random, for the tests of this form."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import numpy as np

from tenbin.forms.stochastic.tables import NONE, StochasticGame, StochasticStructure

__all__ = ["make_structure", "random_game", "repeated_game"]

State = dict[int, int]
"""Number of actions of each player that moves in a state."""


def make_structure(
    players: int,
    states: Sequence[State],
    follows: Sequence[Sequence[Sequence[int]]],
    *,
    informed: int = NONE,
    grid: int = 1,
) -> StochasticStructure:
    """A structure from the actions in each state and the next states after each of its cells.

    Cells of a state are in lexicographic order of the actions of its players by number.
    """
    types = 1 if informed == NONE else 2
    point_state, point_player, point_type, counts = [], [], [], []
    first: dict[tuple[int, int, int], int] = {}
    total = 0
    for s, acts in enumerate(states):
        for p in sorted(acts):
            for kind in range(types) if p == informed else [NONE]:
                point_state.append(s)
                point_player.append(p)
                point_type.append(kind)
                counts.append(acts[p])
                first[s, p, kind] = total
                total += acts[p]
    cell_state, cell_action, branch_cell, branch_to = [], [], [], []
    for s, acts in enumerate(states):
        movers = sorted(acts)
        for number, joint in enumerate(product(*(range(acts[p]) for p in movers))):
            row = np.full((players, types), NONE)
            for p, a in zip(movers, joint, strict=True):
                for kind in range(types):
                    row[p, kind] = first[s, p, kind if p == informed else NONE] + a
            for target in follows[s][number]:
                branch_cell.append(len(cell_state))
                branch_to.append(target)
            cell_state.append(s)
            cell_action.append(row)

    def ints(values: object) -> np.ndarray[tuple[int, ...], np.dtype[np.int32]]:
        return np.array(values, dtype=np.int32)

    return StochasticStructure(
        players=tuple(f"player{p}" for p in range(players)),
        state_names=tuple(f"state{s}" for s in range(len(states))),
        point_state=ints(point_state),
        point_player=ints(point_player),
        point_type=ints(point_type),
        action_start=ints(np.concatenate([[0], np.cumsum(counts)])),
        action_names=tuple(f"a{a}" for n in counts for a in range(n)),
        cell_state=ints(cell_state),
        cell_action=ints(cell_action),
        branch_cell=ints(branch_cell),
        branch_to=ints(branch_to),
        informed=informed,
        type_names=("type0", "type1") if types == 2 else (),
        grid=grid,
    )


def make_game(
    structure: StochasticStructure,
    payoffs: np.ndarray[tuple[int, ...], np.dtype[np.float64]],
    prob: np.ndarray[tuple[int, ...], np.dtype[np.float64]],
    discount: float | Sequence[float],
    prior: float = 0.5,
) -> StochasticGame:
    """Games [W] from payoffs [W, Q, P, T] and branch probabilities [W, B]."""
    worlds = len(payoffs)
    start = np.zeros((worlds, structure.n_states))
    start[:, 0] = 1.0
    return StochasticGame(
        structure=structure,
        payoffs=np.asarray(payoffs, dtype=np.float64),
        prob=np.asarray(prob, dtype=np.float64),
        discount=np.broadcast_to(discount, (worlds, structure.n_players)).astype(np.float64),
        prior=np.full(worlds, prior),
        start=start,
        valid=np.ones(worlds, dtype=np.bool_),
    )


def random_game(
    seed: int,
    worlds: int,
    players: int = 2,
    states: int = 5,
    actions: int = 3,
    discount: float = 0.9,
) -> StochasticGame:
    """Simultaneous moves everywhere, any state may follow any; payoffs uniform in [0, 1]."""
    rng = np.random.default_rng(seed)
    cells = actions**players
    structure = make_structure(
        players,
        [dict.fromkeys(range(players), actions)] * states,
        [[list(range(states))] * cells] * states,
    )
    payoffs = rng.random((worlds, states * cells, players, 1))
    prob = rng.exponential(size=(worlds, states * cells, states))
    prob /= prob.sum(axis=2, keepdims=True)
    return make_game(structure, payoffs, prob.reshape(worlds, -1), discount)


def repeated_game(
    payoffs: np.ndarray[tuple[int, ...], np.dtype[np.float64]], discount: float
) -> StochasticGame:
    """One matrix game [A1, A2, 2] played for ever in a single state."""
    one, two = payoffs.shape[:2]
    structure = make_structure(2, [{0: one, 1: two}], [[[0]] * (one * two)])
    cells = payoffs.reshape(1, one * two, 2, 1)
    return make_game(structure, cells, np.ones((1, one * two)), discount)


def cycle_game(
    seed: int,
    worlds: int,
    *,
    phases: int = 5,
    levels: int = 6,
    grid: int = 9,
    actions: tuple[int, int] = (3, 2),
    discount: float = 0.9,
) -> StochasticGame:
    """Phases that follow each other, and a stock that can only grow; player 0 has two types.

    Each cell leads to one or two phases at the same level, and to one of them a level higher.
    """
    rng = np.random.default_rng(seed)
    cells = actions[0] * actions[1]
    follows, states = [], []
    for level in range(levels):
        for _ in range(phases):
            row = []
            for _ in range(cells):
                targets = rng.choice(phases, size=2, replace=False) + level * phases
                up = [int(targets[0]) + phases] if level + 1 < levels else []
                row.append([*(int(x) for x in targets), *up])
            follows.append(row)
            states.append({0: actions[0], 1: actions[1]})
    structure = make_structure(2, states, follows, informed=0, grid=grid)
    n = structure.n_cells
    payoffs = np.zeros((worlds, n, 2, 2))
    payoffs[:, :, 0, :] = rng.random((worlds, n, 2))
    payoffs[:, :, 1, :] = rng.random((worlds, n, 1))
    level_of = structure.cell_state // phases
    payoffs[:, :, 0, 1] += 0.1 * level_of * rng.random((worlds, 1))
    payoffs[:, :, 1, :] -= (0.1 * level_of * rng.random((worlds, 1)))[..., None]
    weight = rng.random((worlds, structure.n_branches)) + 0.05
    total = np.zeros((worlds, n))
    np.add.at(total, (slice(None), structure.branch_cell), weight)
    return make_game(structure, payoffs, weight / total[:, structure.branch_cell], discount)
