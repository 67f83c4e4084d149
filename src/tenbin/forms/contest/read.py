"""Scenario text of a contest -> `Rules`: names resolved, expressions parsed, all faults at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenbin.errors import Problem
from tenbin.forms.contest.spec import EVERY, ContestSpec, ValueSpec
from tenbin.forms.contest.tables import ValueKind
from tenbin.forms.numbers import NumberTable
from tenbin.forms.reading import read_body, unknown
from tenbin.scenario.objects import ModelEntry, Scenario

__all__ = ["CONCEPTS", "RESERVED", "Rules", "read_rules"]

CONCEPTS = ("tullock", "attrition", "richardson", "alliance")
RESERVED = ("total", "rest", "length", "contest")
"""Names of outcomes that no player of a contest may have."""
KEYS = {
    "tullock": ("values", "costs", "decisiveness"),
    "attrition": ("values", "costs"),
    "richardson": ("react", "fatigue", "grievance", "start", "negative"),
    "alliance": ("weights", "taste"),
}
"""Which keys belong to which concept, beside `players`."""
MOST_FLOORED = 8
"""Players up to which every rest point above zero is looked for."""

Indices = NDArray[np.int64]


@dataclass(frozen=True)
class Rules:
    """Who contends and which number is what: indices into the table, by name.

    `by_player` holds index arrays [P] (`react` [P, P]), `single` single indices.
    """

    concept: str
    players: tuple[str, ...]
    by_player: dict[str, Indices]
    single: dict[str, int]
    kind: ValueKind = ValueKind.KNOWN
    negative: bool = True


def read_rules(
    scenario: Scenario, entry: ModelEntry, table: NumberTable
) -> tuple[Rules | None, list[Problem]]:
    """The rules of one model; numbers go into the table."""
    spec, problems = read_body(entry, ContestSpec)
    if spec is None:
        return None, problems
    concept = entry.concept or CONCEPTS[0]
    if concept not in CONCEPTS:
        what = f"unknown concept '{concept}' of a contest"
        return None, [Problem(entry.place_of("concept"), what, concept, CONCEPTS)]
    reader = _Reader(scenario, entry, spec, table, concept)
    return reader.read(), reader.problems


class _Reader:
    """Reads one model; `problems` grows, and what is faulty gets a harmless stand-in."""

    def __init__(
        self,
        scenario: Scenario,
        entry: ModelEntry,
        spec: ContestSpec,
        table: NumberTable,
        concept: str,
    ) -> None:
        self.scenario, self.entry, self.spec, self.table = scenario, entry, spec, table
        self.concept = concept
        self.problems: list[Problem] = []

    def read(self) -> Rules | None:
        for key in sorted({key for keys in KEYS.values() for key in keys}):
            if key not in KEYS[self.concept] and self.entry.body.get(key) is not None:
                what = f"`{key}` does not belong to the concept `{self.concept}`"
                place, allowed = self.entry.key_place_of(key), ("players", *KEYS[self.concept])
                self.problems.append(Problem(place, what, key, allowed))
        self.players = self._players()
        if len(self.players) < 2:
            self.problem((), "a contest needs at least two players")
            return None
        match self.concept:
            case "tullock":
                return self._tullock()
            case "attrition":
                return self._attrition()
            case "richardson":
                return self._richardson()
            case _:
                return self._alliance()

    def problem(self, path: Sequence[str | int], what: str, **parts: Any) -> None:
        self.problems.append(Problem(self.entry.place_of(*path), what, **parts))

    def number(self, given: Any, *path: str | int, **bounds: Any) -> int:
        return self.table.add(given, self.entry.place_of(*path), **bounds)

    def _players(self) -> tuple[str, ...]:
        """As listed, else whoever is named anywhere, in the scenario's order."""
        spec, known = self.spec, tuple(self.scenario.players)
        for number, name in enumerate(spec.players):
            if name not in known:
                place = self.entry.place_of("players", number)
                self.problems.append(unknown(place, "player", name, known))
        if spec.players:
            players = tuple(name for name in dict.fromkeys(spec.players) if name in known)
        else:
            named = {name for key in KEYS[self.concept] for name in self._names_in(key)}
            players = tuple(name for name in known if name in named)
        for name in players:
            if name in RESERVED:
                self.problem((), f"no player of a contest can be called '{name}'", given=name)
        return players

    def _names_in(self, key: str) -> set[str]:
        given = getattr(self.spec, key)
        if not isinstance(given, Mapping):
            return set()
        inner = {name for row in given.values() if isinstance(row, Mapping) for name in row}
        return ({*given} | inner) - {EVERY}

    def _by_player(self, key: str, default: float | None = None, **bounds: Any) -> Indices:
        """Indices [P] of one number per player; one value stands for everybody."""
        given: Mapping[str, Any] = getattr(self.spec, key)
        found = np.zeros(len(self.players), dtype=np.int64)
        for name in given:
            if name != EVERY and name not in self.players:
                place = self.entry.key_place_of(key, name)
                self.problems.append(unknown(place, "player", name, self.players))
        missing: list[str] = []
        for at, name in enumerate(self.players):
            if EVERY in given:
                found[at] = self.number(_plain(given[EVERY]), key, **bounds)
            elif name in given:
                found[at] = self.number(_plain(given[name]), key, name, **bounds)
            elif default is not None:
                found[at] = self.number(default)
            else:
                missing.append(name)
        if missing:
            self.problem((key,), f"`{key}` gives no number for {', '.join(missing)}")
        return found

    def _tullock(self) -> Rules:
        for name, row in self.spec.values.items():
            if row.known is None:
                path = ("values", name) if name != EVERY else ("values",)
                what = "private values belong to the concept `attrition`"
                self.problem(path, what)
                return Rules(self.concept, self.players, {}, {})
        r = 1 if self.spec.decisiveness is None else self.spec.decisiveness
        return Rules(
            self.concept,
            self.players,
            {
                "value": self._by_player("values", low=0.0, open_low=True),
                "cost": self._by_player("costs", 1.0, low=0.0, open_low=True),
            },
            {"decisiveness": self.number(r, "decisiveness", low=0.0, open_low=True)},
        )

    def _attrition(self) -> Rules:
        if len(self.players) != 2:
            self.problem((), f"a war of attrition has two players, not {len(self.players)}")
        cost = self._by_player("costs", 1.0, low=0.0, open_low=True)
        private = [row for row in self.spec.values.values() if row.known is None]
        if not private:
            value = self._by_player("values", low=0.0, open_low=True)
            return Rules(self.concept, self.players, {"value": value, "cost": cost}, {})
        advice = "Write values: {uniform: [0, 1]} for both, and one number as `costs`."
        if EVERY not in self.spec.values:
            what = "private values are drawn by both players from one distribution"
            self.problem(("values",), what, advice=advice)
        if self.spec.costs and EVERY not in self.spec.costs:
            what = "with private values both players have the same cost"
            self.problem(("costs",), what, advice=advice)
        drawn = private[0]
        if drawn.uniform is not None:
            kind, (a, b) = ValueKind.UNIFORM, drawn.uniform
            low = self.number(a, "values", "uniform", 0, low=0.0)
            high = self.number(b, "values", "uniform", 1, low=0.0, open_low=True)
        else:
            assert drawn.normal is not None
            kind, (a, b) = ValueKind.NORMAL, drawn.normal
            low = self.number(a, "values", "normal", 0)
            high = self.number(b, "values", "normal", 1, low=0.0, open_low=True)
        return Rules(self.concept, self.players, {"cost": cost}, {"low": low, "high": high}, kind)

    def _richardson(self) -> Rules:
        count = len(self.players)
        zero = self.number(0)
        react = np.full((count, count), zero)
        for name, row in self.spec.react.items():
            for other, given in row.items():
                for player in (name, other):
                    if player not in self.players:
                        place = self.entry.key_place_of("react", name)
                        self.problems.append(unknown(place, "player", player, self.players))
                if name == other:
                    what = f"'{name}' does not react to itself: that is its `fatigue`"
                    self.problem(("react", name, other), what)
                if name in self.players and other in self.players:
                    at = (self.players.index(name), self.players.index(other))
                    react[at] = self.number(given, "react", name, other)
        negative = True if self.spec.negative is None else self.spec.negative
        if not negative and count > MOST_FLOORED:
            what = f"with `negative: false` at most {MOST_FLOORED} players, not {count}"
            self.problem(("negative",), what)
        by_player = {
            "react": react,
            "fatigue": self._by_player("fatigue", low=0.0, open_low=True),
            "grievance": self._by_player("grievance", 0.0),
            "start": self._by_player("start", 0.0, low=-inf if negative else 0.0),
        }
        return Rules(self.concept, self.players, by_player, {}, negative=negative)

    def _alliance(self) -> Rules:
        between = {"low": 0.0, "high": 1.0, "open_low": True, "open_high": True}
        by_player = {
            "weight": self._by_player("weights", low=0.0, open_low=True),
            "taste": self._by_player("taste", **between),
        }
        return Rules(self.concept, self.players, by_player, {})


def _plain(given: Any) -> Any:
    """The number of a value that is known to all; zero stands in for a distribution."""
    if isinstance(given, ValueSpec):
        return 0 if given.known is None else given.known
    return given
