"""Solving games given as tables, by the concept of the options."""

from __future__ import annotations

from importlib import import_module
from typing import cast

from tenbin.errors import FormError
from tenbin.forms.contract import SolverOptions
from tenbin.forms.stochastic.game import CONCEPTS
from tenbin.forms.stochastic.tables import StochasticGame, StochasticSolution

__all__ = ["solve_game"]


def solve_game(game: StochasticGame, options: SolverOptions) -> StochasticSolution:
    """Equilibria of every world.

    The solver is imported here: the array engine behind it takes a moment to load.
    """
    if options.concept not in CONCEPTS:
        what = f"a stochastic game has no concept '{options.concept}'"
        raise FormError(f"{what}: {', '.join(CONCEPTS)}")
    module = import_module("tenbin.forms.stochastic.solvers.markov")
    solve = getattr(module, f"solve_{options.concept}")
    return cast(StochasticSolution, solve(game, options))
