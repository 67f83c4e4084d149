"""The order in which a stochastic game is solved, from its structure alone.

A node is a pair (state, grid point of the belief). Nodes from which each can be reached from each
other stand or fall together: they are one component, solved once all that can follow it is known.
So a game whose counter cannot fall is solved level by level, and the certain beliefs before the
uncertain ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import networkx as nx
import numpy as np

from tenbin.forms.stochastic.tables import NONE, Ints, StochasticStructure

__all__ = ["Component", "Tables", "find_components"]


class Tables(NamedTuple):
    """One component as arrays for kernels; nodes, points, actions, cells, ... numbered within it.

    Lists of one owner stand together: those of node n are `point_start[n]` up to
    `point_start[n + 1]`, and so on. A slot is an action of the informed player at a node, with
    its two local actions, one per type. Nodes are numbered by state, then grid point, and hold the
    grid points from `grid_first` on, `grid_width` of them, for each of their states.
    """

    node_state: Ints
    node_grid: Ints
    point_start: Ints
    point_player: Ints
    point_type: Ints
    action_start: Ints
    """First local action of each point."""
    unknown_start: Ints
    """First log-odds of each point, among all log-odds of the component."""
    action_global: Ints
    action_point: Ints
    cell_start: Ints
    cell_global: Ints
    cell_action: Ints
    """Local action of each player by type [C, P, T], or NONE."""
    cell_slot: Ints
    slot_start: Ints
    slot_action: Ints
    branch_start: Ints
    branch_global: Ints
    branch_state: Ints
    branch_next: Ints
    """Position, among the node's successors, of the branch's state at the first grid point."""
    next_start: Ints
    next_node: Ints
    """Successors of a node within the component; all grid points where the belief can move."""
    grid: Ints
    """[points of the whole grid, first of the component, how many it has]"""


@dataclass(frozen=True)
class Component:
    """Some nodes that are solved together."""

    tables: Tables
    n_unknowns: int
    """Log-odds."""
    n_players: int
    n_types: int
    most_actions: int
    """Actions at one node, at most."""
    most_odds: int
    most_cells: int
    most_branches: int
    """Branches of one cell, at most."""
    most_next: int

    @property
    def n_nodes(self) -> int:
        return len(self.tables.node_state)

    @property
    def kinked(self) -> bool:
        """Whether beliefs can move here, which the lottery over grid points makes kinked."""
        points, first, _ = self.tables.grid
        return len(self.tables.slot_action) > 0 and 0 < first < points - 1

    @property
    def size(self) -> int:
        """Unknowns: log-odds and values."""
        return self.n_unknowns + self.n_nodes * self.n_players * self.n_types


def find_components(structure: StochasticStructure) -> tuple[Component, ...]:
    """The components of a game, each after all that can follow it; kept with the structure."""
    found = structure.cache.get("components")
    if not isinstance(found, tuple):
        found = tuple(_make_component(structure, nodes) for nodes in _node_groups(structure))
        structure.cache["components"] = found
    return found


def _revealing_states(structure: StochasticStructure) -> set[int]:
    """States where the belief can move: the informed player has at least two actions."""
    widths = np.diff(structure.action_start)
    typed = (structure.point_type != NONE) & (widths > 1)
    return set(structure.point_state[typed].tolist())


def _node_groups(structure: StochasticStructure) -> list[list[tuple[int, int]]]:
    """Nodes (state, grid point) of each component, last first; sorted within."""
    graph = nx.DiGraph()
    graph.add_nodes_from(range(structure.n_states))
    sources = structure.cell_state[structure.branch_cell]
    graph.add_edges_from(zip(sources.tolist(), structure.branch_to.tolist(), strict=True))
    condensed = nx.condensation(graph)
    order = list(nx.lexicographical_topological_sort(condensed))
    revealing, grid = _revealing_states(structure), structure.grid
    groups: list[list[tuple[int, int]]] = []
    for number in reversed(order):
        states = sorted(condensed.nodes[number]["members"])
        if structure.n_types == 2 and revealing & set(states):
            belief_sets = [[0], [grid - 1], list(range(1, grid - 1))]
        else:
            belief_sets = [[g] for g in range(grid)]
        groups += [[(s, g) for s in states for g in points] for points in belief_sets if points]
    return groups


class _Lists:
    """The lists of a structure that belong to each state."""

    def __init__(self, structure: StochasticStructure) -> None:
        states = np.arange(structure.n_states + 1)
        self.points = np.searchsorted(structure.point_state, states)
        self.cells = np.searchsorted(structure.cell_state, states)
        cells = np.arange(structure.n_cells + 1)
        self.branches = np.searchsorted(structure.branch_cell, cells)


def _make_component(structure: StochasticStructure, nodes: list[tuple[int, int]]) -> Component:
    """The tables of one component."""
    lists = _Lists(structure)
    states = sorted({s for s, _ in nodes})
    place = {s: i for i, s in enumerate(states)}
    first, width = nodes[0][1], len(nodes) // len(states)
    starts: dict[str, list[int]] = {name: [0] for name in ("point", "cell", "slot", "next")}
    rows: dict[str, list[int]] = {name: [] for name in Tables._fields}
    cell_action: list[np.ndarray] = []
    slot_action: list[tuple[int, int]] = []
    rows["branch_start"].append(0)
    odds = most_odds = 0
    for s, g in nodes:
        local = {int(NONE): int(NONE)}
        odds_before = odds
        for i in range(lists.points[s], lists.points[s + 1]):
            rows["point_player"].append(int(structure.point_player[i]))
            rows["point_type"].append(int(structure.point_type[i]))
            rows["action_start"].append(len(rows["action_global"]))
            rows["unknown_start"].append(odds)
            point = len(rows["point_player"]) - 1
            for a in range(structure.action_start[i], structure.action_start[i + 1]):
                local[a] = len(rows["action_global"])
                rows["action_global"].append(a)
                rows["action_point"].append(point)
            odds += int(structure.action_start[i + 1] - structure.action_start[i]) - 1
        slots: dict[tuple[int, int], int] = {}
        cells = range(lists.cells[s], lists.cells[s + 1])
        for q in cells:
            actions = structure.cell_action[q]
            rows["cell_global"].append(q)
            cell_action.append(np.vectorize(local.__getitem__)(actions))
            rows["cell_slot"].append(_slot(structure, actions, local, slots, slot_action))
        targets = sorted(
            {
                int(structure.branch_to[b])
                for b in range(lists.branches[cells.start], lists.branches[cells.stop])
            }
            & place.keys()
        )
        here = range(width) if slots else range(g - first, g - first + 1)
        position = {t: k * len(here) for k, t in enumerate(targets)}
        rows["next_node"] += [place[t] * width + h for t in targets for h in here]
        for q in cells:
            for b in range(lists.branches[q], lists.branches[q + 1]):
                target = int(structure.branch_to[b])
                rows["branch_global"].append(b)
                rows["branch_state"].append(target)
                rows["branch_next"].append(position.get(target, NONE))
            rows["branch_start"].append(len(rows["branch_global"]))
        rows["node_state"].append(s)
        rows["node_grid"].append(g)
        most_odds = max(most_odds, odds - odds_before)
        ends = ("point_player", "cell_global", None, "next_node")
        for name, listed in zip(starts, ends, strict=True):
            starts[name].append(len(slot_action) if listed is None else len(rows[listed]))
    rows["action_start"].append(len(rows["action_global"]))
    for name, start in starts.items():
        rows[f"{name}_start"] = start
    rows["grid"] = [structure.grid, first, width]
    arrays = {name: np.array(row, dtype=np.int32) for name, row in rows.items()}
    shape = (len(cell_action), structure.n_players, structure.n_types)
    arrays["cell_action"] = np.array(cell_action, dtype=np.int32).reshape(shape)
    arrays["slot_action"] = np.array(slot_action, dtype=np.int32).reshape(len(slot_action), 2)
    tables = Tables(**arrays)
    owned = tables.action_start[tables.point_start]
    return Component(
        tables=tables,
        n_unknowns=odds,
        n_players=structure.n_players,
        n_types=structure.n_types,
        most_actions=int(np.diff(owned).max(initial=0)),
        most_odds=most_odds,
        most_cells=int(np.diff(tables.cell_start).max(initial=0)),
        most_branches=int(np.diff(tables.branch_start).max(initial=0)),
        most_next=int(np.diff(tables.next_start).max(initial=0)),
    )


def _slot(
    structure: StochasticStructure,
    actions: Ints,
    local: dict[int, int],
    slots: dict[tuple[int, int], int],
    slot_action: list[tuple[int, int]],
) -> int:
    """The slot of a cell, made where it is new; NONE where the belief cannot move."""
    if structure.n_types == 1 or actions[structure.informed, 0] == NONE:
        return NONE
    point = structure.action_point[actions[structure.informed, 0]]
    if structure.action_start[point + 1] - structure.action_start[point] < 2:
        return NONE
    pair = (local[int(actions[structure.informed, 0])], local[int(actions[structure.informed, 1])])
    if pair not in slots:
        slots[pair] = len(slot_action)
        slot_action.append(pair)
    return slots[pair]
