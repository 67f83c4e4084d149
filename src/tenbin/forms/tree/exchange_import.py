"""The model of a scenario that `import`s a game of another tool: the file's tree, with its payoffs
and chances open to expressions.

    form: tree
    import: crisis.efg
    players: {"Player 1": US, "Player 2": DPRK}
    payoffs: {War: {US: -cost, DPRK: stake - cost}}

An information set of the file is a move here, an outcome at a terminal node an end. Files are
opened where the scenario is gathered; here the text of the game stands in the model.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from tenbin.errors import Problem, ScenarioError
from tenbin.forms.tree.exchange import SUFFIXES, parse_game
from tenbin.forms.tree.exchange_file import GameFile
from tenbin.forms.tree.exchange_names import FileNames, name_file
from tenbin.forms.tree.exchange_nodes import Imported, Priced, expand_file
from tenbin.forms.tree.exchange_spec import ImportSpec, PricedSpec
from tenbin.forms.tree.exchange_text import GameText
from tenbin.forms.tree.expand import MAX_TERMINALS, Expansion
from tenbin.forms.tree.rules import End, JointType, Lottery, Move, Rules, Step
from tenbin.forms.tree.tables import NONE
from tenbin.scenario.expressions import evaluate
from tenbin.scenario.grammar import parse_expression
from tenbin.scenario.language import Expression
from tenbin.scenario.objects import ModelEntry, Scenario
from tenbin.scenario.places import spec_problems
from tenbin.scenario.references import check_expression
from tenbin.scenario.texts import Text

__all__ = ["expand_import"]


def expand_import(
    scenario: Scenario, entry: ModelEntry, play: Mapping[str, str]
) -> tuple[Expansion | None, list[Problem]]:
    """The nodes of an imported model with `play` (move -> action) committed.

    Returns
    -------
    The nodes, None where the game cannot be had; and every problem found.
    """
    try:
        spec = ImportSpec.model_validate(entry.body)
    except ValidationError as error:
        return None, spec_problems(error, ImportSpec, entry.place_of, entry.key_place_of)
    try:
        game = _parsed(entry, spec.imported)
    except ScenarioError as error:
        return None, list(error.problems)
    importer = _Importer(scenario, entry, spec, game)
    return importer.expand(play), importer.problems


def _parsed(entry: ModelEntry, text: str) -> GameFile:
    """The game of the text that stands at `import`."""
    suffix = "." + text.lstrip("\ufeff \t\r\n")[:3].lower()
    place = entry.place_of("import")
    if suffix not in SUFFIXES:
        what = "`import` names no file of a game"
        advice = "Name a file in the scenario's folder that ends in .efg or .nfg, or give its text."
        raise ScenarioError([Problem(place, what, text[:60], (), advice)])
    own_file = place.file.lower().endswith(SUFFIXES)
    within = None if own_file else place
    return parse_game(GameText(place.file, text, within), suffix)


class _Importer:
    """Makes the nodes of one model; `problems` grows, and what is faulty gets a stand-in."""

    def __init__(
        self, scenario: Scenario, entry: ModelEntry, spec: ImportSpec, game: GameFile
    ) -> None:
        self.scenario, self.entry, self.spec, self.game = scenario, entry, spec, game
        self.problems: list[Problem] = []
        self.players = self._players()
        self.names: FileNames = name_file(game, [*scenario.players, *self.players])
        self.priced = self._priced()
        self.chances = self._chances()

    def problem(
        self, path: Sequence[str], what: str, given: str = "", allowed: Sequence[str] = ()
    ) -> None:
        """Report a fault at the key that a path ends with."""
        place = self.entry.key_place_of(*path)
        self.problems.append(Problem(place, what, given, tuple(allowed)))

    # who plays

    def _players(self) -> tuple[str, ...]:
        """The scenario's player for each player of the file: as mapped, else by name or title."""
        labels, known = self.game.player_names(), self.scenario.players
        for label, name in self.spec.players.items():
            if label not in labels:
                what = f"the imported game has no player '{label}'"
                self.problem(("players", label), what, label, labels)
            if name not in known:
                place = self.entry.place_of("players", label)
                what = f"unknown player '{name}'"
                self.problems.append(Problem(place, what, name, tuple(known)))
        by_title = {
            title: name for name, its in known.items() for title in its.title.languages.values()
        }
        found: list[str] = []
        for label in labels:
            name = self.spec.players.get(label) or (
                label if label in known else by_title.get(label)
            )
            if name is None:
                what = f"'{label}' of the imported game is no player of the scenario"
                advice = f'Write `players: {{"{label}": NAME}}` with the name of a player.'
                place = self.entry.place_of("players")
                self.problems.append(Problem(place, what, label, tuple(known), advice))
            elif name in found:
                what = f"'{name}' stands for two players of the imported game"
                self.problem(("players", label), what)
            found.append(name if name is not None and name not in found else f"({label})")
        return tuple(found)

    # numbers of the scenario

    def _number(self, given: float | str, path: Sequence[str]) -> Expression | None:
        """The parsed expression, None (and problems) where it is faulty."""
        expression, problems = parse_expression(given, self.entry.place_of(*path))
        self.problems += problems
        if expression is not None:
            self.problems += check_expression(expression, self.scenario)
            if not expression.names and not expression.calls:
                value = float(evaluate(expression, {}))
                if not abs(value) < float("inf"):
                    what = f"'{expression.text}' is not a finite number ({value})"
                    self.problems.append(Problem(expression.place, what))
                    return None
        return expression

    def _priced(self) -> dict[str, Priced]:
        """What outcomes and ends pay here, by their names."""
        by_label: dict[str, list[str]] = {}
        for name, outcome in zip(self.names.outcomes, self.game.outcomes, strict=True):
            by_label.setdefault(outcome.name, []).append(name)
        names = tuple(dict.fromkeys((*self.names.outcomes, *self.names.ends.values())))
        found: dict[str, Priced] = {}
        for key, spec in self.spec.payoffs.items():
            meant = [key] if key in names else by_label.get(key, [])
            if len(meant) != 1:
                what = f"the imported game has no outcome '{key}'"
                if meant:
                    what = f"the imported game has {len(meant)} outcomes called '{key}'"
                self.problem(("payoffs", key), what, key, meant or names)
            elif meant[0] in found:
                self.problem(("payoffs", key), f"outcome '{meant[0]}' is priced twice")
            else:
                found[meant[0]] = self._price(key, spec)
        return found

    def _price(self, key: str, spec: PricedSpec) -> Priced:
        found: dict[str, Expression] = {}
        paid: Mapping[str, Any] = spec.model_extra or {}
        for name, given in paid.items():
            path = ("payoffs", key, name)
            if name not in self.players:
                allowed = (*self.players, "measures", "title")
                self.problem(path, f"unknown player '{name}'", name, allowed)
                continue
            number = self._number(given, path)
            if number is not None:
                found[name] = number
        for name, given in spec.measures.items():
            path = ("payoffs", key, "measures", name)
            if name not in self.scenario.measures:
                self.problem(path, f"unknown measure '{name}'", name, tuple(self.scenario.measures))
                continue
            number = self._number(given, path)
            if number is not None:
                found[name] = number
        return found

    def _chances(self) -> dict[int, dict[str, Expression | None]]:
        """Probabilities that stand in the scenario, by chance move and branch; None is `rest`."""
        moves = {
            name: number
            for number, name in enumerate(self.names.moves)
            if self.game.infosets[number].player == NONE
        }
        found: dict[int, dict[str, Expression | None]] = {}
        for move, branches in self.spec.chance.items():
            if move not in moves:
                what = f"the imported game has no chance move '{move}'"
                self.problem(("chance", move), what, move, tuple(moves))
                continue
            own = self.names.steps[moves[move]]
            given: dict[str, Expression | None] = {}
            for branch, number in branches.items():
                path = ("chance", move, branch)
                if branch not in own:
                    self.problem(path, f"'{move}' has no branch '{branch}'", branch, own)
                elif number == "rest" and None in given.values():
                    self.problem(path, f"`rest` may stand once in the branches of '{move}'")
                else:
                    given[branch] = None if number == "rest" else self._number(number, path)
            found[moves[move]] = given
        return found

    # the tree

    def expand(self, play: Mapping[str, str]) -> Expansion | None:
        """The nodes, without those that committed moves rule out."""
        committed = self._commitments(play)
        terminals = sum(node.infoset == NONE for node in self.game.nodes)
        if terminals > MAX_TERMINALS:
            what = f"the game has {terminals} terminal nodes; at most {MAX_TERMINALS} are allowed"
            self.problems.append(Problem(self.entry.place_of("import"), what))
        if not self.players:
            self.problems.append(
                Problem(self.entry.place_of("import"), "a game needs a player, and this has none")
            )
        if any(not problem.warning for problem in self.problems):
            return None
        imported = Imported(
            game=self.game,
            names=self.names,
            players=self.players,
            priced=self.priced,
            chances=self.chances,
            places={
                number: self.entry.place_of("chance", self.names.moves[number])
                for number in self.chances
            },
        )
        return expand_file(imported, self._rules(committed))

    def _commitments(self, play: Mapping[str, str]) -> dict[str, str]:
        """What a policy's `play` commits: one action of a player's move; the rest is reported."""
        moves = {
            name: steps
            for name, steps, infoset in zip(
                self.names.moves, self.names.steps, self.game.infosets, strict=True
            )
            if infoset.player != NONE
        }
        sound: dict[str, str] = {}
        for move, action in play.items():
            committed = (f"{self.entry.name}.{move}", action)
            policies = self.scenario.policies.values()
            place = next((p.place for p in policies if committed in p.play), self.entry.place)
            if move not in moves:
                what = f"`play` commits an unknown move '{move}'"
                self.problems.append(Problem(place, what, move, tuple(moves)))
            elif action not in moves[move]:
                what = f"`play` commits '{move}' to an unknown action '{action}'"
                self.problems.append(Problem(place, what, action, moves[move]))
            else:
                sound[move] = action
        return sound

    def _rules(self, committed: Mapping[str, str]) -> Rules:
        """What the rest of the room asks of a file: its moves, ends, players and titles."""
        names, count = self.names, len(self.players)
        none = (None,) * count
        moves = {name: self._move(number, name) for number, name in enumerate(names.moves)}
        measures = {
            measure: number
            for priced in self.priced.values()
            for measure, number in priced.items()
            if measure not in self.players
        }
        ends = {
            name: End(name, (), measures, self.game.text.place(self.game.nodes[number].offset))
            for number, name in names.ends.items()
        }
        titles = {path: Text.of(label) for path, label in names.titles.items()}
        for key, spec in self.spec.payoffs.items():
            if spec.title is not None:
                titles[self._end_called(key),] = Text.of(spec.title)
        return Rules(
            players=self.players,
            types=((),) * count,
            type_lotteries=(),
            joint_types=(JointType(none, ()),),
            value_names=(),
            defaults=(),
            type_sets={},
            start=names.moves[self.game.nodes[0].infoset] if names.moves else "",
            moves=moves,
            ends=ends,
            play=committed,
            titles=titles,
        )

    def _end_called(self, key: str) -> str:
        labels = {
            outcome.name: name
            for name, outcome in zip(self.names.outcomes, self.game.outcomes, strict=True)
        }
        return labels.get(key, key)

    def _move(self, number: int, name: str) -> Move:
        infoset = self.game.infosets[number]
        place = self.game.text.place(infoset.offset)
        is_chance = infoset.player == NONE
        return Move(
            name=name,
            player=None if is_chance else infoset.player,
            steps=tuple(Step(label, "", place=place) for label in self.names.steps[number]),
            lottery=Lottery((), place, f"branches of '{name}'") if is_chance else None,
            hidden_from=frozenset(),
            revealed_at=frozenset(),
            place=place,
        )
