"""The words of the expression language, and where a character of an expression stands."""

from __future__ import annotations

import ast
import keyword
import re
import unicodedata

from tenbin.errors import Place

__all__ = [
    "CLAIM_FUNCTIONS",
    "CRITERIA",
    "KEYWORDS",
    "MAX_DEPTH",
    "MAX_LENGTH",
    "MAX_POWER",
    "NUMBER_FUNCTIONS",
    "OPTION_KEYWORDS",
    "OUTCOME_FUNCTIONS",
    "RESERVED",
    "Refused",
    "is_bare_name",
    "name_fault",
    "place_in",
    "place_of_node",
]

MAX_LENGTH = 2_000
"""Characters of one expression."""
MAX_DEPTH = 50
"""Levels of one expression's tree."""
MAX_POWER = 100
"""Largest exponent, in absolute value."""

NUMBER_FUNCTIONS = {
    "min": (2, 50),
    "max": (2, 50),
    "abs": (1, 1),
    "exp": (1, 1),
    "log": (1, 1),
    "sqrt": (1, 1),
    "where": (3, 3),
}
"""Functions of numbers, with the fewest and most arguments."""
OUTCOME_FUNCTIONS = (
    "P",
    "E",
    "B",
    "share",
    "time_to",
    "survival",
    "agreement",
    "stable",
    "reached",
    "adopts",
    "tipping",
)
"""Functions of solved models; a room may answer further ones."""
CLAIM_FUNCTIONS = ("rises", "falls", "iff", "fact", "best", "dominated")
"""Functions that only a claim may use."""
KEYWORDS = frozenset({"any", "rest", "else", "policy", "given", "inf", "nan"})
"""Words of the language that nothing may be called."""
RESERVED = KEYWORDS.union(NUMBER_FUNCTIONS, OUTCOME_FUNCTIONS, CLAIM_FUNCTIONS, {"mix"})
"""Words that no number may be called."""
OPTION_KEYWORDS = {
    "time_to": ("start",),
    "survival": ("start", "at"),
    "share": ("start",),
    "P": ("start", "at"),
    "E": ("start", "at"),
}
"""Keywords that belong to an outcome function and replace no number."""
CRITERIA = ("regret", "mean", "satisfice")
"""How `best` and `dominated` may compare policies."""

_BARE_NAME = re.compile(r"[^\W\d]\w*")


class Refused(Exception):  # noqa: N818  never leaves the parser of expressions
    """A node of an expression that the allow-list does not hold."""

    def __init__(
        self,
        node: ast.AST,
        what: str,
        advice: str = "",
        given: str = "",
        allowed: tuple[str, ...] = (),
    ) -> None:
        super().__init__(what)
        self.node, self.what, self.advice = node, what, advice
        self.given, self.allowed = given, allowed


def is_bare_name(text: str) -> bool:
    """Whether a text consists of one word alone."""
    return _BARE_NAME.fullmatch(text) is not None


def name_fault(name: str, *, number: bool = True) -> str | None:
    """What is wrong with a name that an analyst gives; None where nothing is.

    Only a number may not be called like a function: a player `B` or an end `share` is always
    written behind the name of its model.
    """
    if not is_bare_name(name) or unicodedata.normalize("NFKC", name) != name:
        return "a name consists of letters, digits and underscores and begins with a letter"
    if name.startswith("_"):
        return "a name begins with a letter"
    if keyword.iskeyword(name):
        return "it is a word of the expression language"
    if name in (RESERVED if number else KEYWORDS):
        return "it is the name of a function or a word of the expression language"
    return None


def place_in(place: Place, text: str, offset: int) -> Place:
    """The place of character `offset` of an expression written at `place`, where it can be told."""
    if not place.file:
        return place
    start = place.column - 1
    for skipped in (0, 1):
        here = place.source[start + skipped :].rstrip()
        first_line = text.startswith(here) and offset < len(here)
        if first_line or place.source.startswith(text, start + skipped):
            column = place.column + skipped + offset
            return Place(place.file, place.line, column, place.source)
    return place


def place_of_node(node: ast.AST, place: Place, text: str) -> Place:
    """The place of a node of the tree of `text`, an expression written at `place`."""
    return place_in(place, text, _characters(text, node)) if text else place


def _characters(text: str, node: ast.AST) -> int:
    offset = int(getattr(node, "col_offset", 0))
    if getattr(node, "end_lineno", None) == -1 or text.isascii():
        return min(offset, len(text))
    return len(text.encode()[:offset].decode(errors="ignore"))
