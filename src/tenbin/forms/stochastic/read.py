"""Scenario text of a stochastic game -> `Rules`: names resolved, all faults at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from tenbin.errors import Place, Problem
from tenbin.forms.reading import read_body, type_title_problems
from tenbin.forms.stochastic.conditions import (
    ALWAYS,
    Atom,
    Condition,
    Whole,
    read_condition,
    read_whole,
)
from tenbin.forms.stochastic.records import read_calendar, read_record
from tenbin.forms.stochastic.rules import (
    REST,
    Action,
    Chance,
    Counter,
    Follow,
    Given,
    Payoff,
    Phase,
    Rules,
    Target,
)
from tenbin.forms.stochastic.spec import (
    EventSpec,
    NextSpec,
    PayoffSpec,
    StateSpec,
    StochasticSpec,
    TargetSpec,
    whole_range,
)
from tenbin.scenario.objects import ModelEntry, Scenario
from tenbin.scenario.texts import Text
from tenbin.scenario.words import name_fault

__all__ = ["PROBABILITY_TOLERANCE", "read_rules"]

PROBABILITY_TOLERANCE = 1e-9
"""How far probabilities may miss a sum of one, or leave [0, 1]."""

Path = Sequence[str | int]


def read_rules(
    scenario: Scenario, entry: ModelEntry, play: Mapping[str, str]
) -> tuple[Rules | None, list[Problem]]:
    """The rules of one model with `play` committed; None where its shape is faulty."""
    spec, problems = read_body(entry, StochasticSpec)
    if spec is None:
        return None, problems
    reader = _Reader(scenario, entry, spec, problems)
    return reader.read(play), reader.problems


class _Reader:
    """Reads one model; `problems` grows, and what is faulty gets a harmless stand-in."""

    def __init__(
        self,
        scenario: Scenario,
        entry: ModelEntry,
        spec: StochasticSpec,
        problems: list[Problem],
    ) -> None:
        self.scenario, self.entry, self.spec, self.problems = scenario, entry, spec, problems
        self.players = self._players()
        self.counter_names = tuple(spec.counters)
        self.types = tuple(tuple(spec.types.get(player, ())) for player in self.players)

    def read(self, play: Mapping[str, str]) -> Rules | None:
        self._names()
        spec = self.spec
        phases = {name: self._phase(name, state) for name, state in spec.states.items()}
        events = {name: self._event(name, event) for name, event in spec.events.items()}
        start = tuple(
            Chance(name, (given, self.entry.place_of("start", name)))
            for name, given in spec.start.items()
        )
        for name in spec.start:
            if name not in phases:
                self.unknown(self.entry.key_place_of("start", name), "state", name, phases)
        counters = tuple(self._counter(name) for name in self.counter_names)
        discounts = self._discounts()
        calendar = read_calendar(spec.calendar, self.entry, self.problems)
        record = read_record(
            spec.record, self.entry, self.scenario, phases, events, calendar, self.problems
        )
        committed = self._commitments(play)
        if not self.players:
            self.problem((), "a game needs a player: nobody acts, has types or is paid")
            return None
        informed, prior = self._types()
        return Rules(
            players=self.players,
            types=self.types,
            informed=informed,
            prior=prior,
            grid=spec.beliefs if informed is not None else 1,
            discounts=discounts,
            counters=counters,
            start=start,
            phases=phases,
            events=events,
            committed=committed,
            calendar=calendar,
            record=record,
            titles=self._titles(),
        )

    def problem(
        self,
        path: Path,
        what: str,
        given: str = "",
        allowed: Iterable[str] = (),
        advice: str = "",
    ) -> None:
        place = self.entry.place_of(*path)
        self.problems.append(Problem(place, what, given, tuple(allowed), advice))

    def unknown(self, place: Place, kind: str, name: str, allowed: Iterable[str]) -> None:
        self.problems.append(Problem(place, f"unknown {kind} '{name}'", name, tuple(allowed)))

    # players and names

    def _players(self) -> tuple[str, ...]:
        """Who plays: as listed, else whoever acts, has types or is paid, in the file's order."""
        spec, known = self.spec, tuple(self.scenario.players)
        for number, name in enumerate(spec.players):
            if name not in known:
                self.unknown(self.entry.place_of("players", number), "player", name, known)
        if spec.players:
            return tuple(name for name in dict.fromkeys(spec.players) if name in known)
        active = {player for state in spec.states.values() for player in state.actions}
        active |= set(spec.types)
        for state in spec.states.values():
            active |= {name for rule in state.payoffs for name in (rule.model_extra or {})}
        return tuple(name for name in known if name in active)

    def _player(self, name: str, path: Path) -> int | None:
        """The number of a player; a name that is none is reported at its key."""
        if name in self.players:
            return self.players.index(name)
        place = self.entry.key_place_of(*path)
        if name in self.scenario.players:
            what = f"'{name}' is not among the players of this model"
            self.problems.append(Problem(place, what, name, self.players))
        else:
            self.unknown(place, "player", name, self.players or tuple(self.scenario.players))
        return None

    def _names(self) -> None:
        """Faulty names, and names that would mean two things."""
        spec = self.spec
        taken = dict.fromkeys(self.players, "a player")
        for section, kind in (
            ("counters", "a counter"),
            ("states", "a state"),
            ("events", "an event"),
        ):
            for name in getattr(spec, section):
                fault = name_fault(name, number=section == "counters")
                place = self.entry.key_place_of(section, name)
                if fault:
                    self.problems.append(Problem(place, f"'{name}' cannot be a name: {fault}"))
                if name in taken:
                    what = f"'{name}' is the name of {taken[name]} and of {kind}"
                    self.problems.append(Problem(place, what))
                taken.setdefault(name, kind)
        for name in self.counter_names:
            if name in self.scenario.number_names:
                what = f"'{name}' is a counter here and a number of the scenario"
                place = self.entry.key_place_of("counters", name)
                self.problems.append(Problem(place, what, advice="Rename the counter."))
        for player, types in zip(self.players, self.types, strict=True):
            actions = {a for state in spec.states.values() for a in state.actions.get(player, ())}
            for name in types:
                if name in actions:
                    what = f"'{name}' is a type and an action of {player}"
                    self.problem(("types", player, name), what)

    def _counter(self, name: str) -> Counter:
        spec = self.spec.counters[name]
        low, high = whole_range(spec.range)
        if not low <= spec.start <= high:
            what = f"counter '{name}' starts at {spec.start}, outside its range {low}..{high}"
            self.problem(("counters", name, "start"), what)
        return Counter(name, low, high, min(max(spec.start, low), high), spec.clip)

    def _types(self) -> tuple[int | None, tuple[Chance, ...]]:
        """The informed player and the probabilities of that player's types."""
        for player, table in self.spec.types.items():
            self._player(player, ("types", player))
            for name in table:
                fault = name_fault(name, number=False)
                if fault:
                    self.problem(("types", player, name), f"'{name}' cannot be a name: {fault}")
            if len(table) < 2:
                self.problem(("types", player), f"{player} needs two types, or none")
        titles = self.spec.type_titles
        self.problems += type_title_problems(self.entry, titles, self.spec.types)
        for player in self.spec.types:
            if player in self.players:
                table = self.spec.types[player]
                place = self.entry.place_of
                prior = tuple(
                    Chance(name, (given, place("types", player, name)))
                    for name, given in table.items()
                )
                return self.players.index(player), prior
        return None, ()

    def _discounts(self) -> tuple[Given, ...]:
        given, place = self.spec.discount, self.entry.place_of
        if not isinstance(given, dict):
            return tuple((given, place("discount")) for _ in self.players)
        for name in given:
            self._player(name, ("discount", name))
        for name in self.players:
            if name not in given:
                self.problem(("discount",), f"there is no discount factor for {name}")
        return tuple((given.get(p, 0), place("discount", p)) for p in self.players)

    # states

    def _phase(self, name: str, spec: StateSpec) -> Phase:
        path = ("states", name)
        movers: list[tuple[int, tuple[Action, ...]]] = []
        for player, table in spec.actions.items():
            number = self._player(player, (*path, "actions", player))
            actions: list[Action] = []
            for action, given in table.items():
                where = (*path, "actions", player, action)
                fault = name_fault(action, number=False)
                if fault:
                    self.problem(where, f"'{action}' cannot be a name: {fault}")
                only_if = self._condition(given.only_if, (*where, "only_if"), (), "`only_if`")
                actions.append(Action(action, only_if))
            if not actions:
                self.problem((*path, "actions", player), f"{player} has no action in '{name}'")
            elif number is not None:
                movers.append((number, tuple(actions)))
        return Phase(
            name=name,
            movers=tuple(sorted(movers, key=lambda mover: mover[0])),
            payoffs=tuple(self._payoff(name, i, rule) for i, rule in enumerate(spec.payoffs)),
            follows=tuple(self._follow(name, i, rule) for i, rule in enumerate(spec.next)),
            place=self.entry.key_place_of(*path),
        )

    def _action_atoms(self, phase: str) -> set[Atom]:
        table = self.spec.states[phase].actions
        return {(player, action) for player, its in table.items() for action in its}

    def _type_atoms(self) -> set[Atom]:
        return {(p, name) for p, its in zip(self.players, self.types, strict=True) for name in its}

    def _condition(
        self, text: str | None, path: Path, atoms: Collection[Atom], what: str
    ) -> Condition:
        """A condition whose names are known; what else it names is reported."""
        if text is None:
            return ALWAYS
        condition, problems = read_condition(text, self.entry.place_of(*path))
        self.problems += problems
        sound = self._check_counters(condition.counters)
        unknown = [(atom, place) for atom, place in condition.atoms if atom not in atoms]
        for atom, place in unknown:
            self.problems.append(self._unknown_atom(atom, place, atoms, what))
        return condition if sound and not unknown else ALWAYS

    def _unknown_atom(
        self, atom: Atom, place: Place, atoms: Collection[Atom], what: str
    ) -> Problem:
        name, allowed = ".".join(atom), tuple(sorted(".".join(known) for known in atoms))
        if atom in self._type_atoms():
            told = f"{what} cannot read the type '{name}'"
            return Problem(place, told, advice="What follows is seen by all; types are private.")
        if len(atom) == 1 and name in self.counter_names:
            return Problem(place, f"counter '{name}' is not compared with anything", name)
        if not allowed:
            told = f"{what} can only compare counters, not read '{name}'"
            return Problem(place, told, name, self.counter_names)
        if len(atom) == 2 and atom[0] in self.players and not any(a[0] == atom[0] for a in atoms):
            return Problem(
                place, f"{what} names '{name}', but {atom[0]} does not act here", name, allowed
            )
        return Problem(place, f"{what} names '{name}', which is not there", name, allowed)

    def _check_counters(self, counters: Iterable[tuple[str, Place]]) -> bool:
        """Report counters that are not there; whether all are."""
        sound = True
        for name, place in counters:
            if name not in self.counter_names:
                sound, advice = False, ""
                if name in self.scenario.number_names:
                    advice = "Structure never depends on a world: compare counters alone."
                known = self.counter_names
                self.problems.append(
                    Problem(place, f"unknown counter '{name}'", name, known, advice)
                )
        return sound

    def _payoff(self, phase: str, number: int, spec: PayoffSpec) -> Payoff:
        path = ("states", phase, "payoffs", number)
        atoms = self._action_atoms(phase) | self._type_atoms()
        when = self._condition(spec.when, (*path, "when"), atoms, "`when`")
        amounts: list[tuple[int, Given]] = []
        for name, given in (spec.model_extra or {}).items():
            player = self._player(name, (*path, name))
            if player is not None:
                amounts.append((player, (given, self.entry.place_of(*path, name))))
        return Payoff(when, tuple(amounts))

    def _follow(self, phase: str, number: int, spec: NextSpec) -> Follow:
        path = ("states", phase, "next", number)
        what = "`when` of what follows"
        when = self._condition(spec.when, (*path, "when"), self._action_atoms(phase), what)
        targets = tuple(self._target(path, i, target, spec) for i, target in enumerate(spec.to))
        rests = [target for target in targets if target.given[0] == REST]
        for target in rests[1:]:
            self.problems.append(Problem(target.given[1], "`rest` may stand once among these"))
        return Follow(when, targets, self.entry.place_of(*path))

    def _target(self, path: Path, number: int, spec: TargetSpec, rule: NextSpec) -> Target:
        """One state that may follow; it stands in the file by its number or by its name."""
        place_of, key = self.entry.place_of, self.entry.key_place_of
        by_number, by_name = (*path, "to", number), (*path, "to", spec.state)
        listed = place_of(*by_number) != place_of(*path, "to")
        base = by_number if listed else by_name
        named = place_of(*base, "state") if listed else key(*by_name)
        if spec.state not in self.spec.states:
            self.unknown(named, "state", spec.state, self.spec.states)
        if spec.p is None and len(rule.to) > 1:
            self.problems.append(Problem(named, f"'{spec.state}' needs a probability `p`"))
        given = 1.0 if spec.p is None else spec.p
        where = place_of(*base, "p")
        changes = tuple(self._change(base, name, by) for name, by in spec.change.items())
        known = tuple((number, by, at) for number, by, at in changes if number >= 0)
        return Target(spec.state, (given, where), known)

    def _change(self, path: Path, name: str, by: object) -> tuple[int, Whole, Place]:
        place = self.entry.place_of(*path, "change", name)
        whole, problems = read_whole(by, place)
        self.problems += problems
        if not self._check_counters(whole.counters):
            whole, _ = read_whole(0, place)
        if name not in self.counter_names:
            where = self.entry.key_place_of(*path, "change", name)
            self.unknown(where, "counter", name, self.counter_names)
            return -1, whole, place
        return self.counter_names.index(name), whole, place

    def _event(self, name: str, spec: EventSpec) -> Condition:
        atoms = {(state,) for state in self.spec.states}
        given = self.entry.body["events"][name]
        path = ("events", name, "when") if isinstance(given, dict) else ("events", name)
        return self._condition(spec.when, path, atoms, f"event '{name}'")

    # policies

    def _commitments(self, play: Mapping[str, str]) -> dict[tuple[str, int], str]:
        """What a policy's `play` commits: a player's action in a state, or wherever it is there."""
        found: dict[tuple[str, int], str] = {}
        for move, action in play.items():
            pairs = self._committed(move, action)
            if not pairs:
                self.problems.append(self._unknown_commitment(move, action))
            found.update(pairs)
        return found

    def _committed(self, move: str, action: str) -> dict[tuple[str, int], str]:
        player, _, name = action.rpartition(".")
        states = self.spec.states
        phases = [move] if move in states else list(states) if move in self.players else []
        return {
            (phase, number): name
            for phase in phases
            for number, who in enumerate(self.players)
            if name in states[phase].actions.get(who, {})
            and player in ("", who)
            and move in (phase, who)
        }

    def _unknown_commitment(self, move: str, action: str) -> Problem:
        committed = (f"{self.entry.name}.{move}", action)
        places = (its.place for its in self.scenario.policies.values() if committed in its.play)
        place = next(places, self.entry.place)
        if move not in self.spec.states and move not in self.players:
            allowed = (*self.spec.states, *self.players)
            return Problem(
                place, f"`play` commits an unknown state or player '{move}'", move, allowed
            )
        states = [self.spec.states[move]] if move in self.spec.states else self.spec.states.values()
        allowed = {
            f"{who}.{name}"
            for state in states
            for who, table in state.actions.items()
            for name in table
            if move in self.spec.states or move == who
        }
        what = f"`play` commits '{move}' to an unknown action '{action}'"
        return Problem(place, what, action, tuple(sorted(allowed)))

    def _titles(self) -> dict[tuple[str, ...], Text]:
        """Titles by what they are of: a state, an action of a player in a state, a counter."""
        found: dict[tuple[str, ...], object] = {}
        for name, state in self.spec.states.items():
            found[name,] = state.title
            for player, table in state.actions.items():
                for action, spec in table.items():
                    found[name, player, action] = spec.title
        found.update(((name,), spec.title) for name, spec in self.spec.counters.items())
        found.update(((name,), spec.title) for name, spec in self.spec.events.items())
        for player, names in self.spec.type_titles.items():
            found.update(((player, name), title) for name, title in names.items())
        return {path: Text.of(title) for path, title in found.items() if title is not None}
