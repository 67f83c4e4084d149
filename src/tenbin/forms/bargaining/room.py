"""The room of the form `bargaining`: what run, judge, report and check reach it through."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from importlib import import_module
from typing import cast

from tenbin.errors import FormError
from tenbin.forms.bargaining.bind import BoundBargaining
from tenbin.forms.bargaining.game import CONCEPTS, BargainingModel
from tenbin.forms.bargaining.tables import BargainingSolution
from tenbin.forms.contract import Certificate, SolverOptions
from tenbin.forms.furniture import FurnishedRoom, Furniture

__all__ = ["ROOM", "BargainingRoom"]


class BargainingRoom(FurnishedRoom[BargainingModel, BoundBargaining, BargainingSolution]):
    """Two parties who divide shares of one or several issues."""

    name = "bargaining"
    concepts = CONCEPTS
    furniture = Furniture(
        compile="read.compile_bargaining",
        bind="bind.bind_bargaining",
        check_numbers="check.check_numbers",
        outcome="outcomes.bargaining_outcome",
        describe="describe.describe_agreement",
        draw="draw.draw_bargaining",
        text="text.text_bargaining",
    )

    def uncompiled(self, models: Sequence[BargainingModel]) -> dict[str, float]:
        """The parts of the solver that solving these models takes and that are not compiled yet."""
        from tenbin.forms.bargaining.solvers.warm import uncompiled

        return uncompiled(models)

    def prepare(self, say: Callable[[str], None], parts: Collection[str] | None = None) -> None:
        """Compile the kernels, or those of some parts, once per machine, or load them."""
        from tenbin.forms.bargaining.solvers.warm import warm_up

        warm_up(say, parts)

    def solve(self, game: BoundBargaining, options: SolverOptions) -> BargainingSolution:
        """What every problem comes to, by the concept of the options, else of the model."""
        concept = options.concept or game.model.concept
        if concept not in CONCEPTS:
            raise FormError(f"bargaining has no concept '{concept}': {', '.join(CONCEPTS)}")
        module = import_module(f"tenbin.forms.bargaining.solvers.{concept}")
        solve = getattr(module, f"solve_{concept}")
        return cast(BargainingSolution, solve(game.problems, options, game.n_worlds))

    def certify(
        self, game: BoundBargaining, solution: BargainingSolution, options: SolverOptions
    ) -> Certificate:
        """What the definition of the concept says of a solution."""
        from tenbin.forms.bargaining.certify import certify_bargaining

        concept = options.concept or game.model.concept
        return certify_bargaining(
            game.problems, solution, concept, game.n_worlds, options.tolerance
        )


ROOM = BargainingRoom()
