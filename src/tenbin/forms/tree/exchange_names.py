"""Names of the expression language for what a file calls by labels of any kind."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from tenbin.forms.tree.exchange_file import GameFile
from tenbin.forms.tree.tables import NONE
from tenbin.scenario.words import name_fault

__all__ = ["FileNames", "identifier", "name_file"]

LONGEST = 60
"""Characters of a label that a name keeps."""

NO_OUTCOME = "no_outcome"
"""The end of terminal nodes without outcome and without a name of their own."""


def identifier(label: str, fallback: str, kind: str, taken: set[str]) -> str:
    """A name made of a label, other than those taken, to which it is added.

    What is no letter, digit or underscore becomes one underscore; a label without letters and
    digits gives way to `fallback`; what still is no name gets `kind` in front; what is taken gets a
    number behind.
    """
    normal = unicodedata.normalize("NFKC", label)[:LONGEST]
    plain = re.sub(r"\W+", "_", normal).strip("_") or fallback
    if name_fault(plain, number=False):
        plain = f"{kind}_{plain}"
    base, again = plain, 2
    while plain in taken:
        plain, again = f"{base}_{again}", again + 1
    taken.add(plain)
    return plain


@dataclass(frozen=True)
class FileNames:
    """Names for the parts of a file: moves and their steps by information set, outcomes, ends.

    `ends` is by terminal node; what ends with an outcome is called by it.
    """

    moves: tuple[str, ...]
    steps: tuple[tuple[str, ...], ...]
    outcomes: tuple[str, ...]
    ends: dict[int, str]
    titles: dict[tuple[str, ...], str]
    """The label in the file of `(move,)`, `(move, step)` and `(end,)`, where the name differs."""


def name_file(game: GameFile, players: Sequence[str]) -> FileNames:
    """Names for a file's moves, actions and ends, none of them that of a player.

    A move is called by its information set's name, else by its first node's, else by its player and
    number; an end by its outcome, a terminal node without outcome by itself.
    """
    taken = set(players)
    titles: dict[tuple[str, ...], str] = {}
    first: dict[int, str] = {}
    for node in game.nodes:
        first.setdefault(node.infoset, node.name)
    moves: list[str] = []
    for number, infoset in enumerate(game.infosets):
        who = "chance" if infoset.player == NONE else players[infoset.player]
        label = infoset.name or first.get(number, "")
        own = f"{who}_{infoset.number}"
        label = label if identifier(label, own, "move", set()) not in players else f"{label}_moves"
        moves.append(identifier(label, own, "move", taken))
        titles[moves[-1],] = infoset.name or first.get(number, "")
    steps: list[tuple[str, ...]] = []
    for move, infoset in zip(moves, game.infosets, strict=True):
        kind = "branch" if infoset.player == NONE else "action"
        used: set[str] = set()
        named = [
            identifier(label, f"{kind}_{position + 1}", kind, used)
            for position, label in enumerate(infoset.labels)
        ]
        steps.append(tuple(named))
        labelled = zip(named, infoset.labels, strict=True)
        titles.update(((move, name), label) for name, label in labelled)
    outcomes = [
        identifier(outcome.name, f"outcome_{outcome.number}", "outcome", taken)
        for outcome in game.outcomes
    ]
    titles.update(
        ((name,), outcome.name) for name, outcome in zip(outcomes, game.outcomes, strict=True)
    )
    ends = _ends(game, outcomes, taken, titles)
    shown = {path: label for path, label in titles.items() if label and label != path[-1]}
    return FileNames(tuple(moves), tuple(steps), tuple(outcomes), ends, shown)


def _ends(
    game: GameFile,
    outcomes: Sequence[str],
    taken: set[str],
    titles: dict[tuple[str, ...], str],
) -> dict[int, str]:
    """The end of each terminal node."""
    found: dict[int, str] = {}
    unnamed: dict[str, str] = {}
    for number, node in enumerate(game.nodes):
        if node.infoset != NONE:
            continue
        if node.outcome != NONE:
            found[number] = outcomes[node.outcome]
            continue
        if node.name not in unnamed:
            unnamed[node.name] = identifier(node.name, NO_OUTCOME, "end", taken)
            titles[unnamed[node.name],] = node.name
        found[number] = unnamed[node.name]
    return found
