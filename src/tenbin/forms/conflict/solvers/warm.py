"""Compiling all that solving conflicts needs, ahead of the first game."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from tenbin.forms.conflict.game import make_game
from tenbin.forms.conflict.solvers.reach_kernel import legal_reach
from tenbin.forms.conflict.solvers.stability import solve_stability
from tenbin.forms.conflict.solvers.stability_kernel import conflict_orders
from tenbin.forms.conflict.tables import Graph, Preference
from tenbin.forms.contract import SolverOptions
from tenbin.numerics.compiling import compile_state

__all__ = ["NEEDED", "warm_up"]

NEEDED = (conflict_orders, legal_reach)
"""The kernels that every conflict, or every one with coalitions, calls."""


def warm_up(say: Callable[[str], None] | None = None) -> None:
    """Compile or load the kernels; `say` gets a sentence first where they must be compiled."""
    if say is not None and compile_state(*NEEDED) == "needed":
        say("Compiling the solver of conflicts: once on this machine, some seconds.")
    graph = Graph(
        players=("one", "two"),
        state_names=("left", "right"),
        options=np.zeros((2, 0), dtype=np.bool_),
        option_names=(),
        move_start=np.array([[0, 1, 1], [1, 1, 2]], dtype=np.int32),
        move_to=np.array([1, 0], dtype=np.int32),
        enter_start=np.array([[0, 0, 1], [1, 2, 2]], dtype=np.int32),
        enter_from=np.array([0, 1], dtype=np.int32),
        start=0,
        coalitions=((0, 1),),
    )
    preference = Preference(np.array([[1.0, 2.0]]), None, True)
    game = make_game(graph, (preference, preference), 1)
    solve_stability(game, SolverOptions(concept="seq", threads=1))
