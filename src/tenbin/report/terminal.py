"""The verdicts as a table for a terminal, from 80 columns up; readable without colour."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from tenbin.figures.colours import SYMBOLS
from tenbin.figures.lettering import cells, shorten
from tenbin.figures.words import Words
from tenbin.report.naming import claim_title, policy_title
from tenbin.report.policies import compares_policies
from tenbin.report.sections.claims import advice
from tenbin.report.shares import counted_share, has_shares, interval_text, policy_rows
from tenbin.report.tables import models_table, policies_table
from tenbin.report.words import badge, report_words, share_text
from tenbin.scenario.objects import Scenario

__all__ = ["verdict_table"]

Plain = Mapping[str, Any]

STYLES = {
    "holds": "bold green",
    "supported": "bold green",
    "mostly holds": "green",
    "depends": "default",
    "partly": "default",
    "mostly fails": "yellow",
    "fails": "bold red",
    "contradicted": "bold red",
}
LEAST_TITLE = 22
PADDING = 2
SHARE = 18
"""Columns of a share with its interval."""


def verdict_table(
    scenario: Scenario,
    verdicts: Plain,
    language: str = "en",
    width: int = 100,
    counts: Plain | None = None,
) -> RenderableType:
    """Claims with their words and shares, what these mean, policies, and how the games were solved.

    `counts` are those of the manifest, by model; they fill columns where there is room.

    Policies stand side by side where that leaves room for the claims' titles in `width` columns,
    else below one another.
    """
    words = report_words(language)
    claims: Mapping[str, Plain] = verdicts["claims"]
    columns = _policy_columns(scenario, claims)
    wide = width >= 64 + LEAST_TITLE + 16 * len(columns)
    cell = 15 if wide else 8
    word = max((cells(badge(e["word"], words)) for e in claims.values()), default=8)
    name = max(map(len, claims), default=2)
    room = width - name - word - (cell + PADDING) * len(columns) - 3 * PADDING - 2
    stacked = room < LEAST_TITLE and len(columns) > 1
    if stacked:
        table = _stacked(scenario, claims, words, width - name - word - SHARE - 5 * PADDING)
    else:
        table = _beside(scenario, claims, columns, words, room, wide)
    table.title = words("terminal.title", title=scenario.title.in_language(language))
    table.title_justify, table.title_style = "left", "bold"
    notes = [Text(note, style="dim") for note in _notes(verdicts, words)]
    parts: list[RenderableType] = [table, *notes, Text("")]
    if compares_policies(verdicts.get("policies")):
        parts += [policies_table(scenario, verdicts["policies"], language, width), Text("")]
    return Group(*parts, models_table(scenario, verdicts, counts or {}, language, width))


def _policy_columns(scenario: Scenario, claims: Mapping[str, Plain]) -> list[str]:
    used = {policy for e in claims.values() if has_shares(e) for policy in policy_rows(e)}
    first = ["all"] if used & {"all", "any"} else []
    return first + [policy for policy in scenario.policies if policy in used]


def _table(scenario: Scenario, words: Words) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, padding=(0, PADDING, 0, 0))
    widest = max((len(name) for name in scenario.claims), default=2)
    table.add_column("", no_wrap=True, style="bold", min_width=widest)
    table.add_column(words("column.claim"), no_wrap=True)
    table.add_column(words("column.verdict"), no_wrap=True)
    return table


def _beside(
    scenario: Scenario,
    claims: Mapping[str, Plain],
    columns: list[str],
    words: Words,
    room: int,
    wide: bool,
) -> Table:
    table = _table(scenario, words)
    for policy in columns:
        title = words("terminal.all") if policy == "all" else policy_title(scenario, policy, words)
        table.add_column(title, overflow="fold", max_width=15 if wide else 8)
    for identifier, entry in claims.items():
        title = shorten(claim_title(scenario.claims[identifier], words), max(room, 8))
        shares = [_share(entry, policy, wide) for policy in columns]
        table.add_row(identifier, title, _badge(entry["word"], words), *shares)
    return table


def _stacked(scenario: Scenario, claims: Mapping[str, Plain], words: Words, room: int) -> Table:
    table = _table(scenario, words)
    table.add_column(words("terminal.all"), no_wrap=True, min_width=SHARE)
    for identifier, entry in claims.items():
        title = shorten(claim_title(scenario.claims[identifier], words), max(room, 8))
        rows = policy_rows(entry) if has_shares(entry) else {}
        single = len(rows) == 1
        first = _share(entry, next(iter(rows)), True) if single else Text("")
        table.add_row(identifier, title, _badge(entry["word"], words), first)
        for policy, row in {} if single else rows.items():
            label = shorten("  " + policy_title(scenario, policy, words), max(room, 8))
            word = _badge(row.get("word", entry["word"]), words)
            table.add_row("", Text(label, style="dim"), word, _share(entry, policy, True))
    return table


def _badge(word: str, words: Words) -> Text:
    return Text(badge(word, words), style=STYLES.get(word, "dim"))


def _share(entry: Plain, policy: str, wide: bool) -> Text:
    """Symbol, counted share, and where there is room its interval."""
    rows = policy_rows(entry) if has_shares(entry) else {}
    row = rows.get(policy) or (rows.get("any") if policy == "all" else None)
    if row is None:
        return Text("")
    word = row.get("word", entry["word"])
    text = Text(f"{SYMBOLS[word]} ", style=STYLES.get(word, "dim"))
    text.append(share_text(counted_share(row, entry["quantifier"])), style="default")
    text.append("ᶜ" if entry["reading"] == "chance" else "", style="default")
    if wide:
        text.append(f" ({interval_text(row['interval']).rstrip('%')})", style="dim")
    return text


def _notes(verdicts: Plain, words: Words) -> list[str]:
    claims: Mapping[str, Plain] = verdicts["claims"]
    judged = {name: entry for name, entry in claims.items() if has_shares(entry)}
    notes = [words("terminal.worlds", worlds=f"{verdicts['worlds']:,}", seed=verdicts["seed"])]
    if judged:
        notes[0] += " " + words(_meaning(judged)) + " " + words("terminal.interval")
    fewer = sum(entry["worlds"] < verdicts["worlds"] for entry in judged.values())
    if fewer:
        notes.append(words.count("terminal.fewer", fewer))
    notes += _unsolved(judged, words)
    return notes


def _unsolved(judged: Mapping[str, Plain], words: Words) -> list[str]:
    """One note per reason why claims are unsolved somewhere, with the claims it concerns."""
    claims: dict[str, list[str]] = {}
    shares: dict[str, float] = {}
    for name, entry in judged.items():
        for row in entry["policies"].values():
            for reason in row.get("reasons", {}):
                claims.setdefault(reason, [])
                claims[reason] += [name] if name not in claims[reason] else []
                shares[reason] = max(shares.get(reason, 0.0), float(row["unsolved"]))
    return [
        words("terminal.unsolved", claim=", ".join(named), share=share_text(shares[reason]))
        + " "
        + advice(reason, words)
        for reason, named in claims.items()
    ]


def _meaning(judged: Mapping[str, Plain]) -> str:
    """The sentence that says what shares mean here: coverage, chances, or some of each."""
    readings = {entry["reading"] for entry in judged.values()}
    if "chance" not in readings:
        return "terminal.only_coverage"
    return "terminal.only_chance" if readings == {"chance"} else "terminal.coverage"
