"""Policies weighed: who is on the Pareto front, which is best where, and what to find out first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenbin.explain.policies_inputs import Cells, cells_of
from tenbin.explain.policies_resolving import Resolving, Threshold, resolving_first, thresholds_of
from tenbin.explain.policies_values import ObjectiveValues, objective_values
from tenbin.explain.stored import StoredRun
from tenbin.judge.words import wilson_interval
from tenbin.scenario.language import Array

__all__ = ["Best", "Front", "Policies", "find_policies"]

Bools = NDArray[np.bool_]

SHOWN = 20
"""Uncertainties that are reported per objective, those most worth resolving."""

_NORMAL_95 = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Front:
    """In how many of `worlds` each policy is not dominated in all objectives taken together.

    A policy is dominated in a world if another is better in some objective and worse in none.
    `on_average` are those that no other dominates in the means over these worlds.
    """

    objectives: tuple[str, ...]
    worlds: int
    counts: dict[str, int]
    on_average: tuple[str, ...]

    def as_data(self) -> dict[str, Any]:
        return {
            "objectives": list(self.objectives),
            "worlds": self.worlds,
            "share": {
                policy: count / self.worlds if self.worlds else None
                for policy, count in self.counts.items()
            },
            "interval": {
                policy: list(wilson_interval(count, self.worlds))
                for policy, count in self.counts.items()
            },
            "on_average": list(self.on_average),
        }


@dataclass(frozen=True, eq=False)
class Best:
    """Which policy is best where, over the two assumptions that decide it most.

    shares [L, Y, X]: in which share of a cell's worlds each policy is best; policies within the
    tolerance of the best are all best. best [Y, X] is the policy with the best mean there, -1 where
    there is no world.
    """

    x: str
    y: str
    x_edges: tuple[float, ...]
    y_edges: tuple[float, ...]
    x_values: tuple[float, ...]
    y_values: tuple[float, ...]
    policies: tuple[str, ...]
    shares: Array
    best: NDArray[np.int64]
    worlds: NDArray[np.int64]

    def as_data(self) -> dict[str, Any]:
        return {
            "x": self.x,
            "y": self.y,
            "x_edges": list(self.x_edges),
            "y_edges": list(self.y_edges),
            "x_values": list(self.x_values),
            "y_values": list(self.y_values),
            "policies": list(self.policies),
            "best": [
                [None if place < 0 else self.policies[place] for place in row]
                for row in self.best.tolist()
            ],
            "share": {
                policy: [[None if np.isnan(s) else float(s) for s in row] for row in self.shares[k]]
                for k, policy in enumerate(self.policies)
            },
            "worlds": self.worlds.tolist(),
        }


@dataclass(frozen=True, eq=False)
class Weighed:
    """One objective: averages by policy, what to resolve first, thresholds, a map."""

    name: str
    reading: str
    worlds: int
    means: dict[str, tuple[float, float, float]]
    best_policies: tuple[str, ...]
    best_shares: dict[str, float]
    all_resolved: float
    resolving: tuple[Resolving, ...]
    thresholds: tuple[Threshold, ...]
    best: Best | None

    def as_data(self) -> dict[str, Any]:
        means = {
            policy: {"value": mean, "low": low, "high": high}
            for policy, (mean, low, high) in self.means.items()
        }
        return {
            "reading": self.reading,
            "worlds": self.worlds,
            "mean": means,
            "expected": means if self.reading == "chance" else None,
            "best_on_average": list(self.best_policies),
            "best_share": dict(self.best_shares),
            "all_resolved": self.all_resolved,
        }


@dataclass(frozen=True, eq=False)
class Policies:
    """What a run says of the policies, for the objectives of the decision maker."""

    decision_maker: str | None
    policies: tuple[str, ...]
    front: Front
    objectives: tuple[Weighed, ...]

    def as_data(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {
            "decision_maker": self.decision_maker,
            "policies": list(self.policies),
            "objectives": {item.name: item.as_data() for item in self.objectives},
            "pareto": self.front.as_data(),
            "best_share": {item.name: dict(item.best_shares) for item in self.objectives},
            "resolve_first": {
                item.name: [one.as_data() for one in item.resolving[:SHOWN]]
                for item in self.objectives
            },
            "thresholds": [one.as_data() for item in self.objectives for one in item.thresholds],
            "regions": {
                item.name: item.best.as_data() for item in self.objectives if item.best is not None
            },
        }


def find_policies(
    run: StoredRun, *, told: Callable[[float], None] | None = None
) -> Policies | None:
    """The policies of a run side by side; None with fewer than two, or without objectives.

    Values are those at the selected equilibria, in the first 131,072 worlds.
    """
    values = objective_values(run) if len(run.policies) > 1 else []
    if not values:
        return None
    length = values[0].values.shape[1]
    draws = run.draws(length, {name for item in values for name in item.reaching})
    cells = {name: cells_of(run.scenario.uncertainties[name], draws[name]) for name in draws}
    weighed: list[Weighed] = []
    for number, item in enumerate(values):
        weighed.append(_weighed(item, cells))
        if told is not None:
            told((number + 1) / len(values))
    return Policies(run.scenario.decision_maker, values[0].policies, _front(values), tuple(weighed))


def _weighed(item: ObjectiveValues, cells: dict[str, Cells]) -> Weighed:
    known = item.values[:, item.known]
    here = {name: cells[name].at(item.known) for name in item.reaching}
    resolving, everything = resolving_first(item, here)
    means = {
        policy: _mean(item.sign * values)
        for policy, values in zip(item.policies, known, strict=True)
    }
    best: tuple[str, ...] = ()
    if known.shape[1]:
        average = known.mean(axis=1)
        top = average >= average.max() - item.tolerance
        best = tuple(name for name, is_top in zip(item.policies, top, strict=True) if is_top)
    near = known >= known.max(axis=0, initial=-np.inf) - item.tolerance
    telling = [one.name for one in resolving if one.value > 0.0][:2]
    return Weighed(
        name=item.name,
        reading=item.reading,
        worlds=known.shape[1],
        means=means,
        best_policies=best,
        best_shares={
            policy: float(row.mean()) if len(row) else 0.0
            for policy, row in zip(item.policies, near, strict=True)
        },
        all_resolved=everything,
        resolving=resolving,
        thresholds=thresholds_of(item, here),
        best=_best(item, here, telling, known, near) if len(telling) == 2 else None,
    )


def _mean(values: Array) -> tuple[float, float, float]:
    """Mean and its 95 % interval (sampling error alone)."""
    if len(values) < 2:
        only = float(values.mean()) if len(values) else 0.0
        return only, only, only
    mean = float(values.mean())
    half = _NORMAL_95 * float(values.std(ddof=1)) / float(np.sqrt(len(values)))
    return mean, mean - half, mean + half


def _front(values: list[ObjectiveValues]) -> Front:
    known: Bools = np.logical_and.reduce([item.known for item in values])
    stacked = np.stack([item.values[:, known] for item in values])
    tolerances = np.array([item.tolerance for item in values])
    policies = values[0].policies
    dominated = _dominated(stacked, tolerances)
    counts = {policy: int((~dominated[k]).sum()) for k, policy in enumerate(policies)}
    average: tuple[str, ...] = ()
    if stacked.shape[2]:
        means = stacked.mean(axis=2, keepdims=True)
        beaten = _dominated(means, tolerances)[:, 0]
        average = tuple(policy for policy, lost in zip(policies, beaten, strict=True) if not lost)
    return Front(tuple(item.name for item in values), int(known.sum()), counts, average)


def _dominated(values: Array, tolerances: Array) -> Bools:
    """Which policies [L, W] are dominated, by values [objectives, L, W], more being better."""
    _, policies, worlds = values.shape
    margin = tolerances[:, None]
    dominated = np.zeros((policies, worlds), dtype=np.bool_)
    for own in range(policies):
        for rival in range(policies):
            if rival != own:
                gain = values[:, rival] - values[:, own]
                dominated[own] |= (gain > margin).any(axis=0) & (gain >= -margin).all(axis=0)
    return dominated


def _best(
    item: ObjectiveValues, cells: dict[str, Cells], names: list[str], known: Array, near: Bools
) -> Best:
    along = int(np.clip(np.sqrt(known.shape[1] / 40), 3, 16))
    x, y = (cells[name].coarser(along) for name in names)
    size = y.count * x.count
    place = y.codes.astype(np.intp) * x.count + x.codes
    worlds = np.bincount(place, minlength=size)
    with np.errstate(invalid="ignore", divide="ignore"):
        shares = np.stack([np.bincount(place[row], minlength=size) / worlds for row in near])
        means = np.stack(
            [np.bincount(place, weights=row, minlength=size) / worlds for row in known]
        )
    best = np.where(worlds > 0, np.nan_to_num(means, nan=-np.inf).argmax(axis=0), -1)
    shape = (y.count, x.count)
    return Best(
        names[0],
        names[1],
        x.edges,
        y.edges,
        x.values,
        y.values,
        item.policies,
        shares.reshape(-1, *shape),
        best.reshape(shape).astype(np.int64),
        worlds.reshape(shape).astype(np.int64),
    )
