"""A conflict of a scenario: compiled to a graph and rules, bound to rankings in every world."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np

from tenbin.errors import Place, Problem, ScenarioError
from tenbin.forms.conflict.orders import rank_states, share_orders
from tenbin.forms.conflict.preferences import Rule, read_preferences
from tenbin.forms.conflict.spec import ConflictSpec
from tenbin.forms.conflict.states import StateSpace, read_states, state_with
from tenbin.forms.conflict.tables import (
    CONCEPTS,
    NONE,
    Bools,
    ConflictGame,
    Graph,
    Ints,
    Preference,
)
from tenbin.forms.numbers import NumberTable
from tenbin.forms.reading import read_body, unknown
from tenbin.scenario.language import Array, Numbers, OutcomeCall
from tenbin.scenario.objects import ModelEntry, Scenario

__all__ = [
    "MAX_COALITIONS",
    "BoundConflict",
    "ConflictModel",
    "bind_conflict",
    "check_numbers",
    "compile_conflict",
]

MAX_COALITIONS = 127
"""Coalitions of one conflict: all of those of seven players, and a few."""


@dataclass(frozen=True)
class ConflictModel:
    """A conflict under given committed options: graph and rules, no numbers.

    `names` of states [S] are in `sets`; a state that a commitment rules out has left them.
    """

    name: str
    concept: str
    graph: Graph
    sets: Mapping[str, Bools]
    """The states [S] that a condition or an outcome may name: options, states, sets of them."""
    rules: tuple[Rule, ...]
    numbers: NumberTable
    form: str = field(default="conflict", init=False)

    @property
    def players(self) -> tuple[str, ...]:
        return self.graph.players

    @property
    def names(self) -> frozenset[str]:
        """The numbers of the scenario that its expressions read."""
        return self.numbers.names

    @property
    def links(self) -> tuple[OutcomeCall, ...]:
        """The outcomes of other models that its expressions read."""
        return self.numbers.links

    @property
    def size(self) -> dict[str, int]:
        """Counts by name, for tables."""
        counts = {"states": self.graph.n_states, "options": len(self.graph.option_names)}
        return {name: count for name, count in counts.items() if count}


@dataclass(frozen=True)
class BoundConflict:
    """The conflicts [W] of a model; `game` is what solvers and the certifier see."""

    model: ConflictModel
    game: ConflictGame


def compile_conflict(scenario: Scenario, model: str, play: Mapping[str, str]) -> ConflictModel:
    """The structure of one model with `play` (option -> on or off) committed.

    Raises
    ------
    ScenarioError
        With every structural problem found.
    """
    entry = scenario.models[model]
    spec, problems = read_body(entry, ConflictSpec)
    if spec is None:
        raise ScenarioError(problems)
    numbers = NumberTable(scenario, problems)
    if entry.concept and entry.concept not in CONCEPTS:
        what = f"unknown concept '{entry.concept}'"
        problems.append(Problem(entry.place_of("concept"), what, entry.concept, CONCEPTS))
    players = _players(scenario, spec, entry, problems)
    space = read_states(spec, entry, players, problems) if players else None
    if space is None:
        raise ScenarioError(problems)
    rules = read_preferences(spec.preferences, entry, space, players, numbers)
    start = _start(spec, entry, space, problems)
    coalitions = _coalitions(spec, entry, players, problems)
    kept, start = _committed(space, play, start, entry, problems)
    if problems:
        raise ScenarioError(problems)
    return ConflictModel(
        name=model,
        concept=entry.concept or CONCEPTS[0],
        graph=_graph(space, players, kept, start, coalitions),
        sets={name: held[kept] for name, held in space.names.items()},
        rules=tuple(rule.restricted(kept) for rule in rules),
        numbers=numbers,
    )


def _players(
    scenario: Scenario, spec: ConflictSpec, entry: ModelEntry, problems: list[Problem]
) -> tuple[str, ...]:
    """Who decides: as listed, else the owners of options or moves, then whoever prefers."""
    known = tuple(scenario.players)
    places: dict[str, Place] = {}
    for number, name in enumerate(spec.players):
        places.setdefault(name, entry.place_of("players", number))
    if not spec.players:
        for option, its in spec.options.items():
            places.setdefault(its.player, entry.place_of("options", option))
        for kind, section in (("moves", spec.moves), ("preferences", spec.preferences)):
            for name in section:
                places.setdefault(name, entry.key_place_of(kind, name))
    problems += [
        unknown(place, "player", name, known) for name, place in places.items() if name not in known
    ]
    found = tuple(name for name in places if name in known)
    for option, its in spec.options.items() if spec.players else ():
        if its.player not in found:
            place = entry.place_of("options", option)
            problems.append(unknown(place, "player", its.player, found))
    if not found and not problems:
        problems.append(Problem(entry.place, "a conflict needs a player"))
    return found


def _start(
    spec: ConflictSpec, entry: ModelEntry, space: StateSpace, problems: list[Problem]
) -> int:
    """The status quo; NONE where none is given."""
    place = entry.place_of("start")
    if spec.start is None:
        return NONE
    if isinstance(spec.start, list) and space.option_names:
        found = state_with(space, spec.start, place, problems)
        return NONE if found is None else found
    name = spec.start if isinstance(spec.start, str) else ", ".join(spec.start)
    held = space.names.get(name)
    if held is None:
        problems.append(unknown(place, "state", name, tuple(space.names)))
        return NONE
    if held.sum() != 1:
        what = f"the start must be one state; '{name}' holds at {int(held.sum())}"
        advice = "List the options that are on: start: [a, b]; [] for none."
        problems.append(Problem(place, what, name, (), advice))
        return NONE
    return int(np.flatnonzero(held)[0])


def _coalitions(
    spec: ConflictSpec, entry: ModelEntry, players: Sequence[str], problems: list[Problem]
) -> tuple[tuple[int, ...], ...]:
    """The coalitions that may form, sub-coalitions among them, small ones first."""
    given: Iterable[Iterable[int]]
    if spec.coalitions is None:
        return ()
    if spec.coalitions == "all":
        given = [range(len(players))]
    else:
        given = []
        for number, names in enumerate(spec.coalitions):
            strangers = [name for name in names if name not in players]
            place = entry.place_of("coalitions", number)
            problems += [unknown(place, "player", name, players) for name in strangers]
            if len(set(names)) < 2 and not strangers:
                problems.append(Problem(place, "a coalition has at least two members"))
            given.append(sorted({players.index(name) for name in names if name in players}))
    members = [tuple(found) for found in given]
    if sum(2 ** len(found) for found in members) > 4 * MAX_COALITIONS:
        what = f"more than {MAX_COALITIONS} coalitions, sub-coalitions counted"
        advice = "List those that may form: coalitions: [[A, B], [A, C]]."
        problems.append(Problem(entry.place_of("coalitions"), what, "", (), advice))
        return ()
    every = {
        part
        for found in members
        for size in range(2, len(found) + 1)
        for part in combinations(found, size)
    }
    return tuple(sorted(every, key=lambda part: (len(part), part)))


def _committed(
    space: StateSpace,
    play: Mapping[str, str],
    start: int,
    entry: ModelEntry,
    problems: list[Problem],
) -> tuple[Bools, int]:
    """Which states [S] a commitment leaves, and where it starts among all."""
    kept = np.ones(space.n_states, dtype=np.bool_)
    code = next((code for code, state in space.codes.items() if state == start), 0)
    for option, value in play.items():
        if option not in space.option_names:
            problems.append(unknown(entry.place, "option", option, space.option_names))
            continue
        if value not in ("on", "off"):
            what = f"option '{option}' is committed to on or off, not to '{value}'"
            problems.append(Problem(entry.place, what, value, ("on", "off")))
            continue
        bit = space.option_names.index(option)
        kept &= space.options[:, bit] == (value == "on")
        code = code | 1 << bit if value == "on" else code & ~(1 << bit)
    if not kept.any():
        problems.append(Problem(entry.place, "the commitment leaves no feasible state"))
        return kept, NONE
    if not play or start == NONE:
        return kept, start
    moved = space.codes.get(code, NONE)
    if moved == NONE or not kept[moved]:
        shown = ", ".join(f"{option}: {value}" for option, value in play.items())
        what = f"with {shown} the start is infeasible"
        problems.append(Problem(entry.place_of("start"), what))
        return kept, NONE
    return kept, moved


def _graph(
    space: StateSpace,
    players: Sequence[str],
    kept: Bools,
    start: int,
    coalitions: tuple[tuple[int, ...], ...],
) -> Graph:
    number = np.cumsum(kept) - 1
    states = int(kept.sum())
    move_start = np.zeros((len(players), states + 1), dtype=np.int32)
    enter_start = np.zeros_like(move_start)
    move_to: list[Ints] = []
    enter_from: list[Ints] = []
    offset = 0
    for row, player in enumerate(players):
        pairs = np.array(space.moves[player], dtype=np.int64).reshape(-1, 2)
        pairs = number[pairs[kept[pairs].all(axis=1)]]
        for starts, links, key, other in (
            (move_start, move_to, 0, 1),
            (enter_start, enter_from, 1, 0),
        ):
            order = np.lexsort((pairs[:, other], pairs[:, key]))
            counts = np.bincount(pairs[:, key], minlength=states)
            starts[row] = offset + np.concatenate([[0], np.cumsum(counts)])
            links.append(pairs[order, other].astype(np.int32))
        offset += len(pairs)
    names = space.state_names
    return Graph(
        players=tuple(players),
        state_names=tuple(name for name, stays in zip(names, kept, strict=True) if stays),
        options=space.options[kept],
        option_names=space.option_names,
        move_start=move_start,
        move_to=np.concatenate(move_to),
        enter_start=enter_start,
        enter_from=np.concatenate(enter_from),
        start=NONE if start == NONE else int(number[start]),
        coalitions=coalitions,
    )


def bind_conflict(
    model: ConflictModel, numbers: Numbers, outcomes: Mapping[OutcomeCall, Array], worlds: int
) -> BoundConflict:
    """The model's numbers evaluated in every world, and the states ranked by them.

    Parameters
    ----------
    numbers, outcomes
        What `model.names` and `model.links` list: floats, or arrays [W].
    worlds
        W.

    Returns
    -------
    The games. `game.valid` is false where a weight or a payoff is not finite.
    """
    columns = model.numbers.evaluate(numbers, outcomes, worlds)
    preferences = tuple(_preference(rule, columns) for rule in model.rules)
    return BoundConflict(model, make_game(model.graph, preferences, worlds))


def check_numbers(
    model: ConflictModel, numbers: Numbers, outcomes: dict[OutcomeCall, Array], worlds: int
) -> list[Problem]:
    """What is wrong with the model's numbers in some of the worlds."""
    return model.numbers.check(numbers, outcomes, worlds)


def _preference(rule: Rule, columns: Array) -> Preference:
    if rule.ranks is not None:
        return Preference(rule.ranks[None, :], None, True)
    values = columns[:, list(rule.index)]
    same = bool((values == values[:1]).all()) and len(values) > 0
    return Preference(values[:1] if same else values, rule.truth, False)


def make_game(graph: Graph, preferences: tuple[Preference, ...], worlds: int) -> ConflictGame:
    """Conflicts of W worlds from a graph and what each player makes of its states."""
    valid = np.ones(worlds, dtype=np.bool_)
    tie = np.zeros(worlds, dtype=np.bool_)
    margin = np.full(worlds, np.inf)
    ranks: list[np.ndarray[tuple[int, int], np.dtype[np.int16]]] = []
    rows: list[Ints] = []
    for preference in preferences:
        valid &= np.isfinite(preference.values).all(axis=1)
        found, row, smallest = rank_states(preference, worlds)
        ranks.append(found)
        rows.append(row)
        margin = np.minimum(margin, smallest)
        tie |= (found.max(axis=1) < graph.n_states)[row]
    row, order = share_orders(rows, valid)
    return ConflictGame(graph, preferences, tuple(ranks), row, order, margin, tie, valid)
