"""Worlds: joint draws of all uncertainties, and the central world."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from tenbin.scenario.language import Array
from tenbin.scenario.objects import Correlation, Scenario, Uncertainty
from tenbin.worlds.copula import correlated_draws, correlation_groups
from tenbin.worlds.designs import uniform_draws
from tenbin.worlds.distributions import central_value, quantile
from tenbin.worlds.keys import key_words

__all__ = ["central_world", "draw_worlds", "tried_worlds"]


def draw_worlds(
    scenario: Scenario,
    start: int,
    stop: int,
    *,
    seed: int = 0,
    design: str = "sobol",
    total: int | None = None,
    names: Collection[str] | None = None,
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
    names
        The uncertainties wanted; by default all. Their draws are the same either way.

    Returns
    -------
    Draws [W] by name in the order of the file, W = stop - start.

    Raises
    ------
    ShapeError
        If the design is unknown or the worlds do not lie in the run.
    """
    wanted = scenario.uncertainties.keys() if names is None else set(names)
    used = tuple(item for item in scenario.correlations if _is_joined(item, scenario, wanted))
    uniform = uniform_draws(
        tuple(scenario.uncertainties),
        start,
        stop,
        seed=seed,
        design=design,
        total=stop if total is None else total,
        wanted={*wanted, *(name for item in used for name in item.between)},
    )
    joined = correlated_draws(uniform, used)
    return {
        name: quantile(uncertainty, joined[name])
        for name, uncertainty in scenario.uncertainties.items()
        if name in wanted
    }


def _is_joined(item: Correlation, scenario: Scenario, wanted: Collection[str]) -> bool:
    """Whether a correlation, directly or through others, joins a name that is wanted."""
    groups = correlation_groups(scenario.correlations)
    return any(item.between[0] in group and not set(group).isdisjoint(wanted) for group in groups)


def tried_worlds(scenario: Scenario, worlds: int) -> dict[str, Array]:
    """Draws [W] to try numbers in: distributed like those of a run, but not the same.

    NumPy draws what only SciPy can invert, so that a file is checked without loading SciPy;
    truncated and correlated distributions are drawn as in a run.
    """
    correlated = {name for item in scenario.correlations for name in item.between}
    plain = {
        name: _plain_draws(uncertainty, worlds)
        for name, uncertainty in scenario.uncertainties.items()
        if name not in correlated
    }
    found = {name: values for name, values in plain.items() if values is not None}
    others = tuple(name for name in scenario.uncertainties if name not in found)
    uniform = uniform_draws(others, 0, worlds, seed=0, design="sobol", total=worlds)
    joined = correlated_draws(uniform, scenario.correlations)
    return {
        name: found[name] if name in found else quantile(uncertainty, joined[name])
        for name, uncertainty in scenario.uncertainties.items()
    }


def _plain_draws(uncertainty: Uncertainty, worlds: int) -> Array | None:
    """Independent draws of a bell or a beta that is not truncated; None of anything else."""
    low, high = uncertainty.low, uncertainty.high
    key = key_words(0, "tried", uncertainty.name, 2)
    generator = np.random.Generator(np.random.Philox(key=key))
    match uncertainty.kind, uncertainty.parameters:
        case "beta", (first, second):
            return low + (high - low) * generator.beta(first, second, worlds)
        case "normal", (mean, deviation) if not np.isfinite([low, high]).any():
            return generator.normal(mean, deviation, worlds)
        case "lognormal", (median, deviation) if (low, high) == (0.0, np.inf):
            return generator.lognormal(np.log(median), deviation, worlds)
        case _:
            return None


def central_world(scenario: Scenario) -> dict[str, Array]:
    """One world [1] in the middle: midpoints of ranges, medians, most probable choices."""
    return {
        name: np.array([central_value(uncertainty)])
        for name, uncertainty in scenario.uncertainties.items()
    }
