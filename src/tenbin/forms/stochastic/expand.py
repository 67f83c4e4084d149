"""`Rules` -> the states that can be reached from the start, with what can be done and follow."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from math import prod

from tenbin.errors import Place, Problem
from tenbin.forms.stochastic.conditions import Atom
from tenbin.forms.stochastic.rules import Follow, Given, Phase, Rules, Target

__all__ = ["MAX_BRANCHES", "MAX_CELLS", "MAX_STATES", "Cell", "Key", "PublicState", "expand"]

MAX_STATES = 5_000
"""States (a state of the file at each value of the counters that can be reached)."""
MAX_CELLS = 100_000
"""Joint actions of all states together."""
MAX_BRANCHES = 500_000
"""Next states of all joint actions together."""

Key = tuple[str, tuple[int, ...]]
"""A state: its name in the file, and the counters."""


@dataclass(frozen=True)
class Cell:
    """A joint action: one action of each mover, and what follows with which probability.

    A state without what follows leads to itself; it then has no `rule`.
    """

    actions: tuple[str, ...]
    branches: tuple[tuple[Key, Given], ...]
    rule: Follow | None


@dataclass(frozen=True)
class PublicState:
    """A state with the actions of those who move there, and its joint actions."""

    key: Key
    phase: Phase
    counters: Mapping[str, int]
    movers: tuple[tuple[int, tuple[str, ...]], ...]
    cells: tuple[Cell, ...]

    @property
    def name(self) -> str:
        values = [f"{name}={value}" for name, value in self.counters.items()]
        return "|".join([self.key[0], *values])

    def taken(self, cell: Cell, players: tuple[str, ...]) -> set[Atom]:
        """What the movers do in a joint action, as conditions name it."""
        return {
            (players[player], action)
            for (player, _), action in zip(self.movers, cell.actions, strict=True)
        }


def expand(rules: Rules, problems: list[Problem]) -> tuple[PublicState, ...] | None:
    """All states that can be reached, in the file's order and then by counters.

    None where the game is larger than the bounds or a rule is faulty; every fault is reported once
    for its place.
    """
    expansion = _Expansion(rules, problems)
    found = expansion.run()
    if found is None:
        return None
    order = {name: number for number, name in enumerate(rules.phases)}
    return tuple(sorted(found.values(), key=lambda state: (order[state.key[0]], state.key[1])))


@dataclass
class _Expansion:
    """A walk from the start; faults are kept by their place."""

    rules: Rules
    problems: list[Problem]
    n_cells: int = 0
    n_branches: int = 0
    faults: dict[tuple[Place, str], Problem] = field(default_factory=dict)
    stuck: dict[str, list[str]] = field(default_factory=dict)

    def run(self) -> dict[Key, PublicState] | None:
        start = tuple(counter.start for counter in self.rules.counters)
        found: dict[Key, PublicState] = {}
        waiting = [(chance.name, start) for chance in self.rules.start]
        while waiting:
            key = waiting.pop()
            if key in found:
                continue
            if len(found) >= MAX_STATES or self.n_cells > MAX_CELLS:
                return self._too_large(len(found))
            state = self._state(key)
            if state is None:
                return None
            found[key] = state
            for cell in state.cells:
                waiting += [target for target, _ in cell.branches]
            if self.n_branches > MAX_BRANCHES:
                return self._too_large(len(found))
        self._report()
        return found

    def _report(self) -> None:
        self.problems += self.faults.values()
        for name, shown in self.stuck.items():
            more = f" and {len(shown) - 3} more" if len(shown) > 3 else ""
            what = f"no rule of `next` in '{name}' holds for {'; '.join(shown[:3])}{more}"
            advice = "Add a last rule without `when`."
            place = self.rules.phases[name].place
            self.problems.append(Problem(place, what, advice=advice))

    def _too_large(self, states: int) -> None:
        rules = self.rules
        widths = [counter.high - counter.low + 1 for counter in rules.counters]
        most = len(rules.phases) * prod(widths)
        self._report()
        what = (
            f"the game is too large: {states:,} states (of at most {most:,}), {self.n_cells:,} "
            f"joint actions and {self.n_branches:,} next states so far; the bounds are "
            f"{MAX_STATES:,}, {MAX_CELLS:,} and {MAX_BRANCHES:,}"
        )
        place = next(iter(rules.phases.values())).place
        advice = "Give the counters smaller ranges, or the states fewer actions."
        self.problems.append(Problem(place, what, advice=advice))

    def _state(self, key: Key) -> PublicState | None:
        rules, phase = self.rules, self.rules.phases[key[0]]
        names = [counter.name for counter in rules.counters]
        counters = dict(zip(names, key[1], strict=True))
        movers = tuple(self._movers(phase, counters))
        self.n_cells += prod(len(actions) for _, actions in movers)
        if self.n_cells > MAX_CELLS:
            return self._too_large(0)
        players = [rules.players[player] for player, _ in movers]
        cells: list[Cell] = []
        for actions in product(*(actions for _, actions in movers)):
            taken: set[Atom] = set(zip(players, actions, strict=True))
            cells.append(self._cell(phase, key, counters, actions, taken))
        return PublicState(key, phase, counters, movers, tuple(cells))

    def _movers(
        self, phase: Phase, counters: Mapping[str, int]
    ) -> Iterator[tuple[int, tuple[str, ...]]]:
        for player, actions in phase.movers:
            there = tuple(a.name for a in actions if a.only_if.holds((), counters))
            committed = self.rules.committed.get((phase.name, player))
            if committed in there:
                there = (committed,)
            if not there:
                who = self.rules.players[player]
                what = f"{who} has no action in '{phase.name}' where {_shown(counters)}"
                self._fault(phase.place, what, f"no action of {who}")
                there = (actions[0].name,)
            yield player, there

    def _cell(
        self,
        phase: Phase,
        key: Key,
        counters: Mapping[str, int],
        actions: tuple[str, ...],
        taken: set[Atom],
    ) -> Cell:
        if not phase.follows:
            self.n_branches += 1
            return Cell(actions, ((key, (1.0, phase.place)),), None)
        rule = next((rule for rule in phase.follows if rule.when.holds(taken, counters)), None)
        if rule is None:
            acts = " and ".join(sorted(".".join(atom) for atom in taken))
            told = [text for text in (acts, _shown(counters)) if text]
            self.stuck.setdefault(phase.name, []).append(
                " where ".join(told) or "what happens there"
            )
            return Cell(actions, ((key, (1.0, phase.place)),), None)
        self.n_branches += len(rule.targets)
        branches = [
            ((target.phase, self._moved(target, key[1], counters)), target.given)
            for target in rule.targets
            if target.phase in self.rules.phases
        ]
        return Cell(actions, tuple(branches) or ((key, (1.0, rule.place)),), rule)

    def _moved(
        self, target: Target, values: tuple[int, ...], counters: Mapping[str, int]
    ) -> tuple[int, ...]:
        """The counters after the changes on the way to a state."""
        moved = list(values)
        for number, by, place in target.changes:
            counter = self.rules.counters[number]
            value = moved[number] + by.value(counters)
            if not counter.low <= value <= counter.high and not counter.clip:
                what = (
                    f"counter '{counter.name}' leaves its range {counter.low}..{counter.high}: "
                    f"it becomes {value} where {_shown(counters)}"
                )
                self._fault(place, what, counter.name, "Say `clip: true`, or add a condition.")
            moved[number] = min(max(value, counter.low), counter.high)
        return tuple(moved)

    def _fault(self, place: Place, what: str, kind: str, advice: str = "") -> None:
        self.faults.setdefault((place, kind), Problem(place, what, advice=advice))


def _shown(counters: Mapping[str, int]) -> str:
    return ", ".join(f"{name} = {value}" for name, value in counters.items())
