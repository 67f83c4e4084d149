"""Compiling what bargaining needs, ahead of the first problem."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

import numpy as np

from tenbin.forms.bargaining.game import BargainingModel
from tenbin.forms.bargaining.solvers.screening_kernel import screen_worlds
from tenbin.forms.bargaining.solvers.worlds_kernel import NASH, solve_worlds
from tenbin.forms.compiling import Part, compile_for, compile_parts, uncompiled_parts

__all__ = ["PARTS", "uncompiled", "warm_up"]


def warm_up(say: Callable[[str], None] | None = None, parts: Collection[str] | None = None) -> None:
    """Compile or load the kernels, or those of the named parts.

    The kernels for consent that is uncertain stay out: they are compiled when a model needs them.
    """
    compile_parts(PARTS, parts, say, "Compiling the solver: once on this machine, under a minute.")


def uncompiled(models: Iterable[BargainingModel]) -> dict[str, float]:
    """The parts that solving these models takes and that have yet to be compiled."""
    return uncompiled_parts(PARTS, (part for model in models for part in _parts_of(model)))


def _parts_of(model: BargainingModel) -> tuple[str, ...]:
    if model.n_types > 1:
        return ("screening",)
    private = model.war is not None and model.war.private is not None
    return () if private or model.uncertain or model.hidden is not None else ("frontier",)


def _frontier() -> None:
    """Concepts that are a place on the frontier of what both may get."""
    number, table, codes = np.zeros(2), np.zeros((2, 2)), np.zeros(2, dtype=np.int8)
    cube, flag = np.zeros((2, 2, 1)), np.zeros(2, dtype=np.bool_)
    share, actions = np.zeros((2, 1)), np.zeros((2, 2), dtype=np.int8)
    compile_for(
        solve_worlds, NASH, 0, 0, table, cube, share, share, table, number, table, table, table,
        table, table, flag, cube, actions, share, codes, table, flag, flag,
    )  # fmt: skip


def _screening() -> None:
    """One offer to either of two types; some arrays are columns of others."""
    cube, flag = np.zeros((2, 2, 2)), np.zeros(2, dtype=np.bool_)
    share, prior = np.zeros((2, 1)), np.zeros((2, 2))
    refused = cube[:, 0]
    compile_for(
        screen_worlds, 0, cube, np.zeros((2, 2, 2, 1)), share, share, refused, refused,
        prior[:, 0], prior, flag, share, flag, flag,
    )  # fmt: skip


PARTS = {
    "frontier": Part((solve_worlds,), _frontier, 10.0),
    "screening": Part((screen_worlds,), _screening, 6.0),
}
"""The parts by name."""
