"""Compiling all that solving stochastic games needs, ahead of the first game."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from tenbin.forms.contract import SolverOptions
from tenbin.forms.stochastic.solvers.attempts import NEEDED
from tenbin.forms.stochastic.solvers.markov import solve_markov
from tenbin.forms.stochastic.tables import StochasticGame, StochasticStructure
from tenbin.numerics.compiling import compile_state

__all__ = ["warm_up"]


def warm_up(say: Callable[[str], None] | None = None) -> None:
    """Compile or load the kernels; `say` gets a sentence first where they must be compiled."""
    if say is not None and compile_state(*NEEDED) == "needed":
        say("Compiling the solver of stochastic games: once on this machine, under a minute.")
    options = SolverOptions(threads=1, tolerance=-1.0)  # never reached, so that all ways are tried
    solve_markov(_coin(1), options)
    solve_markov(_coin(3), options)


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
