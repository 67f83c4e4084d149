"""Compiling all that solving conflicts needs, ahead of the first game."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

import numpy as np

from tenbin.forms.compiling import Part, compile_parts, uncompiled_parts
from tenbin.forms.conflict.game import ConflictModel, make_game
from tenbin.forms.conflict.solvers.reach_kernel import legal_reach
from tenbin.forms.conflict.solvers.stability import solve_stability
from tenbin.forms.conflict.solvers.stability_kernel import conflict_orders
from tenbin.forms.conflict.tables import Graph, Preference
from tenbin.forms.contract import SolverOptions

__all__ = ["PARTS", "uncompiled", "warm_up"]


def warm_up(say: Callable[[str], None] | None = None, parts: Collection[str] | None = None) -> None:
    """Compile or load the kernels, or those of the named parts."""
    sentence = "Compiling the solver of conflicts: once on this machine, some seconds."
    compile_parts(PARTS, parts, say, sentence)


def uncompiled(models: Iterable[ConflictModel]) -> dict[str, float]:
    """The parts that solving these models takes and that have yet to be compiled."""
    return uncompiled_parts(PARTS, PARTS if list(models) else ())


def _stability() -> None:
    """All that every conflict, or every one with coalitions, calls."""
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


PARTS = {"stability": Part((conflict_orders, legal_reach), _stability, 8.0)}
"""The parts by name."""
