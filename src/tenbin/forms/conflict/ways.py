"""The shortest way from the start of a conflict to a state, for pictures."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from tenbin.forms.conflict.tables import NONE, Graph

__all__ = ["shortest_way"]

Ranks = NDArray[np.int16]


def shortest_way(graph: Graph, ranks: Ranks, goal: int) -> tuple[tuple[int, int, int], ...]:
    """The shortest way from the start to a state: by improvements, else by moves of any kind.

    An improvement of a coalition is given as the moves of its members.
    """
    if graph.start == NONE:
        return ()
    for improving in (True, False):
        groups = graph.groups if improving else graph.groups[: graph.n_players]
        before: dict[tuple[int, int], tuple[int, int]] = {}
        queue = [(graph.start, NONE)]
        for node in queue:
            state, last = node
            if state == goal:
                return tuple(
                    move
                    for group, source, target in _walked(before, node)
                    for move in _moves_within(graph, groups[group], source, target)
                )
            for number, group in enumerate(groups):
                if number == last:
                    continue
                for target in _next_states(graph, ranks, group, state, improving):
                    if (target, number) not in before:
                        before[target, number] = node
                        queue.append((target, number))
    return ()


def _next_states(
    graph: Graph,
    ranks: Ranks,
    group: tuple[int, ...],
    state: int,
    improving: bool,
) -> list[int]:
    """Where a group can go: a player by one move, a coalition by a legal sequence."""
    if len(group) == 1:
        targets = graph.moves(group[0], state).tolist()
    else:
        targets = [target for target, _ in _ways_within(graph, group, state)]
    if not improving:
        return targets
    members = list(group)
    gains = np.logical_and.reduce(ranks[members] > ranks[members, state][:, None])
    return [target for target in dict.fromkeys(targets) if gains[target]]


def _ways_within(
    graph: Graph, group: tuple[int, ...], state: int
) -> dict[tuple[int, int], tuple[int, int]]:
    """What legal sequences of a group reach: (state, last mover) and where each came from."""
    before: dict[tuple[int, int], tuple[int, int]] = {}
    queue = [(state, NONE)]
    for node in queue:
        for player in group:
            for target in map(int, graph.moves(player, node[0])) if player != node[1] else ():
                if (target, player) not in before:
                    before[target, player] = node
                    queue.append((target, player))
    return before


def _moves_within(
    graph: Graph, group: tuple[int, ...], source: int, target: int
) -> tuple[tuple[int, int, int], ...]:
    """The moves (player, from, to) by which a group goes from one state to another."""
    if len(group) == 1:
        return ((group[0], source, target),)
    before = _ways_within(graph, group, source)
    return _walked(before, next(node for node in before if node[0] == target))


def _walked(
    before: Mapping[tuple[int, int], tuple[int, int]], node: tuple[int, int]
) -> tuple[tuple[int, int, int], ...]:
    found: list[tuple[int, int, int]] = []
    while node[1] != NONE:
        state, player = node
        node = before[node]
        found.append((player, node[0], state))
    return tuple(reversed(found))
