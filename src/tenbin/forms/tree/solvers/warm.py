"""Compiling all that solving trees needs, ahead of the first game."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from functools import cache

import numpy as np

from tenbin.forms.compiling import Part, compile_for, compile_parts, uncompiled_parts
from tenbin.forms.contract import SolverOptions
from tenbin.forms.tree.game import TreeModel
from tenbin.forms.tree.solvers.branch import BranchProblem, branch_problem
from tenbin.forms.tree.solvers.extreme import extreme_equilibria
from tenbin.forms.tree.solvers.extreme_kernel import equilibria_worlds, spread_worlds
from tenbin.forms.tree.solvers.finish_kernel import finish_worlds
from tenbin.forms.tree.solvers.fold_kernel import (
    collect_worlds,
    fold_tables,
    fold_worlds,
    prepare_worlds,
)
from tenbin.forms.tree.solvers.follow import uses_lanes
from tenbin.forms.tree.solvers.kernel import follow_worlds, make_work
from tenbin.forms.tree.solvers.lanes_kernel import follow_lanes, make_lanes
from tenbin.forms.tree.solvers.pure_kernel import best_beliefs, search_profiles
from tenbin.forms.tree.solvers.pure_lines import MOST_STEPS
from tenbin.forms.tree.solvers.pure_tables import SearchTables, stage_tables
from tenbin.forms.tree.solvers.subgames import Branch, find_stages, undivided
from tenbin.forms.tree.solvers.support_kernel import search_supports
from tenbin.forms.tree.tables import NONE, Tree
from tenbin.numerics.vector import LANES

__all__ = ["PARTS", "uncompiled", "warm_up"]


def warm_up(say: Callable[[str], None] | None = None, parts: Collection[str] | None = None) -> None:
    """Compile or load the kernels, or those of the named parts.

    Takes some 30 seconds once per machine and version, and a second afterwards.
    """
    compile_parts(PARTS, parts, say, "Compiling the solver: once on this machine, under a minute.")


def uncompiled(models: Iterable[TreeModel]) -> dict[str, float]:
    """The parts that solving these models takes and that have yet to be compiled."""
    return uncompiled_parts(PARTS, [part for model in models for part in _parts_of(model)])


def _parts_of(model: TreeModel) -> list[str]:
    stages = (undivided(model.tree),) if model.concept == "qre" else find_stages(model.tree)
    branches = [stage for stage in stages if isinstance(stage, Branch)]
    if not branches:
        return ["fold"]
    several = {"pure": ["profiles"], "all": ["profiles", "supports", "extreme"]}
    in_lanes = {uses_lanes(branch_problem(model.tree, branch)) for branch in branches}
    return ["fold", "finish", *several.get(model.concept, []),
            *(("lanes",) if True in in_lanes else ()),
            *(("single",) if False in in_lanes else ())]  # fmt: skip


def _fold() -> None:
    """What is folded: the layout in lanes, the decisions, and the way back."""
    tree, worlds = _matching_pennies(), np.zeros((1, 0))
    tables, lanes = fold_tables(tree, ()), np.zeros((1, 1, LANES))
    scale, value = np.zeros((1, LANES)), np.zeros((1, 1, 2, LANES))
    compile_for(prepare_worlds, tables, worlds, np.zeros((1, 5, 2)), lanes, value, lanes, scale)
    compile_for(fold_worlds, tables, 1e6, lanes, scale, lanes, value, lanes, lanes, scale)
    compile_for(collect_worlds, lanes, lanes, worlds, worlds)


def _lanes() -> None:
    """Branches followed sixteen worlds at a time."""
    problem = _problem()
    compile_for(follow_lanes, problem.tables, make_work(problem), make_lanes(problem), *_followed())


def _single() -> None:
    """Branches of large subgames, and of worlds that the lanes give up, one world at a time."""
    problem = _problem()
    compile_for(follow_worlds, problem.tables, make_work(problem), *_followed())


def _finish() -> None:
    """From the end of a branch to the equilibrium."""
    problem, table, row = _problem(), np.zeros((1, 1)), np.zeros(1)
    chance, payoffs, _, _, ends, precision, record = _followed()
    compile_for(
        finish_worlds, problem.tables, make_work(problem), chance, payoffs, False,
        SolverOptions().tolerance, ends, precision, record, table, table, table,
        row.astype(np.int8),
    )  # fmt: skip


def _profiles() -> None:
    """Pure profiles of a stage, and beliefs that favour an action."""
    tables, given = _stage()
    line, marks = np.zeros(1, dtype=np.intp), np.zeros(1, dtype=np.bool_)
    choices = np.zeros((1, 2), dtype=np.int32)
    compile_for(search_profiles, tables, *given, MOST_STEPS, 0, line, choices, marks)
    compile_for(best_beliefs, np.zeros((1, 1, 1)), np.zeros(1), np.zeros((1, 1)))


def _supports() -> None:
    """Mixed profiles of a stage, by support."""
    tables, given = _stage()
    masks, row = np.zeros((1, 2), dtype=np.int32), np.zeros(1, dtype=np.int32)
    mixes = np.zeros((1, 2, 2))
    compile_for(search_supports, tables, *given, masks, masks, 0, row.astype(np.intp), row, mixes)


def _extreme() -> None:
    """Simultaneous games of two players; the kernel for ties is compiled when it is needed."""
    pennies = np.array([[[1.0, -1.0], [-1.0, 1.5]]])
    extreme_equilibria(pennies, -pennies)


def _stage() -> tuple[SearchTables, tuple[object, ...]]:
    """A stage's tables, and its chance, ends, live nodes and scale, as to types."""
    tree = _matching_pennies()
    (branch,) = (stage for stage in find_stages(tree) if isinstance(stage, Branch))
    worlds, ends, live = np.zeros((1, 0)), np.zeros((1, 1, 2)), np.zeros((1, 1), dtype=np.bool_)
    return stage_tables(tree, branch).search, (worlds, ends, live, np.zeros(1))


PARTS = {
    "extreme": Part((equilibria_worlds, spread_worlds), _extreme, 12.0),
    "supports": Part((search_supports,), _supports, 8.0),
    "profiles": Part((search_profiles, best_beliefs), _profiles, 5.0),
    "finish": Part((finish_worlds,), _finish, 11.0),
    "lanes": Part((follow_lanes,), _lanes, 8.0),
    "single": Part((follow_worlds,), _single, 8.0),
    "fold": Part((prepare_worlds, fold_worlds, collect_worlds), _fold, 3.0),
}
"""The parts by name."""


def _followed() -> tuple[object, ...]:
    """What following a branch takes after its tables and work arrays, as to types."""
    worlds, row = np.zeros((1, 0)), np.zeros(1)
    longest, record = SolverOptions().max_steps, np.zeros((1, 3), dtype=np.int32)
    return worlds, np.zeros((1, 1, 2)), row, longest, np.zeros((1, 1)), row, record


@cache
def _problem() -> BranchProblem:
    tree = _matching_pennies()
    branches = [stage for stage in find_stages(tree) if isinstance(stage, Branch)]
    return branch_problem(tree, branches[0])


def _matching_pennies() -> Tree:
    """A game with a decision that can be folded, and one subgame that cannot."""

    def ints(*values: int) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
        return np.array(values, dtype=np.int32)

    return Tree(
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
