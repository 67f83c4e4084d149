"""The room of the form `cascade`: what run, judge, report and check reach it through."""

from __future__ import annotations

from dataclasses import replace

from tenbin.errors import FormError
from tenbin.forms.cascade.game import CONCEPTS, BoundCascade, CascadeModel
from tenbin.forms.cascade.tables import CascadeSolution, RegimeGame
from tenbin.forms.contract import Certificate, SolverOptions
from tenbin.forms.furniture import FurnishedRoom, Furniture

__all__ = ["ROOM", "CascadeRoom"]


class CascadeRoom(FurnishedRoom[CascadeModel, BoundCascade, CascadeSolution]):
    """Who follows whom: thresholds and strategic complements, with known or private costs."""

    name = "cascade"
    concepts = CONCEPTS
    furniture = Furniture(
        compile="game.compile_cascade",
        bind="game.bind_cascade",
        check_numbers="game.check_numbers",
        outcome="outcomes.cascade_outcome",
        text="text.text_model",
    )

    def solve(self, game: BoundCascade, options: SolverOptions) -> CascadeSolution:
        """Equilibria of every world, by the concept of the options, else of the model."""
        concept = options.concept or game.model.concept
        continuum = isinstance(game.game, RegimeGame)
        if (concept == "global") != continuum:
            what = "a continuum has" if continuum else "a network has no"
            raise FormError(f"{what} the concept 'global'")
        if isinstance(game.game, RegimeGame):
            from tenbin.forms.cascade.solvers.regime import solve_regime

            return solve_regime(game.game, options)
        from tenbin.forms.cascade.solvers.monotone import solve_network

        return solve_network(game.game, replace(options, concept=concept))

    def certify(
        self, game: BoundCascade, solution: CascadeSolution, options: SolverOptions
    ) -> Certificate:
        """What the definition of the equilibrium says of a solution."""
        from tenbin.forms.cascade.certify import certify_network, certify_regime

        if isinstance(game.game, RegimeGame):
            return certify_regime(game.game, solution, options.tolerance)
        return certify_network(game.game, solution, options.tolerance)


ROOM = CascadeRoom()
