"""Backward induction: exact where every player knows all that happened."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from tenbin.errors import FormError
from tenbin.forms.contract import SolverOptions, Status
from tenbin.forms.tree.solvers.sequential import solve_stages
from tenbin.forms.tree.solvers.subgames import find_stages
from tenbin.forms.tree.tables import NONE, Tree, TreeGame, TreeSolution

__all__ = ["solve_perfect"]


def solve_perfect(game: TreeGame, options: SolverOptions) -> TreeSolution:
    """The subgame perfect equilibrium of every world, by backward induction; chance is allowed.

    Payoffs closer than 1e-12 of the payoff range are a tie: mixed evenly and flagged `tie`. Without
    ties the equilibrium is the only one, and the solution says `complete`. The witness is the logit
    response at `options.precision_end`, at unit payoff range.

    Raises
    ------
    FormError
        If some player has to act without knowing what happened.
    """
    blind = _blind_infoset(game.tree)
    if blind is not None:
        raise FormError(
            f"backward induction needs perfect information, and whoever moves at '{blind}' does "
            "not know all that happened before; the concept 'sequential' covers this"
        )
    solution = solve_stages(game, options, find_stages(game.tree), "backward induction")
    complete = (solution.status == Status.SOLVED) & ~solution.flags["tie"]
    flags = {"tie": solution.flags["tie"]}
    return replace(solution, complete=complete, flags=flags, steps=None)


def _blind_infoset(tree: Tree) -> str | None:
    """The name of an information set with several nodes, if there is one."""
    nodes = tree.infoset[tree.infoset != NONE]
    several = np.flatnonzero(np.bincount(nodes, minlength=tree.n_infosets) > 1)
    return tree.infoset_names[several[0]] if len(several) else None
