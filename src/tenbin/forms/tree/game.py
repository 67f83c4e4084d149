"""A tree of a scenario, compiled: its structure as tables, its numbers as values to evaluate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from tenbin.errors import Place, Problem, ScenarioError
from tenbin.forms.tree.exchange_import import expand_import
from tenbin.forms.tree.expand import Drawn, Expansion, InfosetKey, expand
from tenbin.forms.tree.naming import infoset_names
from tenbin.forms.tree.read import read_rules
from tenbin.forms.tree.refine import read_refinements
from tenbin.forms.tree.rules import Rules
from tenbin.forms.tree.select import Selection, read_selection
from tenbin.forms.tree.tables import NONE, Bools, Ints, Tree
from tenbin.forms.tree.values import Computed, Fixed, Value, used_values
from tenbin.scenario.language import OutcomeCall
from tenbin.scenario.objects import ModelEntry, Scenario

__all__ = ["CONCEPTS", "TreeModel", "compile_tree"]

CONCEPTS = ("sequential", "qre", "perfect", "pure", "all")


@dataclass(frozen=True)
class TreeModel:
    """A tree under given committed moves: structure and expressions, no numbers.

    chance_index [C] and payoff_index [Z, P] say which of `values` each number of the game is;
    measure_index [Z] the same for each measure. types [N] is the number of the combination of
    types that a node belongs to (NONE at the root that draws it). first_terminal and last_terminal
    [N] bound the terminal nodes below a node (they are consecutive; last is exclusive).
    """

    name: str
    concept: str
    precision: float | None
    rules: Rules
    tree: Tree
    values: tuple[Value, ...]
    places: Mapping[int, tuple[Place, ...]]
    """Where each value that an expression gives stands in the file."""
    chance_index: Ints
    payoff_index: Ints
    measure_index: Mapping[str, Ints]
    drawn: tuple[Drawn, ...]
    types: Ints
    first_terminal: Ints
    last_terminal: Ints
    groups: Mapping[str, tuple[Ints, ...]]
    """Nodes of each player's move by what the mover knows, committed moves included."""
    warnings: tuple[Problem, ...] = ()
    select: Selection = "principal"
    """Which of several equilibria stands first."""
    refine: tuple[str, ...] = ()
    """Refinements that equilibria must pass."""
    form: str = field(default="tree", init=False)

    @property
    def players(self) -> tuple[str, ...]:
        return self.tree.players

    @cached_property
    def used(self) -> tuple[int, ...]:
        """The values that chance and payoffs rest on."""
        return tuple(used_values(self.values, [*self.chance_index, *np.unique(self.payoff_index)]))

    @cached_property
    def measure_values(self) -> dict[str, tuple[int, ...]]:
        """The values that each measure rests on."""
        return {
            name: tuple(used_values(self.values, np.unique(index)))
            for name, index in self.measure_index.items()
        }

    @cached_property
    def _computed(self) -> tuple[Computed, ...]:
        used = set(self.used).union(*self.measure_values.values())
        found = (self.values[number] for number in sorted(used))
        return tuple(value for value in found if isinstance(value, Computed))

    @cached_property
    def names(self) -> frozenset[str]:
        """The numbers of the scenario that its expressions read."""
        return frozenset(
            name
            for value in self._computed
            for name in value.expression.names - {read for read, _ in value.reads}
        )

    @cached_property
    def links(self) -> tuple[OutcomeCall, ...]:
        """The outcomes of other models that its expressions read."""
        calls = (call for value in self._computed for call in value.expression.calls)
        return tuple(dict.fromkeys(calls))

    @cached_property
    def size(self) -> dict[str, int]:
        """Counts by name; `unknowns` are the log-odds that a solver looks for."""
        tree = self.tree
        return {
            "terminal_nodes": tree.n_terminals,
            "decision_nodes": int((tree.infoset != NONE).sum()),
            "infosets": tree.n_infosets,
            "unknowns": tree.n_actions - tree.n_infosets,
            "nodes": tree.n_nodes,
        }

    @cached_property
    def nodes_by_name(self) -> dict[str, Ints]:
        """The nodes of each move and end."""
        found: dict[str, list[int]] = {}
        for node, name in enumerate(self.tree.node_names):
            found.setdefault(name, []).append(node)
        return {name: np.array(nodes, dtype=np.int32) for name, nodes in found.items()}

    @cached_property
    def nodes_by_step(self) -> dict[tuple[str, str], Ints]:
        """The nodes that each action or branch of a move leads to."""
        tree, found = self.tree, dict[tuple[str, str], list[int]]()
        for node in range(1, tree.n_nodes):
            action, branch = int(tree.action[node]), int(tree.branch[node])
            step = tree.branch_names[branch] if action == NONE else tree.action_names[action]
            move = tree.node_names[tree.parent[node]]
            found.setdefault((move, step), []).append(node)
        return {step: np.array(nodes, dtype=np.int32) for step, nodes in found.items()}

    def below(self, nodes: Ints) -> Bools:
        """Which terminal nodes [Z] lie at or below any of the nodes."""
        marks = np.zeros(self.tree.n_terminals + 1, dtype=np.int32)
        np.add.at(marks, self.first_terminal[nodes], 1)
        np.add.at(marks, self.last_terminal[nodes], -1)
        return np.cumsum(marks)[:-1] > 0


def compile_tree(scenario: Scenario, name: str, play: Mapping[str, str]) -> TreeModel:
    """The structure of one model with `play` (move -> action) committed.

    Raises
    ------
    ScenarioError
        With every structural problem found.
    """
    entry = scenario.models[name]
    expansion, problems = _expanded(scenario, entry, play)
    problems += _concept_problems(entry)
    select, refine = "principal", read_refinements(entry, problems)
    if expansion is not None:
        problems += expansion.problems + _unreached(expansion)
        select = read_selection(entry, expansion.rules.players, problems)
    if expansion is None or any(not problem.warning for problem in problems):
        raise ScenarioError(problems)
    tables = _tables(entry, expansion, tuple(problems))
    return replace(tables, select=select, refine=refine)


def _expanded(
    scenario: Scenario, entry: ModelEntry, play: Mapping[str, str]
) -> tuple[Expansion | None, list[Problem]]:
    """The nodes of a model, from its own moves or from the file that it imports."""
    if "import" in entry.body:
        return expand_import(scenario, entry, play)
    rules, problems = read_rules(scenario, entry, play)
    return (None if rules is None else expand(rules)), problems


def _concept_problems(entry: ModelEntry) -> list[Problem]:
    concept = entry.concept or CONCEPTS[0]
    if concept not in CONCEPTS:
        place = entry.place_of("concept")
        return [Problem(place, f"unknown concept '{concept}' of a tree", concept, CONCEPTS)]
    if concept == "qre" and not (entry.precision is not None and entry.precision > 0):
        advice = "Write `precision: 5` (per payoff unit) beside it."
        place = entry.place_of("concept")
        return [Problem(place, "concept `qre` needs a positive `precision`", advice=advice)]
    return []


def _unreached(expansion: Expansion) -> list[Problem]:
    """Moves that the graph reaches but `only_if` keeps from ever being reached."""
    if not expansion.nodes or expansion.rules.play:
        return []
    made = {node.name for node in expansion.nodes}
    what = "move '{}' is never reached: `only_if` excludes every way to it"
    return [
        Problem(move.place, what.format(name))
        for name, move in expansion.rules.moves.items()
        if name not in made
    ]


def _tables(entry: ModelEntry, expansion: Expansion, warnings: tuple[Problem, ...]) -> TreeModel:
    rules, nodes = expansion.rules, expansion.nodes
    parent = np.array([node.parent for node in nodes], dtype=np.int32)
    terminal = _number_terminals(expansion)
    first, last = _terminal_ranges(parent, terminal)
    zero = expansion.table.add(Fixed(0.0))
    names = dict.fromkeys(name for end in rules.ends.values() for name in end.measures)
    return TreeModel(
        name=entry.name,
        concept=entry.concept or CONCEPTS[0],
        precision=entry.precision,
        rules=rules,
        tree=_tree(expansion, parent, terminal),
        values=tuple(expansion.table.values),
        places={number: tuple(found) for number, found in expansion.table.places.items()},
        chance_index=np.array(expansion.branch_values, dtype=np.int32),
        payoff_index=np.array(expansion.payoffs, dtype=np.int32).reshape(-1, len(rules.players)),
        measure_index={
            name: np.array([row.get(name, zero) for row in expansion.measures], dtype=np.int32)
            for name in names
        },
        drawn=tuple(expansion.drawn),
        types=np.array([node.types for node in nodes], dtype=np.int32),
        first_terminal=first,
        last_terminal=last,
        groups=_groups(expansion),
        warnings=warnings,
    )


def _number_terminals(expansion: Expansion) -> Ints:
    terminal = np.full(len(expansion.nodes), NONE, dtype=np.int32)
    ends = [n for n, node in enumerate(expansion.nodes) if node.name in expansion.rules.ends]
    terminal[ends] = np.arange(len(ends), dtype=np.int32)
    return terminal


def _terminal_ranges(parent: Ints, terminal: Ints) -> tuple[Ints, Ints]:
    """First and last (exclusive) terminal below each node, in preorder."""
    up_to = np.cumsum(terminal != NONE, dtype=np.int32)
    last, parents = up_to.tolist(), parent.tolist()
    for node in range(len(parents) - 1, 0, -1):
        above = parents[node]
        last[above] = max(last[above], last[node])
    return up_to - (terminal != NONE).astype(np.int32), np.array(last, dtype=np.int32)


def _tree(expansion: Expansion, parent: Ints, terminal: Ints) -> Tree:
    nodes = expansion.nodes
    counts = [len(actions) for actions in expansion.infoset_actions]
    start = np.concatenate([[0], np.cumsum(counts, dtype=np.int64)]).astype(np.int32)
    infoset = np.array([node.infoset for node in nodes], dtype=np.int32)
    order = np.array([node.action for node in nodes], dtype=np.int32)
    at_parent = infoset[np.maximum(parent, 0)]
    action = np.where(order == NONE, NONE, start[at_parent] + order).astype(np.int32)
    return Tree(
        players=expansion.rules.players,
        parent=parent,
        action=action,
        branch=np.array([node.branch for node in nodes], dtype=np.int32),
        infoset=infoset,
        terminal=terminal,
        infoset_player=np.array(expansion.infoset_player, dtype=np.int32),
        infoset_start=start,
        infoset_names=infoset_names(expansion.infosets, expansion.sequences),
        action_names=tuple(name for actions in expansion.infoset_actions for name in actions),
        node_names=tuple(node.name for node in nodes),
        branch_names=tuple(expansion.branch_names),
    )


def _groups(expansion: Expansion) -> dict[str, tuple[Ints, ...]]:
    found: dict[str, dict[InfosetKey, list[int]]] = {}
    for number, node in enumerate(expansion.nodes):
        if node.key is not None:
            found.setdefault(node.name, {}).setdefault(node.key, []).append(number)
    return {
        move: tuple(np.array(nodes, dtype=np.int32) for nodes in by_key.values())
        for move, by_key in found.items()
    }
