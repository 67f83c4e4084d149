"""Scenario text of a cascade -> `Rules`: names resolved, expressions parsed, all faults at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenbin.errors import Place, Problem
from tenbin.forms.cascade.spec import EVERY, CascadeSpec, DrawSpec
from tenbin.forms.cascade.tables import FREE, JOINED, STAYS, CostKind, Ints
from tenbin.forms.numbers import NumberTable
from tenbin.forms.reading import read_body, unknown
from tenbin.scenario.objects import ModelEntry, Scenario

__all__ = ["RESERVED", "Network", "Regime", "Rules", "read_rules"]

RESERVED = ("adopters",)
"""Names of outcomes that no player of a cascade may have."""
COUNTER = "i"
"""What an actor's number is called in the thresholds of a crowd."""
PLAY = {"join": JOINED, "stay": STAYS}

Indices = NDArray[np.int64]


@dataclass(frozen=True)
class Network:
    """Who may join and which number is what; arrays of indices into the table of numbers.

    forced [P]; kind [P] as `CostKind`; gain, cost_a, cost_b [P]; influence, staying [P, P]
    (player, other); `common` is the one influence of a crowd. `zero` is the index of zero.
    """

    players: tuple[str, ...]
    forced: Ints
    kind: Ints
    gain: Indices
    cost_a: Indices
    cost_b: Indices
    influence: Indices
    staying: Indices
    common: int | None
    correlation: int
    zero: int
    seed: tuple[str, ...]


@dataclass(frozen=True)
class Regime:
    """The numbers of a global game: gain, cost, noise, prior mean and precision; the state."""

    indices: tuple[int, ...]
    state_kind: CostKind | None
    state_a: int
    state_b: int | None
    """None: the standard deviation of the prior."""


Rules = Network | Regime


def read_rules(
    scenario: Scenario, entry: ModelEntry, play: Mapping[str, str], table: NumberTable
) -> tuple[Rules | None, list[Problem]]:
    """The rules of one model with `play` committed; numbers go into the table."""
    spec, problems = read_body(entry, CascadeSpec)
    if spec is None:
        return None, problems
    reader = _Reader(scenario, entry, spec, table)
    rules = reader.regime() if entry.concept == "global" else reader.network(play)
    return rules, [*problems, *reader.problems]


class _Reader:
    """Reads one model; `problems` grows, and what is faulty gets a harmless stand-in."""

    def __init__(
        self, scenario: Scenario, entry: ModelEntry, spec: CascadeSpec, table: NumberTable
    ) -> None:
        self.scenario, self.entry, self.spec, self.table = scenario, entry, spec, table
        self.problems: list[Problem] = []
        self.zero = table.add(0, entry.place)
        self._correlated = spec.correlation is not None

    def problem(self, path: Sequence[str | int], what: str, **parts: Any) -> None:
        self.problems.append(Problem(self.entry.place_of(*path), what, **parts))

    def number(self, given: Any, *path: str | int, **bounds: Any) -> int:
        return self.table.add(given, self.entry.place_of(*path), **bounds)

    def refuse(self, keys: Collection[str], why: str) -> None:
        """A problem for each of some keys that the file has."""
        for key in keys:
            if self.entry.body.get(key) is not None:
                place = self.entry.key_place_of(key)
                self.problems.append(Problem(place, f"`{key}` {why}", key))

    # a network, or a crowd

    def network(self, play: Mapping[str, str]) -> Network | None:
        self.refuse(("prior", "noise", "state"), "belongs to the concept `global`")
        if self.spec.actors is not None:
            return self._crowd(play)
        players = self._players()
        if not players:
            self.problem((), "a cascade needs players: give `thresholds`, or `gain` and `cost`")
            return None
        kind, cost_a, cost_b = self._costs(players)
        forced = np.full(len(players), FREE, dtype=np.int32)
        self._seed(players, forced)
        self._commit(players, forced, play)
        return Network(
            players=players,
            forced=forced,
            kind=kind,
            gain=self._gains(players),
            cost_a=cost_a,
            cost_b=cost_b,
            influence=self._weights("influence", self.spec.influence, players, 1),
            staying=self._weights("staying", self.spec.staying, players, 0),
            common=None,
            correlation=self._correlation(kind, forced),
            zero=self.zero,
            seed=tuple(name for name in self.spec.seed if name in players),
        )

    def _players(self) -> tuple[str, ...]:
        """As listed, else whoever is named anywhere, in the scenario's order."""
        spec, known = self.spec, tuple(self.scenario.players)
        for number, name in enumerate(spec.players):
            if name not in known:
                self.problems.append(
                    unknown(self.entry.place_of("players", number), "player", name, known)
                )
        named = {*spec.seed, *spec.thresholds}
        for given in (spec.gain, spec.cost, spec.staying, spec.influence):
            for name, row in given.items() if isinstance(given, dict) else ():
                named |= {name, *(row if isinstance(row, dict) else ())} - {EVERY}
        listed = tuple(dict.fromkeys(spec.players)) or known
        players = tuple(
            name for name in listed if name in known and (name in named or spec.players)
        )
        for name in players:
            if name in RESERVED:
                self.problem((), f"no player of a cascade can be called '{name}'", given=name)
        return players

    def _known(self, name: str, players: Collection[str], *path: str | int) -> bool:
        if name in players:
            return True
        place = self.entry.key_place_of(*path)
        self.problems.append(unknown(place, "player", name, players))
        return False

    def _by_player(
        self, given: Mapping[str, Any], players: tuple[str, ...], key: str
    ) -> dict[str, tuple[Any, tuple[str, ...]]]:
        """What is given for each player, one value for everybody included, and where."""
        if EVERY in given:
            return dict.fromkeys(players, (given[EVERY], (key,)))
        return {
            name: (row, (key, name))
            for name, row in given.items()
            if self._known(name, players, key, name)
        }

    def _costs(self, players: tuple[str, ...]) -> tuple[Ints, Indices, Indices]:
        """What the cost of each player is: a threshold, or a cost beside the gain."""
        spec = self.spec
        kind = np.full(len(players), CostKind.KNOWN, dtype=np.int32)
        cost_a, cost_b = (np.full(len(players), self.zero) for _ in range(2))
        if spec.thresholds:
            why = "does not go with `thresholds`, which say all that joining takes"
            self.refuse(("gain", "cost", "staying"), why)
        elif not spec.cost:
            self.problem((), "`cost` is missing (or `thresholds`)")
        key = "thresholds" if spec.thresholds else "cost"
        rows = self._by_player(spec.thresholds or spec.cost, players, key)
        for name, (row, path) in rows.items():
            at = players.index(name)
            kind[at], cost_a[at], cost_b[at] = self.draw(row, *path)
        missing = [name for name in players if name not in rows and name not in spec.seed]
        if missing:
            allowed = "`seed`" if key == "cost" else "`seed`, or play a part by `influence` alone"
            advice = f"Whoever has joined from the start stands in {allowed}."
            names = ", ".join(missing)
            self.problem((key,), f"no {key.rstrip('s')} is given for {names}", advice=advice)
        return kind, cost_a, cost_b

    def draw(self, given: DrawSpec, *path: str | int, **bounds: Any) -> tuple[CostKind, int, int]:
        """A known number, or the two parameters of a distribution."""
        if given.uniform is not None:
            low, high = given.uniform
            return (
                CostKind.UNIFORM,
                self.number(low, *path, "uniform", 0),
                self.number(high, *path, "uniform", 1),
            )
        if given.normal is not None:
            mean, spread = given.normal
            return (
                CostKind.NORMAL,
                self.number(mean, *path, "normal", 0),
                self.number(spread, *path, "normal", 1, low=0.0, open_low=self._correlated),
            )
        return CostKind.KNOWN, self.number(given.known, *path, **bounds), self.zero

    def _gains(self, players: tuple[str, ...]) -> Indices:
        gains = np.full(len(players), self.zero)
        for name, (number, path) in self._by_player(self.spec.gain, players, "gain").items():
            gains[players.index(name)] = self.number(number, *path)
        return gains

    def _weights(self, key: str, given: Any, players: tuple[str, ...], default: float) -> Indices:
        """Indices [P, P] of what others' joining is worth; the diagonal and what is not named: 0.

        Where nothing is given everybody has the weight `default`.
        """
        if not isinstance(given, dict):
            value = default if given is None else given
            weights = np.full((len(players), len(players)), self.number(value, key))
        else:
            weights = np.full((len(players), len(players)), self.zero)
            for name, row in given.items():
                if not self._known(name, players, key, name):
                    continue
                at = players.index(name)
                if not isinstance(row, dict):
                    weights[at] = self.number(row, key, name)
                    continue
                for other, number in row.items():
                    if not self._known(other, players, key, name, other):
                        continue
                    if other == name:
                        what = f"'{name}' has no influence on itself"
                        self.problem((key, name, other), what)
                    weights[at, players.index(other)] = self.number(number, key, name, other)
        np.fill_diagonal(weights, self.zero)
        return weights

    def _seed(self, players: tuple[str, ...], forced: Ints) -> None:
        for number, name in enumerate(self.spec.seed):
            if name in players:
                forced[players.index(name)] = JOINED
            else:
                place = self.entry.place_of("seed", number)
                self.problems.append(unknown(place, "player", name, players))

    def _commit(self, players: tuple[str, ...], forced: Ints, play: Mapping[str, str]) -> None:
        """What a policy's `play` commits: a player joins, or stays out."""
        for name, action in play.items():
            place = self._place_of_play(name, action)
            if name not in players:
                what = f"`play` commits an unknown player '{name}'"
                self.problems.append(Problem(place, what, name, players))
            elif action not in PLAY:
                what = f"`play` commits '{name}' to an unknown action '{action}'"
                self.problems.append(Problem(place, what, action, tuple(PLAY)))
            else:
                forced[players.index(name)] = PLAY[action]

    def _place_of_play(self, name: str, action: str) -> Place:
        committed = (f"{self.entry.name}.{name}", action)
        places = (its.place for its in self.scenario.policies.values() if committed in its.play)
        return next(places, self.entry.place)

    def _correlation(self, kind: Ints, forced: Ints) -> int:
        if self.spec.correlation is None:
            return self.zero
        if ((kind != CostKind.NORMAL) & (forced != JOINED)).any():
            what = "`correlation` joins normal costs; here some are uniform or known to all"
            self.problem(("correlation",), what)
        return self.number(self.spec.correlation, "correlation", low=0.0, high=1.0, open_high=True)

    # a crowd

    def _crowd(self, play: Mapping[str, str]) -> Network:
        why = "does not go with `actors`, who have no names"
        self.refuse(("players", "seed", "thresholds", "gain", "cost", "staying"), why)
        self.refuse(("correlation",), why)
        crowd = self.spec.actors
        assert crowd is not None
        players = tuple(f"a{number}" for number in range(crowd.count))
        forced = np.full(crowd.count, FREE, dtype=np.int32)
        self._commit(players, forced, play)
        place = self.entry.place_of("actors", "thresholds")
        thresholds = np.array(
            [
                self.table.add(crowd.thresholds, place, local={COUNTER: float(number)})
                for number in range(crowd.count)
            ]
        )
        if isinstance(self.spec.influence, dict):
            self.problem(("influence",), "in a crowd everybody has the same influence: one number")
        weight = 1 if self.spec.influence is None else self.spec.influence
        common = self.number(0 if isinstance(weight, dict) else weight, "influence", low=0.0)
        zeros = np.full(crowd.count, self.zero)
        return Network(
            players=players,
            forced=forced,
            kind=np.full(crowd.count, CostKind.KNOWN, dtype=np.int32),
            gain=zeros,
            cost_a=thresholds,
            cost_b=zeros,
            influence=np.empty((0, 0), dtype=np.int64),
            staying=np.empty((0, 0), dtype=np.int64),
            common=common,
            correlation=self.zero,
            zero=self.zero,
            seed=(),
        )

    # a continuum

    def regime(self) -> Regime | None:
        spec = self.spec
        why = "does not go with the concept `global`, which has a continuum of players"
        keys = ("players", "actors", "seed", "thresholds", "staying", "influence", "correlation")
        self.refuse(keys, why)
        cost_given = spec.cost.get(EVERY)
        if cost_given is None or cost_given.known is None:
            self.problem(("cost",), "a global game needs one `cost` of attacking, known to all")
            return None
        if spec.gain and EVERY not in spec.gain:
            self.problem(("gain",), "a global game has one `gain`")
            return None
        if spec.prior is not None and spec.noise is None:
            advice = "Give the standard deviation of the private signals."
            self.problem(("prior",), "with a `prior` the `noise` matters", advice=advice)
        gain = self.number(spec.gain.get(EVERY, 1), "gain", low=0.0, open_low=True)
        cost = self.number(cost_given.known, "cost", low=0.0, open_low=True)
        noise = self.number(
            1 if spec.noise is None else spec.noise, "noise", low=0.0, open_low=True
        )
        mean, precision = self.zero, self.zero
        if spec.prior is not None:
            mean = self.number(spec.prior.mean, "prior", "mean")
            precision = self.number(spec.prior.precision, "prior", "precision", low=0.0)
        kind: CostKind | None = None
        a, b = self.zero, self.zero
        if spec.state is not None:
            kind, a, b = self.draw(spec.state, "state")
        elif spec.prior is not None:
            kind, a, b = CostKind.NORMAL, mean, None
        return Regime((gain, cost, noise, mean, precision), kind, a, b)
