"""Equilibria that a refinement rules out, taken away: `refine` in a model."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from tenbin.errors import Problem
from tenbin.forms.contract import Status
from tenbin.forms.tree.refine_intuitive import passes_intuitive
from tenbin.forms.tree.refine_undominated import is_undominated
from tenbin.forms.tree.select import SEVERAL
from tenbin.forms.tree.tables import Bools, TreeGame, TreeSolution
from tenbin.scenario.objects import ModelEntry

__all__ = ["REFINEMENTS", "kept_only", "read_refinements", "refine_equilibria"]

REFINEMENTS: dict[str, Callable[[TreeGame, TreeSolution], Bools]] = {
    "intuitive": passes_intuitive,
    "undominated": is_undominated,
}
"""Filters by name: which equilibria [W, K] pass."""


def read_refinements(entry: ModelEntry, problems: list[Problem]) -> tuple[str, ...]:
    """The refinements of a model; what is wrong with them is added to `problems`."""
    given: Any = entry.body.get("refine", [])
    place = entry.place_of("refine")
    if "refine" in entry.body and entry.concept not in SEVERAL:
        what = "`refine` needs a concept that finds several equilibria"
        problems.append(Problem(place, what, entry.concept, SEVERAL))
    if not isinstance(given, list):
        problems.append(
            Problem(place, "a list of refinements is expected", str(given), tuple(REFINEMENTS))
        )
        return ()
    for name in given:
        if name not in REFINEMENTS:
            what = f"unknown refinement '{name}'"
            problems.append(Problem(place, what, str(name), tuple(REFINEMENTS)))
    return tuple(str(name) for name in given if name in REFINEMENTS)


def refine_equilibria(
    game: TreeGame, solution: TreeSolution, names: tuple[str, ...]
) -> TreeSolution:
    """The equilibria that pass every named refinement, in the same order.

    The flag `refined` marks worlds that lost some. A world that lost all has none.

    Raises
    ------
    FormError
        If a refinement does not cover the game.
    """
    for name in names:
        solution = kept_only(solution, REFINEMENTS[name](game, solution))
    return solution


def kept_only(solution: TreeSolution, kept: Bools) -> TreeSolution:
    """The equilibria marked in kept [W, K], moved up."""
    lost = (solution.found & ~kept).any(axis=1) | solution.flags.get("refined", False)
    kept = kept & solution.found
    counts = kept.sum(axis=1)
    slots = max(1, int(counts.max(initial=0)))
    order = np.argsort(~kept, axis=1, kind="stable")[:, :slots, None]
    status = solution.status.copy()
    status[(counts == 0) & (status == Status.SOLVED)] = Status.NO_EQUILIBRIUM_FOUND
    return replace(
        solution,
        profile=np.take_along_axis(solution.profile, order, axis=1),
        log_witness=np.take_along_axis(solution.log_witness, order, axis=1),
        found=np.arange(slots) < counts[:, None],
        status=status,
        flags={**solution.flags, "refined": lost},
    )
