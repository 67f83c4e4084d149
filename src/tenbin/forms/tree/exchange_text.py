"""What Gambit's two file formats share: words with their places, labels, exact numbers.

Whitespace counts only inside quotation marks; a quotation mark in a label stands behind a
backslash; a number is a decimal, with or without an exponent, or a fraction, and exact.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from tenbin.errors import Place, Problem, ScenarioError

__all__ = [
    "MAX_BYTES",
    "GameText",
    "TextReader",
    "Token",
    "distinct",
    "plain_number",
    "quoted",
    "text_of_file",
]

MAX_BYTES = 16_000_000
"""The largest file read."""

MAX_DIGITS = 400
"""The longest number read."""

TOKEN = re.compile(
    r"""\s*(?:(?P<text>"(?:[^"\\]|\\.)*")|(?P<mark>[{}])|(?P<word>[^\s{}",]+)(?:\s*,)?|(?P<bad>\S))""",
    re.DOTALL,
)
NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d{1,3})?|[-+]?\d+/\d+")


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the text: kind `text`, `mark`, `word`, `bad` or `end`, and where it starts."""

    kind: str
    text: str
    offset: int


@dataclass(frozen=True)
class GameText:
    """The text of a game and where it stands: in a file of its own, or within a scenario."""

    file: str
    text: str
    within: Place | None = None
    """The place in the scenario where the text begins, if it has no file of its own."""

    def place(self, offset: int) -> Place:
        """The place of a character; of a text within a scenario, where the text begins."""
        if self.within is not None:
            return self.within
        line, column = self._position(offset)
        begin = offset - column + 1
        stop = self.text.find("\n", offset)
        source = self.text[begin : stop if stop >= 0 else len(self.text)]
        return Place(self.file, line, column, source.rstrip("\r"))

    def problem(self, offset: int, what: str, advice: str = "") -> Problem:
        """Something wrong at a character."""
        if self.within is not None:
            line, column = self._position(offset)
            what = f"{what} (line {line}, column {column} of the game's text)"
        return Problem(self.place(offset), what, advice=advice)

    def line(self, offset: int) -> int:
        """The line of a character, from 1."""
        return self._position(offset)[0]

    def _position(self, offset: int) -> tuple[int, int]:
        return self.text.count("\n", 0, offset) + 1, offset - self.text.rfind("\n", 0, offset)


def text_of_file(path: str | Path) -> GameText:
    """The text of a file of at most `MAX_BYTES`, in UTF-8.

    Raises
    ------
    ScenarioError
        If the file is larger, or no such text.
    """
    path = Path(path)
    size = path.stat().st_size
    if size > MAX_BYTES:
        what = f"the file has {size} bytes; a game of at most {MAX_BYTES} bytes is read"
        raise ScenarioError([Problem(Place(str(path), 1, 1), what)])
    content = path.read_bytes()
    try:
        return GameText(str(path), content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        column = error.start - content.rfind(b"\n", 0, error.start)
        problem = Problem(Place(str(path), line, column), "the file is not UTF-8 text here")
        raise ScenarioError([problem]) from error


class TextReader:
    """Reads words one after another; stops at the first that it cannot understand."""

    def __init__(self, source: GameText) -> None:
        self.source = source
        self.tokens = self._tokens()
        self.token = next(self.tokens)

    def _tokens(self) -> Iterator[Token]:
        text, position = self.source.text, 0
        while match := TOKEN.match(text, position):
            kind = str(match.lastgroup)
            yield Token(kind, match[kind], match.start(kind))
            position = match.end()
        yield Token("end", "", len(text.rstrip()))

    def fail(self, what: str, token: Token | None = None, advice: str = "") -> ScenarioError:
        """The error to raise, at a token (by default the one to be read next)."""
        return ScenarioError([self.source.problem((token or self.token).offset, what, advice)])

    def next(self) -> Token:
        """The token to be read next, taken."""
        token = self.token
        if token.kind != "end":
            self.token = next(self.tokens)
        return token

    def shown(self) -> str:
        """The token to be read next, for messages."""
        return f"'{self.token.text[:40]}'" if self.token.kind != "end" else "the end of the file"

    def take(self, kind: str, wanted: str) -> Token:
        """The next token, which must be of a kind; `wanted` says in words what is needed."""
        if self.token.kind != kind:
            if self.token.kind == "bad" and self.token.text == '"':
                raise self.fail("a text begins here and its quotation mark is never closed")
            raise self.fail(f"{wanted} is needed here, not {self.shown()}")
        return self.next()

    def is_mark(self, mark: str) -> bool:
        """Whether a brace comes next."""
        return self.token.kind == "mark" and self.token.text == mark

    def mark(self, mark: str) -> Token:
        """The brace that must come next."""
        if not self.is_mark(mark):
            raise self.fail(f"'{mark}' is needed here, not {self.shown()}")
        return self.next()

    def label(self, wanted: str) -> str:
        """A quoted text, without its quotation marks."""
        return re.sub(r'\\(["\\])', r"\1", self.take("text", wanted).text[1:-1])

    def labels(self, wanted: str) -> list[str]:
        """Quoted texts in braces."""
        self.mark("{")
        found: list[str] = []
        while not self.is_mark("}"):
            found.append(self.label(wanted))
        self.mark("}")
        return found

    def whole(self, wanted: str) -> int:
        """A whole number that is not negative."""
        token = self.take("word", wanted)
        if not re.fullmatch(r"\d{1,9}", token.text):
            raise self.fail(f"{wanted} is needed here, not '{token.text[:40]}'", token)
        return int(token.text)

    def number(self) -> Fraction:
        """An exact number."""
        token = self.take("word", "a number")
        if len(token.text) > MAX_DIGITS or not NUMBER.fullmatch(token.text):
            what = f"'{token.text[:40]}' is not a number; decimals and fractions are read"
            raise self.fail(what, token)
        try:
            value = Fraction(token.text)
            float(value)
        except (ZeroDivisionError, OverflowError) as error:
            raise self.fail(f"'{token.text[:40]}' is not a finite number", token) from error
        return value

    def payoffs(self, players: int, start: Token) -> tuple[Fraction, ...]:
        """One number for each player, up to a closing brace; a wrong count is told at `start`."""
        found: list[Fraction] = []
        while not self.is_mark("}"):
            found.append(self.number())
        self.mark("}")
        if len(found) != players:
            raise self.fail(f"{len(found)} payoffs for {players} players", start)
        return tuple(found)

    def header(self, name: str, version: str) -> str:
        """The words that a file begins with, and the title of the game, which is returned."""
        for expected in (name, version):
            token = self.take("word", f"the header '{name} {version} R'")
            if token.text != expected:
                start = f"'{name} {version} R'"
                what = f"the file must start with {start}; here stands '{token.text[:40]}'"
                raise self.fail(what, token)
        token = self.take("word", "R or D")
        if token.text not in ("R", "D"):
            raise self.fail(f"after '{name} {version}' comes R or D", token)
        return self.label("the title of the game")

    def comment(self) -> str:
        """The comment that may follow; empty where none does."""
        return self.label("a comment") if self.token.kind == "text" else ""


def distinct(names: Sequence[str], fallback: Callable[[int], str]) -> tuple[str, ...]:
    """The names where they are there and differ; else each doubtful one with its fallback."""
    counts = Counter(names)
    chosen: dict[str, None] = {}
    for number, name in enumerate(names):
        new = name
        if not name or counts[name] > 1:
            new = f"{name} ({fallback(number)})" if name else fallback(number)
        while new in chosen:
            new += "'"
        chosen[new] = None
    return tuple(chosen)


def plain_number(number: float) -> str:
    """A number in decimals without an exponent; read again it is the same."""
    text = f"{Decimal(repr(float(number))):f}"
    return text.removesuffix(".0")


def quoted(text: str) -> str:
    """A label in quotation marks.

    A backslash is doubled only where it would otherwise be taken for an escape: Gambit keeps
    all others as they are.
    """
    escaped = re.sub(r'\\(?=["\\]|\Z)', r"\\\\", text)
    return '"' + escaped.replace('"', '\\"') + '"'
