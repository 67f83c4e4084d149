"""Whatever docstrings and pages cite as [key] is in the bibliography, and all of that is cited."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BIBLIOGRAPHY = ROOT / "docs" / "references.bib"
CITATION = re.compile(r"\[([a-z]+\d{4}[a-z]*)\]")
ENTRY = re.compile(r"^@(\w+)\{(\w+),$(.*?)^\}$", re.MULTILINE | re.DOTALL)
PLACES = {"article": {"journal", "volume", "pages"}, "book": {"publisher"}}
"""Where a kind of entry was published."""
FIELD = re.compile(r"^  (\w+)\s+= \{(.+)\},$", re.MULTILINE)


def citations() -> Iterator[tuple[str, str]]:
    """Every key cited, with the file that cites it."""
    for folder, ending in (("src", "py"), ("src", "yaml"), ("docs", "md")):
        for path in sorted((ROOT / folder).rglob(f"*.{ending}")):
            for key in CITATION.findall(path.read_text("utf-8")):
                yield key, str(path.relative_to(ROOT))


def entries() -> dict[str, dict[str, str]]:
    found = ENTRY.findall(BIBLIOGRAPHY.read_text("utf-8"))
    return {key: {"kind": kind, **dict(FIELD.findall(body))} for kind, key, body in found}


def test_every_key_that_is_cited_is_in_the_bibliography() -> None:
    known = entries()

    assert [(key, where) for key, where in citations() if key not in known] == []


def test_every_entry_is_cited() -> None:
    cited = {key for key, _ in citations()}

    assert sorted(entries()) == sorted(cited)


@pytest.mark.parametrize("key", entries())
def test_entry_says_who_what_where_and_when(key: str) -> None:
    entry = entries()[key]
    wanted = {"author", "title", "year"}
    wanted |= PLACES.get(entry["kind"], {"url"})

    assert wanted <= entry.keys()
    assert entry["year"] in key
