"""A game as a file of Gambit states it: nodes, information sets and outcomes, each with its place.

Every reader ends here, whatever the format; from here a game becomes tables, the model of a
scenario, or a scenario of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from tenbin.errors import ScenarioError
from tenbin.forms.tree.exchange_text import GameText, distinct
from tenbin.forms.tree.tables import NONE, Tree, TreeGame

__all__ = [
    "MAX_NODES",
    "SUM_TOLERANCE",
    "FileInfoset",
    "FileNode",
    "FileOutcome",
    "GameFile",
    "check_recall",
    "game_of_file",
]

MAX_NODES = 100_000
"""The largest tree read."""

SUM_TOLERANCE = Fraction(1, 10**9)
"""How far the probabilities of a chance node may miss one; they are then divided by their sum."""


@dataclass(frozen=True, slots=True)
class FileNode:
    """A node: reached from `parent` by its action or branch number `step` (NONE at the root).

    `infoset` and `outcome` are positions in the lists of the file, NONE where there is none; a node
    without an information set is terminal.
    """

    name: str
    parent: int
    step: int
    infoset: int
    outcome: int
    offset: int


@dataclass(frozen=True, slots=True)
class FileInfoset:
    """An information set of a player, or (player NONE) an event of chance with probabilities."""

    player: int
    number: int
    name: str
    labels: tuple[str, ...]
    probabilities: tuple[Fraction, ...]
    offset: int

    def told(self) -> str:
        """How messages call it."""
        return f"{self.number} '{self.name}'" if self.name else f"{self.number}"


@dataclass(frozen=True, slots=True)
class FileOutcome:
    """Payoffs of all players, added to those of every play that meets them."""

    number: int
    name: str
    payoffs: tuple[Fraction, ...]
    offset: int


@dataclass(frozen=True)
class GameFile:
    """The game of a file; nodes in preorder, labels as written, which may be empty or repeat."""

    text: GameText
    title: str
    comment: str
    players: tuple[str, ...]
    nodes: tuple[FileNode, ...]
    infosets: tuple[FileInfoset, ...]
    outcomes: tuple[FileOutcome, ...]

    def passed(self, node: int) -> tuple[int, ...]:
        """The outcomes met on the way to a node, itself included, from the root on."""
        found: list[int] = []
        while node != NONE:
            if self.nodes[node].outcome != NONE:
                found.append(self.nodes[node].outcome)
            node = self.nodes[node].parent
        return tuple(reversed(found))

    def player_names(self) -> tuple[str, ...]:
        """The players' names, made different where they are not."""
        return distinct(self.players, lambda number: f"player {number + 1}")


@dataclass(frozen=True, slots=True)
class _Step:
    """What a player did last, and what before: a link of a chain."""

    before: int
    infoset: int
    action: int


def check_recall(game: GameFile) -> None:
    """Hold the game against perfect recall.

    Whoever moves remembers at every node of an information set the same own actions, taken at the
    same information sets (H. W. Kuhn, "Extensive games and the problem of information", 1953).

    Raises
    ------
    ScenarioError
        At the first node that breaks it, naming the information set and what differs.
    """
    steps = [_Step(NONE, NONE, NONE)]
    known: dict[_Step, int] = {}
    pasts: list[tuple[int, ...]] = []
    first: dict[int, int] = {}
    for number, node in enumerate(game.nodes):
        past = (0,) * len(game.players)
        if node.parent != NONE:
            past = pasts[node.parent]
            above = game.nodes[node.parent].infoset
            player = game.infosets[above].player
            if player != NONE:
                step = _Step(past[player], above, node.step)
                found = known.setdefault(step, len(steps))
                if found == len(steps):
                    steps.append(step)
                past = (*past[:player], found, *past[player + 1 :])
        pasts.append(past)
        if node.infoset == NONE or game.infosets[node.infoset].player == NONE:
            continue
        player = game.infosets[node.infoset].player
        other = first.setdefault(node.infoset, number)
        if pasts[other][player] != past[player]:
            raise _forgets(game, steps, number, other, past[player], pasts[other][player])


def _forgets(
    game: GameFile, steps: Sequence[_Step], node: int, other: int, past: int, other_past: int
) -> ScenarioError:
    """The error of two nodes of one information set with different own pasts."""
    infoset = game.infosets[game.nodes[node].infoset]
    who = game.player_names()[infoset.player]
    line = game.text.line(game.nodes[other].offset)
    mine, theirs = _own_past(steps, past), _own_past(steps, other_past)
    if any(step.infoset == game.nodes[node].infoset for step in mine):
        what = (
            f"'{who}' forgets having moved: information set {infoset.told()} of '{who}' holds two "
            f"nodes of one path, this and the one on line {line} (absent-mindedness)"
        )
    else:
        here, there = _first_difference(game, mine, theirs)
        what = (
            f"'{who}' forgets: this node of information set {infoset.told()} and the one on line "
            f"{line} differ in what '{who}' did before: here {here}, there {there}"
        )
    advice = "tenbin needs perfect recall; split the information set."
    return ScenarioError([game.text.problem(game.nodes[node].offset, what, advice)])


def _own_past(steps: Sequence[_Step], past: int) -> list[_Step]:
    found: list[_Step] = []
    while past:
        found.append(steps[past])
        past = steps[past].before
    return found[::-1]


def _first_difference(
    game: GameFile, mine: Sequence[_Step], theirs: Sequence[_Step]
) -> tuple[str, str]:
    """The first own action in which two pasts differ, in words."""
    for position in range(max(len(mine), len(theirs))):
        pair = [past[position] if position < len(past) else None for past in (mine, theirs)]
        if pair[0] != pair[1]:
            here, there = (_in_words(game, step) for step in pair)
            return here, there
    raise AssertionError("the pasts are the same")


def _in_words(game: GameFile, step: _Step | None) -> str:
    if step is None:
        return "nothing"
    infoset = game.infosets[step.infoset]
    return f"'{infoset.labels[step.action]}' at information set {infoset.told()}"


def game_of_file(game: GameFile) -> TreeGame:
    """The game as tables, in one world.

    Payoffs at inner nodes are added to those of every terminal node below. Information sets are
    named as in the file where names are there and differ, else `player:number`.
    """
    players = game.player_names()
    decided = [number for number, its in enumerate(game.infosets) if its.player != NONE]
    own = {number: position for position, number in enumerate(decided)}
    sets = [game.infosets[number] for number in decided]
    starts = np.cumsum([0, *(len(its.labels) for its in sets)]).astype(np.int32)
    names = distinct(
        [its.name for its in sets], lambda i: f"{players[sets[i].player]}:{sets[i].number}"
    )
    columns = _Columns.of(game, own, starts)
    tree = Tree(
        players=players,
        parent=np.array([node.parent for node in game.nodes], dtype=np.int32),
        action=np.array(columns.action, dtype=np.int32),
        branch=np.array(columns.branch, dtype=np.int32),
        infoset=np.array([own.get(node.infoset, NONE) for node in game.nodes], dtype=np.int32),
        terminal=np.array(columns.terminal, dtype=np.int32),
        infoset_player=np.array([its.player for its in sets], dtype=np.int32),
        infoset_start=starts,
        infoset_names=names,
        action_names=tuple(label for its in sets for label in _told_apart(its.labels)),
        node_names=tuple(_called(game, node) for node in game.nodes),
        branch_names=tuple(columns.branch_names),
    )
    payoffs = np.array([[float(x) for x in row] for row in columns.payoffs])
    return TreeGame(
        tree=tree,
        chance=np.array([[float(p) for p in columns.chance]], dtype=np.float64),
        payoffs=payoffs.reshape(1, len(columns.payoffs), len(players)),
        valid=np.ones(1, dtype=np.bool_),
    )


def _called(game: GameFile, node: FileNode) -> str:
    """What a node is called: by itself, else by its information set or outcome."""
    if node.name or node.infoset == node.outcome == NONE:
        return node.name
    its = game.outcomes[node.outcome] if node.infoset == NONE else game.infosets[node.infoset]
    return its.name


def _told_apart(labels: Sequence[str]) -> tuple[str, ...]:
    return distinct(labels, lambda number: f"{number + 1}")


@dataclass(frozen=True, slots=True)
class _Columns:
    """The tree's columns, node by node, branch by branch and terminal by terminal."""

    action: list[int]
    branch: list[int]
    terminal: list[int]
    branch_names: list[str]
    chance: list[Fraction]
    payoffs: list[tuple[Fraction, ...]]

    @classmethod
    def of(cls, game: GameFile, own: dict[int, int], starts: np.ndarray) -> _Columns:
        columns = cls([], [], [], [], [], [])
        none = (Fraction(0),) * len(game.players)
        sums: list[tuple[Fraction, ...]] = []
        labels = [_told_apart(its.labels) for its in game.infosets]
        for node in game.nodes:
            above = game.nodes[node.parent].infoset if node.parent != NONE else NONE
            by_player = above in own
            columns.action.append(int(starts[own[above]]) + node.step if by_player else NONE)
            by_chance = above != NONE and not by_player
            columns.branch.append(len(columns.chance) if by_chance else NONE)
            if by_chance:
                columns.branch_names.append(labels[above][node.step])
                columns.chance.append(game.infosets[above].probabilities[node.step])
            total = sums[node.parent] if node.parent != NONE else none
            if node.outcome != NONE:
                added = game.outcomes[node.outcome].payoffs
                total = tuple(a + b for a, b in zip(total, added, strict=True))
            sums.append(total)
            is_end = node.infoset == NONE
            columns.terminal.append(len(columns.payoffs) if is_end else NONE)
            if is_end:
                columns.payoffs.append(total)
        return columns
