"""The room of the form `conflict`: what run, judge, report and check reach it through."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

from tenbin.forms.conflict.game import BoundConflict, ConflictModel
from tenbin.forms.conflict.tables import CONCEPTS, ConflictSolution
from tenbin.forms.contract import Certificate, SolverOptions
from tenbin.forms.furniture import FurnishedRoom, Furniture

__all__ = ["ROOM", "ConflictRoom"]


class ConflictRoom(FurnishedRoom[ConflictModel, BoundConflict, ConflictSolution]):
    """The graph model for conflict resolution."""

    name = "conflict"
    concepts = CONCEPTS
    furniture = Furniture(
        compile="game.compile_conflict",
        bind="game.bind_conflict",
        check_numbers="game.check_numbers",
        outcome="outcomes.conflict_outcome",
        draw="draw.draw_conflict",
        text="draw.text_conflict",
    )

    def uncompiled(self, models: Sequence[ConflictModel]) -> dict[str, float]:
        """The parts of the solver that solving these models takes and that are not compiled yet."""
        from tenbin.forms.conflict.solvers.warm import uncompiled

        return uncompiled(models)

    def prepare(self, say: Callable[[str], None], parts: Collection[str] | None = None) -> None:
        """Compile the kernels, or those of some parts, once per machine, or load them."""
        from tenbin.forms.conflict.solvers.warm import warm_up

        warm_up(say, parts)

    def solve(self, game: BoundConflict, options: SolverOptions) -> ConflictSolution:
        """All equilibria of every world, by the concept of the options, else of the model."""
        from tenbin.forms.conflict.solvers.stability import solve_stability

        concept = options.concept or game.model.concept
        return solve_stability(game.game, replace(options, concept=concept))

    def certify(
        self, game: BoundConflict, solution: ConflictSolution, options: SolverOptions
    ) -> Certificate:
        """What the definition of stability says of a solution."""
        from tenbin.forms.conflict.certify import certify_conflict

        return certify_conflict(game.game, solution, options.tolerance)


ROOM = ConflictRoom()
