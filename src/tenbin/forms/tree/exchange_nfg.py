r"""Gambit's normal-form files (`.nfg`): read as simultaneous moves, and written.

    NFG 1 R "title" { "player" ... } { strategies } "comment" body

`strategies` are counts, `{ 3 2 }`, or labels, `{ { "a" "b" } { "x" "y" } }`. The body lists, with
the first player's strategy changing fastest, either the payoffs of every profile in a row (payoff
version), or in braces the outcomes `{ "name" payoffs }` and then the number of each profile's
outcome, 0 for none (outcome version). See Gambit's documentation, "The strategic game (.nfg) file
format" [savani2025].

As a tree the players move one after another and see nothing of one another, so that each has one
information set. Conversely a tree has a reduced normal form: a strategy says what its player does
at those information sets that the strategy itself does not exclude.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import prod
from typing import Literal

import numpy as np

from tenbin.errors import FormError
from tenbin.forms.tree.exchange_file import FileInfoset, FileNode, FileOutcome, GameFile
from tenbin.forms.tree.exchange_text import GameText, TextReader, distinct, plain_number, quoted
from tenbin.forms.tree.tables import NONE, Ints, Tree, TreeGame
from tenbin.scenario.language import Array

__all__ = ["MAX_PROFILES", "NormalForm", "Version", "nfg_text", "normal_form", "parse_nfg"]

MAX_PROFILES = 50_000
"""Strategy profiles of a normal form read or written, at most."""

Version = Literal["payoff", "outcome"]


def parse_nfg(text: GameText) -> GameFile:
    """The game that a normal-form file states, as moves made one after another and unseen.

    Raises
    ------
    ScenarioError
        At the first thing that cannot be understood, or if there are more than `MAX_PROFILES`
        strategy profiles.
    """
    return _Reader(text).game()


class _Reader(TextReader):
    def game(self) -> GameFile:
        title = self.header("NFG", "1")
        start = self.token
        players = tuple(self.labels("a player's name"))
        if not players:
            raise self.fail("a normal form needs at least one player", start)
        start = self.token
        strategies = self._strategies(len(players))
        counts = [len(labels) for labels in strategies]
        if prod(counts) > MAX_PROFILES:
            what = f"{prod(counts):,} strategy profiles; at most {MAX_PROFILES:,} are read"
            raise self.fail(what, start)
        comment = self.comment()
        if self.is_mark("{"):
            outcomes = self._outcomes(len(players))
            chosen = [self._chosen(len(outcomes)) for _ in range(prod(counts))]
        else:
            outcomes = [self._paid(number, strategies) for number in range(prod(counts))]
            chosen = list(range(len(outcomes)))
        if self.token.kind != "end":
            raise self.fail(f"the payoffs are complete before {self.shown()}")
        offset = start.offset
        return GameFile(
            text=self.source,
            title=title,
            comment=comment,
            players=players,
            nodes=_nodes(counts, chosen, offset),
            infosets=tuple(
                FileInfoset(player, 1, players[player], labels, (), offset)
                for player, labels in enumerate(strategies)
            ),
            outcomes=tuple(outcomes),
        )

    def _strategies(self, players: int) -> list[tuple[str, ...]]:
        """The labels of each player's strategies; numbers where only their count is given."""
        brace = self.mark("{")
        found: list[tuple[str, ...]] = []
        while not self.is_mark("}"):
            start = self.token
            if self.is_mark("{"):
                found.append(tuple(self.labels("a strategy's name")))
            else:
                count = self.whole("a number of strategies")
                if count > MAX_PROFILES:
                    what = f"{count:,} strategies; at most {MAX_PROFILES:,} profiles are read"
                    raise self.fail(what, start)
                found.append(tuple(str(number + 1) for number in range(count)))
            if not found[-1]:
                raise self.fail("a player needs at least one strategy", start)
        self.mark("}")
        if len(found) != players:
            raise self.fail(f"strategies of {len(found)} players; there are {players}", brace)
        return found

    def _outcomes(self, players: int) -> list[FileOutcome]:
        self.mark("{")
        found: list[FileOutcome] = []
        while not self.is_mark("}"):
            brace = self.mark("{")
            name = self.label("the outcome's name")
            paid = self.payoffs(players, brace)
            found.append(FileOutcome(len(found) + 1, name, paid, brace.offset))
        self.mark("}")
        return found

    def _chosen(self, outcomes: int) -> int:
        """The outcome of a profile, by its position; NONE for 0."""
        token = self.token
        number = self.whole("the number of a profile's outcome")
        if number > outcomes:
            raise self.fail(f"there is no outcome {number}; there are {outcomes}", token)
        return number - 1

    def _paid(self, number: int, strategies: list[tuple[str, ...]]) -> FileOutcome:
        """The payoffs of one profile as an outcome of its own, called by its strategies."""
        offset, rest = self.token.offset, number
        played: list[str] = []
        for labels in strategies:
            rest, own = divmod(rest, len(labels))
            played.append(labels[own])
        payoffs: tuple[Fraction, ...] = tuple(self.number() for _ in strategies)
        return FileOutcome(number + 1, ", ".join(played), payoffs, offset)


def _nodes(counts: list[int], chosen: list[int], offset: int) -> tuple[FileNode, ...]:
    """Players who move in turn, in preorder; profiles count the first player's strategy fastest."""
    strides = [prod(counts[:player]) for player in range(len(counts))]
    nodes: list[FileNode] = []
    waiting = [(NONE, NONE, 0, 0)]
    while waiting:
        parent, step, player, profile = waiting.pop()
        number = len(nodes)
        if player == len(counts):
            nodes.append(FileNode("", parent, step, NONE, chosen[profile], offset))
            continue
        nodes.append(FileNode("", parent, step, player, NONE, offset))
        waiting.extend(
            (number, own, player + 1, profile + own * strides[player])
            for own in reversed(range(counts[player]))
        )
    return tuple(nodes)


@dataclass(frozen=True)
class NormalForm:
    """A game in reduced normal form: labels of strategies, payoffs [S1, ..., Sn, P]."""

    players: tuple[str, ...]
    strategies: tuple[tuple[str, ...], ...]
    payoffs: Array


def normal_form(game: TreeGame, world: int) -> NormalForm:
    """The reduced normal form of one world's game.

    Returns
    -------
    A strategy is called by its actions, joined by ` / `; a player who never moves has one strategy,
    `-`. Payoffs are expected over chance.

    Raises
    ------
    FormError
        If the numbers of this world are not valid, or there are more than `MAX_PROFILES` profiles.
    """
    if not game.valid[world]:
        raise FormError(f"world {world} holds numbers that are not valid: there is no game to read")
    tree = game.tree
    plans = _Plans(tree)
    counts = [plans.count(player) for player in range(len(tree.players))]
    if prod(counts) > MAX_PROFILES:
        what = " x ".join(f"{count:,}" if count < 10**9 else "very many" for count in counts)
        raise FormError(
            f"the reduced normal form has {what} strategies; at most {MAX_PROFILES:,} profiles are "
            "written. Write the tree itself, as .efg."
        )
    strategies = [plans.strategies(player) for player in range(len(tree.players))]
    payoffs = np.zeros((*counts, len(tree.players)))
    reach = _chance_reach(game, world)
    for node in np.flatnonzero(tree.terminal != NONE).tolist():
        where = np.ix_(*plans.consistent(node, strategies))
        payoffs[where] += reach[node] * game.payoffs[world, tree.terminal[node]]
    labels = tuple(
        distinct(
            [" / ".join(tree.action_names[action] for action in plan) or "-" for plan in found],
            lambda number: f"{number + 1}",
        )
        for found in strategies
    )
    return NormalForm(tree.players, labels, payoffs)


class _Plans:
    """The reduced strategies of each player: one action at every information set not excluded."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.after: dict[tuple[int, int], list[int]] = {}
        """Information sets by player and the player's own last action (NONE: none), in order."""
        self.last = self._last_actions()
        for infoset in range(tree.n_infosets):
            player = int(tree.infoset_player[infoset])
            node = int(np.argmax(tree.infoset == infoset))
            self.after.setdefault((player, int(self.last[node, player])), []).append(infoset)

    def _last_actions(self) -> Ints:
        """The last own action [N, P] of each player on the way to each node, NONE where none."""
        tree = self.tree
        last = np.full((tree.n_nodes, len(tree.players)), NONE, dtype=np.int32)
        for node in range(1, tree.n_nodes):
            last[node] = last[tree.parent[node]]
            action = tree.action[node]
            if action != NONE:
                last[node, tree.infoset_player[tree.action_infoset[action]]] = action
        return last

    def _actions(self, infoset: int) -> range:
        start = self.tree.infoset_start
        return range(int(start[infoset]), int(start[infoset + 1]))

    def _sets(self, player: int) -> list[int]:
        """The player's information sets, each after those that lead to it."""
        found: list[int] = []
        waiting = list(reversed(self.after.get((player, NONE), [])))
        while waiting:
            infoset = waiting.pop()
            found.append(infoset)
            for action in reversed(self._actions(infoset)):
                waiting.extend(reversed(self.after.get((player, action), [])))
        return found

    def count(self, player: int) -> int:
        """How many reduced strategies a player has."""
        ways: dict[int, int] = {}
        for infoset in reversed(self._sets(player)):
            ways[infoset] = sum(
                prod(ways[below] for below in self.after.get((player, action), []))
                for action in self._actions(infoset)
            )
        return prod(ways[infoset] for infoset in self.after.get((player, NONE), []))

    def strategies(self, player: int) -> list[tuple[int, ...]]:
        """The reduced strategies of a player, each as its actions in the order of the tree."""
        plans: dict[int, list[tuple[int, ...]]] = {}
        for infoset in reversed(self._sets(player)):
            plans[infoset] = [
                (action, *plan)
                for action in self._actions(infoset)
                for plan in self._joined(plans, self.after.get((player, action), []))
            ]
        return self._joined(plans, self.after.get((player, NONE), []))

    def _joined(
        self, plans: dict[int, list[tuple[int, ...]]], infosets: list[int]
    ) -> list[tuple[int, ...]]:
        """One plan for each of several information sets, in every combination."""
        found = product(*(plans[infoset] for infoset in infosets))
        return [tuple(action for plan in plans for action in plan) for plans in found]

    def consistent(self, node: int, strategies: list[list[tuple[int, ...]]]) -> list[list[int]]:
        """For each player the strategies, by number, that do not exclude a node.

        With perfect recall a plan that holds the last own action holds all those before.
        """
        found: list[list[int]] = []
        for player, plans in enumerate(strategies):
            action = int(self.last[node, player])
            found.append([k for k, plan in enumerate(plans) if action == NONE or action in plan])
        return found


def _chance_reach(game: TreeGame, world: int) -> Array:
    """The product of the probabilities of chance [N] on the way to each node."""
    tree = game.tree
    reach = np.ones(tree.n_nodes)
    for node in range(1, tree.n_nodes):
        branch = tree.branch[node]
        step = 1.0 if branch == NONE else game.chance[world, branch]
        reach[node] = reach[tree.parent[node]] * step
    return reach


def nfg_text(game: TreeGame, world: int, title: str = "", version: Version = "payoff") -> str:
    """The reduced normal form of one world's game as the text of a normal-form file.

    Parameters
    ----------
    version
        `payoff` lists the payoffs of every profile; `outcome` lists different payoffs once and
        refers to them.

    Raises
    ------
    FormError
        As for `normal_form`.
    """
    form = normal_form(game, world)
    players = " ".join(map(quoted, form.players))
    labels = "\n".join(f"{{ {' '.join(map(quoted, names))} }}" for names in form.strategies)
    lines = [f"NFG 1 R {quoted(title)} {{ {players} }}", "", "{", labels, "}", '""', ""]
    rows = np.moveaxis(form.payoffs, -1, 0).reshape(len(form.players), -1, order="F").T
    paid = [[plain_number(x) for x in row] for row in rows.tolist()]
    if version == "payoff":
        lines += [" ".join(row) for row in paid]
    else:
        numbers: dict[str, int] = {}
        chosen = [numbers.setdefault(", ".join(row), len(numbers) + 1) for row in paid]
        lines += ["{", *(f'{{ "" {payoffs} }}' for payoffs in numbers), "}"]
        lines.append(" ".join(map(str, chosen)))
    return "\n".join(lines) + "\n"
