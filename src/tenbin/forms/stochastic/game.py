"""A stochastic game: structure, expressions and names, none of which depends on a world."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from math import comb

import numpy as np

from tenbin.errors import Problem, ScenarioError
from tenbin.forms.numbers import NumberTable
from tenbin.forms.stochastic.conditions import Condition
from tenbin.forms.stochastic.expand import PublicState, expand
from tenbin.forms.stochastic.read import PROBABILITY_TOLERANCE, read_rules
from tenbin.forms.stochastic.rules import REST, Chance, Given, Rules
from tenbin.forms.stochastic.tables import NONE, Bools, Ints, StochasticStructure
from tenbin.scenario.language import Array, OutcomeCall
from tenbin.scenario.objects import ModelEntry, Scenario

__all__ = ["CONCEPTS", "Lottery", "StochasticModel", "compile_stochastic"]

CONCEPTS = ("markov", "qre")
"""Concepts of this form, the default first."""


@dataclass(frozen=True, slots=True)
class Lottery:
    """Probabilities that sum to one: the number of each in the table, NONE for the rest."""

    numbers: tuple[int, ...]
    what: str
    given: Given


@dataclass(frozen=True, eq=False)
class StochasticModel:
    """A compiled stochastic game under given committed actions.

    `payoff_numbers` [R, Q, P, T] are the numbers in `table` that are added up to a payoff, as many
    as apply and NONE after them. `prob` has one lottery per cell, in the order of the cells.
    """

    name: str
    concept: str
    precision: float | None
    rules: Rules
    states: tuple[PublicState, ...]
    structure: StochasticStructure
    table: NumberTable
    payoff_numbers: Ints
    prob: tuple[Lottery, ...]
    discount_numbers: tuple[int, ...]
    prior: Lottery | None
    start: Lottery
    start_states: Ints
    form: str = "stochastic"

    @property
    def names(self) -> frozenset[str]:
        """The numbers of the scenario that its expressions read."""
        return self.table.names

    @property
    def links(self) -> tuple[OutcomeCall, ...]:
        """The outcomes of other models that its expressions read."""
        return self.table.links

    @property
    def size(self) -> dict[str, int]:
        """How large the game is."""
        structure = self.structure
        found = {
            "states": structure.n_states,
            "joint_actions": structure.n_cells,
            "unknowns": structure.n_actions * structure.grid,
        }
        return found | ({"beliefs": structure.grid} if structure.informed != NONE else {})

    @cached_property
    def state_phase(self) -> Ints:
        """The number of the state of the file that each state [S] belongs to."""
        order = {name: number for number, name in enumerate(self.rules.phases)}
        return _ints(order[state.key[0]] for state in self.states)

    @cached_property
    def counters(self) -> Array:
        """The counters in every state [S, number of counters]."""
        values = [state.key[1] for state in self.states]
        return np.array(values, dtype=np.float64).reshape(len(values), len(self.rules.counters))

    def phase_states(self, name: str) -> Bools:
        """The states [S] of one state of the file."""
        return np.array([state.key[0] == name for state in self.states], dtype=np.bool_)

    def event_states(self, condition: Condition) -> Bools:
        """The states [S] in which a condition over states and counters holds."""
        found = [condition.holds({(s.key[0],)}, s.counters) for s in self.states]
        return np.array(found, dtype=np.bool_)

    @cached_property
    def ends(self) -> tuple[str, ...]:
        """The states of the file that are never left again."""
        return tuple(name for name, phase in self.rules.phases.items() if not phase.follows)


def compile_stochastic(scenario: Scenario, name: str, play: Mapping[str, str]) -> StochasticModel:
    """The structure of one model with `play` committed.

    Raises
    ------
    ScenarioError
        With every structural problem found.
    """
    entry = scenario.models[name]
    rules, problems = read_rules(scenario, entry, play)
    if rules is None:
        raise ScenarioError(problems)
    table = NumberTable(scenario, problems)
    fixed_ones = _Numbers(table, rules)
    discounts = tuple(
        table.add(given, place, low=0.0, high=1.0, open_high=True)
        for given, place in rules.discounts
    )
    prior = fixed_ones.lottery(rules.prior[:2], "types") if rules.informed is not None else None
    start = fixed_ones.lottery(rules.start, "states at the start")
    shape_is_sound = all(chance.name in rules.phases for chance in rules.start)
    states = expand(rules, problems) if shape_is_sound else None
    _check_types(entry, rules, states, problems)
    if states is None:
        raise ScenarioError(problems)
    structure = _structure(rules, states)
    payoffs = fixed_ones.payoffs(structure, states)
    prob = fixed_ones.probabilities(states)
    if problems:
        raise ScenarioError(problems)
    numbers = {state.key: number for number, state in enumerate(states)}
    first = tuple(counter.start for counter in rules.counters)
    return StochasticModel(
        name=name,
        concept=entry.concept or CONCEPTS[0],
        precision=entry.precision,
        rules=rules,
        states=states,
        structure=structure,
        table=table,
        payoff_numbers=payoffs,
        prob=prob,
        discount_numbers=discounts,
        prior=prior,
        start=start,
        start_states=_ints(numbers[chance.name, first] for chance in rules.start),
    )


def _ints(values: Iterable[int]) -> Ints:
    return np.fromiter(values, dtype=np.int32)


def _check_types(
    entry: ModelEntry,
    rules: Rules,
    states: Sequence[PublicState] | None,
    problems: list[Problem],
) -> None:
    """At most one player has types, and two of them: else say how large the game would be."""
    typed = [number for number, types in enumerate(rules.types) if types]
    counts = [len(rules.types[number]) for number in typed]
    if len(typed) <= 1 and all(count <= 2 for count in counts):
        return
    grid = entry.body.get("beliefs", 9)
    points = 1
    for count in counts:
        points *= comb(grid + count - 2, count - 1)
    known = len(states) if states is not None else len(rules.phases)
    size = f"{points:,} beliefs x {known:,} states = {points * known:,} points"
    if len(typed) > 1:
        names = " and ".join(rules.players[number] for number in typed)
        what = f"types of {names}: one player at most may have types here"
    else:
        what = f"{rules.players[typed[0]]} has {counts[0]} types: at most two can be had here"
    advice = f"The full game would have {size}. Give one player two types."
    problems.append(Problem(entry.key_place_of("types"), what, advice=advice))


def _structure(rules: Rules, states: Sequence[PublicState]) -> StochasticStructure:
    """States, decision points, actions, cells and branches as arrays."""
    points: list[tuple[int, int, int]] = []
    counts: list[int] = []
    names: list[str] = []
    first: dict[tuple[int, int, int], int] = {}
    n_types = 1 if rules.informed is None else 2
    for number, state in enumerate(states):
        for player, actions in state.movers:
            kinds = range(n_types) if player == rules.informed else (NONE,)
            for kind in kinds:
                first[number, player, kind] = len(names)
                points.append((number, player, kind))
                counts.append(len(actions))
                names += actions
    order = {state.key: number for number, state in enumerate(states)}
    cells = [(number, state, cell) for number, state in enumerate(states) for cell in state.cells]
    taken = np.full((len(cells), len(rules.players), n_types), NONE, dtype=np.int32)
    for row, (number, state, cell) in enumerate(cells):
        for (player, actions), action in zip(state.movers, cell.actions, strict=True):
            for kind in range(n_types):
                own = kind if player == rules.informed else NONE
                taken[row, player, kind] = first[number, player, own] + actions.index(action)
    point = np.array(points, dtype=np.int32).reshape(len(points), 3)
    types = rules.types[rules.informed] if rules.informed is not None else ()
    return StochasticStructure(
        players=rules.players,
        state_names=tuple(state.name for state in states),
        point_state=point[:, 0].copy(),
        point_player=point[:, 1].copy(),
        point_type=point[:, 2].copy(),
        action_start=_ints(accumulate(counts, initial=0)),
        action_names=tuple(names),
        cell_state=_ints(number for number, _, _ in cells),
        cell_action=taken,
        branch_cell=_ints(row for row, (_, _, cell) in enumerate(cells) for _ in cell.branches),
        branch_to=_ints(order[key] for _, _, cell in cells for key, _ in cell.branches),
        informed=NONE if rules.informed is None else rules.informed,
        type_names=types[:2],
        grid=rules.grid,
    )


@dataclass
class _Numbers:
    """Enters the numbers of a game into its table."""

    table: NumberTable
    rules: Rules

    def lottery(
        self,
        chances: Sequence[Chance],
        what: str,
        local: Mapping[str, int] | None = None,
    ) -> Lottery:
        """Probabilities of one draw; what is wrong with plain numbers is reported at once."""
        numbers: list[int] = []
        for chance in chances:
            is_rest = chance.given[0] == REST
            numbers.append(NONE if is_rest else self.probability(chance.given, local))
        found = Lottery(tuple(numbers), what, chances[0].given)
        faulty = {problem.place.line for problem in self.table.problems}
        if not faulty.isdisjoint(chance.given[1].line for chance in chances):
            return found
        fixed = [None if n == NONE else self.table.fixed(n) for n in numbers]
        total = sum(value for value in fixed if value is not None)
        whole = all(value is not None for value in fixed)
        if (whole and abs(total - 1) > PROBABILITY_TOLERANCE) or total > 1 + PROBABILITY_TOLERANCE:
            told = "" if whole else "more than one: "
            advice = "Write `rest` for the one that is one minus the others."
            text = f"the probabilities of the {what} sum to {told}{total:g}"
            self.table.problems.append(Problem(chances[0].given[1], text, advice=advice))
        return found

    def probability(self, given: Given, local: Mapping[str, int] | None) -> int:
        tolerance = PROBABILITY_TOLERANCE
        return self.table.add(
            *given, low=-tolerance, high=1.0 + tolerance, local=_floats(local or {})
        )

    def probabilities(self, states: Sequence[PublicState]) -> tuple[Lottery, ...]:
        """What follows each cell."""
        return tuple(
            self.lottery(
                [Chance(key[0], given) for key, given in cell.branches],
                f"states that follow in '{state.key[0]}'",
                state.counters,
            )
            for state in states
            for cell in state.cells
        )

    def payoffs(self, structure: StochasticStructure, states: Sequence[PublicState]) -> Ints:
        """The numbers [R, Q, P, T] that are added up to each payoff."""
        shape = (structure.n_cells, structure.n_players, structure.n_types)
        found: dict[tuple[int, int, int], list[int]] = {}
        row = 0
        for state in states:
            for cell in state.cells:
                self._pay(found, row, state, state.taken(cell, self.rules.players), shape[2])
                row += 1
        most = max((len(numbers) for numbers in found.values()), default=0)
        table = np.full((most, *shape), NONE, dtype=np.int32)
        for place, numbers in found.items():
            table[: len(numbers), *place] = numbers
        return table

    def _pay(
        self,
        found: dict[tuple[int, int, int], list[int]],
        row: int,
        state: PublicState,
        taken: set[tuple[str, ...]],
        n_types: int,
    ) -> None:
        """Note what every player gets in a cell, by the informed player's type."""
        rules, local = self.rules, _floats(state.counters)
        for kind in range(n_types):
            so = taken
            if rules.informed is not None:
                who = rules.informed
                so = taken | {(rules.players[who], rules.types[who][kind])}
            for payoff in state.phase.payoffs:
                if payoff.when.holds(so, state.counters):
                    for player, (given, place) in payoff.amounts:
                        number = self.table.add(given, place, local=local)
                        found.setdefault((row, player, kind), []).append(number)


def _floats(counters: Mapping[str, int]) -> dict[str, float]:
    return {name: float(value) for name, value in counters.items()}
