r"""Gambit's extensive-form files (`.efg`): read, and written.

A header `EFG 2 R "title" { "player" ... } "comment"`, then the nodes in preorder,

    c "name" event "event name" { "branch" probability ... } outcome "outcome name" { payoffs }
    p "name" player infoset "infoset name" { "action" ... } outcome "outcome name" { payoffs }
    t "name" outcome "outcome name" { payoffs }

where outcome 0 is none, and what an event, an information set or an outcome is may be left out once
it is known; said again, it must be the same. Payoffs at inner nodes count for every play that
passes them. See Gambit's documentation, "The extensive game (.efg) file format" [savani2025].
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction

from tenbin.errors import FormError, ScenarioError
from tenbin.forms.tree import exchange_file
from tenbin.forms.tree.exchange_file import FileInfoset, FileNode, FileOutcome, GameFile
from tenbin.forms.tree.exchange_text import GameText, TextReader, Token, plain_number, quoted
from tenbin.forms.tree.tables import NONE, TreeGame

__all__ = ["efg_text", "parse_efg"]


def parse_efg(text: GameText) -> GameFile:
    """The game that an extensive-form file states; its information structure is not yet checked.

    Raises
    ------
    ScenarioError
        At the first thing that cannot be understood.
    """
    return _Reader(text).game()


@dataclass(slots=True)
class _Open:
    """An inner node whose children are still being read."""

    node: int
    infoset: int
    next_child: int = 0


class _Reader(TextReader):
    def __init__(self, source: GameText) -> None:
        super().__init__(source)
        self.players: tuple[str, ...] = ()
        self.nodes: list[FileNode] = []
        self.infosets: list[FileInfoset] = []
        self.outcomes: list[FileOutcome] = []
        self.infoset_of: dict[tuple[int, int], int] = {}
        self.outcome_of: dict[int, int] = {}
        self.open: list[_Open] = []

    def game(self) -> GameFile:
        title = self.header("EFG", "2")
        self.players = tuple(self.labels("a player's name"))
        comment = self.comment()
        self._node()
        while self.open:
            if self.open[-1].next_child == len(self.infosets[self.open[-1].infoset].labels):
                self.open.pop()
            else:
                self._node()
        if self.token.kind != "end":
            raise self.fail(f"the tree is complete before {self.shown()}")
        return GameFile(
            text=self.source,
            title=title,
            comment=comment,
            players=self.players,
            nodes=tuple(self.nodes),
            infosets=tuple(self.infosets),
            outcomes=tuple(self.outcomes),
        )

    def _node(self) -> None:
        """Read one node, hang it below the innermost open one, and open it if it has children."""
        start = self.take("word", "a node (c, p or t)")
        if len(self.nodes) >= exchange_file.MAX_NODES:
            raise self.fail(f"the tree has more than {exchange_file.MAX_NODES} nodes", start)
        if start.text not in ("c", "p", "t"):
            shown = start.text[:9]
            what = f"a node starts with c (chance), p (player) or t (terminal), not '{shown}'"
            raise self.fail(what, start)
        name = self.label('the node\'s name (which may be empty, "")')
        infoset = NONE
        if start.text != "t":
            infoset = self._infoset(self._player() if start.text == "p" else NONE)
        parent, step = NONE, NONE
        if self.open:
            parent, step = self.open[-1].node, self.open[-1].next_child
            self.open[-1].next_child += 1
        self.nodes.append(FileNode(name, parent, step, infoset, self._outcome(), start.offset))
        if infoset != NONE:
            self.open.append(_Open(len(self.nodes) - 1, infoset))

    def _player(self) -> int:
        token = self.token
        number = self.whole("the player's number")
        if not 1 <= number <= len(self.players):
            raise self.fail(f"there is no player {number}; there are {len(self.players)}", token)
        return number - 1

    def _infoset(self, player: int) -> int:
        """The information set, or event, of the node being read, held against what is known."""
        token = self.token
        kind = "event" if player == NONE else "information set"
        number = self.whole(f"the {kind}'s number")
        known = self.infoset_of.get((player, number))
        named = self.token if self.token.kind == "text" else None
        name = self.label("a name") if named else ""
        if not self.is_mark("{"):
            if known is None:
                raise self.fail(f"{kind} {number} is new here: its actions are needed, in braces")
            if named:
                self._same(name, self.infosets[known].name, f"{kind} {number}", known, named)
            return known
        found = self._described(player, number, name, token)
        if known is None:
            self.infoset_of[player, number] = len(self.infosets)
            self.infosets.append(found)
            return len(self.infosets) - 1
        before = self.infosets[known]
        if (found.labels, found.probabilities) != (before.labels, before.probabilities):
            line = self.source.line(before.offset)
            what = f"{kind} {number} had other actions or probabilities before, on line {line}"
            raise self.fail(what, token)
        self._same(name, before.name, f"{kind} {number}", known, named or token)
        return known

    def _same(self, name: str, before: str, what: str, known: int, token: Token) -> None:
        if name != before:
            line = self.source.line(self.infosets[known].offset)
            raise self.fail(f"{what} was called '{before}' before, on line {line}", token)

    def _described(self, player: int, number: int, name: str, start: Token) -> FileInfoset:
        """The braces of an information set: action labels, or chance labels with probabilities."""
        brace = self.mark("{")
        labels: list[str] = []
        probabilities: list[Fraction] = []
        while not self.is_mark("}"):
            labels.append(self.label("an action's name"))
            if player == NONE:
                token = self.token
                probabilities.append(self.number())
                if probabilities[-1] < 0:
                    raise self.fail(f"'{token.text}' is a negative probability", token)
        self.mark("}")
        if not labels:
            raise self.fail("an inner node needs at least one action", brace)
        total = sum(probabilities, Fraction(0))
        if player == NONE and abs(total - 1) > exchange_file.SUM_TOLERANCE:
            raise self.fail(f"these probabilities sum to {float(total):.12g}, not to one", brace)
        shares = tuple(p / total for p in probabilities)
        return FileInfoset(player, number, name, tuple(labels), shares, start.offset)

    def _outcome(self) -> int:
        """The outcome of the node being read, held against what is known of it; NONE for 0."""
        token = self.token
        number = self.whole("the outcome's number")
        named = self.token if self.token.kind == "text" else None
        name = self.label("a name") if named else ""
        payoffs: tuple[Fraction, ...] | None = None
        brace = self.token
        if self.is_mark("{"):
            self.mark("{")
            payoffs = self.payoffs(len(self.players), brace)
        if number == 0:
            if payoffs is not None and any(payoffs):
                what = "outcome 0 is none: it pays nobody; give the outcome another number"
                raise self.fail(what, brace)
            return NONE
        known = self.outcome_of.get(number)
        if known is None:
            if payoffs is None:
                raise self.fail(f"outcome {number} is new here: its payoffs are needed", token)
            self.outcome_of[number] = len(self.outcomes)
            self.outcomes.append(FileOutcome(number, name, payoffs, token.offset))
            return len(self.outcomes) - 1
        self._same_outcome(self.outcomes[known], name, payoffs, named, brace)
        return known

    def _same_outcome(
        self,
        before: FileOutcome,
        name: str,
        payoffs: tuple[Fraction, ...] | None,
        named: Token | None,
        brace: Token,
    ) -> None:
        error: ScenarioError | None = None
        line = self.source.line(before.offset)
        if payoffs is not None and payoffs != before.payoffs:
            what = f"outcome {before.number} had other payoffs before, on line {line}"
            error = self.fail(what, brace)
        elif named and name != before.name:
            what = f"outcome {before.number} was called '{before.name}' before, on line {line}"
            error = self.fail(what, named)
        if error:
            raise error


def efg_text(game: TreeGame, world: int, title: str = "") -> str:
    """One world's game as the text of an extensive-form file.

    Numbers are written so that reading them gives the same floating-point numbers; of each chance
    node the largest probability takes up what rounding leaves, since Gambit wants exact sums.
    Chance branches of probability zero are written as such. Terminal nodes of one name with the
    same payoffs share an outcome of that name, chance nodes of one name with the same branches an
    event. A node's own label is empty where nodes share a name: Gambit wants different ones.

    Raises
    ------
    FormError
        If the numbers of this world are not valid.
    """
    if not game.valid[world]:
        raise FormError(
            f"world {world} holds numbers that are not valid: there is no game to write"
        )
    tree = game.tree
    children: list[list[int]] = [[] for _ in range(tree.n_nodes)]
    for node in range(1, tree.n_nodes):
        children[tree.parent[node]].append(node)
    players = " ".join(quoted(player) for player in tree.players)
    lines = [f"EFG 2 R {quoted(title)} {{ {players} }}", '""', ""]
    names = tree.node_names or ("",) * tree.n_nodes
    counts = Counter(names)
    numbers = _infoset_numbers(game)
    outcomes, events = _Shared(), _Shared()
    for node in range(tree.n_nodes):
        name = quoted(names[node] if counts[names[node]] == 1 else "")
        if tree.terminal[node] != NONE:
            payoffs = game.payoffs[world, tree.terminal[node]].tolist()
            outcome = outcomes.text(names[node], ", ".join(map(plain_number, payoffs)))
            lines.append(f"t {name} {outcome}")
        elif tree.infoset[node] != NONE:
            h = int(tree.infoset[node])
            labels = tree.action_names[tree.infoset_start[h] : tree.infoset_start[h + 1]]
            actions = " ".join(quoted(label) for label in labels)
            where = f"{tree.infoset_player[h] + 1} {numbers[h]} {quoted(tree.infoset_names[h])}"
            lines.append(f"p {name} {where} {{ {actions} }} 0")
        else:
            branches = _chance_text(game, world, children[node])
            lines.append(f"c {name} {events.text(names[node], branches)} 0")
    return "\n".join(lines) + "\n"


def _infoset_numbers(game: TreeGame) -> list[int]:
    """The number of each information set among those of its player, from 1."""
    counts: dict[int, int] = {}
    found: list[int] = []
    for player in game.tree.infoset_player.tolist():
        counts[player] = counts.get(player, 0) + 1
        found.append(counts[player])
    return found


class _Shared:
    """Outcomes or events while a file is written: equal ones share a number, others no name."""

    def __init__(self) -> None:
        self.numbers: dict[tuple[str, str], int] = {}
        self.names: dict[int, str] = {}
        self.used: set[str] = set()

    def text(self, name: str, content: str) -> str:
        """Number, name, and in braces the content."""
        number = self.numbers.setdefault((name, content), len(self.numbers) + 1)
        if number not in self.names:
            own, again = name, 2
            while own and own in self.used:
                own, again = f"{name} ({again})", again + 1
            self.used.add(own)
            self.names[number] = own
        return f"{number} {quoted(self.names[number])} {{ {content} }}"


def _chance_text(game: TreeGame, world: int, children: list[int]) -> str:
    """The branches of a chance node with probabilities whose decimals sum to exactly one."""
    branches = [int(game.tree.branch[child]) for child in children]
    with localcontext() as context:
        context.prec = 1200
        values = [Decimal(repr(float(game.chance[world, c]))) for c in branches]
        largest = values.index(max(values))
        others = values[:largest] + values[largest + 1 :]
        values[largest] = Decimal(1) - sum(others, Decimal(0))
    labels = game.tree.branch_names or tuple(str(c) for c in range(game.tree.n_branches))
    pairs = zip(branches, values, strict=True)
    return " ".join(f"{quoted(labels[c])} {value:f}" for c, value in pairs)
