"""Compiling all that bargaining needs, ahead of the first problem."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from tenbin.forms.bargaining.solvers.worlds_kernel import NASH, solve_worlds
from tenbin.numerics.compiling import compile_state

__all__ = ["NEEDED", "warm_up"]

NEEDED = (solve_worlds,)
"""The kernels that almost every model calls; those for what is private compile when needed."""


def warm_up(say: Callable[[str], None] | None = None) -> None:
    """Compile or load the kernels; `say` gets a sentence first where they must be compiled."""
    if say is not None and compile_state(*NEEDED) == "needed":
        say("Compiling the solver: once on this machine, under a minute.")
    one, two = np.ones((1, 2)), np.zeros((1, 2))
    slope = np.array([[[1.0], [-1.0]]])
    bound = np.zeros((1, 1))
    none = np.full((1, 2), -np.inf)
    solve_worlds(
        NASH, 0, 0, np.array([[0.0, 1.0]]), slope, bound, bound + 1, np.empty((0, 2)), np.ones(1),
        two, none, two, one, none, np.ones(1, dtype=np.bool_), np.empty((1, 2, 1)),
        np.empty((1, 2), dtype=np.int8), bound, np.empty(1, dtype=np.int8), one,
        np.empty(1, dtype=np.bool_), np.empty(1, dtype=np.bool_),
    )  # fmt: skip
