"""Worlds: joint draws of all uncertainties, and the central world."""

from __future__ import annotations

import numpy as np

from tenbin.scenario.language import Array
from tenbin.scenario.objects import Scenario
from tenbin.worlds.copula import correlated_draws
from tenbin.worlds.designs import uniform_draws
from tenbin.worlds.distributions import central_value, quantile

__all__ = ["central_world", "draw_worlds"]


def draw_worlds(
    scenario: Scenario,
    start: int,
    stop: int,
    *,
    seed: int = 0,
    design: str = "sobol",
    total: int | None = None,
) -> dict[str, Array]:
    """The uncertainties in worlds `start` to `stop`.

    A world is a function of the seed, the design and its number: neither the chunk it is drawn in
    nor the machine matters, and every uncertainty has keys of its own, made from its name. Under
    `latin` it depends on the number of worlds of the run as well.

    Parameters
    ----------
    scenario
        Its uncertainties and correlations are used.
    start, stop
        World numbers from 0.
    seed
        Any integer.
    design
        `sobol`, `latin` or `monte_carlo`.
    total
        The number of worlds of the run; `stop` where it is left out.

    Returns
    -------
    Draws [W] by name in the order of the file, W = stop - start.

    Raises
    ------
    ShapeError
        If the design is unknown or the worlds do not lie in the run.
    """
    uniform = uniform_draws(
        tuple(scenario.uncertainties),
        start,
        stop,
        seed=seed,
        design=design,
        total=stop if total is None else total,
    )
    joined = correlated_draws(uniform, scenario.correlations)
    return {
        name: quantile(uncertainty, joined[name])
        for name, uncertainty in scenario.uncertainties.items()
    }


def central_world(scenario: Scenario) -> dict[str, Array]:
    """One world [1] in the middle: midpoints of ranges, medians, most probable choices."""
    return {
        name: np.array([central_value(uncertainty)])
        for name, uncertainty in scenario.uncertainties.items()
    }
