"""The logit quantal response equilibrium of the undivided game at a finite precision."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from tenbin.errors import FormError
from tenbin.forms.contract import SolverOptions
from tenbin.forms.tree.solvers.sequential import solve_stages
from tenbin.forms.tree.solvers.subgames import undivided
from tenbin.forms.tree.tables import TreeGame, TreeSolution

__all__ = ["solve_qre"]


def solve_qre(game: TreeGame, options: SolverOptions) -> TreeSolution:
    """The point of the principal branch at `options.precision`, per payoff unit of the file.

    Every agent (a player at one information set) answers with probabilities proportional to
    exp(precision * expected payoff), beliefs by Bayes. Where the branch passes the precision more
    than once, the first point on it from precision zero is taken. The game is not divided, and the
    witness is the equilibrium itself in log-probabilities, which keeps what underflows.

    Raises
    ------
    FormError
        If no precision is given, or a negative or infinite one.

    References
    ----------
    [mckelvey1998]; keys are in docs/references.bib.
    """
    precision = options.precision
    if precision is None or not 0 <= precision < np.inf:
        given = "none is given" if precision is None else f"{precision} is given"
        raise FormError(
            f"the concept 'qre' needs a finite precision of at least 0, and {given}; "
            "write for instance `precision: 5` in the model"
        )
    stages = (undivided(game.tree),)
    solution = solve_stages(game, options, stages, "principal branch", precision=precision)
    return replace(solution, precision=precision)
