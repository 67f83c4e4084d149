"""The fact table: a CSV of sourced figures, every fault with its line."""

from __future__ import annotations

import csv
import re
from dataclasses import replace
from math import isfinite

from tenbin.errors import Place, Problem
from tenbin.scenario.objects import Fact

__all__ = ["COLUMNS", "WORD_UNITS", "read_facts"]

COLUMNS = ("id", "quantity", "value", "low", "high", "unit", "date", "source", "verified")
MAX_FACTS = 20_000
"""Rows of one fact table."""
WORD_UNITS = ("text", "state", "date")
"""Units of facts that are words: their value is kept as `words`."""
_FIGURES = ("value", "low", "high")
_LINE_END = re.compile(r"\r\n|\r|\n")
_NUMBER = re.compile(r"[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def read_facts(content: bytes, name: str) -> tuple[dict[str, Fact], list[Problem]]:
    """Facts by id from the bytes of a table; lines that begin with # are comments.

    An empty figure stays open. `verified` is yes or no. A faulty row counts as known by its id, so
    that what points at it is not faulty too.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        what = f"byte 0x{content[error.start]:02x} is not UTF-8"
        return {}, [Problem(Place(name, line, 1), what, advice="Save the file as UTF-8.")]
    lines = _LINE_END.split(text)
    kept = [(number, line) for number, line in enumerate(lines, 1) if _is_row(line)]
    if not kept:
        what = "the fact table is empty"
        return {}, [Problem(Place(name, 1, 1), what, advice=f"Columns: {', '.join(COLUMNS)}.")]
    header, problems = _header(kept[0], name)
    facts: dict[str, Fact] = {}
    if problems:
        return facts, problems
    for number, line in kept[1 : MAX_FACTS + 1]:
        fact, found = _fact(header, Place(name, number, 1, line))
        problems += found
        if fact is not None and fact.id in facts:
            first = facts[fact.id].place.line
            what = f"fact '{fact.id}' stands here a second time"
            problems.append(
                Problem(fact.place, what, fact.id, (), f"The first is at line {first}.")
            )
        elif fact is not None and fact.id:
            facts[fact.id] = fact
    if len(kept) > MAX_FACTS + 1:
        place = Place(name, kept[MAX_FACTS + 1][0], 1)
        problems.append(Problem(place, f"more than {MAX_FACTS:,} facts"))
    return facts, problems


def _is_row(line: str) -> bool:
    return bool(line.strip()) and not line.lstrip().startswith("#")


def _cells(line: str) -> list[str] | None:
    try:
        return next(csv.reader([line], strict=True))
    except (csv.Error, StopIteration):
        return None


def _header(row: tuple[int, str], name: str) -> tuple[list[str], list[Problem]]:
    place = Place(name, row[0], 1, row[1])
    header = [cell.strip() for cell in _cells(row[1]) or []]
    problems = [
        Problem(place, f"column '{column}' is missing from the fact table")
        for column in COLUMNS
        if column not in header
    ]
    problems += [
        Problem(place, f"unknown column '{column}'", column, COLUMNS)
        for column in header
        if column not in COLUMNS
    ]
    if len(set(header)) < len(header):
        problems.append(Problem(place, "a column stands twice in the fact table"))
    return header, problems


def _fact(header: list[str], place: Place) -> tuple[Fact | None, list[Problem]]:
    cells = _cells(place.source)
    odd = _CONTROL.search(place.source)
    if odd is not None:
        where = replace(place, column=odd.start() + 1)
        what = f"character U+{ord(odd[0]):04X} may not stand in a file"
        return None, [Problem(where, what, advice="Delete it.")]
    if cells is None:
        advice = 'A cell in quotes ends with a quote, and a quote inside it is doubled: "".'
        return None, [Problem(place, "this row cannot be read", advice=advice)]
    if len(cells) != len(header):
        advice = "Put quotes around a cell that holds a comma."
        what = f"{len(cells)} cells, but the table has {len(header)} columns"
        return None, [Problem(place, what, advice=advice)]
    row = {column: cell.strip() for column, cell in zip(header, cells, strict=True)}
    problems: list[Problem] = []
    words = row["value"] if row["unit"] in WORD_UNITS else ""
    row["value"] = "" if words else row["value"]
    figures: dict[str, float | None] = {}
    for column in _FIGURES:
        figures[column], found = _figure(row[column], column, place)
        problems += found
    if not row["id"]:
        problems.append(Problem(place, "the id of the fact is missing"))
    if row["verified"] not in ("yes", "no"):
        what = f"'verified' of fact '{row['id']}' cannot be '{row['verified']}'"
        problems.append(Problem(place, what, row["verified"], ("yes", "no")))
    value, low, high = (figures[column] for column in _FIGURES)
    if low is not None and high is not None and low > high:
        problems.append(Problem(place, f"fact '{row['id']}': low {low} is above high {high}"))
    fact = Fact(
        row["id"],
        row["quantity"],
        value,
        low,
        high,
        row["unit"],
        row["date"],
        row["source"],
        words,
        row["verified"] == "yes",
        place,
    )
    return fact, problems


def _figure(cell: str, column: str, place: Place) -> tuple[float | None, list[Problem]]:
    if not cell:
        return None, []
    number = float(cell) if _NUMBER.fullmatch(cell) else float("nan")
    if isfinite(number):
        return number, []
    column_number = place.source.find(cell) + 1
    where = Place(place.file, place.line, max(column_number, 1), place.source)
    advice = "Leave the cell empty where no figure was found; words need the unit `text`."
    return None, [Problem(where, f"'{cell}' in column '{column}' is no number", cell, (), advice)]
