"""Compiling all that stochastic games need, ahead of the first game."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from tenbin.forms.contract import SolverOptions
from tenbin.forms.stochastic.chain_kernel import follow_worlds, settle_worlds
from tenbin.forms.stochastic.chains import Chains
from tenbin.forms.stochastic.solvers.markov import solve_markov
from tenbin.forms.stochastic.solvers.warm import warm_up as warm_solver
from tenbin.forms.stochastic.tables import NONE, StochasticGame, StochasticStructure
from tenbin.numerics.compiling import compile_state

__all__ = ["warm_up"]


def warm_up(say: Callable[[str], None]) -> None:
    """Compile or load the kernels of solving and of the chains that outcomes follow."""
    warm_solver(say)
    if compile_state(settle_worlds, follow_worlds) == "needed":
        say("Compiling what outcomes of stochastic games take: once on this machine.")
    game = _wait()
    solution = solve_markov(game, SolverOptions(threads=1))
    chains = Chains(game, solution, solution.profile)
    chains.flow()
    chains.curve(np.ones(1), 2)


def _wait() -> StochasticGame:
    """One player with one action in one state."""
    one, ones = np.zeros(1, dtype=np.int32), np.ones((1, 1))
    structure = StochasticStructure(
        players=("one",),
        state_names=("state",),
        point_state=one,
        point_player=one,
        point_type=np.full(1, NONE, dtype=np.int32),
        action_start=np.array([0, 1], dtype=np.int32),
        action_names=("wait",),
        cell_state=one,
        cell_action=np.zeros((1, 1, 1), dtype=np.int32),
        branch_cell=one,
        branch_to=one,
    )
    return StochasticGame(
        structure=structure,
        payoffs=np.ones((1, 1, 1, 1)),
        prob=ones,
        discount=0.5 * ones,
        prior=np.ones(1),
        start=ones,
        valid=np.ones(1, dtype=np.bool_),
    )
