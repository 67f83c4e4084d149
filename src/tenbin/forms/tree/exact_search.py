"""From a profile of floats to one of fractions that is an equilibrium exactly, with its proof.

A profile whose fractions are simple is found by rounding. Else the probabilities are the solution
of the equations of indifference of its support: every action taken at an information set earns the
same. Newton's method solves them in decimals of growing length until fractions can be read off
(continued fractions). With two players all of it is linear in the end, so that an isolated
equilibrium is rational; with more the probabilities may be irrational.

Nothing found here is believed: `exact.ExactCheck` has the last word.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from tenbin.forms.tree.exact import ExactCheck, Profile, Trembles
from tenbin.forms.tree.exact_equations import SIMPLE, Indifference, rounded_row
from tenbin.forms.tree.exact_numbers import ExactGame
from tenbin.forms.tree.exact_trembles import guess_trembles
from tenbin.scenario.language import Array

__all__ = ["CONCEPTS", "Proof", "prove"]

CONCEPTS = ("sequential", "subgame_perfect", "nash")
"""What can be proved, the strongest first."""

PLAYED = 1e-7
"""The largest probability of an action that is taken for a rounded zero."""
DIGITS = (60, 240, 960)
"""Digits that Newton's method is tried with."""
MOST_WORK = 400_000
"""Unknowns times nodes up to which the equations are solved."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What is proved of an equilibrium: `proved` is one of `CONCEPTS`, or empty.

    `sentence` says it, or why not; profile [G], payoffs [P] and trembles are what was proved,
    `profile` empty where nothing was.
    """

    proved: str
    sentence: str
    profile: tuple[Fraction, ...] = ()
    payoffs: tuple[Fraction, ...] = ()
    trembles: Trembles | None = None


def prove(game: ExactGame, profile: Array, log_witness: Array) -> Proof:
    """What can be proved of one equilibrium that was found in floating point.

    Parameters
    ----------
    game
        One game in fractions.
    profile, log_witness
        What a solver says [G]: the equilibrium, and log-probabilities of a fully mixed profile near
        it, from which trembles are guessed.
    """
    best = Proof("", "")
    reason = ""
    for candidate in _candidates(game, profile):
        if isinstance(candidate, str):
            reason = candidate
            continue
        found = _proof(game, candidate, log_witness)
        if best.proved == "" or _rank(found) < _rank(best):
            best = found
        if best.proved == CONCEPTS[0]:
            return best
    if best.proved:
        return best
    return Proof("", "; ".join(dict.fromkeys(said for said in (reason, best.sentence) if said)))


def _rank(proof: Proof) -> int:
    return CONCEPTS.index(proof.proved) if proof.proved else len(CONCEPTS)


def _proof(game: ExactGame, profile: Profile, log_witness: Array) -> Proof:
    check = ExactCheck(game, profile)
    worst = check.worst_nash()
    if worst is not None:
        who = game.tree.players[worst.player]
        return Proof("", f"the nearest fractions are no equilibrium: {who} gains {worst.gain}")
    known = (check.profile, check.payoffs)
    subgame = check.worst_subgame()
    if subgame is not None:
        name = game.tree.node_names[subgame.node] if game.tree.node_names else str(subgame.node)
        who = game.tree.players[subgame.player]
        sentence = f"Nash, but not subgame perfect: {who} gains {subgame.gain} from '{name}' on"
        return Proof("nash", sentence, *known)
    for trembles in guess_trembles(check, log_witness):
        if check.worst_sequential(trembles) is None:
            return Proof("sequential", "a sequential equilibrium", *known, trembles)
    sentence = "subgame perfect; no beliefs were found that prove it sequential"
    return Proof("subgame_perfect", sentence, *known)


def _candidates(game: ExactGame, profile: Array) -> Iterator[tuple[Fraction, ...] | str]:
    """Profiles of fractions near the one found, simple ones first; or why there is none."""
    rows = _rows(game, profile)
    seen: set[tuple[Fraction, ...]] = set()
    for largest in SIMPLE:
        rounded = [rounded_row(row, largest) for row in rows]
        if all(row is not None for row in rounded):
            candidate = tuple(p for row in rounded for p in row or ())
            if candidate not in seen:
                seen.add(candidate)
                yield candidate
    yield from _polished(game, rows)


def _rows(game: ExactGame, profile: Array) -> list[list[float]]:
    """The profile by information set, without what rounding left of zeros."""
    starts = game.tree.infoset_start.tolist()
    rows: list[list[float]] = []
    for first, last in pairwise(starts):
        row = [p if p > PLAYED else 0.0 for p in profile[first:last].tolist()]
        total = sum(row)
        rows.append([p / total for p in row] if total > 0 else [1.0, *row[1:]])
    return rows


def _polished(
    game: ExactGame, rows: Sequence[Sequence[float]]
) -> Iterator[tuple[Fraction, ...] | str]:
    """The profile that solves the equations of indifference of its support."""
    equations = Indifference(game, rows)
    size = len(equations.free)
    if size * game.tree.n_nodes > MOST_WORK:
        yield f"too large: {size} mixed probabilities on {game.tree.n_nodes} nodes"
        return
    tried = 0
    for digits in DIGITS:
        if size * game.tree.n_nodes * digits > MOST_WORK * DIGITS[0]:
            break
        solved = equations.solve(digits)
        if solved is None:
            yield "no solution of the equations of indifference is near it"
            return
        tried = digits // 2 - 15
        found = [_read_off(value, digits) for value in solved]
        if all(value is not None for value in found):
            yield equations.profile([value for value in found if value is not None])
            return
    yield f"irrational, or fractions of more than {tried} digits"


def _read_off(value: Decimal, digits: int) -> Fraction | None:
    """The fraction that a decimal of so many digits must be, by continued fractions."""
    exact = Fraction(value)
    # A fraction so short is this near to a decimal by chance once in 10 ** 15 times at most.
    found = exact.limit_denominator(10 ** (digits // 2 - 15))
    return found if abs(found - exact) < Fraction(1, 10 ** (digits - 12)) else None
