"""How much hangs on the grid of beliefs: the same game with nearly twice as many grid points."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from tenbin.forms.contract import SolverOptions
from tenbin.forms.stochastic.bind import BoundGame
from tenbin.forms.stochastic.chains import chains_of
from tenbin.forms.stochastic.outcomes import expected_payoff
from tenbin.forms.stochastic.tables import NONE, StochasticGame, StochasticSolution

__all__ = ["GridChange", "grid_change", "key_outcomes", "refined"]


@dataclass(frozen=True)
class GridChange:
    """Outcomes of one world on the model's grid and on the finer one, by their calls."""

    points: tuple[int, int]
    outcomes: dict[str, tuple[float, float]]

    @property
    def largest(self) -> float:
        """The largest change of a share or a probability."""
        changes = [
            abs(fine - coarse)
            for call, (coarse, fine) in self.outcomes.items()
            if not call.startswith("E(")
        ]
        return max(changes, default=0.0)


def refined(bound: BoundGame, world: int) -> BoundGame:
    """The game of one world with 2 n - 1 grid points in place of n: the old ones stay."""
    game = bound.game
    structure = replace(game.structure, grid=2 * game.structure.grid - 1, cache={})
    one = slice(world, world + 1)
    fine = StochasticGame(
        structure=structure,
        payoffs=game.payoffs[one],
        prob=game.prob[one],
        discount=game.discount[one],
        prior=game.prior[one],
        start=game.start[one],
        valid=game.valid[one],
    )
    return BoundGame(replace(bound.model, structure=structure), fine)


def grid_change(
    bound: BoundGame, solution: StochasticSolution, world: int, slot: int = 0
) -> GridChange | None:
    """What changes in one world when the grid of beliefs is made finer.

    None without types, and where either game is unsolved.
    """
    from tenbin.forms.stochastic.solve import solve_game

    points = bound.game.structure.grid
    if bound.game.structure.informed == NONE or not solution.found[world, slot]:
        return None
    options = SolverOptions(
        concept="markov" if solution.precision is None else "qre",
        precision=solution.precision,
        threads=1,
    )
    finer = refined(bound, world)
    again = solve_game(finer.game, options)
    if not again.found[0, 0]:
        return None
    coarse = key_outcomes(bound, solution, world, slot)
    fine = key_outcomes(finer, again, 0, 0)
    both = {call: (value, fine[call]) for call, value in coarse.items()}
    return GridChange((points, 2 * points - 1), both)


def key_outcomes(
    bound: BoundGame, solution: StochasticSolution, world: int, slot: int
) -> dict[str, float]:
    """The outcomes that say most of a model, in one world and equilibrium, by their calls.

    The long-run share of every state, the probability of ever reaching every end and event, and
    every player's value.
    """
    chains, model = chains_of(bound, solution), bound.model
    share = chains.flow().share[world, slot]
    found = {
        f"share({model.name}.{name})": float(share[..., model.phase_states(name)].sum())
        for name in model.rules.phases
    }
    marked = {name: model.phase_states(name) for name in model.ends}
    marked |= {name: model.event_states(event) for name, event in model.rules.events.items()}
    for name, states in marked.items():
        reached = chains.flow(stop=states).share[world, slot][..., states].sum()
        found[f"P({model.name}.{name})"] = float(np.clip(reached, 0.0, 1.0))
    for player, name in enumerate(model.rules.players):
        found[f"E({model.name}.{name})"] = float(expected_payoff(chains, player)[world, slot])
    return found
