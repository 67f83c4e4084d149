"""Given-data indices against SALib's Sobol design, on functions whose indices are known.

    pip install SALib
    python benchmarks/sensitivity.py

At equal numbers of evaluations: ours takes worlds as they come, the design needs its own and gives
each input a part of them. The error is the largest over all inputs, averaged over seeds.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from tenbin.explain.evidence import binned_arrays
from tenbin.explain.sensitivity import sensitivity_indices

Array = NDArray[np.float64]
SEEDS = 5
EVALUATIONS = (2**13, 2**15, 2**17)
WEIGHTS = np.array([0.0, 1.0, 4.5, 9.0, 99.0, 99.0, 99.0, 99.0])


def ishigami(x: Array) -> Array:
    first, second, third = (np.pi * (2 * x - 1)).T
    return np.sin(first) + 7 * np.sin(second) ** 2 + 0.1 * third**4 * np.sin(first)


def g_function(x: Array) -> Array:
    return np.prod((np.abs(4 * x - 2) + WEIGHTS) / (1 + WEIGHTS), axis=1)


def g_indices() -> tuple[Array, Array]:
    alone = 1 / (3 * (1 + WEIGHTS) ** 2)
    variance = np.prod(1 + alone) - 1
    return alone / variance, alone * np.prod(1 + alone) / (1 + alone) / variance


FUNCTIONS: dict[str, tuple[Callable[[Array], Array], Array, Array]] = {
    "Ishigami": (
        ishigami,
        np.array([0.313905, 0.442411, 0.0]),
        np.array([0.557589, 0.442411, 0.243684]),
    ),
    "g-function": (g_function, *g_indices()),
}


def ours(function: Callable[[Array], Array], inputs: int, worlds: int, seed: int) -> Array:
    """First-order and total indices [2, D]."""
    x = np.random.default_rng(seed).random((worlds, inputs))
    binned = binned_arrays(x, np.zeros(worlds, dtype=bool))
    cuts = np.cumsum([len(block.truth) for block in binned.blocks])[:-1]
    names = [str(j) for j in range(inputs)]
    indices = sensitivity_indices(binned, np.split(function(x), cuts), names)[0]
    ranked = sorted(indices, key=lambda item: int(item.name))
    return np.array([[item.first for item in ranked], [item.total for item in ranked]])


def theirs(function: Callable[[Array], Array], inputs: int, worlds: int, seed: int) -> Array:
    from SALib.analyze import sobol as analyse
    from SALib.sample import sobol as sample

    problem = {
        "num_vars": inputs,
        "names": [str(j) for j in range(inputs)],
        "bounds": [[0.0, 1.0]] * inputs,
    }
    base = 2 ** int(np.log2(worlds / (inputs + 2)))
    x = sample.sample(problem, base, calc_second_order=False, seed=seed)
    found = analyse.analyze(
        problem, function(x), calc_second_order=False, num_resamples=2, seed=seed
    )
    return np.array([found["S1"], found["ST"]])


def main() -> None:
    print("function    evaluations  error ours (first, total)  error SALib  CPU s ours  SALib")
    for name, (function, first, total) in FUNCTIONS.items():
        truth = np.array([first, total])
        for worlds in EVALUATIONS:
            errors, seconds = [], []
            for estimate in (ours, theirs):
                start = time.process_time()
                runs = [estimate(function, len(first), worlds, seed) for seed in range(SEEDS)]
                seconds.append((time.process_time() - start) / SEEDS)
                errors.append(np.mean([np.abs(run - truth).max(axis=1) for run in runs], axis=0))
            own, peer = errors
            print(
                f"{name:11} {worlds:11,}  {own[0]:.4f} {own[1]:.4f}              "
                f"{peer[0]:.4f} {peer[1]:.4f}  {seconds[0]:.3f}       {seconds[1]:.3f}"
            )


if __name__ == "__main__":
    main()
