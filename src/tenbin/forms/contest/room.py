"""The room of the form `contest`: what run, judge, report and check reach it through."""

from __future__ import annotations

from tenbin.errors import FormError
from tenbin.forms.contest.game import CONCEPTS, BoundContest, ContestModel
from tenbin.forms.contest.tables import ContestSolution
from tenbin.forms.contract import Certificate, SolverOptions
from tenbin.forms.furniture import FurnishedRoom, Furniture

__all__ = ["ROOM", "ContestRoom"]


class ContestRoom(FurnishedRoom[ContestModel, BoundContest, ContestSolution]):
    """Games of continuous effort: contests, attrition, arms races, alliances."""

    name = "contest"
    concepts = CONCEPTS
    furniture = Furniture(
        compile="game.compile_contest",
        bind="game.bind_contest",
        check_numbers="game.check_numbers",
        outcome="outcomes.contest_outcome",
        text="text.text_model",
    )

    def solve(self, game: BoundContest, options: SolverOptions) -> ContestSolution:
        """Equilibria of every world; the concept is the model's own, which shapes its file."""
        concept = game.model.concept
        if options.concept not in ("", concept):
            what = f"a contest written for '{concept}' cannot be solved as '{options.concept}'"
            raise FormError(what)
        from tenbin.forms.contest.solvers.choose import solve_contest

        return solve_contest(game.game)

    def certify(
        self, game: BoundContest, solution: ContestSolution, options: SolverOptions
    ) -> Certificate:
        """What the definition of the equilibrium says of a solution."""
        from tenbin.forms.contest.certify import certify_contest

        return certify_contest(game.game, solution, options.tolerance)


ROOM = ContestRoom()
