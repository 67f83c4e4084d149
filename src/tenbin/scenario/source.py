"""YAML 1.2 -> nodes that know their line and column; every fault is a located problem.

The reader builds straight from the parser's events, which carry places and build nothing: no tag
is ever constructed, no alias expanded. Size, depth and number of nodes are bounded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from tenbin.errors import Place, Problem

__all__ = [
    "MAX_BYTES",
    "MAX_DEPTH",
    "MAX_NODES",
    "Node",
    "Scalar",
    "Source",
    "decode",
    "lines_of",
    "node_of",
    "read_yaml",
]

MAX_BYTES = 2_000_000
"""Size of one file."""
MAX_DEPTH = 40
"""Mappings and lists inside one another."""
MAX_NODES = 150_000
"""Keys and values of one file."""

Scalar = str | int | float | bool | None
"""What a value may be that is neither a mapping nor a list."""

_LINE_END = re.compile(r"\r\n|\r|\n")
_INTEGER = re.compile(r"[-+]?[0-9]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_SURROGATE = re.compile("[\ud800-\udfff]")
_OTHER_BASE = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_WORDS: dict[str, Scalar] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), float("inf")),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), float("-inf")),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), float("nan")),
}


@dataclass(frozen=True, slots=True)
class Source:
    """A file as text, for the lines that problems show."""

    name: str
    lines: tuple[str, ...] = field(repr=False)

    def place(self, line: int, column: int) -> Place:
        """The place of a character, both counted from one."""
        if not line:
            return Place("", 0, 0, self.name)
        text = self.lines[line - 1] if 0 < line <= len(self.lines) else ""
        return Place(self.name, line, column, text)


_IN_PYTHON = Source("", ())


@dataclass(slots=True, eq=False)
class Node:
    """A value of the file with its place; `keys` holds where each key of a mapping stands.

    `value` is a scalar, a mapping of nodes or a list of nodes. Keys are kept as they are written.
    """

    value: Scalar | dict[str, Node] | list[Node]
    source: Source = _IN_PYTHON
    line: int = 0
    column: int = 0
    keys: dict[str, tuple[Source, int, int]] = field(default_factory=dict)

    @property
    def place(self) -> Place:
        return self.source.place(self.line, self.column)

    def plain(self) -> Any:
        """The value as plain data."""
        if isinstance(self.value, dict):
            return {key: node.plain() for key, node in self.value.items()}
        if isinstance(self.value, list):
            return [node.plain() for node in self.value]
        return self.value

    def get(self, key: str) -> Node | None:
        """The value of a key, None where this is no mapping or has no such key."""
        return self.value.get(key) if isinstance(self.value, dict) else None

    def items(self) -> Iterator[tuple[str, Node]]:
        """Keys and values of a mapping, nothing for other values."""
        if isinstance(self.value, dict):
            yield from self.value.items()

    def below(self, step: str | int) -> Node | None:
        """The value one step down, None where there is none."""
        if isinstance(self.value, dict):
            return self.value.get(str(step))
        if isinstance(self.value, list) and isinstance(step, int) and 0 <= step < len(self.value):
            return self.value[step]
        return None

    def place_at(self, path: Sequence[str | int]) -> Place:
        """The place of the value at a path, of its nearest parent where there is none."""
        node = self
        for step in path:
            found = node.below(step)
            if found is None:
                break
            node = found
        return node.place

    def key_place_at(self, path: Sequence[str | int]) -> Place:
        """The place of the key that the path ends with, else of the nearest parent."""
        parent = self
        for step in path[:-1]:
            found = parent.below(step)
            if found is None:
                return parent.place
            parent = found
        return parent.key_place(str(path[-1])) if path else self.place

    def key_place(self, key: str) -> Place:
        """The place of a key of this mapping, of the mapping where it has no such key."""
        if key not in self.keys:
            return self.place
        source, line, column = self.keys[key]
        return source.place(line, column)


def node_of(data: Any, path: str = "") -> Node:
    """Plain data as nodes, whose place is their path in the data; keys become texts.

    Raises
    ------
    TypeError
        If the data hold anything but mappings, lists, texts, numbers, truth values and None.
    """
    here = Source(path, ())
    if isinstance(data, Mapping):
        node = Node({}, here)
        assert isinstance(node.value, dict)
        for key, value in data.items():
            name = _key_text(key)
            below = f"{path}.{name}" if path else name
            node.value[name] = node_of(value, below)
            node.keys[name] = (Source(below, ()), 0, 0)
        return node
    if isinstance(data, (list, tuple)):
        return Node([node_of(value, f"{path}[{n}]") for n, value in enumerate(data)], here)
    if isinstance(data, np.generic):
        data = data.item()
    if data is None or isinstance(data, (str, int, float, bool)):
        return Node(data, here)
    raise TypeError(f"a scenario cannot hold a value of type {type(data).__name__}")


def _key_text(key: Any) -> str:
    if isinstance(key, bool) or not isinstance(key, (str, int, float)):
        raise TypeError(f"a key of a scenario is a text or a number, not {key!r}")
    return str(key)


def read_yaml(content: bytes, name: str) -> tuple[Node | None, list[Problem]]:
    """The content of a file as nodes, or everything found wrong with it.

    Parameters
    ----------
    content
        The bytes of the file; UTF-8, at most `MAX_BYTES`.
    name
        How the file is called in problems.
    """
    if len(content) > MAX_BYTES:
        return None, [too_large(name, len(content))]
    text, problems = decode(content, name)
    if text is None:
        return None, problems
    source = Source(name, lines_of(text))
    reading = _Reading(source)
    try:
        for event in YAML(typ="safe", pure=True).parse(text):
            reading.take(event)
    except _Stopped:
        pass
    except MarkedYAMLError as error:
        reading.problems.extend(_syntax_problems(error, source))
    except YAMLError as error:
        reading.problems.append(_reader_problem(error, source, text))
    except (ValueError, ArithmeticError, LookupError, AttributeError, TypeError, AssertionError):
        # Faults of the YAML parser itself on odd input: still the file's author who must act.
        what = "this is not YAML; the parser gave up somewhere after this"
        reading.problems.append(Problem(source.place(*reading.last), what))
    if reading.problems:
        return None, reading.problems
    if reading.root is None or reading.root.value is None:
        what = "the file is empty"
        advice = "`tenbin new` writes a commented template to start from."
        return None, [Problem(source.place(1, 1), what, advice=advice)]
    return reading.root, []


def too_large(name: str, size: int) -> Problem:
    """The problem of a file beyond `MAX_BYTES`."""
    what = f"the file has {size:,} bytes; at most {MAX_BYTES:,} are allowed"
    advice = "Split it with `include:`; data do not belong into a scenario."
    return Problem(Place(name, 1, 1), what, given=str(size), advice=advice)


def lines_of(text: str) -> tuple[str, ...]:
    """The lines of a text, whatever ends them."""
    return tuple(_LINE_END.split(text))


def decode(content: bytes, name: str) -> tuple[str | None, list[Problem]]:
    """The text of a file in UTF-8, None with a problem where it is none."""
    try:
        return content.removeprefix(b"\xef\xbb\xbf").decode("utf-8"), []
    except UnicodeDecodeError as error:
        before = content[: error.start]
        line = before.count(b"\n") + 1
        column = len(before[before.rfind(b"\n") + 1 :].decode("utf-8", "replace")) + 1
        shown = content.splitlines()[line - 1].decode("utf-8", "replace") if content else ""
        if content.startswith((b"\xff\xfe", b"\xfe\xff")):
            shown = ""
        byte = content[error.start]
        what = f"byte 0x{byte:02x} is not UTF-8"
        advice = "Save the file as UTF-8."
        return None, [Problem(Place(name, line, column, shown), what, f"0x{byte:02x}", (), advice)]


class _Stopped(Exception):  # noqa: N818  reading stops, the problem is already noted
    pass


@dataclass
class _Reading:
    """Events taken so far; `open` holds the mappings and lists not yet closed."""

    source: Source
    root: Node | None = None
    problems: list[Problem] = field(default_factory=list)
    open: list[Node] = field(default_factory=list)
    pending: list[tuple[str, tuple[int, int]] | None] = field(default_factory=list)
    nodes: int = 0
    documents: int = 0
    last: tuple[int, int] = (1, 1)
    """Line and column where the last event taken begins."""

    def take(self, event: Any) -> None:
        kind = type(event)
        self.last = (event.start_mark.line + 1, event.start_mark.column + 1)
        if kind is ScalarEvent:
            self._scalar(event)
        elif kind is MappingStartEvent or kind is SequenceStartEvent:
            self._start(event, {} if kind is MappingStartEvent else [])
        elif kind is MappingEndEvent or kind is SequenceEndEvent:
            self.open.pop()
            self.pending.pop()
        elif kind is AliasEvent:
            self._alias(event)
        elif kind is DocumentStartEvent:
            self._document(event)

    def _scalar(self, event: Any) -> None:
        mark = event.start_mark
        self._check_decoration(event)
        text = event.value
        if _SURROGATE.search(text):
            self._problem(mark, "half of a character (U+D800 to U+DFFF) may not stand in a text")
        parent = self.open[-1] if self.open else None
        if parent is not None and isinstance(parent.value, dict) and self.pending[-1] is None:
            self._key(parent, text, mark)
            return
        value = text if event.style else _resolve(text)
        line, column = mark.line + 1, mark.column + 1
        if not text and not event.style and self.pending and self.pending[-1]:
            line, column = self.pending[-1][1]  # nothing is written: show the key
        if event.style in ("|", ">"):
            line, column = self._first_line(line, column)
        self._add(Node(value, self.source, line, column))

    def _first_line(self, line: int, column: int) -> tuple[int, int]:
        """Where the words of a text over several lines begin, after its | or >."""
        below = self.source.lines[line] if line < len(self.source.lines) else ""
        words = below.lstrip()
        return (line + 1, len(below) - len(words) + 1) if words else (line, column)

    def _key(self, parent: Node, text: str, mark: Any) -> None:
        place = (mark.line + 1, mark.column + 1)
        if text in parent.keys:
            _, line, column = parent.keys[text]
            what = f"'{text}' stands here a second time"
            advice = f"The first is at line {line}, column {column}; merge them, or rename one."
            self._problem(mark, what, advice, given=text)
        else:
            parent.keys[text] = (self.source, *place)
        self.pending[-1] = (text, place)

    def _start(self, event: Any, value: dict[str, Node] | list[Node]) -> None:
        mark = event.start_mark
        self._check_decoration(event)
        parent = self.open[-1] if self.open else None
        if parent is not None and isinstance(parent.value, dict) and self.pending[-1] is None:
            self._problem(
                mark,
                "a key is a single word or text, not a mapping or a list",
                "In a text that begins with { or [, put quotes around it.",
            )
            raise _Stopped
        if len(self.open) >= MAX_DEPTH:
            self._problem(mark, f"mappings and lists are nested more than {MAX_DEPTH} levels deep")
            raise _Stopped
        node = Node(value, self.source, mark.line + 1, mark.column + 1)
        self._add(node)
        self.open.append(node)
        self.pending.append(None)

    def _add(self, node: Node) -> None:
        self.nodes += 1
        if self.nodes > MAX_NODES:
            self.problems.append(
                Problem(node.place, f"the file holds more than {MAX_NODES:,} values")
            )
            raise _Stopped
        if not self.open:
            self.root = node
            return
        value = self.open[-1].value
        if isinstance(value, list):
            value.append(node)
        elif isinstance(value, dict):
            pending = self.pending[-1]
            assert pending is not None
            value.setdefault(pending[0], node)
            self.pending[-1] = None

    def _alias(self, event: Any) -> None:
        self._problem(
            event.start_mark,
            f"aliases (*{event.anchor}) are not allowed",
            "Write the value out, or name a number under `constants`.",
        )
        raise _Stopped

    def _document(self, event: Any) -> None:
        self.documents += 1
        if self.documents > 1:
            self._problem(event.start_mark, "a second document begins here; a file holds one")
            raise _Stopped

    def _check_decoration(self, event: Any) -> None:
        if event.anchor is not None:
            self._problem(
                event.start_mark,
                f"anchors (&{event.anchor}) are not allowed",
                "Write the value out, or name a number under `constants`.",
            )
        if event.ctag is not None:
            self._problem(
                event.start_mark,
                f"tags ({event.tag}) are not allowed",
                "Put quotes around a text that begins with !.",
            )

    def _problem(self, mark: Any, what: str, advice: str = "", given: str = "") -> None:
        place = self.source.place(mark.line + 1, mark.column + 1)
        self.problems.append(Problem(place, what, given, (), advice))


def _resolve(text: str) -> Scalar:
    """The value of a plain scalar by the core schema of YAML 1.2."""
    first = text[:1]
    if first in "+-.0123456789" and first:
        if _INTEGER.fullmatch(text):
            return int(text) if len(text) <= 300 else float(text)
        if _FLOAT.fullmatch(text):
            return float(text)
        if _OTHER_BASE.fullmatch(text) and len(text) <= 300:
            return int(text, 0)
    return _WORDS.get(text, text)


def _syntax_problems(error: MarkedYAMLError, source: Source) -> list[Problem]:
    tabs = _tabs(source)
    if tabs:
        return tabs
    mark: Any = error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark is not None else (1, 1)
    while line > 1 and not any(map(str.strip, source.lines[line - 1 :])):
        line -= 1  # found at the end of the file: show its last words
        column = len(source.lines[line - 1]) + 1
    what = "this is not YAML: " + str(error.problem or error.context or "cannot be read")
    advice = ""
    context: Any = error.context_mark
    if context is not None and error.context and (context.line, context.column) != (line, column):
        advice = f"It was found {error.context}, begun at line {context.line + 1}. "
    advice += _yaml_advice(str(error.problem), source.place(line, column).source)
    return [Problem(source.place(line, column), what, advice=advice.strip())]


def _yaml_advice(problem: str, line: str) -> str:
    if "mapping values are not allowed" in problem or line.count(": ") > 1:
        return "Put quotes around a text that holds `: `."
    if "could not find expected ':'" in problem:
        return "A colon and a space must follow the key; a text over several lines begins with |."
    if "expected ',' or" in problem:
        return "Put quotes around an expression that holds a comma, a bracket or a brace."
    return ""


def _tabs(source: Source) -> list[Problem]:
    found: list[Problem] = []
    for number, line in enumerate(source.lines, start=1):
        margin = line[: len(line) - len(line.lstrip(" \t"))]
        if "\t" in margin and len(found) < 20:
            place = source.place(number, margin.index("\t") + 1)
            found.append(
                Problem(
                    place,
                    "a tab; lines are indented by spaces",
                    advice="Let the editor write spaces for tabs.",
                )
            )
    return found


def _reader_problem(error: YAMLError, source: Source, text: str) -> Problem:
    position = getattr(error, "position", None)
    if not isinstance(position, int):
        return Problem(source.place(1, 1), "this is not YAML: " + str(error).splitlines()[0])
    before = text[:position]
    line = before.count("\n") + 1
    column = position - (before.rfind("\n") + 1) + 1
    code = ord(text[position]) if position < len(text) else 0
    what = f"character U+{code:04X} may not stand in a file"
    return Problem(source.place(line, column), what, advice="Delete it.")
