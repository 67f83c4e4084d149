"""Games of other Python packages: pygambit's and OpenSpiel's, from tables and to tables.

Everything goes through the text of a `.efg` file where the package reads and writes one, so that
what is exchanged is what the files say.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from importlib import import_module
from io import StringIO
from typing import Any

from tenbin.errors import FormError, MissingExtraError
from tenbin.forms.tree import exchange_file
from tenbin.forms.tree.exchange import parse_game
from tenbin.forms.tree.exchange_efg import efg_text
from tenbin.forms.tree.exchange_file import (
    FileInfoset,
    FileNode,
    FileOutcome,
    GameFile,
    check_recall,
    game_of_file,
)
from tenbin.forms.tree.exchange_text import GameText
from tenbin.forms.tree.tables import NONE, TreeGame

__all__ = ["from_pygambit", "from_pyspiel", "to_pygambit", "to_pyspiel"]


def to_pygambit(game: TreeGame, world: int = 0, title: str = "") -> Any:
    """One world's game as a `pygambit.Game`.

    Parameters
    ----------
    game
        Games of a batch of worlds, `BoundTree.game` for one.
    world
        Which of them.
    title
        The title that the game gets.

    Raises
    ------
    MissingExtraError
        If pygambit is not installed.
    FormError
        If the numbers of this world are not valid.
    """
    pygambit = _package("pygambit", "gambit")
    return pygambit.read_efg(StringIO(efg_text(game, world, title)))


def from_pygambit(game: Any) -> TreeGame:
    """A `pygambit.Game`, extensive or normal, as tables of one world.

    Raises
    ------
    ScenarioError
        If a player lacks perfect recall; the place is that in the game's `.efg` text.
    """
    is_tree = getattr(game, "is_tree", type(game).__name__ == "ExtensiveGame")
    text = str(game.to_efg() if is_tree else game.to_nfg())
    suffix = ".efg" if is_tree else ".nfg"
    return game_of_file(parse_game(GameText(f"(pygambit game){suffix}", text), suffix))


def to_pyspiel(game: TreeGame, world: int = 0, title: str = "") -> Any:
    """One world's game as a game of OpenSpiel (`pyspiel.load_efg_game`).

    Quotation marks in names become apostrophes, as OpenSpiel's reader knows no escapes.

    Raises
    ------
    MissingExtraError
        If OpenSpiel is not installed.
    FormError
        If the numbers of this world are not valid.
    """
    pyspiel = _package("pyspiel", "openspiel")
    text = efg_text(game, world, title.replace('"', "'"))
    return pyspiel.load_efg_game(text.replace('\\"', "'"))


def from_pyspiel(game: Any) -> TreeGame:
    """A finite game of OpenSpiel as tables of one world; simultaneous moves are made in turn.

    Information sets are those of OpenSpiel's information state strings.

    Raises
    ------
    FormError
        If the game has more than `MAX_NODES` nodes, or no information state strings.
    ScenarioError
        If a player lacks perfect recall.
    MissingExtraError
        If OpenSpiel is not installed.
    """
    pyspiel = _package("pyspiel", "openspiel")
    kind = game.get_type()
    if kind.dynamics == pyspiel.GameType.Dynamics.SIMULTANEOUS:
        game = pyspiel.convert_to_turn_based(game)
        kind = game.get_type()
    if not kind.provides_information_state_string:
        raise FormError(f"'{kind.short_name}' says of no node what its mover knows")
    found = _Walk(str(kind.short_name), int(game.num_players())).walk(game.new_initial_state())
    check_recall(found)
    return game_of_file(found)


def _package(name: str, extra: str) -> Any:
    try:
        return import_module(name)
    except ImportError as error:
        raise MissingExtraError(
            f'{name} is not installed; install it with: pip install "tenbin[{extra}]"'
        ) from error


@dataclass(slots=True)
class _Waiting:
    """A state whose node is still to be made."""

    state: Any
    parent: int
    step: int


class _Walk:
    """Walks a game of OpenSpiel state by state, in preorder."""

    def __init__(self, name: str, players: int) -> None:
        self.name, self.players = name, players
        self.nodes: list[FileNode] = []
        self.infosets: list[FileInfoset] = []
        self.known: dict[tuple[int, str], int] = {}
        self.outcomes: list[FileOutcome] = []

    def walk(self, start: Any) -> GameFile:
        """The game below a state."""
        waiting = [_Waiting(start, NONE, NONE)]
        while waiting:
            if len(self.nodes) >= exchange_file.MAX_NODES:
                raise FormError(f"the game has more than {exchange_file.MAX_NODES} nodes")
            found = waiting.pop()
            number = len(self.nodes)
            waiting += reversed(list(self._node(found, number)))
        return GameFile(
            text=GameText(f"(game of OpenSpiel) {self.name}", ""),
            title=self.name,
            comment="",
            players=tuple(f"player {player}" for player in range(self.players)),
            nodes=tuple(self.nodes),
            infosets=tuple(self.infosets),
            outcomes=tuple(self.outcomes),
        )

    def _node(self, found: _Waiting, number: int) -> Iterator[_Waiting]:
        """Make the node of a state; the states after it."""
        state = found.state
        if state.is_terminal():
            payoffs = tuple(Fraction(float(payoff)) for payoff in state.returns())
            outcome = FileOutcome(len(self.outcomes) + 1, "", payoffs, 0)
            self.nodes.append(FileNode("", found.parent, found.step, NONE, len(self.outcomes), 0))
            self.outcomes.append(outcome)
            return
        player = NONE if state.is_chance_node() else int(state.current_player())
        actions, probabilities = _actions(state)
        labels = tuple(str(state.action_to_string(state.current_player(), a)) for a in actions)
        seen = f"{number}" if player == NONE else str(state.information_state_string(player))
        infoset = self.known.setdefault((player, seen), len(self.infosets))
        if infoset == len(self.infosets):
            name = "" if player == NONE else seen
            self.infosets.append(FileInfoset(player, infoset + 1, name, labels, probabilities, 0))
        elif self.infosets[infoset].labels != labels:
            raise FormError(f"'{seen}' of '{self.name}' offers different actions at two nodes")
        self.nodes.append(FileNode("", found.parent, found.step, infoset, NONE, 0))
        for step, action in enumerate(actions):
            yield _Waiting(state.child(action), number, step)


def _actions(state: Any) -> tuple[list[int], tuple[Fraction, ...]]:
    """The actions at a state, with their probabilities where chance acts."""
    if not state.is_chance_node():
        return list(state.legal_actions()), ()
    outcomes = state.chance_outcomes()
    shares = [Fraction(float(p)) for _, p in outcomes]
    total = sum(shares, Fraction(0))
    return [action for action, _ in outcomes], tuple(share / total for share in shares)
