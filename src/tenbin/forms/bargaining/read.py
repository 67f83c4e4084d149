"""Scenario text of a bargaining model -> `BargainingModel`: names resolved, all faults at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tenbin.errors import Problem, ScenarioError
from tenbin.forms.bargaining.game import (
    CONCEPTS,
    TOTAL,
    BargainingModel,
    Chance,
    Issue,
    Limit,
    War,
)
from tenbin.forms.bargaining.rules import rule_problems
from tenbin.forms.bargaining.spec import DISTRIBUTIONS, BargainingSpec, RatifierSpec
from tenbin.forms.numbers import NumberTable
from tenbin.forms.reading import read_body, type_title_problems, unknown
from tenbin.scenario.objects import ModelEntry, Scenario
from tenbin.scenario.texts import Text
from tenbin.scenario.words import name_fault

__all__ = ["MOST_ISSUES", "MOST_WAIVERS", "RESULTS", "compile_bargaining"]

RESULTS = ("agreed", "ratified", "rejected", "left", "war", "impasse")
"""Names of events that every bargaining model has."""

MOST_ISSUES = 12
MOST_WAIVERS = 6
"""Each limit that may be waived doubles the problems to be solved in a world."""


def compile_bargaining(scenario: Scenario, name: str, play: Mapping[str, str]) -> BargainingModel:
    """The structure of one model.

    Raises
    ------
    ScenarioError
        With every structural problem found.
    """
    entry = scenario.models[name]
    spec, problems = read_body(entry, BargainingSpec)
    if play:
        advice = "Replace a number instead, for example the power of a side."
        what = f"nothing can be committed in '{name}': bargaining has no moves"
        problems.append(Problem(entry.place, what, next(iter(play)), (), advice))
    if spec is None:
        raise ScenarioError(problems)
    model, found = _Reader(scenario, entry, spec).read()
    problems += found
    if problems:
        raise ScenarioError(problems)
    assert model is not None
    return model


class _Reader:
    """Reads one model; `problems` grows, and what is faulty gets a harmless stand-in."""

    def __init__(self, scenario: Scenario, entry: ModelEntry, spec: BargainingSpec) -> None:
        self.scenario, self.entry, self.spec = scenario, entry, spec
        self.table = NumberTable(scenario)
        self.problems: list[Problem] = []
        self.types: tuple[str, ...] = ()
        self.informed: int | None = None

    def read(self) -> tuple[BargainingModel | None, list[Problem]]:
        self._concept()
        if not self._players():
            return None, self.problems
        self._names()
        self._types()
        self.problems += rule_problems(self.entry, self.spec)
        model = self._model()
        return model, self.problems + self.table.problems

    def problem(
        self,
        path: Sequence[str | int],
        what: str,
        given: str = "",
        allowed: Sequence[str] = (),
        advice: str = "",
    ) -> None:
        place = self.entry.place_of(*path)
        self.problems.append(Problem(place, what, given, tuple(allowed), advice))

    # who and what

    def _concept(self) -> None:
        concept = self.entry.concept or CONCEPTS[0]
        if concept not in CONCEPTS:
            self.problem(("concept",), f"unknown concept '{concept}' of bargaining", concept,
                         CONCEPTS)  # fmt: skip

    def _players(self) -> bool:
        before, known = len(self.problems), tuple(self.scenario.players)
        for number, player in enumerate(self.spec.players):
            if player not in known:
                place = self.entry.place_of("players", number)
                self.problems.append(unknown(place, "player", player, known))
        if len(self.spec.players) != 2 or len(set(self.spec.players)) != 2:
            self.problem(("players",), "bargaining has two different players")
        return len(self.problems) == before

    def _names(self) -> None:
        if not self.spec.issues:
            self.problem(("issues",), "there must be an issue to bargain over")
        if len(self.spec.issues) > MOST_ISSUES:
            self.problem(("issues",), f"at most {MOST_ISSUES} issues can be bargained over")
        taken = {*RESULTS, *self.spec.players, "total"}
        for name in self.spec.issues:
            place = self.entry.key_place_of("issues", name)
            fault = name_fault(name, number=False)
            if fault is None and name in taken:
                fault = "it is the name of a player, of `total` or of a result"
            if fault is not None:
                self.problems.append(Problem(place, f"no issue can be called '{name}': {fault}"))
        tables = ("curvature", "types", "disagreement", "outside", "left", "discount")
        given: dict[tuple[str, ...], Mapping[str, Any]] = {
            (key,): getattr(self.spec, key) for key in tables
        }
        for name, issue in self.spec.issues.items():
            given["issues", name, "values"] = issue.values or {}
        if self.spec.war is not None:
            given |= {("war", "win"): self.spec.war.win, ("war", "cost"): self.spec.war.cost}
        if self.spec.shift is not None:
            given["shift", "win"] = self.spec.shift.win
        for path, table in given.items():
            for player in table:
                self._player(player, path, at_key=True)

    def _player(self, player: str, path: Sequence[str | int], *, at_key: bool = False) -> int:
        if player in self.spec.players:
            return self.spec.players.index(player)
        of = self.entry.key_place_of if at_key else self.entry.place_of
        place = of(*path, player) if at_key else of(*path)
        self.problems.append(unknown(place, "player", player, self.spec.players))
        return 0

    def _types(self) -> None:
        if len(self.spec.types) > 1:
            self.problem(("types",), "at most one player has private types")
        for player, table in list(self.spec.types.items())[:1]:
            self.types = tuple(table)
            if player in self.spec.players:
                self.informed = self.spec.players.index(player)
            if len(table) != 2:
                self.problem(("types", player), f"two types are expected, not {len(table)}")
            for name in table:
                fault = name_fault(name, number=False)
                if fault is not None:
                    place = self.entry.key_place_of("types", player, name)
                    self.problems.append(Problem(place, f"no type '{name}': {fault}", name))
        titles = self.spec.type_titles
        self.problems += type_title_problems(self.entry, titles, self.spec.types)

    # numbers

    def number(self, given: Any, *path: str | int, **bounds: Any) -> int:
        return self.table.add(given, self.entry.place_of(*path), **bounds)

    def by_type(self, given: Any, player: int, *path: str | int, **bounds: Any) -> tuple[int, ...]:
        """The indices of a number that the informed player's types may give differently."""
        size = max(1, len(self.types))
        if not isinstance(given, Mapping):
            return (self.number(given, *path, **bounds),) * size
        if player != self.informed:
            self.problem(path, "a mapping by type, and this player has no types")
            return (self.number(0, *path),) * size
        for name in given:
            if name not in self.types:
                place = self.entry.key_place_of(*path, name)
                self.problems.append(unknown(place, "type", name, self.types))
        missing = [name for name in self.types if name not in given]
        if missing:
            self.problem(path, f"type '{missing[0]}' is missing")
        return tuple(self.number(given.get(name, 0), *path, name, **bounds) for name in self.types)

    def chance(self, given: Mapping[str, Any], *path: str | int) -> Chance:
        """A distribution; spreads are positive and the shapes of a beta at least one.

        So every distribution has a logarithmically concave density, and the search for the best
        offer has one peak.
        """
        name, values = next(iter(given.items()))
        shapes = {"normal": (1,), "beta": ()}.get(name, ())
        parameters: list[int] = []
        for place, value in enumerate(values):
            bounds: dict[str, Any] = {}
            if place in shapes:
                bounds = {"low": 0.0, "open_low": True}
            if name == "beta" and place < 2:
                bounds = {"low": 1.0}
            parameters.append(self.number(value, *path, name, place, **bounds))
        if name == "beta" and len(parameters) == 2:
            parameters += [self.number(0, *path), self.number(1, *path)]
        assert name in DISTRIBUTIONS
        return Chance(name, tuple(parameters))

    def _model(self) -> BargainingModel:
        spec = self.spec
        first, second = spec.players
        outside, hidden = self._outside()
        chances = {"low": 0.0, "high": 1.0}
        curvature = None
        if spec.curvature:
            found = [
                self.number(spec.curvature.get(p, 1), "curvature", p, low=0, open_low=True, high=1)
                for p in spec.players
            ]
            curvature = (found[0], found[1])
        discount = None
        if spec.discount:
            found = [
                self.number(spec.discount.get(p, 0), "discount", p, **chances) for p in spec.players
            ]
            discount = (found[0], found[1])
        left = [
            self.number(spec.left[p], "left", p) if p in spec.left else None for p in spec.players
        ]
        return BargainingModel(
            name=self.entry.name,
            concept=self.entry.concept or CONCEPTS[0],
            players=(first, second),
            first=self._player(spec.first, ("first",)) if spec.first is not None else 0,
            issues=tuple(self._issue(name) for name in spec.issues),
            curvature=curvature,
            power=self.number(0.5 if spec.power is None else spec.power, "power", **chances),
            disagreement=tuple(
                self.by_type(spec.disagreement[p], n, "disagreement", p)
                if p in spec.disagreement
                else None
                for n, p in enumerate(spec.players)
            ),
            outside=outside,
            hidden=hidden,
            left=(left[0], left[1]),
            discount=discount,
            periods=spec.periods,
            year=self._year(),
            limits=tuple(self._limit(n, item) for n, item in enumerate(spec.ratify)),
            war=self._war(),
            informed=self.informed,
            types=self.types,
            prior=self._prior(),
            table=self.table,
        )

    def _issue(self, name: str) -> Issue:
        given, path = self.spec.issues[name], ("issues", name)
        values: list[tuple[tuple[int, int], ...]] = []
        for number, player in enumerate(self.spec.players):
            ends: Any = ([0, 1], [1, 0])[number]
            if given.values is not None and player in given.values:
                ends = given.values[player]
            elif given.values is not None:
                self.problem((*path, "values"), f"'{player}' has no values of '{name}'")
            at = (*path, "values", player)
            zero, one = (self.by_type(ends[end], number, *at, end) for end in (0, 1))
            values.append(tuple(zip(zero, one, strict=True)))
        span = given.range if given.range is not None else [0, 1]
        fixed = None
        if given.fixed is not None:
            fixed = self.number(given.fixed, *path, "fixed", low=0.0, high=1.0)
        return Issue(
            name=name,
            values=tuple(values),
            span=(self.number(span[0], *path, "range"), self.number(span[1], *path, "range", 1)),
            fixed=fixed,
            title=Text.of(given.title),
            unit=given.unit or "",
        )

    def _outside(self) -> tuple[tuple[tuple[int, ...] | None, ...], Chance | None]:
        found: list[tuple[int, ...] | None] = []
        hidden = None
        for number, player in enumerate(self.spec.players):
            given = self.spec.outside.get(player)
            if isinstance(given, Mapping) and any(name in DISTRIBUTIONS for name in given):
                hidden = self.chance(given, "outside", player)
                given = 0
            found.append(None if given is None else self.by_type(given, number, "outside", player))
        return tuple(found), hidden

    def _war(self) -> War | None:
        spec = self.spec.war
        if spec is None:
            return None
        cost: list[tuple[int, ...]] = []
        private = None
        for number, player in enumerate(self.spec.players):
            given = spec.cost.get(player, 0)
            if isinstance(given, Mapping) and any(name in DISTRIBUTIONS for name in given):
                private = self.chance(given, "war", "cost", player)
                given = 0
            cost.append(self.by_type(given, number, "war", "cost", player))
        winner = next((p for p in spec.win if p in self.spec.players), self.spec.players[0])
        chances = {"low": 0.0, "high": 1.0}
        later = None
        if self.spec.shift is not None and winner in self.spec.shift.win:
            given = self.spec.shift.win[winner]
            later = self.number(given, "shift", "win", winner, **chances)
        return War(
            winner=self.spec.players.index(winner),
            win=self.number(spec.win.get(winner, 0), "war", "win", winner, **chances),
            cost=tuple(cost),
            private=private,
            later=later,
        )

    def _limit(self, number: int, spec: RatifierSpec) -> Limit:
        path: tuple[str | int, ...] = ("ratify", number)
        issue, known = TOTAL, tuple(self.spec.issues)
        if spec.issue in known:
            issue = known.index(spec.issue)
        elif spec.issue != "total":
            place = self.entry.place_of(*path, "issue")
            self.problems.append(unknown(place, "issue", spec.issue, (*known, "total")))
        kind = spec.limit
        if issue == TOTAL and kind != "floor":
            self.problem((*path, kind), f"`{kind}` is in the unit of an issue: name the issue")
        given = getattr(spec, kind)
        if isinstance(given, Mapping):
            bound: int | Chance = self.chance(given, *path, kind)
        else:
            bound = self.number(given, *path, kind)
        start = None if spec.from_ is None else self.number(spec.from_, *path, "from")
        until = None if spec.until is None else self.number(spec.until, *path, "until")
        waiver = None
        if spec.waiver is not None:
            waiver = self.number(spec.waiver, *path, "waiver", low=0.0, high=1.0)
        player = self._player(spec.player, (*path, "player"))
        return Limit(player, issue, kind, bound, start, until, waiver, Text.of(spec.title))

    def _year(self) -> int | None:
        spec = self.spec
        dated = any(item.from_ is not None or item.until is not None for item in spec.ratify)
        if spec.year is not None:
            return self.number(spec.year, "year")
        if dated and "year" in self.scenario.number_names:
            return self.number("year", "ratify")
        if dated:
            advice = "Write `year: 2024` beside `ratify`, or a number of the scenario called year."
            self.problem(("ratify",), "limits are dated, and no year is given", advice=advice)
        return None

    def _prior(self) -> tuple[int, ...]:
        """Probabilities of the types; `rest` is one minus the others."""
        if not self.types:
            return ()
        player, table = next(iter(self.spec.types.items()))
        rests = [name for name, given in table.items() if given == "rest"]
        if len(rests) > 1:
            self.problem(("types", player), "`rest` may stand once")
        bounds = {"low": 0.0, "high": 1.0, "open_low": False}
        found: list[int] = []
        for name, given in table.items():
            others = [f"({item})" for other, item in table.items() if other != name]
            text = f"1 - {' - '.join(others)}" if name in rests[:1] and len(rests) == 1 else given
            found.append(self.number(text, "types", player, name, **bounds))
        return tuple(found)
