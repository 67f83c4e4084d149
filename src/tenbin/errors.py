"""Exceptions of tenbin: for callers' mistakes only.

A numerical failure is never an exception; it is a status per world
(`tenbin.forms.contract.Status`).

    TenbinError
    ├── ScenarioError    the file: carries every `Problem` found, each with its place
    ├── ShapeError       arrays that do not belong together
    ├── FormError        a game of a kind that the method asked for does not cover
    └── MissingExtraError  an optional dependency that is not installed
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from functools import lru_cache
from heapq import nlargest
from unicodedata import east_asian_width

__all__ = [
    "NOWHERE",
    "FormError",
    "MissingExtraError",
    "Place",
    "Problem",
    "ScenarioError",
    "ShapeError",
    "TenbinError",
    "in_file_order",
    "nearest",
]


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a file: lines and columns count from one; `source` is the line's text.

    What was built in Python has no file; `source` is then its path, such as `claims.C1.holds`.
    """

    file: str
    line: int
    column: int
    source: str = ""

    def __str__(self) -> str:
        if self.file:
            return f"{self.file}:{self.line}:{self.column}"
        return f"(built in Python) {self.source}".rstrip()


NOWHERE = Place("", 0, 0)


def nearest(given: str, allowed: Sequence[str]) -> str | None:
    """The allowed name most like the given one; None where nothing is near."""
    if len(allowed) > _MOST_COMPARED:
        pairs = _letter_pairs(given)
        allowed = nlargest(_MOST_COMPARED, allowed, lambda name: len(pairs & _letter_pairs(name)))
    found = get_close_matches(given, list(allowed), n=1, cutoff=0.6)
    return found[0] if found else None


_MOST_COMPARED = 40
"""Names compared letter by letter; of more, those that share the most pairs of letters."""


@lru_cache(maxsize=2**14)
def _letter_pairs(name: str) -> frozenset[str]:
    return frozenset(name[i : i + 2] for i in range(len(name)))


MOST_OFFERED = 24
"""How many allowed names a problem shows; the nearest is always shown."""
_MARGIN = 90
"""Characters of a long line shown on either side of a fault."""


def _excerpt(line: str, column: int) -> tuple[str, str]:
    """The part of a line around a character, and a caret under it, wide letters counted twice."""
    line = line.replace("\t", " ").rstrip()
    start, end = max(column - _MARGIN, 0), column + _MARGIN
    before = ("..." if start else "") + line[start:column]
    after = line[column:end] + ("..." if end < len(line) else "")
    width = sum(2 if east_asian_width(letter) in "WF" else 1 for letter in before)
    return before + after, " " * width + "^"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a scenario: where, what, what was given, what is allowed."""

    place: Place
    what: str
    given: str = ""
    allowed: tuple[str, ...] = field(default=())
    advice: str = ""
    warning: bool = False

    def __str__(self) -> str:
        kind = "warning: " if self.warning else ""
        lines = [f"{self.place}: {kind}{self.what}"]
        if self.place.file and self.place.source:
            shown, caret = _excerpt(self.place.source, self.place.column - 1)
            lines.append(f"{self.place.line:>5} | {shown}")
            lines.append(f"      | {caret}")
        if self.allowed:
            left = len(self.allowed) - MOST_OFFERED
            more = f" and {left} more" if left > 0 else ""
            lines.append("allowed: " + ", ".join(self.allowed[:MOST_OFFERED]) + more)
            guess = nearest(self.given, self.allowed) if self.given else None
            if guess and guess != self.given:
                lines[-1] += f". Did you mean '{guess}'?"
        if self.advice:
            lines.append(self.advice)
        return "\n".join(lines)


MAX_PROBLEMS = 500
"""Problems reported of one scenario; a file with more has one cause."""


def in_file_order(problems: Iterable[Problem]) -> list[Problem]:
    """Problems in the order of their files, each once.

    Of more than `MAX_PROBLEMS` warnings go before errors do; a last one counts those left out.
    """
    unique = sorted(dict.fromkeys(problems), key=_position)
    if len(unique) <= MAX_PROBLEMS:
        return unique
    first = sorted(unique, key=lambda problem: problem.warning)
    kept, left = sorted(first[:MAX_PROBLEMS], key=_position), first[MAX_PROBLEMS:]
    place = replace(kept[-1].place, source="")
    rest = f"and {len(left):,} further problems"
    return [*kept, Problem(place, rest, warning=all(problem.warning for problem in left))]


def _position(problem: Problem) -> tuple[str, int, int]:
    return problem.place.file, problem.place.line, problem.place.column


class TenbinError(Exception):
    """Any mistake of a caller that tenbin reports."""


class ScenarioError(TenbinError):
    """A scenario that cannot be used; `problems` holds everything found, in file order."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=_position))
        super().__init__("\n\n".join(str(problem) for problem in self.problems))


class ShapeError(TenbinError):
    """Arrays whose shapes do not belong together."""


class FormError(TenbinError):
    """A game outside what the method asked for covers; the text says which method does."""


class MissingExtraError(TenbinError):
    """An optional dependency is not installed; the text names the extra."""
