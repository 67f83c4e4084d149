"""What each player would rather have: ranked statements, a ranking, weights or payoffs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tenbin.errors import Problem
from tenbin.forms.conflict.conditions import read_condition
from tenbin.forms.conflict.spec import PreferenceSpec
from tenbin.forms.conflict.states import StateSpace
from tenbin.forms.conflict.tables import NONE, Bools
from tenbin.forms.numbers import NumberTable
from tenbin.forms.reading import unknown
from tenbin.scenario.language import Array
from tenbin.scenario.objects import ModelEntry

__all__ = ["Rule", "read_preferences"]

_SHOWN = 6
"""States that a problem names, of those that a ranking leaves out."""


@dataclass(frozen=True)
class Rule:
    """How one player's preference is computed.

    Ordinal: `ranks` [S], 1 the worst class. Cardinal: the numbers `index` [V] of the model's number
    table, and at which states each counts, `truth` [V, S] (None: one number per state, in order).
    """

    ranks: Array | None = None
    index: tuple[int, ...] = ()
    truth: Bools | None = None

    def restricted(self, kept: Bools) -> Rule:
        """The rule where only some of the states [S] are left."""
        if self.ranks is not None:
            return Rule(_dense(self.ranks[kept]))
        if self.truth is not None:
            return Rule(None, self.index, self.truth[:, kept])
        return Rule(None, tuple(np.array(self.index)[kept].tolist()), None)


def read_preferences(
    preferences: Mapping[str, PreferenceSpec],
    entry: ModelEntry,
    space: StateSpace,
    players: Sequence[str],
    numbers: NumberTable,
) -> list[Rule]:
    """One rule per player; what is wrong is noted in `numbers.problems`."""
    problems = numbers.problems
    for name in preferences:
        if name not in players:
            place = entry.key_place_of("preferences", name)
            problems.append(unknown(place, "player", name, players))
    rules: list[Rule] = []
    for player in players:
        spec = preferences.get(player)
        if spec is None:
            what = f"'{player}' has no preferences"
            problems.append(Problem(entry.place_of("preferences"), what))
            rules.append(Rule(np.ones(space.n_states)))
            continue
        rules.append(_Reader(spec, entry, space, player, numbers).read())
    return rules


def _dense(values: Array) -> Array:
    """Ranks from one, ties sharing one, in the order of the values."""
    index = np.unique(values, return_inverse=True)[1]
    return index.reshape(values.shape).astype(np.float64) + 1.0


class _Reader:
    """Reads the preference of one player."""

    def __init__(
        self,
        spec: PreferenceSpec,
        entry: ModelEntry,
        space: StateSpace,
        player: str,
        numbers: NumberTable,
    ) -> None:
        self.spec, self.entry, self.space, self.player = spec, entry, space, player
        self.numbers = numbers

    def read(self) -> Rule:
        if self.spec.statements is not None:
            return Rule(self._by_statements(self.spec.statements))
        if self.spec.ranking is not None:
            return Rule(self._by_ranking(self.spec.ranking))
        if self.spec.weights is not None:
            return self._by_weights(self.spec.weights)
        return self._by_payoffs(self.spec.payoffs or {})

    def _path(self, *below: str | int) -> tuple[str | int, ...]:
        return ("preferences", self.player, *below)

    def _problem(self, what: str, *below: str | int, given: str = "", advice: str = "") -> None:
        place = self.entry.place_of(*self._path(*below))
        self.numbers.problems.append(Problem(place, what, given, (), advice))

    def _by_statements(self, statements: Sequence[str]) -> Array:
        """Ranks [S] by the first statement that tells two states apart (Fang and others 2003)."""
        score = np.zeros(self.space.n_states)
        for number, text in enumerate(statements):
            place = self.entry.place_of(*self._path("statements", number))
            held = read_condition(text, self.space.names, place, self.numbers.problems)
            if held is not None:
                score = _dense(score * 2 + held)
        return _dense(score)

    def _by_ranking(self, ranking: Sequence[str | list[str]]) -> Array:
        """Ranks [S] from classes, the best first."""
        ranks = np.full(self.space.n_states, NONE, dtype=np.float64)
        for place, item in enumerate(ranking):
            for number, name in enumerate(item if isinstance(item, list) else [item]):
                below = ("ranking", place, number) if isinstance(item, list) else ("ranking", place)
                for state in self._states(name, below):
                    if ranks[state] != NONE:
                        self._problem(f"'{name}' is ranked twice", *below, given=name)
                    ranks[state] = len(ranking) - place
        self._complete(ranks != NONE, "ranking")
        return _dense(ranks)

    def _by_weights(self, weights: Mapping[str, float | str]) -> Rule:
        index: list[int] = []
        truth: list[Bools] = []
        for text, given in weights.items():
            place = self.entry.key_place_of(*self._path("weights", text))
            held = read_condition(text, self.space.names, place, self.numbers.problems)
            index.append(self.numbers.add(given, self.entry.place_of(*self._path("weights", text))))
            truth.append(np.zeros(self.space.n_states, dtype=np.bool_) if held is None else held)
        shape = (len(truth), self.space.n_states)
        return Rule(None, tuple(index), np.array(truth, dtype=np.bool_).reshape(shape))

    def _by_payoffs(self, payoffs: Mapping[str, float | str]) -> Rule:
        index = np.full(self.space.n_states, NONE)
        for name, given in payoffs.items():
            number = self.numbers.add(given, self.entry.place_of(*self._path("payoffs", name)))
            for state in self._states(name, ("payoffs", name)):
                if index[state] != NONE:
                    self._problem(f"'{name}' has a payoff already", "payoffs", name, given=name)
                index[state] = number
        self._complete(index != NONE, "payoffs")
        return Rule(None, tuple(np.maximum(index, 0).tolist()), None)

    def _states(self, name: str, below: Sequence[str | int]) -> Iterator[int]:
        held = self.space.names.get(name)
        if held is None:
            place = self.entry.place_of(*self._path(*below))
            self.numbers.problems.append(unknown(place, "state", name, tuple(self.space.names)))
            return
        yield from np.flatnonzero(held).tolist()

    def _complete(self, covered: Bools, key: str) -> None:
        """Every feasible state must have its place."""
        left = np.flatnonzero(~covered).tolist()
        if left:
            names = self.space.state_names
            shown = ", ".join(names[state] for state in left[:_SHOWN])
            more = f" and {len(left) - _SHOWN} more" if len(left) > _SHOWN else ""
            self._problem(f"{key} of '{self.player}' leaves out {shown}{more}", key)
