"""How a number is spread over worlds: mean, extremes and quantiles, merged chunk by chunk."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import ceil, inf, log

import numpy as np
from numpy.typing import NDArray

from tenbin.scenario.language import Array

__all__ = ["Spread"]

RATIO = 1.02
"""From one class of sizes to the next; a quantile is exact to one per cent of itself."""
SMALLEST, LARGEST = 1e-12, 1e15
"""Smaller numbers count as zero; larger ones are of the last class."""
_FIRST = ceil(log(SMALLEST) / log(RATIO))
_CLASSES = ceil(log(LARGEST) / log(RATIO)) - _FIRST + 1


@dataclass
class Spread:
    """A number in the worlds so far: finite values are counted, in classes of equal ratio.

    References
    ----------
    [masson2019] for the classes; keys are in docs/references.bib.
    """

    count: int = 0
    total: float = 0.0
    least: float = inf
    most: float = -inf
    classes: NDArray[np.int64] = field(
        default_factory=lambda: np.zeros(2 * _CLASSES + 1, dtype=np.int64), repr=False
    )

    def add(self, values: Array) -> None:
        """Count finite values [n]."""
        if len(values) == 0:
            return
        self.count += len(values)
        self.total += float(values.sum())
        self.least = min(self.least, float(values.min()))
        self.most = max(self.most, float(values.max()))
        self.classes += np.bincount(_class_of(values), minlength=len(self.classes))

    @property
    def mean(self) -> float | None:
        """The mean; None of no value."""
        return self.total / self.count if self.count else None

    def quantile(self, share: float) -> float | None:
        """The value below which (or at which) a share of the values lies; None of no value."""
        if not self.count:
            return None
        rank = max(ceil(share * self.count), 1)
        place = int(np.searchsorted(np.cumsum(self.classes), rank, side="left"))
        return min(max(_middle(place), self.least), self.most)


def _class_of(values: Array) -> NDArray[np.int64]:
    """The class of each value: negative ones, zero, positive ones, in rising order."""
    size = np.clip(np.abs(values), SMALLEST, LARGEST)
    number = np.ceil(np.log(size) / log(RATIO)).astype(np.int64) - _FIRST
    number = np.clip(number, 0, _CLASSES - 1) + 1
    number[np.abs(values) < SMALLEST] = 0
    return np.where(values < 0, -number, number) + _CLASSES


def _middle(place: int) -> float:
    """The number that no value of a class is far from, as a share of itself."""
    number = place - _CLASSES
    if number == 0:
        return 0.0
    size = 2.0 * RATIO ** (abs(number) - 1 + _FIRST) / (1.0 + RATIO)
    return size if number > 0 else -size
