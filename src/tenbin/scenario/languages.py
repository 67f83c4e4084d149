"""Whether every text speaks all the languages that the scenario's title speaks."""

from __future__ import annotations

from collections.abc import Iterator

from tenbin.scenario.objects import Scenario
from tenbin.scenario.sheet import Sheet
from tenbin.scenario.source import Node
from tenbin.scenario.texts import is_language

__all__ = ["check_languages"]

TEXT_KEYS = ("title", "summary", "text", "says", "reading", "stated", "sentence")
"""Keys whose value is a text, wherever they stand."""
TYPE_TITLES = "type_titles"
"""A key that holds texts by player and type."""


def check_languages(sheet: Sheet, scenario: Scenario) -> None:
    """Warn of each text that lacks a language of the title; readers then see another one."""
    expected = set(scenario.languages)
    for node in _texts(sheet.root):
        spoken = set(node.value) if isinstance(node.value, dict) else {"en"}
        missing = sorted(expected - spoken)
        if missing:
            sheet.warn(node.place, "this text lacks " + ", ".join(missing))


def _texts(root: Node) -> Iterator[Node]:
    for section in ("players", "measures"):
        for _, node in (root.get(section) or Node(None)).items():
            if _is_text(node):
                yield node
    yield from _below(root)


def _below(node: Node) -> Iterator[Node]:
    if isinstance(node.value, list):
        for item in node.value:
            yield from _below(item)
    for key, item in node.items():
        if key in TEXT_KEYS and _is_text(item):
            yield item
        elif key == TYPE_TITLES:
            yield from (title for _, table in item.items() for _, title in table.items())
        else:
            yield from _below(item)


def _is_text(node: Node) -> bool:
    if isinstance(node.value, dict):
        return bool(node.value) and all(
            is_language(key) and isinstance(words.value, str) for key, words in node.items()
        )
    return isinstance(node.value, str)
