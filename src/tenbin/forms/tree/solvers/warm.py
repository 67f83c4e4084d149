"""Compiling all that solving trees needs, ahead of the first game."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from tenbin.forms.contract import SolverOptions
from tenbin.forms.tree.solvers.finish_kernel import finish_worlds
from tenbin.forms.tree.solvers.fold_kernel import (
    collect_worlds,
    fold_worlds,
    prepare_worlds,
)
from tenbin.forms.tree.solvers.lanes_kernel import follow_lanes
from tenbin.forms.tree.solvers.sequential import solve_sequential
from tenbin.forms.tree.tables import NONE, Tree, TreeGame
from tenbin.numerics.compiling import compile_state

__all__ = ["NEEDED", "warm_up"]

NEEDED = (prepare_worlds, fold_worlds, collect_worlds, follow_lanes, finish_worlds)
"""The kernels that almost every scenario of trees calls."""


def warm_up(say: Callable[[str], None] | None = None) -> None:
    """Compile or load the kernels; `say` gets a sentence first where they must be compiled.

    Takes some 20 seconds once per machine and version, and a second afterwards. The kernel that
    only rescues worlds stays out: it is compiled when a world needs it.
    """
    if say is not None and compile_state(*NEEDED) == "needed":
        say("Compiling the solver: once on this machine, under a minute.")
    solve_sequential(_matching_pennies(), SolverOptions(threads=1))


def _matching_pennies() -> TreeGame:
    """A game with a decision that can be folded, and one subgame that cannot."""
    payoffs = np.array([[[1.0, -1], [-1, 1], [-1, 1], [1, -1], [0, 0]]])

    def ints(*values: int) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
        return np.array(values, dtype=np.int32)

    tree = Tree(
        players=("one", "two"),
        parent=ints(NONE, 0, 1, 2, 2, 1, 5, 5, 0),
        action=ints(NONE, 4, 0, 2, 3, 1, 2, 3, 5),
        branch=ints(*[NONE] * 9),
        infoset=ints(2, 0, 1, NONE, NONE, 1, NONE, NONE, NONE),
        terminal=ints(NONE, NONE, NONE, 0, 1, NONE, 2, 3, 4),
        infoset_player=ints(0, 1, 0),
        infoset_start=ints(0, 2, 4, 6),
        infoset_names=("first", "second", "start"),
        action_names=("h", "t", "h", "t", "play", "leave"),
    )
    return TreeGame(tree, np.zeros((1, 0)), payoffs, np.ones(1, dtype=np.bool_))
