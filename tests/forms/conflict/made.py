"""Conflicts made for tests: from lists of moves and values, or drawn at random."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations

import numpy as np

from forms.conflict.brute_force import Conflict
from tenbin.forms.conflict.game import make_game
from tenbin.forms.conflict.tables import ConflictGame, Graph, Preference

Moves = Sequence[Mapping[int, set[int]]]


def make_graph(moves: Moves, states: int, *, start: int = 0, coalitions: bool = False) -> Graph:
    """A graph of players `A`, `B`, ... and states `a`, `b`, ..."""
    players = len(moves)
    tables: list[np.ndarray] = []
    for turned in (False, True):
        pairs = [
            sorted((t, s) if turned else (s, t) for s, to in its.items() for t in to)
            for its in moves
        ]
        counts = [np.bincount([a for a, _ in its], minlength=states) for its in pairs]
        offset = np.cumsum([0, *(len(its) for its in pairs)])
        begin = [
            o + np.concatenate([[0], np.cumsum(c)])
            for o, c in zip(offset[:-1], counts, strict=True)
        ]
        ends = [b for its in pairs for _, b in its]
        tables += [np.array(begin, dtype=np.int32), np.array(ends, dtype=np.int32)]
    sizes = range(2, players + 1) if coalitions else ()
    return Graph(
        players=tuple("ABCDEFGH"[:players]),
        state_names=tuple(f"s{n}" for n in range(1, states + 1)),
        options=np.zeros((states, 0), dtype=np.bool_),
        option_names=(),
        move_start=tables[0],
        move_to=tables[1],
        enter_start=tables[2],
        enter_from=tables[3],
        start=start,
        coalitions=tuple(c for k in sizes for c in combinations(range(players), k)),
    )


def make_conflict(
    moves: Moves, values: Sequence[Sequence[float]], *, start: int = 0, coalitions: bool = False
) -> ConflictGame:
    """One world; values[p][s] is what player p has at state s."""
    graph = make_graph(moves, len(values[0]), start=start, coalitions=coalitions)
    rows = np.array(values, dtype=np.float64)
    return make_game(graph, tuple(Preference(row[None], None, False) for row in rows), 1)


def random_moves(
    rng: np.random.Generator, players: int, states: int, density: float
) -> list[dict[int, set[int]]]:
    """Any directed graph for each player: moves need neither be reversible nor transitive."""
    arcs = rng.random((players, states, states)) < density
    arcs &= ~np.eye(states, dtype=np.bool_)
    return [{s: set(np.flatnonzero(its[s]).tolist()) for s in range(states)} for its in arcs]


def random_conflict(
    seed: int, players: int = 3, states: int = 6, *, coalitions: bool = False
) -> tuple[ConflictGame, Conflict]:
    """A conflict of one world drawn at random, with ties; and its twin for brute force."""
    rng = np.random.default_rng(seed)
    moves = random_moves(rng, players, states, rng.choice([0.1, 0.2, 0.35, 0.6]))
    classes = int(rng.choice([2, 3, states, 10 * states]))
    values = rng.integers(classes, size=(players, states)).astype(float).tolist()
    start = int(rng.integers(states))
    game = make_conflict(moves, values, start=start, coalitions=coalitions)
    return game, Conflict(moves, values)
