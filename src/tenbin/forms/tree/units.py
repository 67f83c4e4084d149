"""How much of what happens hangs on the units of the players' payoffs.

A payoff has no unit that another player's could be compared with, yet the principal branch weighs
all players' payoffs by one precision; where there are several equilibria, the one that it selects
may change if each player's payoffs are measured in that player's own range.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from tenbin.forms.contract import SolverOptions
from tenbin.forms.tree.bind import BoundTree
from tenbin.forms.tree.certify import certify_tree
from tenbin.forms.tree.describe import terminal_probabilities
from tenbin.forms.tree.solvers.sequential import solve_sequential
from tenbin.forms.tree.tables import NONE, TreeGame
from tenbin.scenario.language import Array

__all__ = ["unit_shift"]


def unit_shift(bound: BoundTree, options: SolverOptions) -> Array:
    """How far what happens moves when each player's payoffs are scaled to unit range.

    Parameters
    ----------
    bound
        The games of W worlds.
    options
        As for solving, concept `sequential`.

    Returns
    -------
    The total variation distance [W] between the distributions over ends at the two selected
    equilibria, from 0 to 1; NaN where one of them is not certified.
    """
    game = bound.game
    ranges = np.ptp(game.payoffs, axis=1)[:, None, :]
    scaled = replace(game, payoffs=game.payoffs / np.where(ranges > 0, ranges, 1.0))
    moved = _end_probabilities(game, options) - _end_probabilities(scaled, options)
    return 0.5 * np.abs(moved).sum(axis=1)


def _end_probabilities(game: TreeGame, options: SolverOptions) -> Array:
    """The probability of each end of the file [W, E] at the selected equilibria, else NaN."""
    tree = game.tree
    solution = solve_sequential(game, options)
    certified = certify_tree(game, solution, options.tolerance).certified[:, 0]
    reached = terminal_probabilities(tree, game.chance, solution.profile[:, 0])
    names = [tree.node_names[node] for node in np.flatnonzero(tree.terminal != NONE)]
    ends, place = np.unique(names, return_inverse=True)
    probabilities = np.stack(
        [reached[:, place == end].sum(axis=1) for end in range(len(ends))], axis=1
    )
    return np.where(certified[:, None], probabilities, np.nan)
