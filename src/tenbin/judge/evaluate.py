"""The truth of a proposition, world by world and for every combination of equilibria.

Truth is three-valued: `TRUE`, `FALSE` and `UNDEFINED` where an outcome has no value. `and`, `or`
and `not` are Kleene's: a truth that does not depend on the undefined part is defined.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tenbin.forms.contract import Status
from tenbin.judge.propositions import (
    Comparison,
    Equivalence,
    Junction,
    Monotone,
    Negation,
    Operator,
    Proposition,
    Quantity,
    Ranking,
    Score,
)
from tenbin.judge.views import (
    NO_REASON,
    Answer,
    Choices,
    NumbersOf,
    View,
    selected_choice,
    unsolved_reason,
)
from tenbin.scenario.expressions import evaluate_tree
from tenbin.scenario.language import Array

__all__ = [
    "FALSE",
    "TOLERANCE",
    "TRUE",
    "UNDEFINED",
    "Judged",
    "Measured",
    "Verdict",
    "gain_of",
    "judge_worlds",
    "measure",
    "meets",
    "rival_gains",
]

Bools = NDArray[np.bool_]
Truth = NDArray[np.int8]

TRUE, UNDEFINED, FALSE = 1, 0, -1
TOLERANCE = 1e-6


class Verdict:
    """What a claim does in one world."""

    HOLDS = 0
    FAILS = 1
    MIXED = 2
    UNSOLVED = 3


@dataclass(frozen=True, slots=True)
class Judged:
    """Verdict [W] as `Verdict`; reason [W] as `Status`; selected [W] three-valued; tie [W]."""

    verdict: NDArray[np.int8]
    reason: NDArray[np.int8]
    selected: Truth
    tie: Bools


@dataclass(frozen=True, slots=True)
class Measured:
    """A number [rows] and the tolerance its outcomes give it; None where it reads none."""

    value: Array
    tolerance: Array | None


def judge_worlds(
    proposition: Proposition, answers: list[Answer], numbers: NumbersOf, worlds: int
) -> Judged:
    """What a proposition does in every world, over all combinations of found equilibria.

    Parameters
    ----------
    proposition
        Refers to `answers` by number.
    answers
        Every outcome of the question [W, K].
    numbers
        Numbers by setting.
    worlds
        How many worlds: W.

    Returns
    -------
    Verdicts [W]. Where not all combinations are looked at a world is mixed if those looked at
    differ, else unsolved with the reason `BRANCHES`.
    """
    reason = unsolved_reason(answers, worlds)
    view = View(answers, numbers, selected_choice(worlds))
    selected = truth_of(proposition, view)
    selected[reason != NO_REASON] = UNDEFINED
    seen = {value: selected == value for value in (TRUE, UNDEFINED, FALSE)}
    tie = view.tie
    choices = Choices.of(answers, reason == NO_REASON)
    for choice in choices.further():
        rows = choice.rows
        view = View(answers, numbers, choice)
        truth = truth_of(proposition, view)
        for value, where in seen.items():
            where[rows] |= truth == value
        tie[rows] |= view.tie
    verdict, reason = _verdicts(seen, reason, choices.capped)
    tie &= verdict != Verdict.UNSOLVED
    return Judged(verdict, reason, selected, tie)


def _verdicts(
    seen: dict[int, Bools], reason: NDArray[np.int8], too_many: Bools
) -> tuple[NDArray[np.int8], NDArray[np.int8]]:
    mixed = seen[TRUE] & seen[FALSE]
    verdict = np.where(seen[TRUE], Verdict.HOLDS, Verdict.FAILS).astype(np.int8)
    reason = reason.copy()
    reason[(reason == NO_REASON) & seen[UNDEFINED] & ~mixed] = Status.UNDEFINED
    reason[(reason == NO_REASON) & too_many & ~mixed] = Status.BRANCHES
    verdict[mixed] = Verdict.MIXED
    verdict[reason != NO_REASON] = Verdict.UNSOLVED
    return verdict, reason


def truth_of(proposition: Proposition, view: View) -> Truth:
    """The truth [rows] of a proposition in a view; worlds near a tie are noted in the view."""
    match proposition:
        case Comparison(operator, left, right):
            return _compare(operator, measure(left, view), measure(right, view), view)
        case Junction("and", parts):
            return np.minimum.reduce([truth_of(part, view) for part in parts])
        case Junction(_, parts):
            return np.maximum.reduce([truth_of(part, view) for part in parts])
        case Negation(part):
            return -truth_of(part, view)
        case Equivalence(first, second):
            return truth_of(first, view) * truth_of(second, view)
        case Monotone(rising, points):
            return _monotone([measure(point, view) for point in points], rising, view)
        case Ranking():
            return _ranking(proposition, view)


def measure(quantity: Quantity, view: View) -> Measured:
    """The number and its tolerance: that of its outcomes, carried through the arithmetic.

    An expression's tolerance is the most it moves when one of its outcomes moves by that
    outcome's own tolerance; the step taken is half of it, so that the probabilities of a `mix`
    still sum to one.
    """
    if quantity.plain:
        atom = quantity.atoms[0][1]
        return Measured(view.value(atom), TOLERANCE * view.scale(atom))
    numbers = view.numbers(quantity.setting)
    outcomes = {call: view.value(atom) for call, atom in quantity.atoms}
    value = _array(evaluate_tree(quantity.tree, numbers, outcomes), view.size)
    if not quantity.atoms:
        return Measured(value, None)
    tolerance = np.zeros(view.size)
    for call, atom in quantity.atoms:
        step = 0.5 * TOLERANCE * view.scale(atom)
        for moved in (outcomes[call] + step, outcomes[call] - step):
            there = evaluate_tree(quantity.tree, numbers, {**outcomes, call: moved})
            with np.errstate(invalid="ignore"):
                change = np.abs(_array(there, view.size) - value)
            tolerance = np.fmax(tolerance, 2.0 * np.where(np.isfinite(change), change, 0.0))
    return Measured(value, tolerance)


def _array(value: float | Array, size: int) -> Array:
    return np.broadcast_to(np.asarray(value, dtype=np.float64), (size,))


def _tolerance(left: Measured, right: Measured) -> Array:
    """Of the outcomes on either side; of plain numbers a millionth of the larger side."""
    given = [side.tolerance for side in (left, right) if side.tolerance is not None]
    if given:
        return np.maximum.reduce(given)
    return TOLERANCE * np.fmax(np.abs(left.value), np.abs(right.value))


def _compare(operator: Operator, left: Measured, right: Measured, view: View) -> Truth:
    """The truth [rows] of a comparison; `<` needs more than the tolerance, `==` at most it.

    A side that is not a finite number has no value.
    """
    tolerance = _tolerance(left, right)
    with np.errstate(invalid="ignore"):
        excess = right.value - left.value
    excess[~np.isfinite(excess)] = np.nan
    near = np.abs(excess) <= tolerance
    view.tie |= near
    holds: dict[Operator, Callable[[], Bools]] = {
        "<": lambda: excess > tolerance,
        "<=": lambda: excess >= -tolerance,
        ">": lambda: -excess > tolerance,
        ">=": lambda: -excess >= -tolerance,
        "==": lambda: near,
        "!=": lambda: ~near,
    }
    truth = np.where(holds[operator](), TRUE, FALSE)
    return np.where(np.isnan(excess), UNDEFINED, truth).astype(np.int8)


def _monotone(points: list[Measured], rising: bool, view: View) -> Truth:
    """No step against, and the last beyond the first by more than the tolerance."""
    ordered = points if rising else points[::-1]
    throw_away = View([], lambda _setting, _choice: {}, selected_choice(view.size))
    steps = [
        _compare("<=", ordered[i], ordered[i + 1], throw_away) for i in range(len(ordered) - 1)
    ]
    overall = _compare("<", ordered[0], ordered[-1], view)
    return np.minimum.reduce([*steps, overall])


def _ranking(ranking: Ranking, view: View) -> Truth:
    """Whether no rival is better, or (dominated) one is: in this world, by this measure."""
    own = [measure(score.quantity, view) for score in ranking.own]
    if ranking.by == "satisfice":
        return _satisficing(ranking, own, view)
    verdicts = [
        [
            gain_of(score, mine, measure(score.quantity, view), view)
            for score, mine in zip(rival, own, strict=True)
        ]
        for rival in ranking.rivals
    ]
    return _first_ranks(ranking, verdicts, view.size)


def gain_of(score: Score, own: Measured, rival: Measured, view: View) -> tuple[Truth, Truth]:
    """Whether the rival is better, and whether it is worse, than the policy itself."""
    better: Operator = "<" if score.sign > 0 else ">"
    worse: Operator = ">" if score.sign > 0 else "<"
    return _compare(better, own, rival, view), _compare(worse, own, rival, view)


def _first_ranks(ranking: Ranking, verdicts: list[list[tuple[Truth, Truth]]], size: int) -> Truth:
    """`best`: no rival better in any objective. `dominated`: one better in some, worse in none."""
    if ranking.kind == "best":
        beaten = [better for rival in verdicts for better, _ in rival]
        return -np.maximum.reduce([np.full(size, FALSE, dtype=np.int8), *beaten])
    dominating = [
        np.minimum.reduce(
            [np.maximum.reduce([better for better, _ in rival]), *(-worse for _, worse in rival)]
        )
        for rival in verdicts
    ]
    return np.maximum.reduce([np.full(size, FALSE, dtype=np.int8), *dominating])


def _satisficing(ranking: Ranking, own: list[Measured], view: View) -> Truth:
    """`best`: good enough in every objective. `dominated`: a rival is where the policy is not."""
    mine = [meets(score, value, view) for score, value in zip(ranking.own, own, strict=True)]
    if ranking.kind == "best":
        return np.minimum.reduce(mine)
    verdicts: list[list[tuple[Truth, Truth]]] = []
    for rival in ranking.rivals:
        theirs = [meets(score, measure(score.quantity, view), view) for score in rival]
        verdicts.append(
            [
                (np.minimum(their, -my), np.minimum(-their, my))
                for their, my in zip(theirs, mine, strict=True)
            ]
        )
    return _first_ranks(ranking, verdicts, view.size)


def meets(score: Score, value: Measured, view: View) -> Truth:
    assert score.threshold is not None
    operator: Operator = ">=" if score.sign > 0 else "<="
    return _compare(operator, value, measure(score.threshold, view), view)


def rival_gains(
    ranking: Ranking, answers: list[Answer], numbers: NumbersOf, worlds: int
) -> tuple[Array, Array, NDArray[np.int8]]:
    """What every rival gains on the policy at the selected equilibria, for averages over worlds.

    Returns
    -------
    gains [rivals, objectives, W], positive where the rival is better; tolerances of the same
    shape; reason [W], `SOLVED` where all of them have a value.
    """
    view = View(answers, numbers, selected_choice(worlds))
    own = [measure(score.quantity, view) for score in ranking.own]
    shape = (len(ranking.rivals), len(ranking.own), worlds)
    gains, tolerances = np.zeros(shape), np.zeros(shape)
    for i, rival in enumerate(ranking.rivals):
        for j, (score, mine) in enumerate(zip(rival, own, strict=True)):
            other = measure(score.quantity, view)
            gains[i, j] = score.sign * (other.value - mine.value)
            tolerances[i, j] = _tolerance(mine, other)
    reason = unsolved_reason(answers, worlds)
    undefined = ~np.isfinite(gains).all(axis=(0, 1)) & (reason == NO_REASON)
    reason[undefined] = Status.UNDEFINED
    return gains, tolerances, reason
