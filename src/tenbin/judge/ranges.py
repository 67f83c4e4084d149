"""The points at which `rises` and `falls` look."""

from __future__ import annotations

import numpy as np

from tenbin.scenario.objects import Scenario
from tenbin.worlds import quantile

__all__ = ["POINTS", "points_of_range"]

POINTS = 5
"""How many points of a range are compared."""

_CENTRAL = (0.05, 0.95)


def points_of_range(scenario: Scenario, name: str) -> tuple[float, ...]:
    """Evenly spaced points, in rising order, over the range of an uncertainty or a lever.

    Of a distribution the range is its central 90 %; of a choice the points are its values, for it
    takes no others.
    """
    if name in scenario.levers:
        lever = scenario.levers[name]
        low, high = lever.low, lever.high
    else:
        uncertainty = scenario.uncertainties[name]
        if uncertainty.kind == "choice":
            return tuple(sorted(set(uncertainty.values)))
        low, high = uncertainty.low, uncertainty.high
        if uncertainty.is_distribution:
            low, high = (float(end) for end in quantile(uncertainty, np.array(_CENTRAL)))
    return tuple(float(point) for point in np.linspace(low, high, POINTS))
