"""Global sensitivity of a claim: which shares of the variance of its truth each number explains.

Given-data estimators: the worlds of the run are enough, nothing is solved again. First-order
indices are adjusted correlation ratios ([plischke2013]); total indices add the pure effects of
pairs and triples (high-dimensional model representation, [li2001]), and their interval takes in
all variance that no counted effect explains.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import log2
from pathlib import Path
from typing import Any, Literal

import numpy as np

from tenbin.explain.boxes import GROUPS, Binned, all_worlds, worlds_in_groups
from tenbin.explain.evidence import Evidence, Input, read_evidence
from tenbin.explain.sensitivity_effects import (
    Cells,
    Effect,
    cut,
    effects_of_one,
    interactions_of,
    jackknife_error,
    without_effects_of_one,
)
from tenbin.run.resolve import Resolver
from tenbin.scenario.language import Array
from tenbin.scenario.objects import Scenario

__all__ = [
    "Index",
    "Interaction",
    "Sensitivity",
    "find_sensitivity",
    "sensitivity_indices",
    "sensitivity_of",
]

SensitivityStatus = Literal["found", "constant", "too few"]

LEAST_HITS = 20
"""Worlds on the rarer side below which nothing is estimated."""
INTERACTION_WORLDS = 2**17
"""The first worlds, from which interactions are estimated."""
_TRIPLES_OF = 8
"""Inputs of the largest effects, whose triples are looked at."""
_STUDENT = 2.262157162740992
"""The 97.5 % point of Student's distribution with nine degrees of freedom, for ten groups."""
_WORLDS_PER_CELL = {1: 100, 2: 40, 3: 20}
_MOST_CELLS = {1: 64, 2: 32, 3: 16}
_COARSE = 16
"""Cells in which single effects are taken away before interactions are looked for."""


@dataclass(frozen=True, slots=True)
class Index:
    """How much one number matters.

    `first` is the share of variance it explains alone, `total` with the interactions found; both
    lie in [0, 1], with 95 % intervals. That of `total` reaches as far as if all variance that is
    not attributed were the number's.
    """

    name: str
    first: float
    first_interval: tuple[float, float]
    total: float
    total_interval: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Interaction:
    """A share of variance that two or three numbers explain only together."""

    names: tuple[str, ...]
    share: float
    interval: tuple[float, float]


@dataclass(frozen=True, eq=False)
class Sensitivity:
    """Indices of every number, the largest total first.

    `unattributed` is the share of variance that no effect of up to three numbers explains.
    `correlated` says that numbers were drawn with correlations, so that shares overlap.
    """

    claim: str
    policy: str
    status: SensitivityStatus
    indices: tuple[Index, ...]
    interactions: tuple[Interaction, ...]
    unattributed: float
    worlds: int
    interaction_worlds: int
    unsolved: int = 0
    correlated: bool = False
    inputs: tuple[Input, ...] = ()

    def as_data(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {
            "claim": self.claim,
            "policy": self.policy,
            "status": self.status,
            "worlds": self.worlds,
            "interaction_worlds": self.interaction_worlds,
            "unsolved": self.unsolved,
            "correlated": self.correlated,
            "unattributed": self.unattributed,
            "indices": [
                {
                    "input": item.name,
                    "first": item.first,
                    "first_interval": list(item.first_interval),
                    "total": item.total,
                    "total_interval": list(item.total_interval),
                }
                for item in self.indices
            ],
            "interactions": [
                {"inputs": list(item.names), "share": item.share, "interval": list(item.interval)}
                for item in self.interactions
            ],
        }


def sensitivity_of(
    folder: Path,
    scenario: Scenario,
    claim: str,
    policy: str | None = None,
    *,
    resolver: Resolver | None = None,
) -> Sensitivity:
    """The sensitivity of a claim of a run; see `read_evidence` for what is read and raised."""
    evidence = read_evidence(folder, scenario, claim, policy, derived=False, resolver=resolver)
    return find_sensitivity(evidence)


def find_sensitivity(evidence: Evidence) -> Sensitivity:
    """The sensitivity of a claim's truth in evidence that has been read.

    Derived numbers are left out: they are made of the others.
    """
    kept = [j for j, item in enumerate(evidence.inputs) if item.kind != "derived"]
    inputs = tuple(evidence.inputs[j] for j in kept)
    hits = min(evidence.holds, evidence.solved - evidence.holds)
    if hits < LEAST_HITS:
        status: SensitivityStatus = "constant" if hits == 0 else "too few"
        indices, interactions, unattributed = (), (), 1.0
    else:
        status = "found"
        truth = [block.truth.astype(np.float64) for block in evidence.binned.blocks]
        names = [item.name for item in inputs]
        indices, interactions, unattributed = sensitivity_indices(
            evidence.binned, truth, names, kept
        )
    return Sensitivity(
        claim=evidence.claim,
        policy=evidence.policy,
        status=status,
        indices=indices,
        interactions=interactions,
        unattributed=unattributed,
        worlds=evidence.solved,
        interaction_worlds=min(evidence.solved, INTERACTION_WORLDS),
        unsolved=evidence.unsolved,
        correlated=evidence.correlated,
        inputs=inputs,
    )


def sensitivity_indices(
    binned: Binned,
    values: Sequence[Array],
    names: Sequence[str],
    dimensions: Sequence[int] | None = None,
) -> tuple[tuple[Index, ...], tuple[Interaction, ...], float]:
    """Indices of a quantity, its interactions, and the share of variance not attributed.

    Parameters
    ----------
    binned
        Worlds by code; their truth is not read.
    values
        The quantity [W] in each block.
    names
        Of the dimensions that are looked at.
    dimensions
        Which; by default all. They must be independent for shares to add up.
    """
    chosen = tuple(range(binned.dimensions)) if dimensions is None else tuple(dimensions)
    every = all_worlds(binned)
    worlds = sum(len(block.truth) for block in binned.blocks)
    alone = effects_of_one(cut(binned, every, values, chosen, _cells(worlds, 1)))
    first = worlds_in_groups(binned, range(GROUPS), first=INTERACTION_WORLDS)
    used = min(worlds, INTERACTION_WORLDS)

    def cells(order: int, most: int) -> Cells:
        return cut(binned, first, values, chosen, min(_cells(used, order), most))

    coarse = cells(1, _COARSE)
    rest = without_effects_of_one(coarse, effects_of_one(coarse)).quantity
    pairs = replace(cells(2, _COARSE * 2), quantity=rest)
    together, left_over = interactions_of(pairs, range(len(chosen)), 2)
    if len(chosen) > 2:
        triples = replace(cells(3, _COARSE), quantity=left_over.quantity)
        together += interactions_of(triples, _largest(alone, together), 3)[0]
    counted = np.sum([effect.shares for effect in (*alone, *together)], axis=0)
    left = 1.0 - counted
    indices = (_index(names[j], alone[j], together, left) for j in range(len(chosen)))
    interactions = sorted(
        (
            Interaction(
                tuple(names[j] for j in effect.dimensions),
                min(max(effect.share, 0.0), 1.0),
                _interval(effect.shares),
            )
            for effect in together
        ),
        key=lambda item: -item.share,
    )
    ranked = tuple(sorted(indices, key=lambda item: (-item.total, -item.first)))
    return ranked, tuple(interactions), float(min(max(left[0], 0.0), 1.0))


def _cells(worlds: int, order: int) -> int:
    """Cells along each number: a power of two that leaves enough worlds in a cell."""
    fitting = (worlds / _WORLDS_PER_CELL[order]) ** (1 / order)
    return int(min(max(2 ** int(log2(max(fitting, 2.0))), 4), _MOST_CELLS[order]))


def _largest(alone: list[Effect], together: list[Effect]) -> list[int]:
    """The numbers with the largest effects, alone and in pairs."""
    totals = [effect.share for effect in alone]
    for effect in together:
        for j in effect.dimensions:
            totals[j] += effect.share
    order = sorted(range(len(totals)), key=lambda j: -totals[j])
    return sorted(order[:_TRIPLES_OF])


def _index(name: str, alone: Effect, together: list[Effect], left: Array) -> Index:
    shares = alone.shares.copy()
    for effect in together:
        if alone.dimensions[0] in effect.dimensions:
            shares = shares + effect.shares
    first = min(max(alone.share, 0.0), 1.0)
    total = min(max(float(shares[0]), first), 1.0)
    low = _interval(shares)[0]
    high = _interval(shares + np.maximum(left, 0.0))[1]
    return Index(name, first, _interval(alone.shares), total, (min(low, total), max(high, total)))


def _interval(shares: Array) -> tuple[float, float]:
    half = _STUDENT * jackknife_error(shares)
    middle = float(shares[0])
    return min(max(middle - half, 0.0), 1.0), min(max(middle + half, 0.0), 1.0)
