"""Other tools' files of trees: Gambit's `.efg` and `.nfg`, read as games of one world and written.

What the formats are stands in `exchange_efg.py` and `exchange_nfg.py`; `exchange_import.py` makes a
file the model of a scenario, `exchange_objects.py` turns games into objects of other packages.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from tenbin.errors import FormError
from tenbin.forms.tree.exchange_efg import efg_text, parse_efg
from tenbin.forms.tree.exchange_file import GameFile, check_recall, game_of_file
from tenbin.forms.tree.exchange_nfg import Version, nfg_text, parse_nfg
from tenbin.forms.tree.exchange_text import GameText, text_of_file
from tenbin.forms.tree.tables import TreeGame

__all__ = [
    "SUFFIXES",
    "parse_game",
    "read_efg",
    "read_game",
    "read_game_file",
    "read_nfg",
    "write_efg",
    "write_nfg",
]

_PARSERS: Mapping[str, Callable[[GameText], GameFile]] = {".efg": parse_efg, ".nfg": parse_nfg}

SUFFIXES = tuple(_PARSERS)
"""The endings of the files that are read."""


def parse_game(text: GameText, suffix: str) -> GameFile:
    """The game of a text in the format of an ending (`.efg`, `.nfg`), perfect recall checked.

    Raises
    ------
    ScenarioError
        Where the text cannot be read as a game, with the place; or a player lacks perfect recall.
    """
    game = _PARSERS[suffix](text)
    check_recall(game)
    return game


def read_game_file(path: str | Path) -> GameFile:
    """The game that a file states, by the file's ending.

    Raises
    ------
    ScenarioError
        As for `parse_game`; or if the file is too large or no text.
    FormError
        If the ending is none of `SUFFIXES`.
    """
    suffix = Path(path).suffix.lower()
    if suffix not in _PARSERS:
        raise FormError(f"'{path}' is no file of a game that is read here: {', '.join(SUFFIXES)}")
    return parse_game(text_of_file(path), suffix)


def read_game(path: str | Path) -> TreeGame:
    """The game of a `.efg` or `.nfg` file, in one world.

    Payoffs at inner nodes are added to those of every terminal node below. Information sets are
    named as in the file where names are there and differ, else `player:number`; that of a player of
    a normal form by the player. A player with no move still has payoffs.

    Raises
    ------
    ScenarioError, FormError
        As for `read_game_file`.
    """
    return game_of_file(read_game_file(path))


def read_efg(path: str | Path) -> TreeGame:
    """The game of an extensive-form file, in one world; see `read_game`."""
    return game_of_file(parse_game(text_of_file(path), ".efg"))


def read_nfg(path: str | Path) -> TreeGame:
    """The game of a normal-form file, in one world; see `read_game`."""
    return game_of_file(parse_game(text_of_file(path), ".nfg"))


def write_efg(game: TreeGame, world: int = 0, title: str = "") -> str:
    """One world's game as the text of an extensive-form file; see `efg_text`."""
    return efg_text(game, world, title)


def write_nfg(game: TreeGame, world: int = 0, title: str = "", version: Version = "payoff") -> str:
    """One world's reduced normal form as the text of a normal-form file; see `nfg_text`."""
    return nfg_text(game, world, title, version)
