"""Compiling all that solving stochastic games needs, ahead of the first game."""

from __future__ import annotations

import numpy as np

from tenbin.forms.contract import SolverOptions
from tenbin.forms.stochastic.solvers.attempts import NEEDED
from tenbin.forms.stochastic.solvers.lanes_kernel import follow_lanes
from tenbin.forms.stochastic.solvers.markov import solve_markov
from tenbin.forms.stochastic.tables import StochasticGame, StochasticStructure

__all__ = ["LANES", "SCALAR", "warm_lanes", "warm_scalar", "warm_up"]

LANES = (follow_lanes,)
"""What games without types take besides."""
SCALAR = tuple(kernel for kernel in NEEDED if kernel not in LANES)
"""What every game may take."""


def warm_up() -> None:
    """Compile or load all kernels."""
    warm_scalar()
    warm_lanes()


def warm_scalar() -> None:
    """Compile or load what follows one world at a time."""
    # The tolerance is never reached, so that all ways are tried.
    solve_markov(_coin(3), SolverOptions(threads=1, tolerance=-1.0))


def warm_lanes() -> None:
    """Compile or load what follows sixteen worlds at a time."""
    solve_markov(_coin(1), SolverOptions(threads=1))


def _coin(grid: int) -> StochasticGame:
    """One player, one state, two actions; with two types where there is a grid."""
    types = 1 if grid == 1 else 2

    def ints(*values: int) -> np.ndarray[tuple[int, ...], np.dtype[np.int32]]:
        return np.array(values, dtype=np.int32)

    structure = StochasticStructure(
        players=("one",),
        state_names=("state",),
        point_state=ints(*[0] * types),
        point_player=ints(*[0] * types),
        point_type=ints(-1) if types == 1 else ints(0, 1),
        action_start=ints(*range(0, 2 * types + 1, 2)),
        action_names=("heads", "tails") * types,
        cell_state=ints(0, 0),
        cell_action=ints(*([0, 1] if types == 1 else [0, 2, 1, 3])).reshape(2, 1, types),
        branch_cell=ints(0, 1),
        branch_to=ints(0, 0),
        informed=-1 if types == 1 else 0,
        type_names=() if types == 1 else ("first", "second"),
        grid=grid,
    )
    one = np.ones((1, 1))
    return StochasticGame(
        structure=structure,
        payoffs=np.tile(np.array([0.0, 1.0]).reshape(1, 2, 1, 1), (1, 1, 1, types)),
        prob=np.ones((1, 2)),
        discount=0.5 * one,
        prior=0.5 * one[0],
        start=one,
        valid=np.ones(1, dtype=np.bool_),
    )
