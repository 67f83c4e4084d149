"""`TreeModel` and numbers -> the games of many worlds: arrays, each number computed once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

import numpy as np
from numpy.typing import NDArray

from tenbin.forms.tree.game import TreeModel
from tenbin.forms.tree.read import PROBABILITY_TOLERANCE
from tenbin.forms.tree.tables import Bools, Ints, TreeGame
from tenbin.forms.tree.values import evaluate_values
from tenbin.scenario.language import Array, Numbers, OutcomeCall

__all__ = ["BoundTree", "Indices", "bind_tree", "measure_range", "payoff_range"]

Indices = NDArray[np.integer]
"""Numbers of nodes, terminal nodes or values."""


@dataclass(frozen=True)
class BoundTree:
    """The games [W] of a model; `game` is what solvers and the certifier see."""

    model: TreeModel
    game: TreeGame
    numbers: Numbers
    outcomes: Mapping[OutcomeCall, Array]
    cache: dict[str, object] = field(default_factory=dict, compare=False, repr=False)
    """What outcomes of one solution share (`reach.reach_of`)."""

    def measure(self, name: str) -> Array:
        """A measure at every terminal node [W, Z]; computed when first asked for."""
        found = self.game.measures.get(name)
        if found is None:
            used, index = self.model.measure_values[name], self.model.measure_index[name]
            found = _gathered(self, used, index)
            self.game.measures[name] = found
        return found


def _gathered(bound: BoundTree, used: Sequence[int], index: Ints) -> Array:
    results = evaluate_values(bound.model.values, used, bound.numbers, bound.outcomes)
    distinct, where = np.unique(index, return_inverse=True)
    return np.take(stack(results, distinct, bound.game.n_worlds), where, axis=1)


def bind_tree(
    model: TreeModel, numbers: Numbers, outcomes: Mapping[OutcomeCall, Array], worlds: int
) -> BoundTree:
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
    The games. `game.valid` is false where a payoff or a probability is not finite, a probability
    lies outside [0, 1] or those of one chance node do not sum to one (by more than 1e-9).
    """
    results = evaluate_values(model.values, model.used, numbers, outcomes)
    distinct, where = np.unique(model.payoff_index, return_inverse=True)
    payoff_values = stack(results, distinct, worlds)
    branch_values = stack(results, model.chance_index, worlds)
    valid = np.isfinite(payoff_values).all(axis=1) & drawn_well(model, results, worlds)
    game = TreeGame(
        tree=model.tree,
        chance=np.clip(branch_values, 0.0, 1.0),
        payoffs=np.take(payoff_values, where.reshape(model.payoff_index.shape), axis=1),
        valid=valid,
    )
    return BoundTree(model, game, numbers, outcomes)


def stack(
    results: Mapping[int, float | Array], chosen: Sequence[int] | Indices, worlds: int
) -> Array:
    """Values side by side [W, number of them]."""
    found = np.empty((worlds, len(chosen)))
    for column, number in enumerate(chosen):
        found[:, column] = results[int(number)]
    return found


def drawn_well(model: TreeModel, results: Mapping[int, float | Array], worlds: int) -> Bools:
    """In which worlds [W] all chance nodes draw with probabilities that sum to one."""
    valid = np.ones(worlds, dtype=np.bool_)
    for drawn in model.drawn:
        low, total = lottery_extent(drawn.values, results)
        valid &= (low >= -PROBABILITY_TOLERANCE) & (np.abs(total - 1.0) <= PROBABILITY_TOLERANCE)
    return valid


def lottery_extent(
    values: Sequence[int], results: Mapping[int, float | Array]
) -> tuple[float | Array, float | Array]:
    """The least probability of a lottery, and the sum of all."""
    found = [results[number] for number in values]
    low: float | Array = np.inf
    total: float | Array = 0.0
    for probability in found:
        low = np.minimum(low, probability)
        total = total + probability
    return low, total


def payoff_range(bound: BoundTree) -> Array:
    """The scale of payoffs [W]: the largest, over players, of the spread of a player's payoffs.

    One where every player is indifferent between all ends. Computed when first asked for.
    """
    found = bound.cache.get("payoff range")
    if found is None:
        payoffs = bound.game.payoffs
        with np.errstate(invalid="ignore"):
            spread = (payoffs.max(axis=1) - payoffs.min(axis=1)).max(axis=1, initial=0.0)
        found = bound.cache["payoff range"] = np.where(spread > 0, spread, 1.0)
    return cast("Array", found)


def measure_range(bound: BoundTree, name: str) -> Array:
    """The scale of a measure [W]: its spread over the ends.

    Where it is the same at all ends, its size; one where it is zero at all of them.
    """
    values = bound.measure(name)
    with np.errstate(invalid="ignore"):
        spread = values.max(axis=1) - values.min(axis=1)
    size = np.where(spread > 0, spread, np.abs(values).max(axis=1))
    return np.where(size > 0, size, 1.0)
