r"""Gambit's extensive-form files (`.efg`): read as games of one world, and written.

The plain syntax: a header `EFG 2 R "title" { "player" ... } "comment"`, then the nodes in preorder,

    c "name" infoset "infoset name" { "branch" probability ... } outcome "outcome name" { payoffs }
    p "name" player infoset "infoset name" { "action" ... } outcome "outcome name" { payoffs }
    t "name" outcome "outcome name" { payoffs }

where outcome 0 is none, and an information set's or outcome's details may be left out once they
are known. Numbers are decimals or fractions. Payoffs at inner nodes count for every play that
passes them. See Gambit's documentation, "The extensive game (.efg) file format" [savani2025].
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal, localcontext
from fractions import Fraction
from pathlib import Path

import numpy as np

from tenbin.errors import FormError, Place, Problem, ScenarioError
from tenbin.forms.tree.tables import NONE, Tree, TreeGame

__all__ = ["MAX_BYTES", "MAX_NODES", "read_efg", "write_efg"]

MAX_BYTES = 16_000_000
"""The largest file read."""

MAX_NODES = 100_000
"""The largest tree read."""

MAX_DIGITS = 400
"""The longest number read."""

TOKEN = re.compile(
    r"""\s*(?:(?P<text>"(?:[^"\\]|\\.)*")|(?P<mark>[{}])|(?P<word>[^\s{}",]+)(?:\s*,)?|(?P<bad>\S))"""
)
NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d{1,3})?|[-+]?\d+/\d+")

SUM_TOLERANCE = Fraction(1, 10**9)
"""How far the probabilities of a chance node may miss one; they are then divided by their sum."""


@dataclass(frozen=True, slots=True)
class _Token:
    """A piece of the file: kind `text`, `mark`, `word`, `bad` or `end`, and where it starts."""

    kind: str
    text: str
    offset: int


@dataclass(slots=True)
class _Infoset:
    """What the file says of one information set (or chance set): labels, and probabilities."""

    name: str
    labels: tuple[str, ...]
    probabilities: tuple[Fraction, ...] = ()
    number: int = NONE
    past: int = 0


@dataclass(slots=True)
class _Open:
    """An inner node whose children are still being read."""

    node: int
    infoset: _Infoset
    player: int
    payoffs: tuple[Fraction, ...]
    pasts: tuple[int, ...]
    """The number of each player's own past, the actions taken before this node."""
    next_child: int = 0


@dataclass(slots=True)
class _Tables:
    """The tree's columns as they grow."""

    rows: list[tuple[int, int, int, int, int]] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    branch_names: list[str] = field(default_factory=list)
    chance: list[Fraction] = field(default_factory=list)
    payoffs: list[tuple[Fraction, ...]] = field(default_factory=list)


def read_efg(path: str | Path) -> TreeGame:
    """The game of a Gambit file, in one world.

    Payoffs at inner nodes are added to those of every terminal node below. Information sets are
    named as in the file where names are there and differ, else `player:number`.

    Parameters
    ----------
    path
        A file of at most `MAX_BYTES`, with at most `MAX_NODES` nodes.

    Returns
    -------
    Game with W = 1; a player with no move still has payoffs.

    Raises
    ------
    ScenarioError
        Where the file cannot be read as a game, with the place; or a player lacks perfect recall.
    """
    path = Path(path)
    size = path.stat().st_size
    if size > MAX_BYTES:
        what = f"the file has {size} bytes; a game of at most {MAX_BYTES} bytes is read"
        raise ScenarioError([Problem(Place(str(path), 1, 1), what)])
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        column = error.start - content.rfind(b"\n", 0, error.start)
        problem = Problem(Place(str(path), line, column), "the file is not UTF-8 text here")
        raise ScenarioError([problem]) from error
    return _Reader(str(path), text).game()


class _Reader:
    """Reads one file; stops at the first thing it cannot understand."""

    def __init__(self, file: str, text: str) -> None:
        self.file, self.text = file, text
        self.tokens = self._tokens()
        self.token = next(self.tokens)
        self.players: tuple[str, ...] = ()
        self.infosets: dict[tuple[int, int], _Infoset] = {}
        self.outcomes: dict[int, tuple[Fraction, ...]] = {}
        self.tables = _Tables()
        self.pasts: dict[tuple[int, int, int], int] = {}
        """Own pasts by number, from 1: an earlier past and the (information set, action) after."""

    # -- words ---------------------------------------------------------------------------------

    def _tokens(self) -> Iterator[_Token]:
        position = 0
        while match := TOKEN.match(self.text, position):
            kind = str(match.lastgroup)
            yield _Token(kind, match[kind], match.start(kind))
            position = match.end()
        yield _Token("end", "", len(self.text.rstrip()))

    def _fail(self, what: str, token: _Token | None = None, advice: str = "") -> ScenarioError:
        """The error to raise, at a token (by default the one to be read next)."""
        offset = (token or self.token).offset
        line = self.text.count("\n", 0, offset) + 1
        begin = self.text.rfind("\n", 0, offset) + 1
        stop = self.text.find("\n", offset)
        source = self.text[begin : stop if stop >= 0 else len(self.text)][:200]
        place = Place(self.file, line, offset - begin + 1, source)
        return ScenarioError([Problem(place, what, advice=advice)])

    def _next(self) -> _Token:
        token = self.token
        if token.kind != "end":
            self.token = next(self.tokens)
        return token

    def _shown(self) -> str:
        return f"'{self.token.text[:40]}'" if self.token.kind != "end" else "the end of the file"

    def _take(self, kind: str, wanted: str) -> _Token:
        if self.token.kind != kind:
            raise self._fail(f"{wanted} is needed here, not {self._shown()}")
        return self._next()

    def _is_mark(self, mark: str) -> bool:
        return self.token.kind == "mark" and self.token.text == mark

    def _mark(self, mark: str) -> None:
        if not self._is_mark(mark):
            raise self._fail(f"'{mark}' is needed here, not {self._shown()}")
        self._next()

    def _label(self, wanted: str) -> str:
        return re.sub(r"\\(.)", r"\1", self._take("text", wanted).text[1:-1])

    def _whole(self, wanted: str) -> int:
        token = self._take("word", wanted)
        if not re.fullmatch(r"\d{1,9}", token.text):
            raise self._fail(f"{wanted} is needed here, not '{token.text[:40]}'", token)
        return int(token.text)

    def _number(self) -> Fraction:
        token = self._take("word", "a number")
        if len(token.text) > MAX_DIGITS or not NUMBER.fullmatch(token.text):
            what = f"'{token.text[:40]}' is not a number; decimals and fractions are read"
            raise self._fail(what, token)
        try:
            value = Fraction(token.text)
            float(value)
        except (ZeroDivisionError, OverflowError) as error:
            raise self._fail(f"'{token.text[:40]}' is not a finite number", token) from error
        return value

    # -- the file ------------------------------------------------------------------------------

    def game(self) -> TreeGame:
        self._header()
        open_nodes: list[_Open] = []
        self._node(open_nodes)
        while open_nodes:
            if open_nodes[-1].next_child == len(open_nodes[-1].infoset.labels):
                open_nodes.pop()
            else:
                self._node(open_nodes)
        if self.token.kind != "end":
            raise self._fail(f"the tree is complete before {self._shown()}")
        return self._game()

    def _header(self) -> None:
        for expected in ("EFG", "2"):
            token = self._take("word", "the header 'EFG 2 R'")
            if token.text != expected:
                what = f"the file must start with 'EFG 2 R'; here stands '{token.text[:40]}'"
                raise self._fail(what, token)
        if self._take("word", "R or D").text not in ("R", "D"):
            raise self._fail("after 'EFG 2' comes R or D")
        self._label("the title of the game")
        self._mark("{")
        players: list[str] = []
        while not self._is_mark("}"):
            players.append(self._label("a player's name"))
        self._mark("}")
        self.players = _distinct(players, [f"player {i + 1}" for i in range(len(players))])
        if self.token.kind == "text":
            self._next()

    def _node(self, open_nodes: list[_Open]) -> None:
        """Read one node, hang it below the innermost open one, and open it if it has children."""
        start = self._take("word", "a node (c, p or t)")
        if len(self.tables.rows) >= MAX_NODES:
            raise self._fail(f"the tree has more than {MAX_NODES} nodes", start)
        parent = open_nodes[-1] if open_nodes else None
        passed = parent.payoffs if parent else (Fraction(0),) * len(self.players)
        pasts = self._pasts(parent) if parent else (0,) * len(self.players)
        position = self._position(parent)
        name = self._label('the node\'s name (which may be empty, "")')
        self.tables.names.append(name)
        if start.text == "t":
            payoffs = _sum(passed, self._outcome())
            self.tables.rows.append((*position, NONE, len(self.tables.payoffs)))
            self.tables.payoffs.append(payoffs)
            return
        if start.text not in ("c", "p"):
            what = (
                f"a node starts with c (chance), p (player) or t (terminal), not '{start.text[:9]}'"
            )
            raise self._fail(what, start)
        player = self._player() if start.text == "p" else NONE
        infoset = self._infoset(player, pasts[player] if player != NONE else 0, start)
        node = len(self.tables.rows)
        self.tables.rows.append((*position, infoset.number, NONE))
        open_nodes.append(_Open(node, infoset, player, _sum(passed, self._outcome()), pasts))

    def _pasts(self, parent: _Open) -> tuple[int, ...]:
        """The players' own pasts at the next child of an open node."""
        if parent.player == NONE:
            return parent.pasts
        step = (parent.pasts[parent.player], parent.infoset.number, parent.next_child)
        past = self.pasts.setdefault(step, len(self.pasts) + 1)
        before, after = parent.pasts[: parent.player], parent.pasts[parent.player + 1 :]
        return (*before, past, *after)

    def _position(self, parent: _Open | None) -> tuple[int, int, int]:
        """Parent, action within the information set, and chance branch of the node being read."""
        if parent is None:
            return NONE, NONE, NONE
        child = parent.next_child
        parent.next_child += 1
        if parent.player != NONE:
            return parent.node, child, NONE
        self.tables.branch_names.append(parent.infoset.labels[child])
        self.tables.chance.append(parent.infoset.probabilities[child])
        return parent.node, NONE, len(self.tables.chance) - 1

    def _player(self) -> int:
        token = self.token
        number = self._whole("the player's number")
        if not 1 <= number <= len(self.players):
            raise self._fail(f"there is no player {number}; there are {len(self.players)}", token)
        return number - 1

    def _infoset(self, player: int, past: int, start: _Token) -> _Infoset:
        """The information set of the node being read, checked against what is known of it."""
        token = self.token
        number = self._whole("the information set's number")
        known = self.infosets.get((player, number))
        name = self._label("a name") if self.token.kind == "text" else ""
        if not self._is_mark("{"):
            if known is None:
                what = f"information set {number} is new here: its actions are needed, in braces"
                raise self._fail(what)
            infoset = known
        else:
            infoset = self._labels(name, player)
        if known is None:
            infoset.number = sum(p != NONE for p, _ in self.infosets) if player != NONE else NONE
            infoset.past = past
            self.infosets[player, number] = infoset
            return infoset
        if (infoset.labels, infoset.probabilities) != (known.labels, known.probabilities):
            what = f"information set {number} had other actions or probabilities before"
            raise self._fail(what, token)
        if past != known.past:
            who = self.players[player]
            what = (
                f"'{who}' forgets: two nodes of information set {number} differ in what '{who}' "
                "itself knew or did before"
            )
            advice = "tenbin needs perfect recall; split the information set."
            raise self._fail(what, start, advice)
        return known

    def _labels(self, name: str, player: int) -> _Infoset:
        """The braces of an information set: action labels, or chance labels with probabilities."""
        brace = self.token
        self._mark("{")
        labels: list[str] = []
        probabilities: list[Fraction] = []
        while not self._is_mark("}"):
            labels.append(self._label("an action's name"))
            if player == NONE:
                token = self.token
                probabilities.append(self._number())
                if probabilities[-1] < 0:
                    raise self._fail(f"'{token.text}' is a negative probability", token)
        self._mark("}")
        if not labels:
            raise self._fail("an inner node needs at least one action", brace)
        total = sum(probabilities, Fraction(0))
        if player == NONE and abs(total - 1) > SUM_TOLERANCE:
            raise self._fail(f"these probabilities sum to {float(total):.12g}, not to one", brace)
        shares = tuple(p / total for p in probabilities)
        numbered = [f"{i + 1}" for i in range(len(labels))]
        return _Infoset(name, _distinct(labels, numbered), shares)

    def _outcome(self) -> tuple[Fraction, ...]:
        """The payoffs that a node's outcome gives; none where the outcome is 0."""
        token = self.token
        number = self._whole("the outcome's number")
        if self.token.kind == "text":
            self._next()
        if self._is_mark("{"):
            brace = self._next()
            payoffs: list[Fraction] = []
            while not self._is_mark("}"):
                payoffs.append(self._number())
            self._mark("}")
            if len(payoffs) != len(self.players):
                what = f"{len(payoffs)} payoffs for {len(self.players)} players"
                raise self._fail(what, brace)
            if number and self.outcomes.setdefault(number, tuple(payoffs)) != tuple(payoffs):
                raise self._fail(f"outcome {number} had other payoffs before", brace)
        if number == 0:
            return (Fraction(0),) * len(self.players)
        if number not in self.outcomes:
            raise self._fail(f"outcome {number} is new here: its payoffs are needed", token)
        return self.outcomes[number]

    # -- the tables ----------------------------------------------------------------------------

    def _game(self) -> TreeGame:
        decided = [(player, s) for (player, _), s in self.infosets.items() if player != NONE]
        keys = [key for key in self.infosets if key[0] != NONE]
        starts = np.cumsum([0, *(len(s.labels) for _, s in decided)]).astype(np.int32)
        columns = np.array(self.tables.rows, dtype=np.int32).T.copy()
        parent, action, branch, infoset, terminal = columns
        below = action != NONE
        action[below] += starts[infoset[parent[below]]]
        names = [s.name for _, s in decided]
        fallback = [f"{self.players[player]}:{number}" for player, number in keys]
        tree = Tree(
            players=self.players,
            parent=parent,
            action=action,
            branch=branch,
            infoset=infoset,
            terminal=terminal,
            infoset_player=np.array([player for player, _ in decided], dtype=np.int32),
            infoset_start=starts,
            infoset_names=_distinct(names, fallback),
            action_names=tuple(label for _, s in decided for label in s.labels),
            node_names=tuple(self.tables.names),
            branch_names=tuple(self.tables.branch_names),
        )
        payoffs = np.array([[float(x) for x in row] for row in self.tables.payoffs])
        return TreeGame(
            tree=tree,
            chance=np.array([[float(p) for p in self.tables.chance]], dtype=np.float64),
            payoffs=payoffs.reshape(1, len(self.tables.payoffs), len(self.players)),
            valid=np.ones(1, dtype=np.bool_),
        )


def _sum(first: tuple[Fraction, ...], second: tuple[Fraction, ...]) -> tuple[Fraction, ...]:
    """Payoffs added player by player."""
    return tuple(a + b for a, b in zip(first, second, strict=True))


def _distinct(names: list[str], fallback: list[str]) -> tuple[str, ...]:
    """The names where they are there and differ; else each doubtful one with its fallback."""
    counts = Counter(names)
    chosen: dict[str, None] = {}
    for name, other in zip(names, fallback, strict=True):
        new = name if name and counts[name] == 1 else f"{name} ({other})" if name else other
        while new in chosen:
            new += "'"
        chosen[new] = None
    return tuple(chosen)


def write_efg(game: TreeGame, world: int, title: str = "") -> str:
    """One world's game as a Gambit file.

    Numbers are written so that reading them gives the same floating-point numbers; of each chance
    node the largest probability takes up what rounding leaves, since Gambit wants exact sums.
    Chance branches of probability zero are written as such.

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
    players = " ".join(_quoted(player) for player in tree.players)
    lines = [f"EFG 2 R {_quoted(title)} {{ {players} }}", '""', ""]
    names = tree.node_names or ("",) * tree.n_nodes
    chance_sets = 0
    for node in range(tree.n_nodes):
        name = _quoted(names[node])
        if tree.terminal[node] != NONE:
            z = int(tree.terminal[node])
            payoffs = ", ".join(_plain(x) for x in game.payoffs[world, z].tolist())
            lines.append(f't {name} {z + 1} "" {{ {payoffs} }}')
        elif tree.infoset[node] != NONE:
            h = int(tree.infoset[node])
            labels = tree.action_names[tree.infoset_start[h] : tree.infoset_start[h + 1]]
            actions = " ".join(_quoted(label) for label in labels)
            where = f"{tree.infoset_player[h] + 1} {h + 1} {_quoted(tree.infoset_names[h])}"
            lines.append(f"p {name} {where} {{ {actions} }} 0")
        else:
            chance_sets += 1
            branches = _chance_text(game, world, children[node])
            lines.append(f'c {name} {chance_sets} "" {{ {branches} }} 0')
    return "\n".join(lines) + "\n"


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
    return " ".join(f"{_quoted(labels[c])} {value:f}" for c, value in pairs)


def _plain(number: float) -> str:
    """A number in decimals without an exponent, as Gambit reads it."""
    return f"{Decimal(repr(number)):f}"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
