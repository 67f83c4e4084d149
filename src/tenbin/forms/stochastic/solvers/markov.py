"""Markov perfect equilibria: the limit of the principal branch, component by component."""

from __future__ import annotations

import numpy as np

from tenbin.errors import FormError
from tenbin.forms.contract import SolverOptions, Status
from tenbin.forms.stochastic.solvers.attempts import Batch, solve_component
from tenbin.forms.stochastic.solvers.components import find_components
from tenbin.forms.stochastic.tables import StochasticGame, StochasticSolution
from tenbin.numerics.tiles import count_threads, run_tiles
from tenbin.scenario.language import Array

__all__ = ["payoff_range", "solve_markov", "solve_qre"]

SMALLEST_TILE, LARGEST_TILE = 16, 2048


def payoff_range(game: StochasticGame) -> Array:
    """The widest spread of any player's payoffs per period, in each world [W]; one where none."""
    spread = np.ptp(game.payoffs, axis=(1, 3)).max(axis=1, initial=0.0)
    return np.where(spread == 0, 1.0, spread)


def solve_markov(game: StochasticGame, options: SolverOptions) -> StochasticSolution:
    """One Markov perfect equilibrium of every world: the limit of the principal branch.

    Components (see `components`) are solved last first, each with the values of what can follow
    it. Payoffs are divided by one factor for all players.
    """
    end = np.full(game.n_worlds, options.precision_end)
    return _solve(game, options, end, response=False)


def solve_qre(game: StochasticGame, options: SolverOptions) -> StochasticSolution:
    """The logit equilibrium at `options.precision`, per payoff unit of the discounted sum.

    Raises
    ------
    FormError
        If no precision is given, or a negative or infinite one.
    """
    precision = options.precision
    if precision is None or not 0 <= precision < np.inf:
        given = "none is given" if precision is None else f"{precision} is given"
        raise FormError(
            f"the concept 'qre' needs a finite precision of at least 0, and {given}; "
            "write for instance `precision: 5` in the model"
        )
    return _solve(game, options, precision * payoff_range(game), response=True)


def _solve(
    game: StochasticGame, options: SolverOptions, precision_end: Array, *, response: bool
) -> StochasticSolution:
    """Solve all components in all worlds, tile by tile."""
    s, worlds = game.structure, game.n_worlds
    scale = payoff_range(game)
    valid = game.valid & np.isfinite(scale)
    for numbers in (game.prob, game.discount):
        valid &= np.isfinite(numbers).all(axis=1)
    whole = Batch(
        payoffs=np.ascontiguousarray(game.payoffs / scale[:, None, None, None]),
        prob=np.ascontiguousarray(game.prob),
        discount=np.ascontiguousarray(game.discount),
        precision_end=precision_end,
        todo=valid.copy(),
        value=np.zeros((worlds, s.n_states, s.grid, s.n_players, s.n_types)),
        profile=np.ones((worlds, s.grid, s.n_actions)),
        posterior=np.full((worlds, s.grid, s.n_actions), np.nan),
        status=np.where(valid, Status.SOLVED, Status.NOT_FINITE).astype(np.int8),
        steps=np.zeros(worlds, dtype=np.int32),
        bifurcation=np.zeros(worlds, dtype=np.bool_),
        jumped=np.zeros(worlds, dtype=np.bool_),
        retried=np.zeros(worlds, dtype=np.bool_),
    )
    components = find_components(s)

    def solve_tile(start: int, stop: int) -> None:
        tile = whole.cut(start, stop)
        for component in components:
            solve_component(component, s.n_states, tile, options, response=response)

    threads = count_threads(options.threads)
    size = min(LARGEST_TILE, max(SMALLEST_TILE, -(-worlds // (4 * threads))))
    run_tiles(solve_tile, worlds, size, threads)
    value = whole.value * scale[:, None, None, None, None]
    value[~valid], whole.profile[~valid] = np.nan, np.nan
    flags = {"bifurcation": whole.bifurcation, "jumped": whole.jumped, "retried": whole.retried}
    return StochasticSolution(
        structure=s,
        profile=whole.profile[:, None],
        value=np.ascontiguousarray(value.swapaxes(1, 2))[:, None],
        posterior=whole.posterior[:, None] if s.n_types == 2 else None,
        found=valid[:, None].copy(),
        status=whole.status,
        complete=np.zeros(worlds, dtype=np.bool_),
        method="principal branch, component by component",
        flags=flags,
        steps=whole.steps,
        precision=options.precision if response else None,
    )
