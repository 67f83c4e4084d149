"""All equilibria of conflicts, order by order; worlds that share an order share the answer."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from tenbin.errors import FormError
from tenbin.forms.conflict.solvers.reach_kernel import legal_reach
from tenbin.forms.conflict.solvers.stability_kernel import conflict_orders
from tenbin.forms.conflict.tables import (
    CONCEPTS,
    NONE,
    Bools,
    ConflictGame,
    ConflictSolution,
    Graph,
    Ints,
    are_stable,
)
from tenbin.forms.contract import SolverOptions, Status

__all__ = ["solve_stability"]

Words = NDArray[np.uint64]


def solve_stability(game: ConflictGame, options: SolverOptions) -> ConflictSolution:
    """Every equilibrium of every world, under the concept of the options.

    A state is an equilibrium where no player, and no coalition that may form, would leave it. The
    selected one is the nearest to the start: by the fewest improvements (of players, and of the
    coalitions that may form), then, of those that no improvements reach, by the fewest moves, then
    by the number of the state.

    Parameters
    ----------
    game
        Conflicts of W worlds.
    options
        `concept` and `threads`; there is no tolerance and no bound: the search is exact.

    Returns
    -------
    The equilibria, with the stability of each state for each player and coalition under every
    concept. A world may have none (but for `gmr` and `seq` of single players); it is solved and
    complete all the same, and has the flag `no_equilibrium`.

    References
    ----------
    [kilgour1987]; L. Fang, K. W. Hipel and D. M. Kilgour (1993), Interactive Decision Making,
    Wiley, ch. 3 and 4; coalitions as in [kilgour2001].
    """
    if options.concept not in CONCEPTS:
        raise FormError(f"a conflict has no concept '{options.concept}': {', '.join(CONCEPTS)}")
    graph = game.graph
    stable, steps_taken, joint_steps = _stabilities(game, options.threads)
    moves_taken = _distances(graph)
    equilibria = are_stable(stable, options.concept, range(len(graph.groups)))
    by_order = _listed(equilibria, joint_steps, moves_taken)
    state = np.where(game.valid[:, None], by_order[game.order], NONE).astype(np.int32)
    found = state != NONE
    status = np.where(game.valid, Status.SOLVED, Status.NOT_FINITE).astype(np.int8)
    return ConflictSolution(
        concept=options.concept,
        state=state,
        found=found,
        status=status,
        complete=game.valid.copy(),
        stable=stable,
        steps_taken=steps_taken,
        joint_steps=joint_steps,
        moves_taken=moves_taken,
        flags={"tie": game.tie & game.valid, "no_equilibrium": game.valid & ~found.any(axis=1)},
    )


def _stabilities(
    game: ConflictGame, threads: int
) -> tuple[NDArray[np.uint8], NDArray[np.int16], NDArray[np.int16]]:
    """Stability bits [U, G, S] and improvements from the start [U, S], orders over threads."""
    graph = game.graph
    ranks = np.concatenate(game.ranks)
    offset = np.cumsum([0, *(len(its) for its in game.ranks[:-1])])
    row = (game.row + offset).astype(np.int32)
    groups = graph.coalitions
    member_start = np.cumsum([0, *map(len, groups)]).astype(np.int32)
    members = np.array([p for group in groups for p in group], dtype=np.int32)
    reach, opposed = _coalition_reach(graph)
    stable = np.empty((len(row), len(graph.groups), graph.n_states), dtype=np.uint8)
    steps = np.empty((len(row), graph.n_states), dtype=np.int16)
    joint = np.empty_like(steps) if groups else steps

    def work(first: int, last: int) -> None:
        conflict_orders(
            first, last, ranks, row, graph.start, graph.move_start, graph.move_to,
            graph.enter_start, graph.enter_from, member_start, members, reach, opposed,
            stable, steps, joint,
        )  # fmt: skip

    threads = min(threads or os.cpu_count() or 1, len(row))
    cuts = np.linspace(0, len(row), 4 * threads + 1 if threads > 1 else 2).astype(int).tolist()
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(work, cuts[:-1], cuts[1:]))
    return stable, steps, joint


def _coalition_reach(graph: Graph) -> tuple[Words, Words]:
    """What each coalition, and its opponents, reach by legal sequences [C, S, words]."""
    if "reach" not in graph.cache:
        groups, states = graph.coalitions, graph.n_states
        reach = np.zeros((2, len(groups), states, -(-states // 64)), dtype=np.uint64)
        for number, group in enumerate(groups):
            inside = np.isin(np.arange(graph.n_players), group)
            legal_reach(graph.move_start, graph.move_to, inside, reach[0, number])
            legal_reach(graph.move_start, graph.move_to, ~inside, reach[1, number])
        graph.cache["reach"] = reach
    found = graph.cache["reach"]
    assert isinstance(found, np.ndarray)
    return found[0], found[1]


def _distances(graph: Graph) -> NDArray[np.int16]:
    """Fewest moves [S] from the start to each state by a legal sequence; NONE for none."""
    known = graph.cache.get("moves")
    if isinstance(known, np.ndarray):
        return known
    steps = np.full(graph.n_states, NONE, dtype=np.int16)
    graph.cache["moves"] = steps
    if graph.start == NONE:
        return steps
    steps[graph.start] = 0
    front = {(NONE, graph.start)}
    seen: set[tuple[int, int]] = set()
    distance = 0
    while front:
        distance += 1
        front = {
            (player, int(target))
            for last, state in front
            for player in range(graph.n_players)
            if player != last
            for target in graph.moves(player, state)
        } - seen
        seen |= front
        for _, state in front:
            if steps[state] == NONE:
                steps[state] = distance
    return steps


def _listed(
    equilibria: Bools, steps_taken: NDArray[np.int16], moves_taken: NDArray[np.int16]
) -> Ints:
    """The equilibria of each order [U, K], the nearest to the start first; NONE after the last."""
    states = equilibria.shape[1]
    far = np.int64(1) << 40
    by_steps = np.where(steps_taken == NONE, far, steps_taken.astype(np.int64))
    by_moves = np.where(moves_taken == NONE, far >> 1, moves_taken.astype(np.int64) * states)
    key = np.where(by_steps == far, far + by_moves, by_steps * states) + np.arange(states)
    slots = max(int(equilibria.sum(axis=1).max(initial=0)), 1)
    key = np.where(equilibria, key, np.iinfo(np.int64).max)
    first = np.argsort(key, axis=1, kind="stable")[:, :slots].astype(np.int32)
    return np.where(np.take_along_axis(equilibria, first, axis=1), first, NONE).astype(np.int32)
