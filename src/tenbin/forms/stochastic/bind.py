"""`StochasticModel` and numbers -> the games of many worlds, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from tenbin.errors import Problem
from tenbin.forms.stochastic.game import Lottery, StochasticModel
from tenbin.forms.stochastic.read import PROBABILITY_TOLERANCE
from tenbin.forms.stochastic.tables import NONE, Bools, Ints, StochasticGame
from tenbin.scenario.language import Array, Numbers, OutcomeCall

__all__ = ["BoundGame", "bind_stochastic", "check_numbers", "payoff_range"]

ROUNDING = 1e-12
"""A `rest` nearer to zero than this is zero: what rounding leaves of one minus the others."""


@dataclass(frozen=True)
class BoundGame:
    """The games [W] of a model; `game` is what solvers and the certifier see."""

    model: StochasticModel
    game: StochasticGame
    cache: dict[str, object] = field(default_factory=dict, compare=False, repr=False)
    """What outcomes of one solution share (`chains.chains_of`)."""


def bind_stochastic(
    model: StochasticModel,
    numbers: Numbers,
    outcomes: Mapping[OutcomeCall, Array],
    worlds: int,
) -> BoundGame:
    """The model's numbers evaluated in every world.

    Parameters
    ----------
    numbers
        The names that `model.names` lists: floats, or arrays [W].
    outcomes
        The outcomes of other models that `model.links` lists, arrays [W].
    worlds
        W.

    Returns
    -------
    The games. `game.valid` is false where a number is not finite, a discount factor lies outside
    [0, 1), a probability outside [0, 1], or probabilities do not sum to one (to 1e-9).
    """
    columns = model.table.evaluate(numbers, outcomes, worlds)
    structure, valid = model.structure, model.table.valid(columns)
    prob = _drawn(columns, model.prob, structure.branch_cell, valid)
    prior = np.ones(worlds)
    if model.prior is not None:
        prior = _drawn(columns, (model.prior,), np.zeros(2, dtype=np.int32), valid)[:, 0]
    owners = np.zeros(len(model.start.numbers), dtype=np.int32)
    first = _drawn(columns, (model.start,), owners, valid)
    start = np.zeros((worlds, structure.n_states))
    start[:, model.start_states] = first
    game = StochasticGame(
        structure=structure,
        payoffs=_payoffs(columns, model.payoff_numbers),
        prob=prob,
        discount=columns[:, model.discount_numbers],
        prior=prior,
        start=start,
        valid=valid,
    )
    return BoundGame(model, game)


def _drawn(columns: Array, lotteries: Sequence[Lottery], owner: Ints, valid: Bools) -> Array:
    """The probabilities [W, B] of lotteries whose branches stand together; `valid` is narrowed."""
    index = np.fromiter((n for its in lotteries for n in its.numbers), dtype=np.int64)
    found = np.where(index == NONE, 0.0, columns[:, np.maximum(index, 0)])
    begins = np.flatnonzero(np.diff(owner, prepend=-1))
    with np.errstate(invalid="ignore"):
        total = np.add.reduceat(found, begins, axis=1)
        rest = 1.0 - total[:, owner]
        rest = np.where(np.abs(rest) < ROUNDING, 0.0, rest)
        drawn = np.where(index == NONE, rest, found)
        has_rest = np.zeros(len(begins), dtype=np.bool_)
        np.logical_or.at(has_rest, owner, index == NONE)
        sound = has_rest | (np.abs(total - 1.0) <= PROBABILITY_TOLERANCE)
        valid &= sound.all(axis=1) & (drawn >= -PROBABILITY_TOLERANCE).all(axis=1)
        drawn = np.clip(drawn, 0.0, 1.0)
        return drawn / np.add.reduceat(drawn, begins, axis=1)[:, owner]


def _payoffs(columns: Array, numbers: Ints) -> Array:
    """Payoffs [W, Q, P, T]: the sum of the numbers [R, Q, P, T] that apply."""
    paid = np.zeros((len(columns), *numbers.shape[1:]))
    for layer in numbers:
        paid += np.where(layer == NONE, 0.0, columns[:, np.maximum(layer, 0)])
    return paid


def payoff_range(bound: BoundGame) -> Array:
    """The scale of payoffs [W]: the largest, over players, spread of a player's payoffs.

    One where every player gets the same always.
    """
    payoffs = bound.game.payoffs
    with np.errstate(invalid="ignore"):
        spread = (payoffs.max(axis=(1, 3)) - payoffs.min(axis=(1, 3))).max(axis=1, initial=0.0)
    return np.where(spread > 0, spread, 1.0)


def check_numbers(
    model: StochasticModel,
    numbers: Numbers,
    outcomes: Mapping[OutcomeCall, Array],
    worlds: int,
) -> list[Problem]:
    """Numbers that are not finite or out of range, and probabilities that do not sum to one.

    Returns
    -------
    One problem for each place in the file, with the share of worlds and an example.
    """
    problems = model.table.check(numbers, outcomes, worlds)
    columns = model.table.evaluate(numbers, outcomes, worlds)
    lotteries = [model.start, *model.prob]
    if model.prior is not None:
        lotteries.insert(0, model.prior)
    known = {problem.place for problem in problems}
    for problem in _wrong_sums(lotteries, columns):
        if problem.place not in known:
            known.add(problem.place)
            problems.append(problem)
    return problems


def _wrong_sums(lotteries: Sequence[Lottery], columns: Array) -> Iterator[Problem]:
    """Lotteries that do not sum to one in some of the worlds in which they are finite."""
    for lottery in dict.fromkeys(lotteries):
        given = [number for number in lottery.numbers if number != NONE]
        total = columns[:, given].sum(axis=1)
        with np.errstate(invalid="ignore"):
            wrong = total > 1.0 + PROBABILITY_TOLERANCE
            if len(given) == len(lottery.numbers):
                wrong |= total < 1.0 - PROBABILITY_TOLERANCE
        if wrong.any():
            world = int(np.argmax(wrong))
            shown = " + ".join(f"{columns[world, number]:.4g}" for number in given)
            what = (
                f"the probabilities of the {lottery.what} do not sum to one in "
                f"{wrong.mean():.1%} of the worlds tried"
            )
            advice = f"For example they are {shown} = {total[world]:.6g}."
            yield Problem(lottery.given[1], what, advice=advice)
