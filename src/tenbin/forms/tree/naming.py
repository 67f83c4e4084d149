"""Names of information sets: readable, unique, and the same whenever the file is."""

from __future__ import annotations

from collections.abc import Mapping

from tenbin.forms.tree.expand import Entry, InfosetKey, Sequences

__all__ = ["LONGEST_NAME", "infoset_names"]

LONGEST_NAME = 40
"""Things seen that an information set's name tells; one that saw more is named by its number."""


def infoset_names(keys: Mapping[InfosetKey, int], sequences: Sequences) -> tuple[str, ...]:
    """Names of information sets: the move, then (where it has several) own type and what was seen.

    What was seen is told by actions alone where that is enough, else with their moves.
    """
    by_move: dict[str, list[InfosetKey]] = {}
    for key in keys:
        by_move.setdefault(key.move, []).append(key)
    names: dict[InfosetKey, str] = {}
    for move, found in by_move.items():
        if len(found) == 1:
            names[found[0]] = move
            continue
        seen = {key: sequences.entries(key.seen) for key in found}
        for with_moves in (False, True):
            told = {key: _infoset_name(key, seen[key], with_moves, keys[key]) for key in found}
            names.update(told)
            if len(set(told.values())) == len(found):
                break
    return tuple(names[key] for key in keys)


def _infoset_name(key: InfosetKey, seen: tuple[Entry, ...], with_moves: bool, number: int) -> str:
    told = ",".join(f"{move}.{step}" if with_moves else step for move, step in seen)
    if len(seen) > LONGEST_NAME:
        told = f"#{number}"
    return "|".join(part for part in (key.move, key.own_type, told) if part)
