"""An uncertainty cut into cells that hold about equally many worlds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tenbin.scenario.language import Array
from tenbin.scenario.objects import Uncertainty
from tenbin.worlds import quantile

__all__ = ["MOST_CELLS", "Cells", "cells_of"]

MOST_CELLS = 64


@dataclass(frozen=True, slots=True)
class Cells:
    """The cell of each world, codes [W] of `count`.

    Cell k reaches from `edges[k]` to `edges[k + 1]`; of a choice it is `values[k]`, in rising
    order.
    """

    codes: NDArray[np.uint8]
    edges: tuple[float, ...]
    values: tuple[float, ...] = ()

    @property
    def count(self) -> int:
        return len(self.values) or len(self.edges) - 1

    def at(self, rows: NDArray[np.bool_]) -> Cells:
        """The same in some of the worlds."""
        return Cells(self.codes[rows], self.edges, self.values)

    def coarser(self, count: int) -> Cells:
        """At most so many cells, neighbours joined; a choice stays as it is."""
        if self.values or self.count <= count:
            return self
        cell = np.arange(self.count) * count // self.count
        starts = [int(np.argmax(cell == number)) for number in range(count)]
        edges = (*(self.edges[start] for start in starts), self.edges[-1])
        return Cells(cell[self.codes].astype(np.uint8), edges)


def cells_of(item: Uncertainty, draws: Array) -> Cells:
    """An uncertainty cut where equal shares of its worlds lie.

    The outer edges of a distribution without ends are its smallest and largest draw.
    """
    if item.kind == "choice":
        values = tuple(sorted(set(item.values)))
        return Cells(np.searchsorted(values, draws).astype(np.uint8), (), values)
    with np.errstate(divide="ignore"):
        edges = np.unique(quantile(item, np.linspace(0.0, 1.0, MOST_CELLS + 1)))
    codes = np.searchsorted(edges[1:-1], draws, side="right").astype(np.uint8)
    if len(draws):
        edges[0] = edges[0] if np.isfinite(edges[0]) else float(draws.min())
        edges[-1] = edges[-1] if np.isfinite(edges[-1]) else float(draws.max())
    return Cells(codes, tuple(float(edge) for edge in edges))
