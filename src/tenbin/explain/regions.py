"""Region maps: in which share of the worlds a claim holds, over any two of its assumptions."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite, sqrt
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenbin.errors import TenbinError
from tenbin.explain.evidence import Evidence, Input, read_evidence
from tenbin.explain.hinge_words import value_text
from tenbin.explain.sensitivity import find_sensitivity
from tenbin.figures.regionmap import RegionAxis, RegionPicture
from tenbin.figures.words import Words
from tenbin.run.resolve import Resolver
from tenbin.scenario.language import Array
from tenbin.scenario.objects import Scenario

__all__ = ["Region", "find_region", "region_of", "region_picture"]

Whole = NDArray[np.int64]

_PER_CELL = 40
"""Worlds per cell that the number of cells is chosen for."""
_FEWEST, _MOST = 4, 24


@dataclass(frozen=True, eq=False)
class Region:
    """A claim over two of its inputs: worlds, and those where it holds, by cell [Y, X].

    Cells of a range are of equal width; those of a distribution hold about equally many worlds. A
    choice has one cell per value. `unsolved` worlds are in no cell.
    """

    claim: str
    policy: str
    x: Input
    y: Input
    x_edges: tuple[float, ...]
    y_edges: tuple[float, ...]
    worlds: Whole
    holds: Whole
    unsolved: int

    @property
    def shares(self) -> Array:
        """The share of worlds in which the claim holds [Y, X]; NaN where there are no worlds."""
        with np.errstate(invalid="ignore"):
            return np.where(self.worlds > 0, self.holds / np.maximum(self.worlds, 1), np.nan)

    def as_data(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {
            "claim": self.claim,
            "policy": self.policy,
            "x": self.x.name,
            "y": self.y.name,
            "x_edges": list(self.x_edges),
            "y_edges": list(self.y_edges),
            "x_values": list(self.x.values),
            "y_values": list(self.y.values),
            "worlds": self.worlds.tolist(),
            "holds": self.holds.tolist(),
            "unsolved": self.unsolved,
        }


def region_of(
    folder: Path,
    scenario: Scenario,
    claim: str,
    policy: str | None = None,
    *,
    x: str | None = None,
    y: str | None = None,
    bins: int | None = None,
    resolver: Resolver | None = None,
) -> Region:
    """The region map of a claim of a run; see `read_evidence` for what is read and raised."""
    evidence = read_evidence(folder, scenario, claim, policy, resolver=resolver)
    return find_region(evidence, x=x, y=y, bins=bins)


def find_region(
    evidence: Evidence, *, x: str | None = None, y: str | None = None, bins: int | None = None
) -> Region:
    """The region map over two inputs.

    Parameters
    ----------
    evidence
        Of one claim under one policy.
    x, y
        Names of inputs; where left out, those of the largest total sensitivity.
    bins
        Cells along each axis; by default as many as leave about 40 worlds in a cell, 4 to 24.

    Raises
    ------
    TenbinError
        If an input does not reach the claim, or fewer than two do.
    """
    first, second = _axes(evidence, x, y)
    asked = int(sqrt(max(evidence.solved, 1) / _PER_CELL)) if bins is None else bins
    along = min(max(asked, _FEWEST), _MOST) if bins is None else max(bins, 1)
    columns, rows = (_cells(evidence.inputs[j], along) for j in (first, second))
    wide, high = int(columns.max()) + 1, int(rows.max()) + 1
    worlds = np.zeros(wide * high, dtype=np.int64)
    holds = np.zeros(wide * high, dtype=np.int64)
    for block in evidence.binned.blocks:
        cell = rows[block.codes[second]] * wide + columns[block.codes[first]]
        worlds += np.bincount(cell, minlength=wide * high)
        holds += np.bincount(cell[block.truth], minlength=wide * high)
    return Region(
        claim=evidence.claim,
        policy=evidence.policy,
        x=evidence.inputs[first],
        y=evidence.inputs[second],
        x_edges=_edges(evidence.inputs[first], columns),
        y_edges=_edges(evidence.inputs[second], rows),
        worlds=worlds.reshape(high, wide),
        holds=holds.reshape(high, wide),
        unsolved=evidence.unsolved,
    )


def region_picture(region: Region, words: Words) -> RegionPicture:
    """What the picture of a region map shows, in the language of the reader."""
    worlds = int(region.worlds.sum())
    titles = [
        item.title.in_language(words.language) or item.name.replace("_", " ")
        for item in (region.x, region.y)
    ]
    return RegionPicture(
        x=_axis(region.x, titles[0], region.x_edges, words),
        y=_axis(region.y, titles[1], region.y_edges, words),
        shares=tuple(
            tuple(None if np.isnan(share) else float(share) for share in row)
            for row in region.shares
        ),
        worlds=tuple(tuple(int(count) for count in row) for row in region.worlds),
        share_title=words("region.share"),
        boundary_title=words("region.boundary"),
        worlds_title=words("region.worlds"),
        description=words("region.description", x=titles[0], y=titles[1], worlds=f"{worlds:,}"),
    )


def _axes(evidence: Evidence, x: str | None, y: str | None) -> tuple[int, int]:
    """The dimensions of the two inputs."""
    if len(evidence.inputs) < 2:
        raise TenbinError(
            f"{len(evidence.inputs)} input reaches claim '{evidence.claim}'; a map needs two"
        )
    given = [name for name in (x, y) if name is not None]
    if len(given) < 2:
        ranked = [item.name for item in find_sensitivity(evidence).indices]
        ranked += [item.name for item in evidence.inputs if item.name not in ranked]
        others = [name for name in ranked if name not in given]
        x = others.pop(0) if x is None else x
        y = others.pop(0) if y is None else y
    assert x is not None
    assert y is not None
    return evidence.number_of(x), evidence.number_of(y)


def _cells(item: Input, along: int) -> NDArray[np.intp]:
    """The cell of each code [codes]."""
    codes = np.arange(256)
    if not item.ordered or item.codes <= along:
        return np.minimum(codes, item.codes - 1).astype(np.intp)
    return (np.minimum(codes, item.codes - 1) * along // item.codes).astype(np.intp)


def _edges(item: Input, cells: NDArray[np.intp]) -> tuple[float, ...]:
    """The ends of the cells; where the input has none, the last number that has one."""
    if not item.ordered:
        return tuple(float(place) for place in range(len(item.values) + 1))
    starts = [int(np.argmax(cells == cell)) for cell in range(int(cells.max()) + 1)]
    edges = [item.edges[start] for start in starts] + [item.edges[-1]]
    edges[0] = edges[0] if isfinite(edges[0]) else item.edges[1]
    edges[-1] = edges[-1] if isfinite(edges[-1]) else item.edges[-2]
    return tuple(edges)


def _axis(item: Input, title: str, edges: tuple[float, ...], words: Words) -> RegionAxis:
    unit = words("unit_of." + item.unit) if words.has("unit_of." + item.unit) else item.unit
    labels = tuple(value_text(value, item.unit, words) for value in item.values)
    if item.unit == "year":
        return RegionAxis(title, edges, labels, format="d")
    return RegionAxis(f"{title}, {unit}" if unit else title, edges, labels)
