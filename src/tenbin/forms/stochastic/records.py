"""What was observed: the calendar and the record of a stochastic game, read and checked."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from math import isfinite

from tenbin.errors import Problem
from tenbin.forms.stochastic.rules import Calendar, Record, Spell
from tenbin.forms.stochastic.spec import CalendarSpec, RecordSpec, read_date
from tenbin.scenario.objects import ModelEntry, Scenario

__all__ = ["observed_shares", "read_calendar", "read_record", "year_of"]


def year_of(day: date) -> float:
    """A date as a year with its fraction."""
    begin, end = date(day.year, 1, 1), date(day.year, 12, 31)
    return day.year + (day - begin).days / ((end - begin).days + 1)


def observed_shares(record: Record) -> dict[str, float]:
    """The share of the recorded time that was spent in each state."""
    ends = [spell.since for spell in record.spells[1:]] + [record.until]
    days: dict[str, float] = {}
    for spell, end in zip(record.spells, ends, strict=True):
        days[spell.state] = days.get(spell.state, 0.0) + (end - spell.since).days
    total = sum(days.values())
    return {state: length / total for state, length in days.items()}


def read_calendar(
    spec: CalendarSpec | None, entry: ModelEntry, problems: list[Problem]
) -> Calendar | None:
    """Which year period 0 is; None without a calendar."""
    if spec is None:
        return None
    if not isfinite(spec.first):
        problems.append(Problem(entry.place_of("calendar", "first"), "the first year is no number"))
        return None
    return Calendar(float(spec.first), float(spec.step))


def read_record(
    spec: RecordSpec | None,
    entry: ModelEntry,
    scenario: Scenario,
    states: Collection[str],
    events: Collection[str],
    calendar: Calendar | None,
    problems: list[Problem],
) -> Record | None:
    """What was observed; every fault at its place."""
    if spec is None:
        return None
    if calendar is None:
        advice = "Give the model a `calendar`: {first: 1992, step: 1}."
        place = entry.key_place_of("record")
        problems.append(Problem(place, "a record needs a calendar to be compared", advice=advice))
    until, before = read_date(spec.until), date.min
    for number, spell in enumerate(spec.spells):
        path, day = ("record", "spells", number), read_date(spell.since)
        if spell.state not in states:
            place, name = entry.place_of(*path, "state"), spell.state
            problems.append(Problem(place, f"unknown state '{name}'", name, tuple(states)))
        if spell.fact is not None and spell.fact not in scenario.facts:
            place, name = entry.place_of(*path, "fact"), spell.fact
            problems.append(Problem(place, f"unknown fact '{name}'", name, tuple(scenario.facts)))
        if not before < day < until:
            what = "spells stand in the order of their dates, before `until`"
            problems.append(Problem(entry.place_of(*path, "from"), what, spell.since))
        before = day
    for name in spec.reached:
        if name not in events and name not in states:
            place, allowed = entry.key_place_of("record", "reached", name), (*events, *states)
            problems.append(Problem(place, f"unknown event or state '{name}'", name, allowed))
    spells = tuple(Spell(read_date(s.since), s.state, s.fact or "") for s in spec.spells)
    reached = tuple((name, read_date(day)) for name, day in spec.reached.items())
    return Record(until, spells, reached)
