"""The states of a conflict and the moves between them, from its options or as listed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tenbin.errors import Place, Problem
from tenbin.forms.conflict.conditions import read_condition
from tenbin.forms.conflict.spec import ConflictSpec, OptionSpec
from tenbin.forms.conflict.tables import NONE, Bools, Ints
from tenbin.forms.reading import unknown
from tenbin.scenario.objects import ModelEntry
from tenbin.scenario.words import name_fault

__all__ = ["MAX_OPTIONS", "MAX_STATES", "StateSpace", "read_states", "state_with"]

MAX_OPTIONS = 20
"""Options of one conflict: all their combinations are listed before infeasible ones are dropped."""
MAX_STATES = 10_000
"""Feasible states of one conflict."""

Codes = NDArray[np.int64]


@dataclass
class StateSpace:
    """States [S], what is on at them, who can move where, and what the file calls them.

    A state is a code: bit i is option i. States stand in the order of their codes, merged ones
    after all others. `names` are the sets of states that a condition or an outcome may name.
    """

    option_names: tuple[str, ...]
    options: Bools
    names: dict[str, Bools]
    titles: dict[str, int]
    """Which state each name stands for that names one state alone."""
    moves: dict[str, list[tuple[int, int]]]
    """The moves (from, to) of each player."""
    codes: dict[int, int] = field(default_factory=dict)
    """Which state each feasible code is."""

    @property
    def n_states(self) -> int:
        return len(self.options)

    @property
    def state_names(self) -> tuple[str, ...]:
        """One name per state: the file's own where it has one, else `s` and its number from one."""
        found = [f"s{number}" for number in range(1, self.n_states + 1)]
        for name, state in reversed(self.titles.items()):
            found[state] = name
        return tuple(found)


def read_states(
    spec: ConflictSpec, entry: ModelEntry, players: Sequence[str], problems: list[Problem]
) -> StateSpace | None:
    """The states of a model; None where they cannot be listed, the reasons being noted."""
    before = len(problems)
    _check_names(spec, entry, players, problems)
    if len(problems) > before:
        return None
    if not spec.options:
        return _listed(spec, entry, players, problems)
    return _from_options(spec, entry, players, problems)


def _check_names(
    spec: ConflictSpec, entry: ModelEntry, players: Sequence[str], problems: list[Problem]
) -> None:
    """Faulty names, and names that would mean two things."""
    kinds = (("options", spec.options), ("merge", spec.merge), ("states", spec.states))
    taken: dict[str, str] = dict.fromkeys(players, "a player")
    for kind, section in kinds:
        for name in section:
            place = entry.key_place_of(kind, name)
            fault = name_fault(name, number=False)
            if fault:
                problems.append(Problem(place, f"'{name}' cannot be a name: {fault}", name))
            elif name in taken:
                what = f"'{name}' is already the name of {taken[name]}"
                problems.append(Problem(place, what, name))
            taken.setdefault(name, {"options": "an option"}.get(kind, "a state"))
            if name[:1] == "s" and name[1:].isdecimal() and spec.options:
                advice = "States without a name are called s1, s2, ... by their number."
                problems.append(
                    Problem(place, f"'{name}' names a state by number", name, (), advice)
                )


# states as combinations of options


def _from_options(
    spec: ConflictSpec, entry: ModelEntry, players: Sequence[str], problems: list[Problem]
) -> StateSpace | None:
    names = tuple(spec.options)
    if len(names) > MAX_OPTIONS:
        what = f"{len(names)} options; at most {MAX_OPTIONS} are allowed"
        problems.append(Problem(entry.place_of("options"), what))
        return None
    before = len(problems)
    codes = np.arange(1 << len(names), dtype=np.int64)
    on = {name: (codes >> bit) & 1 == 1 for bit, name in enumerate(names)}
    feasible = np.ones(len(codes), dtype=np.bool_)
    for number, text in enumerate(spec.infeasible):
        place = entry.place_of("infeasible", number)
        held = read_condition(text, on, place, problems)
        if held is not None:
            feasible &= ~held
    if len(problems) > before:
        return None
    if not feasible.any():
        problems.append(Problem(entry.place_of("infeasible"), "no state is left: all infeasible"))
        return None
    codes = codes[feasible]
    on = {name: held[feasible] for name, held in on.items()}
    merged = _merged(spec, entry, on, problems)
    owner, order = _numbered(codes, merged)
    if len(order) > MAX_STATES:
        what = f"{len(order):,} feasible states; at most {MAX_STATES:,} are allowed"
        problems.append(Problem(entry.place_of("options"), what))
        return None
    options = np.array([[on[name][place] for name in names] for place in order], dtype=np.bool_)
    space = StateSpace(
        option_names=names,
        options=options,
        names={name: options[:, bit] for bit, name in enumerate(names)},
        titles={},
        moves={
            player: _option_moves(codes, owner, _own(spec.options, player)) for player in players
        },
        codes=dict(zip(codes.tolist(), owner.tolist(), strict=True)),
    )
    for name, held in merged.items():
        if held.any():
            state = int(owner[np.flatnonzero(held)[0]])
            space.names[name] = np.arange(space.n_states) == state
            space.titles[name] = state
    _name_sets(spec, entry, space, problems)
    for number in range(1, space.n_states + 1):
        space.names.setdefault(f"s{number}", np.arange(space.n_states) == number - 1)
    return space


def _merged(
    spec: ConflictSpec, entry: ModelEntry, on: Mapping[str, Bools], problems: list[Problem]
) -> dict[str, Bools]:
    """For each merged state, which combinations it is made of."""
    found: dict[str, Bools] = {}
    for name, state in spec.merge.items():
        place = entry.place_of("merge", name)
        if not isinstance(state.when, str):
            what = f"merged state '{name}' needs the condition of the states that are one"
            problems.append(Problem(place, what))
            continue
        held = read_condition(state.when, on, place, problems)
        if held is None:
            continue
        for other, its in found.items():
            if (held & its).any():
                what = f"merged states '{name}' and '{other}' have combinations in common"
                problems.append(Problem(place, what))
        if not held.any():
            problems.append(Problem(place, f"'{name}' holds at no feasible state"))
        found[name] = held
    return found


def _numbered(codes: Codes, merged: Mapping[str, Bools]) -> tuple[Ints, list[int]]:
    """The state of each combination, and for each state the combination that stands for it."""
    owner = np.full(len(codes), NONE, dtype=np.int32)
    single = np.ones(len(codes), dtype=np.bool_)
    for held in merged.values():
        single &= ~held
    order = np.flatnonzero(single).tolist()
    owner[order] = np.arange(len(order), dtype=np.int32)
    for held in merged.values():
        members = np.flatnonzero(held)
        if len(members):
            taken = [int(codes[member]).bit_count() for member in members]
            owner[members] = len(order)
            order.append(int(members[int(np.argmin(taken))]))
    return owner, order


def _own(options: Mapping[str, OptionSpec], player: str) -> list[tuple[int, OptionSpec]]:
    return [(bit, its) for bit, its in enumerate(options.values()) if its.player == player]


def _option_moves(
    codes: Codes, owner: Ints, own: Sequence[tuple[int, OptionSpec]]
) -> list[tuple[int, int]]:
    """All changes of a player's own options between feasible states, as far as reversible."""
    mask = sum(1 << bit for bit, _ in own)
    kept_on = sum(1 << bit for bit, its in own if not its.reversible or its.only == "on")
    kept_off = sum(1 << bit for bit, its in own if its.only == "off")
    rest = codes & ~np.int64(mask)
    order = np.argsort(rest, kind="stable")
    cuts = np.flatnonzero(np.diff(rest[order])) + 1
    found: list[NDArray[np.int64]] = []
    for members in np.split(order, cuts):
        before, after = codes[members][:, None], codes[members][None, :]
        allowed = ((before & ~after & kept_on) == 0) & ((~before & after & kept_off) == 0)
        source, target = np.nonzero(allowed)
        pairs = np.stack([owner[members[source]], owner[members[target]]], axis=1)
        found.append(pairs[pairs[:, 0] != pairs[:, 1]].astype(np.int64))
    pairs = np.unique(np.concatenate(found), axis=0)
    return [(int(a), int(b)) for a, b in pairs]


def _name_sets(
    spec: ConflictSpec, entry: ModelEntry, space: StateSpace, problems: list[Problem]
) -> None:
    """The sets of states to which the file gives names; a list names the one with these options."""
    for name, state in spec.states.items():
        place = entry.place_of("states", name)
        if isinstance(state.when, list):
            found = state_with(space, state.when, place, problems)
            held = None if found is None else np.arange(space.n_states) == found
        elif state.when is None:
            what = f"state '{name}' needs a condition, or the list of the options that are on"
            problems.append(Problem(place, what))
            continue
        else:
            held = read_condition(state.when, space.names, place, problems)
        if held is None:
            continue
        if not held.any():
            problems.append(Problem(place, f"'{name}' holds at no feasible state"))
        space.names[name] = held
        if held.sum() == 1:
            space.titles.setdefault(name, int(np.flatnonzero(held)[0]))


def state_with(
    space: StateSpace, options: Iterable[str], place: Place, problems: list[Problem]
) -> int | None:
    """The state at which exactly these options are on; None where there is none."""
    code = 0
    for name in options:
        if name not in space.option_names:
            problems.append(unknown(place, "option", name, space.option_names))
            return None
        code |= 1 << space.option_names.index(name)
    found = space.codes.get(code)
    if found is None:
        shown = ", ".join(options) or "no option"
        what = f"the state with {shown} on is infeasible"
        problems.append(Problem(place, what))
    return found


# states as listed


def _listed(
    spec: ConflictSpec, entry: ModelEntry, players: Sequence[str], problems: list[Problem]
) -> StateSpace | None:
    names = tuple(spec.states)
    for key, given in (("infeasible", spec.infeasible), ("merge", spec.merge)):
        if given:
            what = f"`{key}` belongs to a conflict with options; here the states are listed"
            problems.append(Problem(entry.key_place_of(key), what))
    for name, state in spec.states.items():
        if state.when is not None:
            what = f"state '{name}' has a condition, but this conflict has no options"
            problems.append(Problem(entry.place_of("states", name), what))
    if len(names) > MAX_STATES:
        what = f"{len(names):,} states; at most {MAX_STATES:,} are allowed"
        problems.append(Problem(entry.place_of("states"), what))
        return None
    index = {name: number for number, name in enumerate(names)}
    moves: dict[str, list[tuple[int, int]]] = {player: [] for player in players}
    for player, its in spec.moves.items():
        if player not in moves:
            place = entry.key_place_of("moves", player)
            problems.append(unknown(place, "player", player, players))
            continue
        for source, targets in its.items():
            if source not in index:
                place = entry.key_place_of("moves", player, source)
                problems.append(unknown(place, "state", source, names))
                continue
            for number, target in enumerate(targets):
                place = entry.place_of("moves", player, source, number)
                if target not in index:
                    problems.append(unknown(place, "state", target, names))
                elif target == source:
                    problems.append(Problem(place, f"'{target}' is where the move starts", target))
                else:
                    moves[player].append((index[source], index[target]))
    count = len(names)
    return StateSpace(
        option_names=(),
        options=np.zeros((count, 0), dtype=np.bool_),
        names={name: np.arange(count) == number for name, number in index.items()},
        titles=dict(index),
        moves={player: sorted(set(pairs)) for player, pairs in moves.items()},
    )
