"""The room of the form `tree`: what run, judge, report and check reach it through."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from importlib import import_module
from types import MappingProxyType
from typing import Any, cast

from tenbin.errors import FormError
from tenbin.forms.contract import Certificate, SolverOptions
from tenbin.forms.furniture import FurnishedRoom, Furniture
from tenbin.forms.tree.bind import BoundTree
from tenbin.forms.tree.describe import describe_equilibria
from tenbin.forms.tree.game import CONCEPTS, TreeModel
from tenbin.forms.tree.refine import refine_equilibria
from tenbin.forms.tree.select import select_equilibrium
from tenbin.forms.tree.tables import TreeGame, TreeSolution

__all__ = ["ROOM", "TreeRoom", "solve_game"]


def solve_game(game: TreeGame, options: SolverOptions) -> TreeSolution:
    """Equilibria of games given as tables, by the concept of the options.

    The solver is imported here: the array engine behind it takes a moment to load.
    """
    if options.concept not in CONCEPTS:
        raise FormError(f"a tree has no concept '{options.concept}': {', '.join(CONCEPTS)}")
    module = import_module(f"tenbin.forms.tree.solvers.{options.concept}")
    solve = getattr(module, f"solve_{options.concept}")
    return cast(TreeSolution, solve(game, options))


class TreeRoom(FurnishedRoom[TreeModel, BoundTree, TreeSolution]):
    """Finite extensive games with chance, private types and hidden moves."""

    name = "tree"
    concepts = CONCEPTS
    unit_concepts = ("sequential",)
    searches = MappingProxyType({"sequential": "all"})
    furniture = Furniture(
        compile="probe.compile_probed",
        bind="bind.bind_tree",
        check_numbers="check.check_numbers",
        outcome="outcomes.tree_outcome",
        unit_shift="units.unit_shift",
    )

    def uncompiled(self, models: Sequence[TreeModel]) -> dict[str, float]:
        """The parts of the solver that solving these models takes and that are not compiled yet."""
        from tenbin.forms.tree.solvers.warm import uncompiled

        return uncompiled(models)

    def prepare(self, say: Callable[[str], None], parts: Collection[str] | None = None) -> None:
        """Compile the kernels, or those of some parts, once per machine, or load them."""
        from tenbin.forms.tree.solvers.warm import warm_up

        warm_up(say, parts)

    def solve(self, game: BoundTree, options: SolverOptions) -> TreeSolution:
        """Equilibria of every world, by the concept of the options, else of the model."""
        concept = options.concept or game.model.concept
        precision = options.precision if options.precision is not None else game.model.precision
        solution = solve_game(game.game, replace(options, concept=concept, precision=precision))
        refined = refine_equilibria(game.game, solution, game.model.refine)
        return select_equilibrium(game.game, refined, game.model.select)

    def certify(
        self, game: BoundTree, solution: TreeSolution, options: SolverOptions
    ) -> Certificate:
        """What the definition of the equilibrium says of a solution."""
        from tenbin.forms.tree.certify import certify_tree

        return certify_tree(game.game, solution, options.tolerance)

    def describe(
        self, game: BoundTree, solution: TreeSolution, certificate: Certificate, world: int
    ) -> list[dict[str, Any]]:
        """As everywhere; the tree's own function also serves games without a scenario."""
        return describe_equilibria(game.game, solution, certificate, world)


ROOM = TreeRoom()
