"""Compiling all that stochastic games need, ahead of the first game."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

import numpy as np

from tenbin.forms.compiling import Part, compile_parts, uncompiled_parts
from tenbin.forms.stochastic.chain_kernel import follow_worlds, settle_worlds
from tenbin.forms.stochastic.chains import Chains
from tenbin.forms.stochastic.game import StochasticModel
from tenbin.forms.stochastic.solvers import warm as solver
from tenbin.forms.stochastic.tables import (
    NONE,
    StochasticGame,
    StochasticSolution,
    StochasticStructure,
)

__all__ = ["PARTS", "uncompiled", "warm_up"]


def warm_up(say: Callable[[str], None] | None = None, parts: Collection[str] | None = None) -> None:
    """Compile or load the kernels of solving and of the chains, or those of the named parts."""
    sentence = "Compiling the solver of stochastic games: once on this machine, under a minute."
    compile_parts(PARTS, parts, say, sentence)


def uncompiled(models: Iterable[StochasticModel]) -> dict[str, float]:
    """The parts that solving these models takes and that have yet to be compiled."""
    informed = [model.structure.informed for model in models]
    names = ["solver", "outcomes"] if informed else []
    return uncompiled_parts(PARTS, [*names, "lanes"] if NONE in informed else names)


def _outcomes() -> None:
    """The chains that outcomes follow."""
    game, taken = _wait(), np.ones(1, dtype=np.bool_)
    solution = StochasticSolution(
        structure=game.structure,
        profile=np.ones((1, 1, 1, 1)),
        value=np.ones((1, 1, 1, 1, 1, 1)),
        posterior=None,
        found=taken[:, None],
        status=np.zeros(1, dtype=np.int8),
        complete=taken,
        method="none",
    )
    chains = Chains(game, solution, solution.profile)
    chains.flow()
    chains.curve(np.ones(1), 2)


PARTS = {
    "solver": Part(solver.SCALAR, solver.warm_scalar, 60.0),
    "lanes": Part(solver.LANES, solver.warm_lanes, 20.0),
    "outcomes": Part((settle_worlds, follow_worlds), _outcomes, 5.0),
}
"""The parts by name."""


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
