"""The room of the form `stochastic`: what run, judge, report and check reach it through."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

from tenbin.forms.contract import Certificate, SolverOptions
from tenbin.forms.furniture import FurnishedRoom, Furniture
from tenbin.forms.stochastic.bind import BoundGame
from tenbin.forms.stochastic.game import CONCEPTS, StochasticModel
from tenbin.forms.stochastic.tables import StochasticSolution

__all__ = ["ROOM", "StochasticRoom"]


class StochasticRoom(FurnishedRoom[StochasticModel, BoundGame, StochasticSolution]):
    """Discounted stochastic games with public states, counters and at most one private type."""

    name = "stochastic"
    concepts = CONCEPTS
    sample = 128
    furniture = Furniture(
        compile="game.compile_stochastic",
        bind="bind.bind_stochastic",
        check_numbers="bind.check_numbers",
        outcome="outcomes.stochastic_outcome",
        check_call="asked.check_call",
        is_probability="asked.is_probability",
    )

    def uncompiled(self, models: Sequence[StochasticModel]) -> dict[str, float]:
        """The parts of the solver that solving these models takes and that are not compiled yet."""
        from tenbin.forms.stochastic.warm import uncompiled

        return uncompiled(models)

    def prepare(self, say: Callable[[str], None], parts: Collection[str] | None = None) -> None:
        """Compile the kernels, or those of some parts, once per machine, or load them."""
        from tenbin.forms.stochastic.warm import warm_up

        warm_up(say, parts)

    def solve(self, game: BoundGame, options: SolverOptions) -> StochasticSolution:
        """Equilibria of every world, by the concept of the options, else of the model."""
        from tenbin.forms.stochastic.solve import solve_game

        concept = options.concept or game.model.concept
        precision = options.precision if options.precision is not None else game.model.precision
        return solve_game(game.game, replace(options, concept=concept, precision=precision))

    def certify(
        self, game: BoundGame, solution: StochasticSolution, options: SolverOptions
    ) -> Certificate:
        """What the definition of the equilibrium says of a solution."""
        from tenbin.forms.stochastic.certify import certify_stochastic

        return certify_stochastic(game.game, solution, options.tolerance)


ROOM = StochasticRoom()
