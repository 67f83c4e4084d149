"""`tenbin solve --exact`: what is proved of each equilibrium in fractions."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from tenbin.forms.tree.exact_numbers import ExactGame
    from tenbin.forms.tree.exact_search import Proof

__all__ = ["add_proofs", "exact_game", "proof_lines"]

FROM_FLOATS = (
    "some numbers are floating-point ones, taken as the exact binary fractions that they are"
)
AS_WRITTEN = "numbers as the file writes them"
NOT_TREE = "only games of the form tree are proved in fractions"
NOT_LIMIT = "a quantal response equilibrium is irrational in general: nothing to prove in fractions"


def exact_game(game: Any) -> ExactGame | None:
    """The game of the first world in fractions: of a model of the form tree, or of tables."""
    from tenbin.forms.tree.bind import BoundTree
    from tenbin.forms.tree.exact_numbers import exact_bound, exact_tables
    from tenbin.forms.tree.tables import TreeGame

    if isinstance(game, BoundTree):
        return exact_bound(game, 0)
    return exact_tables(game, 0) if isinstance(game, TreeGame) else None


def add_proofs(found: list[dict[str, Any]], game: ExactGame | None, solution: Any) -> None:
    """Give every equilibrium that was described what is proved of it, under the key `exact`.

    `proved` is `sequential`, `subgame_perfect`, `nash` or empty; `sentence` says it in words;
    `numbers` what the payoffs are; `profile` and `payoffs` are fractions as text.
    """
    from tenbin.forms.tree.exact_search import prove

    slots = np.flatnonzero(solution.found[0])
    for slot, equilibrium in zip(slots, found, strict=True):
        if game is None or getattr(solution, "precision", None) is not None:
            sentence = NOT_TREE if game is None else NOT_LIMIT
            equilibrium["exact"] = {"proved": "", "sentence": sentence}
            continue
        proof = prove(game, solution.profile[0, slot], solution.log_witness[0, slot])
        equilibrium["exact"] = _as_data(game, proof)


def proof_lines(exact: dict[str, Any]) -> list[str]:
    """What is proved, as lines for a person."""
    if not exact["proved"]:
        return [f"  exact: not proved: {exact['sentence']}"]
    lines = [f"  exact: proved: {exact['sentence']} ({exact['numbers']})"]
    for name, row in exact["profile"].items():
        lines.append(f"    {name}: " + ", ".join(f"{a} {p}" for a, p in row.items() if p != "0"))
    payoffs = ", ".join(f"{name} {value}" for name, value in exact["payoffs"].items())
    return [*lines, f"    payoffs: {payoffs}"]


def _as_data(game: ExactGame, proof: Proof) -> dict[str, Any]:
    tree = game.tree
    data: dict[str, Any] = {
        "proved": proof.proved,
        "sentence": proof.sentence,
        "numbers": FROM_FLOATS if game.from_floats else AS_WRITTEN,
    }
    if not proof.proved:
        return data
    starts = tree.infoset_start.tolist()
    data["profile"] = {
        name: _texts(tree.action_names[first:last], proof.profile[first:last])
        for name, first, last in zip(tree.infoset_names, starts, starts[1:], strict=False)
    }
    data["payoffs"] = _texts(tree.players, proof.payoffs)
    return data


def _texts(names: tuple[str, ...], values: tuple[Fraction, ...]) -> dict[str, str]:
    return {name: str(value) for name, value in zip(names, values, strict=True)}
