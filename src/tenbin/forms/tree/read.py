"""Scenario text of a tree -> `Rules`: names resolved, expressions parsed, all faults at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import isfinite
from typing import Any

from tenbin.errors import Place, Problem
from tenbin.forms.tree.graph import order_moves
from tenbin.forms.tree.payoffs import PayoffReader
from tenbin.forms.tree.rules import End, JointType, Lottery, Move, Payoff, Rules, Set, Step
from tenbin.forms.tree.spec import MoveSpec, TreeSpec, read_spec
from tenbin.forms.tree.types import TypeReader
from tenbin.scenario.expressions import all_names, evaluate, unknown_names
from tenbin.scenario.grammar import parse_expression
from tenbin.scenario.language import Expression
from tenbin.scenario.objects import ModelEntry, Scenario
from tenbin.scenario.references import check_expression
from tenbin.scenario.texts import Text
from tenbin.scenario.words import name_fault

__all__ = ["PROBABILITY_TOLERANCE", "read_rules"]

PROBABILITY_TOLERANCE = 1e-9
"""How far probabilities may miss a sum of one, or leave [0, 1]."""


def read_rules(
    scenario: Scenario, entry: ModelEntry, play: Mapping[str, str]
) -> tuple[Rules | None, list[Problem]]:
    """The rules of one model with `play` committed; None where its moves cannot be played out."""
    spec, problems = read_spec(entry)
    if spec is None:
        return None, problems
    reader = _Reader(scenario, entry, spec, problems)
    return reader.read(play), reader.problems


def _fixed_number(expression: Expression) -> float | None:
    """The value of an expression that reads nothing; None where it reads something."""
    if expression.names or expression.calls:
        return None
    return float(evaluate(expression, {}))


class _Reader:
    """Reads one model; `problems` grows, and what is faulty gets a harmless stand-in."""

    def __init__(
        self, scenario: Scenario, entry: ModelEntry, spec: TreeSpec, problems: list[Problem]
    ) -> None:
        self.scenario, self.entry, self.spec, self.problems = scenario, entry, spec, problems
        self.numbers = scenario.number_names
        self.players = self._players()
        self.value_names = tuple(spec.values)
        self.types = tuple(tuple(spec.types.get(player, ())) for player in self.players)

    def read(self, play: Mapping[str, str]) -> Rules | None:
        self._names()
        defaults = self._defaults()
        for player, table in self.spec.types.items():
            self._player(player, ("types", player))
            for name in table:
                self._name(name, "types", player, name)
        types = TypeReader(self.spec, self.players, self.types, self._lottery, self.problem)
        type_lotteries, joint_types = types.read()
        moves = {name: self._move(name, move) for name, move in self.spec.moves.items()}
        ends = self._ends(joint_types)
        committed = self._commitments(play)
        if not self.players:
            self.problem(("moves",), "a game needs a player: nobody moves, has types or is paid")
            return None
        place_of = self.entry.place_of
        order = order_moves(self.spec.start, moves, frozenset(ends), place_of, self.problems)
        if order is None:
            return None
        return Rules(
            players=self.players,
            types=self.types,
            type_lotteries=type_lotteries,
            joint_types=joint_types,
            value_names=self.value_names,
            defaults=defaults,
            type_sets=self._type_sets(),
            start=self.spec.start,
            moves={name: moves[name] for name in order},
            ends=ends,
            play=committed,
            titles=self._titles(),
        )

    def problem(
        self,
        path: Sequence[str | int],
        what: str,
        given: str = "",
        allowed: Iterable[str] = (),
        advice: str = "",
    ) -> None:
        place = self.entry.place_of(*path)
        self.problems.append(Problem(place, what, given, tuple(allowed), advice))

    # players and names

    def _players(self) -> tuple[str, ...]:
        """Who plays: as listed, else whoever moves, has types or is paid, in the file's order."""
        spec = self.spec
        known = tuple(self.scenario.players)
        for number, name in enumerate(spec.players):
            if name not in known:
                self.problem(("players", number), f"unknown player '{name}'", name, known)
        active = {move.player for move in spec.moves.values()} | set(spec.types)
        paid = {name for end in spec.ends.values() for name in (end.model_extra or {})}
        if not spec.players:
            return tuple(name for name in known if name in active | paid)
        for name in known:
            if name in active and name not in spec.players:
                what = f"'{name}' moves or has types, and is not among the players of this model"
                self.problem(("players",), what, name, spec.players)
        return tuple(name for name in dict.fromkeys(spec.players) if name in known)

    def _player(self, name: str, path: Sequence[str | int]) -> int | None:
        if name in self.players:
            return self.players.index(name)
        self.problem(path, f"unknown player '{name}'", name, tuple(self.scenario.players))
        return None

    def _names(self) -> None:
        """Faulty names, and names that would mean two things."""
        spec = self.spec
        for kind, section in (("moves", spec.moves), ("ends", spec.ends), ("values", spec.values)):
            for name in section:
                self._name(name, kind, name)
        for move, its in spec.moves.items():
            for kind, steps in (("actions", its.actions), ("chance", its.chance)):
                for name in steps:
                    self._name(name, "moves", move, kind, name)
            if move in spec.ends:
                self.problem(("ends", move), f"'{move}' is the name of a move and of an end")
            if move in self.players:
                self.problem(("moves", move), f"'{move}' is the name of a move and of a player")
        for name in spec.values:
            if name in self.numbers:
                what = f"'{name}' is a path value here and a number of the scenario"
                self.problem(("values", name), what, advice="Give the path value another name.")
        for name in self.scenario.measures:
            if name in self.players:
                self.problem((), f"'{name}' is the name of a player and of a measure")

    def _name(self, name: str, *path: str) -> None:
        fault = name_fault(name)
        if fault:
            self.problem(path, f"'{name}' cannot be a name: {fault}")

    # numbers

    def _number(self, given: float | str, *path: str | int) -> Expression:
        """The parsed expression; zero stands in for a faulty one."""
        place = self.entry.place_of(*path)
        expression, problems = parse_expression(given, place)
        self.problems.extend(problems)
        if expression is None:
            return _ZERO
        if expression.calls:
            self.problems.extend(check_expression(expression, self.scenario, self.value_names))
        else:
            self.problems.extend(unknown_names(expression, {*self.numbers, *self.value_names}))
        if set(self.value_names) & (all_names(expression) - expression.names):
            what = "a replaced number cannot read a path value: it belongs to another model's world"
            self.problem(path, what)
        fixed = _fixed_number(expression)
        if fixed is not None and not isfinite(fixed):
            self.problem(path, f"'{expression.text}' is not a finite number ({fixed})")
            return _ZERO
        return expression

    def _defaults(self) -> tuple[Expression, ...]:
        found: list[Expression] = []
        for name, number in self.spec.values.items():
            default = self._number(number, "values", name)
            if all_names(default) & set(self.value_names):
                self.problem(("values", name), "a default cannot read another path value")
                default = _ZERO
            found.append(default)
        return tuple(found)

    def _sets(self, sets: Mapping[str, float | str], *path: str | int) -> tuple[Set, ...]:
        found: list[Set] = []
        for name, number in sets.items():
            if name in self.value_names:
                value = self._number(number, *path, name)
                found.append((self.value_names.index(name), value))
            else:
                what = f"unknown path value '{name}'"
                advice = "" if self.value_names else "List it with a default under `values`."
                self.problem((*path, name), what, name, self.value_names, advice)
        return tuple(found)

    def _lottery(
        self, entries: Sequence[tuple[float | str, tuple[str | int, ...]]], what: str, *path: str
    ) -> Lottery:
        """Probabilities that sum to one, as far as this can be seen without a world."""
        rests = [where for given, where in entries if given == "rest"]
        for where in rests[1:]:
            self.problem(where, f"`rest` may stand once in the {what}")
        parsed = tuple(
            None if given == "rest" else self._number(given, *where) for given, where in entries
        )
        fixed = [None if number is None else _fixed_number(number) for number in parsed]
        known = [number for number in fixed if number is not None]
        for (given, where), number in zip(entries, fixed, strict=True):
            if number is not None and not 0 <= number <= 1:
                self.problem(where, f"a probability lies between 0 and 1, not {given}")
        total = sum(known)
        if len(known) == len(entries) and abs(total - 1) > PROBABILITY_TOLERANCE:
            advice = "Write `rest` for the one that is one minus the others."
            self.problem(path, f"the probabilities of the {what} sum to {total:g}", advice=advice)
        elif total > 1 + PROBABILITY_TOLERANCE:
            self.problem(path, f"the probabilities of the {what} sum to more than 1 ({total:g})")
        return Lottery(parsed, self.entry.place_of(*path), what)

    # types

    def _type_sets(self) -> dict[tuple[int, str], tuple[Set, ...]]:
        found: dict[tuple[int, str], tuple[Set, ...]] = {}
        for player, by_type in self.spec.type_values.items():
            path = ("type_values", player)
            number = self._player(player, path)
            if number is None:
                continue
            for name, sets in by_type.items():
                if name not in self.types[number]:
                    what = f"unknown type '{name}' of {player}"
                    self.problem((*path, name), what, name, self.types[number])
                found[number, name] = self._sets(sets, *path, name)
        return found

    # moves and ends

    def _move(self, name: str, spec: MoveSpec) -> Move:
        path = ("moves", name)
        player = None
        if spec.player is not None:
            player = self._player(spec.player, (*path, "player")) or 0
        hidden = {self._player(who, (*path, "hidden_from", i)) for i, who in
                  enumerate(spec.hidden_from)}  # fmt: skip
        if player is not None and player in hidden:
            what = f"{spec.player} cannot be kept from knowing what {spec.player} did"
            self.problem((*path, "hidden_from"), what)
        for i, other in enumerate(spec.revealed_at):
            if other not in self.spec.moves:
                where = (*path, "revealed_at", i)
                self.problem(where, f"unknown move '{other}'", other, tuple(self.spec.moves))
        if spec.revealed_at and not spec.hidden_from:
            what = f"move '{name}' is hidden from nobody, so there is nothing to reveal"
            self.problem((*path, "revealed_at"), what)
        lottery = self._chance_lottery(name, spec) if spec.chance else None
        return Move(
            name=name,
            player=player,
            steps=self._branches(name, spec) if spec.chance else self._actions(name, spec),
            lottery=lottery,
            hidden_from=frozenset(who for who in hidden if who is not None),
            revealed_at=frozenset(spec.revealed_at),
            place=self.entry.place_of(*path),
        )

    def _chance_lottery(self, name: str, spec: MoveSpec) -> Lottery:
        entries: list[tuple[float | str, tuple[str | int, ...]]] = [
            (branch.p, ("moves", name, "chance", label, "p"))
            for label, branch in spec.chance.items()
        ]
        return self._lottery(entries, f"branches of '{name}'", "moves", name, "chance")

    def _branches(self, name: str, spec: MoveSpec) -> tuple[Step, ...]:
        steps: list[Step] = []
        for label, branch in spec.chance.items():
            path = ("moves", name, "chance", label)
            target = branch.to or spec.to
            if target is None:
                advice = f"Give move '{name}' a `to`, or this branch its own."
                self.problem(path, f"branch '{label}' leads nowhere", advice=advice)
            place = self.entry.place_of(*path, "to")
            sets = self._sets(branch.sets, *path, "set")
            steps.append(Step(label, target or "", sets, None, place))
        return tuple(steps)

    def _actions(self, name: str, spec: MoveSpec) -> tuple[Step, ...]:
        steps: list[Step] = []
        for label, action in spec.actions.items():
            path = ("moves", name, "actions", label)
            condition = None
            if action.only_if is not None:
                condition = self._condition(action.only_if, *path, "only_if")
            if not action.to:
                self.problem((*path, "to"), f"action '{label}' leads nowhere")
            place = self.entry.place_of(*path, "to")
            sets = self._sets(action.sets, *path, "set")
            steps.append(Step(label, action.to, sets, condition, place))
        return tuple(steps)

    def _condition(self, given: float | str, *path: str) -> Expression | None:
        """An `only_if`: it reads path values alone, since structure never depends on a world."""
        expression = self._number(given, *path)
        outside = sorted(expression.names - set(self.value_names))
        if not outside and not expression.calls:
            return expression
        what = "`only_if` may read path values alone: structure never depends on a world"
        read = outside[0] if outside else expression.calls[0].text()
        advice = f"It reads '{read}'. Set a path value to a plain number where the paths part."
        self.problem(path, what, advice=advice)
        return None

    def _titles(self) -> dict[tuple[str, ...], Text]:
        found: dict[tuple[str, ...], object] = {}
        for move, spec in self.spec.moves.items():
            found[move,] = spec.title
            for name, step in {**spec.actions, **spec.chance}.items():
                found[move, name] = step.title
        found.update(((end,), spec.title) for end, spec in self.spec.ends.items())
        return {path: Text.of(title) for path, title in found.items() if title is not None}

    def _ends(self, joint_types: Sequence[JointType]) -> dict[str, End]:
        reader = PayoffReader(self.players, self.types, joint_types, self._number, self.problem)
        ends: dict[str, End] = {}
        for name, spec in self.spec.ends.items():
            paid: Mapping[str, Any] = spec.model_extra or {}
            self._end_keys(name, paid, spec.measures)
            payoffs: list[Payoff] = []
            for number, player in enumerate(self.players):
                if player in paid:
                    payoffs.append(reader.read(paid[player], number, ("ends", name, player)))
                else:
                    self.problem(("ends", name), f"end '{name}' has no payoff for {player}")
                    payoffs.append(_ZERO)
            measures = {
                measure: reader.read(given, None, ("ends", name, "measures", measure))
                for measure, given in spec.measures.items()
            }
            ends[name] = End(name, tuple(payoffs), measures, self.entry.place_of("ends", name))
        return ends

    def _end_keys(self, name: str, paid: Mapping[str, Any], measures: Mapping[str, Any]) -> None:
        for key in paid:
            if key not in self.players:
                allowed = (*self.players, "measures", "title", "text")
                self.problem(("ends", name, key), f"unknown player '{key}'", key, allowed)
        for measure in measures:
            if measure not in self.scenario.measures:
                allowed = tuple(self.scenario.measures)
                advice = "" if allowed else "List it under `measures` of the scenario."
                path = ("ends", name, "measures", measure)
                self.problem(path, f"unknown measure '{measure}'", measure, allowed, advice)

    def _commitments(self, play: Mapping[str, str]) -> dict[str, str]:
        """What a policy's `play` commits: one action of a player's move; the rest is reported."""
        sound: dict[str, str] = {}
        for name, action in play.items():
            move = self.spec.moves.get(name)
            place = self._place_of_play(name, action)
            if move is None:
                what = f"`play` commits an unknown move '{name}'"
                self.problems.append(Problem(place, what, name, tuple(self.spec.moves)))
            elif move.chance:
                what = f"`play` cannot commit '{name}': chance moves there"
                self.problems.append(Problem(place, what))
            elif action not in move.actions:
                what = f"`play` commits '{name}' to an unknown action '{action}'"
                self.problems.append(Problem(place, what, action, tuple(move.actions)))
            else:
                sound[name] = action
        return sound

    def _place_of_play(self, move: str, action: str) -> Place:
        """The first policy that commits the move so; the model where no policy does."""
        committed = (f"{self.entry.name}.{move}", action)
        places = (its.place for its in self.scenario.policies.values() if committed in its.play)
        return next(places, self.entry.place)


_ZERO: Expression = parse_expression(0.0, Place("", 0, 0))[0]  # type: ignore[assignment]
