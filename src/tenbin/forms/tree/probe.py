"""A model at a few fixed random points: which of its numbers are the same by structure.

Whether two payoff differences are one expression is decided by their values where every number the
model reads is drawn at random (an identity of analytic expressions that holds at random points
holds everywhere, with probability one). The points are fixed, so that structure never depends on a
world; the certifier checks every world anyway.
"""

from __future__ import annotations

from collections.abc import Mapping
from graphlib import TopologicalSorter

import numpy as np

from tenbin.forms.tree.bind import bind_tree
from tenbin.forms.tree.game import TreeModel, compile_tree
from tenbin.scenario.expressions import evaluate
from tenbin.scenario.language import Array, OutcomeCall
from tenbin.scenario.objects import Scenario, Uncertainty

__all__ = ["PROBES", "add_probes", "compile_probed"]

PROBES = 16
"""Points at which a model is looked at."""
_SEED = 20241114
_MOST_FOLDS = 20.0
"""A lognormal is looked at within a factor of at most `exp(20)` about its median."""
_NUDGE = 0.2
"""Constants may be replaced by a setting; they are drawn within this share of their value."""


def compile_probed(scenario: Scenario, model: str, play: dict[str, str]) -> TreeModel:
    """The structure of one model, its numbers' sameness looked at; see `compile_tree`."""
    compiled = compile_tree(scenario, model, play)
    add_probes(scenario, compiled)
    return compiled


def add_probes(scenario: Scenario, model: TreeModel) -> None:
    """Put the payoffs [S, Z, P] and chances [S, C] of the random points into the tree's cache."""
    rng = np.random.default_rng(_SEED)
    calls = {call: rng.uniform(0.0, 1.0, PROBES) for call in _calls(scenario, model)}
    numbers = _drawn(scenario, rng)
    numbers |= _derived(scenario, numbers, calls)
    game = bind_tree(model, numbers, calls, PROBES).game
    model.tree.cache.update(probe_payoffs=game.payoffs, probe_chance=game.chance)


def _calls(scenario: Scenario, model: TreeModel) -> list[OutcomeCall]:
    inside = [call for item in scenario.derived.values() for call in item.expression.calls]
    return list(dict.fromkeys([*model.links, *inside]))


def _drawn(scenario: Scenario, rng: np.random.Generator) -> dict[str, float | Array]:
    numbers: dict[str, float | Array] = {}
    for name, constant in scenario.constants.items():
        numbers[name] = constant.value * (1.0 + _NUDGE * rng.uniform(-1.0, 1.0, PROBES))
    for name, lever in scenario.levers.items():
        numbers[name] = rng.uniform(lever.low, lever.high, PROBES)
    for name, uncertainty in scenario.uncertainties.items():
        numbers[name] = rng.uniform(*_extent(uncertainty), PROBES)
    return numbers


def _extent(uncertainty: Uncertainty) -> tuple[float, float]:
    """Finite bounds within which a number can lie."""
    low, high = uncertainty.low, uncertainty.high
    if np.isfinite(low) and np.isfinite(high):
        return low, high
    centre, spread = uncertainty.parameters
    if uncertainty.kind == "lognormal":
        factor = np.exp(min(spread, _MOST_FOLDS))
        near, far = centre / factor, centre * factor
    else:
        near, far = centre - spread, centre + spread
    if near >= high or far <= low:  # truncated to a tail: look at its end
        return (low, low + spread) if np.isfinite(low) else (high - spread, high)
    return max(low, near), min(high, far)


def _derived(
    scenario: Scenario, numbers: Mapping[str, float | Array], calls: Mapping[OutcomeCall, Array]
) -> dict[str, float | Array]:
    derived = scenario.derived
    order = TopologicalSorter(
        {name: item.expression.names & derived.keys() for name, item in derived.items()}
    )
    found: dict[str, float | Array] = dict(numbers)
    for name in order.static_order():
        found[name] = evaluate(derived[name].expression, found, calls)
    return found
