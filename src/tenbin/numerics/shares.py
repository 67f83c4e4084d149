"""Shares of worlds, and how well so many worlds tell them."""

from __future__ import annotations

from math import sqrt

__all__ = ["wilson_interval"]

_NORMAL_95 = 1.959963984540054


def wilson_interval(count: int, worlds: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share: sampling error only, conservative under Sobol.

    Without worlds nothing is known and the interval is (0, 1).

    References
    ----------
    [wilson1927]; keys are in docs/references.bib.
    """
    if worlds == 0:
        return 0.0, 1.0
    share = count / worlds
    square = _NORMAL_95**2 / worlds
    centre = (share + square / 2) / (1 + square)
    half = _NORMAL_95 / (1 + square) * sqrt(share * (1 - share) / worlds + square / (4 * worlds))
    low = 0.0 if count == 0 else max(0.0, centre - half)
    high = 1.0 if count == worlds else min(1.0, centre + half)
    return low, high
