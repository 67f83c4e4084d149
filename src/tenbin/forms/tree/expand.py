"""`Rules` -> nodes: moves times types times path values, with information sets derived.

What a player knows at a node is the player's own type and, in order, what the player did, saw, or
was later shown. Nodes of one move where the mover knows the same form one information set, so the
knowledge at an earlier one is a beginning of the knowledge at a later one: perfect recall holds by
construction.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from tenbin.errors import Problem
from tenbin.forms.tree.graph import open_steps
from tenbin.forms.tree.rules import ByType, End, JointType, Move, Payoff, Rules, Step
from tenbin.forms.tree.tables import NONE
from tenbin.forms.tree.values import Fixed, Product, ValueTable
from tenbin.scenario.language import Expression

__all__ = ["MAX_NODES", "MAX_TERMINALS", "Drawn", "Expansion", "InfosetKey", "Node", "expand"]

MAX_TERMINALS = 10_000
"""Terminal nodes of one model, at most."""
MAX_NODES = 100_000
"""Nodes of one model, at most."""

TYPES = "(types)"
"""The name of the chance node at the root that draws the types; no move can be called so."""

Entry = tuple[str, str]
"""A move and the action taken there."""
PathValues = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class InfosetKey:
    """What tells information sets apart; `seen` is a sequence by its number (`Sequences`)."""

    move: str
    own_type: str | None
    seen: int


class Sequences:
    """Sequences of what was done or seen, each by a number; 0 is the empty one."""

    def __init__(self) -> None:
        self._entries: list[tuple[int, Entry]] = [(NONE, ("", ""))]
        self._known: dict[tuple[int, Entry], int] = {}

    def extended(self, sequence: int, entry: Entry) -> int:
        """The sequence with one more entry."""
        found = self._known.setdefault((sequence, entry), len(self._entries))
        if found == len(self._entries):
            self._entries.append((sequence, entry))
        return found

    def entries(self, sequence: int) -> tuple[Entry, ...]:
        """What the sequence holds, first to last."""
        found: list[Entry] = []
        while sequence:
            sequence, entry = self._entries[sequence]
            found.append(entry)
        return tuple(reversed(found))


@dataclass(slots=True)
class Node:
    """A node in preorder; `step` is the action, branch or types by which it was reached."""

    name: str
    parent: int
    step: str
    types: int
    """Which joint type; NONE at the root that draws it."""
    action: int = NONE
    """The number of the action among those of the parent's information set."""
    branch: int = NONE
    key: InfosetKey | None = None
    """At a player's move, committed or not: what the mover knows."""
    infoset: int = NONE


@dataclass(frozen=True, slots=True)
class Drawn:
    """A lottery that is drawn somewhere in the tree: its values, and the rule it comes from."""

    values: tuple[int, ...]
    what: str
    place: object


@dataclass
class Expansion:
    """The nodes of a tree and the values at them; `problems` grows while it is made."""

    rules: Rules
    table: ValueTable = field(default_factory=ValueTable)
    nodes: list[Node] = field(default_factory=list)
    sequences: Sequences = field(default_factory=Sequences)
    infosets: dict[InfosetKey, int] = field(default_factory=dict)
    infoset_player: list[int] = field(default_factory=list)
    infoset_actions: list[tuple[str, ...]] = field(default_factory=list)
    branch_values: list[int] = field(default_factory=list)
    branch_names: list[str] = field(default_factory=list)
    drawn: dict[Drawn, None] = field(default_factory=dict)
    payoffs: list[list[int]] = field(default_factory=list)
    measures: list[dict[str, int]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Knowledge:
    """What one player knows of the path: seen in order, and hidden but to be revealed."""

    seen: int = 0
    pending: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True)
class _State:
    """A node still to be made."""

    name: str
    parent: int
    step: str
    types: int
    action: int
    branch: int
    values: PathValues
    knowledge: tuple[_Knowledge, ...]


def expand(rules: Rules) -> Expansion:
    """All nodes of the game that the rules describe; none where there would be too many."""
    expander = _Expander(rules)
    if expander.has_room():
        expander.make_nodes()
    return expander.result


def resolve(payoff: Payoff, types: tuple[str | None, ...]) -> Expression:
    """The expression of a payoff for one combination of types."""
    while isinstance(payoff, ByType):
        payoff = payoff.cases[str(types[payoff.player])]
    return payoff


class _Expander:
    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self.result = Expansion(rules)
        self.table = self.result.table
        self.followed: dict[tuple[str, PathValues], list[tuple[Step, PathValues]]] = {}
        self.complained: set[tuple[str, str]] = set()
        defaults: list[int] = []
        for default in rules.defaults:
            defaults.append(self.table.compute(default, {}))
        self.defaults = tuple(defaults)

    # one step, on one path

    def path_values(self, values: PathValues) -> dict[str, int]:
        return dict(zip(self.rules.value_names, values, strict=True))

    def follow(self, move: Move, values: PathValues) -> list[tuple[Step, PathValues]]:
        """The steps that exist at a move on a path, each with the path values after it."""
        known = self.followed.get((move.name, values))
        if known is None:
            known = [
                (step, self._after(step.sets, values))
                for step in open_steps(move, self.rules.play)
                if self._exists(move, step, values)
            ]
            self.followed[move.name, values] = known
            if not known:
                self._no_action(move)
        return known

    def _after(self, sets: tuple[tuple[int, Expression], ...], values: PathValues) -> PathValues:
        if not sets:
            return values
        before = self.path_values(values)
        after = list(values)
        for number, expression in sets:
            after[number] = self.table.compute(expression, before)
        return tuple(after)

    def _exists(self, move: Move, step: Step, values: PathValues) -> bool:
        if step.only_if is None:
            return True
        condition = self.table.compute(step.only_if, self.path_values(values))
        plain = self.table.plain(condition)
        if plain is None:
            what = (
                f"`only_if` of '{step.name}' reads a path value that is not a plain number on "
                f"every path to '{move.name}'"
            )
            advice = "Set it to numbers, not to expressions of the scenario's numbers."
            self._complain(move.name, step.name, Problem(step.only_if.place, what, advice=advice))
        return plain is None or plain != 0

    def _no_action(self, move: Move) -> None:
        committed = self.rules.play.get(move.name)
        what = f"move '{move.name}' is reached on a path where no action exists"
        if committed is not None:
            what = (
                f"'{move.name}' is committed to '{committed}', which `only_if` excludes on a path"
            )
        self._complain(move.name, "", Problem(move.place, what))

    def _complain(self, move: str, step: str, problem: Problem) -> None:
        """Report once per action, not once per path."""
        if (move, step) not in self.complained:
            self.complained.add((move, step))
            self.result.problems.append(problem)

    def after_types(self, joint: JointType) -> PathValues:
        values = self.defaults
        for player, name in enumerate(joint.types):
            values = self._after(self.rules.type_sets.get((player, str(name)), ()), values)
        return values

    # the bound

    def has_room(self) -> bool:
        """Whether the tree stays within its bounds: counted over moves and path values first.

        Nodes of one move never lie on one path, so each has a terminal node of its own below it.
        """
        starts: dict[PathValues, int] = {}
        for joint in self.rules.joint_types:
            values = self.after_types(joint)
            starts[values] = starts.get(values, 0) + 1
        reached = {self.rules.start: starts}
        terminals = nodes = states = 0
        for name, move in self.rules.moves.items():
            for values, paths in reached.pop(name, {}).items():
                nodes += paths
                for step, after in self.follow(move, values):
                    if step.target in self.rules.ends:
                        terminals += paths
                        continue
                    found = reached.setdefault(step.target, {})
                    states += after not in found
                    found[after] = found.get(after, 0) + paths
                    if len(found) > MAX_TERMINALS:
                        self._too_large(f"more than {MAX_TERMINALS} terminal")
                        return False
                if states > MAX_NODES:
                    self._too_large(f"more than {MAX_NODES}")
                    return False
        if terminals > MAX_TERMINALS or terminals + nodes > MAX_NODES:
            shown = f"{terminals}" if terminals < 10**15 else "more than 10^15"
            self._too_large(f"{shown} terminal")
            return False
        return bool(self.rules.joint_types)

    def _too_large(self, count: str) -> None:
        what = (
            f"the tree expands to {count} nodes; at most {MAX_TERMINALS} terminal nodes "
            f"({MAX_NODES} nodes) are allowed in one model"
        )
        advice = "Split the model and link its parts, or merge types, actions or path values."
        place = self.rules.moves[self.rules.start].place
        self.result.problems.append(Problem(place, what, advice=advice))

    # the nodes

    def make_nodes(self) -> None:
        waiting = self._roots()
        while waiting:
            state = waiting.pop()
            if state.name in self.rules.ends:
                self._end(self.rules.ends[state.name], state)
            else:
                waiting.extend(reversed(self._move(self.rules.moves[state.name], state)))

    def _roots(self) -> list[_State]:
        """The first move, once per joint type below a chance node that draws the types."""
        rules = self.rules
        knowledge = tuple(_Knowledge() for _ in rules.players)
        if not rules.type_lotteries:
            return [_State(rules.start, NONE, "", 0, NONE, NONE, self.defaults, knowledge)]
        self.result.nodes.append(Node(TYPES, NONE, "", NONE))
        defaults = self.path_values(self.defaults)
        lotteries = [self.table.lottery(it.probabilities, defaults) for it in rules.type_lotteries]
        for values, lottery in zip(lotteries, rules.type_lotteries, strict=True):
            self.result.drawn[Drawn(values, lottery.what, lottery.place)] = None
        states: list[_State] = []
        for number, joint in enumerate(rules.joint_types):
            factors = tuple(lotteries[lottery][entry] for lottery, entry in joint.factors)
            value = factors[0] if len(factors) == 1 else self.table.add(Product(factors))
            branch = self._branch(joint_name(rules, joint), value)
            values = self.after_types(joint)
            label = self.result.branch_names[branch]
            states.append(_State(rules.start, 0, label, number, NONE, branch, values, knowledge))
        return list(reversed(states))

    def _branch(self, name: str, value: int) -> int:
        self.result.branch_values.append(value)
        self.result.branch_names.append(name)
        return len(self.result.branch_values) - 1

    def _node(self, state: _State) -> Node:
        node = Node(state.name, state.parent, state.step, state.types, state.action, state.branch)
        self.result.nodes.append(node)
        return node

    def _end(self, end: End, state: _State) -> None:
        self._node(state)
        types = self.rules.joint_types[state.types].types
        path_values = self.path_values(state.values)
        compute = self.table.compute
        self.result.payoffs.append(
            [compute(resolve(payoff, types), path_values) for payoff in end.payoffs]
        )
        self.result.measures.append(
            {name: compute(resolve(it, types), path_values) for name, it in end.measures.items()}
        )

    def _move(self, move: Move, state: _State) -> list[_State]:
        node = self._node(state)
        number = len(self.result.nodes) - 1
        knowledge = tuple(self._reveal(known, move.name) for known in state.knowledge)
        steps = self.follow(move, state.values)
        committed = move.name in self.rules.play
        if move.player is not None:
            own_type = self.rules.joint_types[state.types].types[move.player]
            node.key = InfosetKey(move.name, own_type, knowledge[move.player].seen)
        if node.key is not None and not committed:
            node.infoset = self._infoset(move, node.key, tuple(step.name for step, _ in steps))
        branches = self._branches(move, state.values) if node.infoset == NONE else []
        children: list[_State] = []
        for order, (step, values) in enumerate(steps):
            action, branch = (order, NONE) if node.infoset != NONE else (NONE, branches[order])
            after = tuple(
                self._told(known, move, step.name, player) for player, known in enumerate(knowledge)
            )
            children.append(
                _State(step.target, number, step.name, state.types, action, branch, values, after)
            )
        return children

    def _branches(self, move: Move, values: PathValues) -> list[int]:
        """Chance branches of a chance move, or the one of a committed move (probability one)."""
        if move.lottery is None:
            return [self._branch(self.rules.play[move.name], self.table.add(Fixed(1.0)))]
        numbers = self.table.lottery(move.lottery.probabilities, self.path_values(values))
        self.result.drawn[Drawn(numbers, move.lottery.what, move.lottery.place)] = None
        return [
            self._branch(step.name, number)
            for step, number in zip(move.steps, numbers, strict=True)
        ]

    def _infoset(self, move: Move, key: InfosetKey, actions: tuple[str, ...]) -> int:
        found = self.result.infosets.setdefault(key, len(self.result.infosets))
        if found == len(self.result.infoset_player):
            self.result.infoset_player.append(move.player if move.player is not None else NONE)
            self.result.infoset_actions.append(actions)
        elif self.result.infoset_actions[found] != actions:
            first, second = (", ".join(a) for a in (self.result.infoset_actions[found], actions))
            mover = self.rules.players[self.result.infoset_player[found]]
            what = (
                f"{mover} cannot tell apart two paths to '{move.name}' that offer different "
                f"actions: {first}; and {second}"
            )
            advice = "Let `only_if` read only what the mover knows, or reveal what it reads."
            self._complain(move.name, "actions", Problem(move.place, what, advice=advice))
        return found

    def _reveal(self, known: _Knowledge, move: str) -> _Knowledge:
        """Knowledge when a move is reached: what is revealed there is seen now, in order."""
        if not known.pending:
            return known
        moves = self.rules.moves
        shown = [entry for entry in known.pending if move in moves[entry[0]].revealed_at]
        seen = known.seen
        for entry in shown:
            seen = self.result.sequences.extended(seen, entry)
        return _Knowledge(seen, tuple(entry for entry in known.pending if entry not in shown))

    def _told(self, known: _Knowledge, move: Move, step: str, player: int) -> _Knowledge:
        """Knowledge after a step: seen, or kept back, or (hidden for good) without a trace."""
        entry = (move.name, step)
        if player not in move.hidden_from:
            return _Knowledge(self.result.sequences.extended(known.seen, entry), known.pending)
        if not move.revealed_at:
            return known
        return _Knowledge(known.seen, (*known.pending, entry))


def joint_name(rules: Rules, joint: JointType) -> str:
    """A combination of types in words: `US.resolved, DPRK.high`."""
    named = zip(rules.players, joint.types, strict=True)
    return ", ".join(f"{player}.{name}" for player, name in named if name is not None)
