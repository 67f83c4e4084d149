"""A game of another tool as a scenario of its own, to go on from."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from tenbin.errors import FormError
from tenbin.forms.tree.exchange_file import GameFile
from tenbin.forms.tree.exchange_names import identifier, name_file
from tenbin.forms.tree.expand import MAX_TERMINALS
from tenbin.forms.tree.tables import NONE

__all__ = ["scenario_of_game"]


def scenario_of_game(game: GameFile, name: str, imported: str) -> dict[str, Any]:
    """A scenario with one model that imports a game, in plain data.

    Parameters
    ----------
    game
        The game.
    name
        What the model is called, and the scenario where the game has no title.
    imported
        What stands at `import`: the file's name, or the game's text.

    Returns
    -------
    Players with the game's labels as titles; every outcome with its payoffs as they are, to be
    replaced by expressions.

    Raises
    ------
    FormError
        If the game has more terminal nodes than a model may have.
    """
    terminals = sum(node.infoset == NONE for node in game.nodes)
    if terminals > MAX_TERMINALS:
        raise FormError(
            f"the game has {terminals:,} terminal nodes; a model of a scenario has at most "
            f"{MAX_TERMINALS:,}"
        )
    taken: set[str] = set()
    labels = game.player_names()
    players = [
        identifier(label, f"player_{number + 1}", "player", taken)
        for number, label in enumerate(labels)
    ]
    names = name_file(game, players)
    own = identifier(name, "game", "game", set())
    model: dict[str, Any] = {"form": "tree", "import": imported}
    mapped = {label: id_ for label, id_ in zip(labels, players, strict=True) if label != id_}
    if mapped:
        model["players"] = mapped
    model["payoffs"] = {
        outcome: {
            player: _written(payoff) for player, payoff in zip(players, its.payoffs, strict=True)
        }
        for outcome, its in zip(names.outcomes, game.outcomes, strict=True)
    }
    return {
        "tenbin": 1,
        "title": game.title or name,
        "players": dict(zip(players, labels, strict=True)),
        "models": {own: model},
    }


def _written(number: Fraction) -> int | float | str:
    """A number as the file would write it: exact, a fraction where no decimal is."""
    if number.denominator == 1:
        return number.numerator
    decimal = float(number)
    if Fraction(repr(decimal)) == number:
        return decimal
    return f"{number.numerator} / {number.denominator}"
