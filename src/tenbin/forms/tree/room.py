"""The room of the form `tree`: what run, judge, report and check reach it through."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING, Any, cast

from tenbin.errors import FormError, Problem
from tenbin.forms.contract import Certificate, Drawing, SolverOptions
from tenbin.forms.tree.bind import BoundTree, bind_tree
from tenbin.forms.tree.check import check_numbers
from tenbin.forms.tree.describe import describe_equilibria
from tenbin.forms.tree.game import CONCEPTS, TreeModel, compile_tree
from tenbin.forms.tree.outcomes import check_call, is_probability, outcome_scale, tree_outcome
from tenbin.forms.tree.probe import add_probes
from tenbin.forms.tree.tables import TreeGame, TreeSolution
from tenbin.scenario.language import Array, Numbers, OutcomeCall

if TYPE_CHECKING:
    from rich.console import RenderableType

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


class TreeRoom:
    """Finite extensive games with chance, private types and hidden moves."""

    name = "tree"
    concepts = CONCEPTS
    sample = 0

    def compile(self, scenario: Any, model: str, play: dict[str, str]) -> TreeModel:
        """The structure of one model; `ScenarioError` with every structural problem."""
        compiled = compile_tree(scenario, model, play)
        add_probes(scenario, compiled)
        return compiled

    def check_call(self, model: TreeModel, call: OutcomeCall) -> list[Problem]:
        """What is wrong with an outcome call; empty where it can be answered."""
        return check_call(model, call)

    def is_probability(self, call: OutcomeCall) -> bool:
        """Whether the outcome lies in [0, 1] by definition."""
        return is_probability(call)

    def check_numbers(
        self,
        model: TreeModel,
        numbers: Numbers,
        outcomes: dict[OutcomeCall, Array],
        worlds: int,
    ) -> list[Problem]:
        """What is wrong with its numbers in some of the worlds."""
        return check_numbers(model, numbers, outcomes, worlds)

    def bind(
        self,
        model: TreeModel,
        numbers: Numbers,
        outcomes: dict[OutcomeCall, Array],
        worlds: int,
    ) -> BoundTree:
        """The games [W] of this model."""
        return bind_tree(model, numbers, outcomes, worlds)

    def prepare(self, say: Callable[[str], None]) -> None:
        """Compile the kernels, once per machine, or load them."""
        from tenbin.forms.tree.solvers.warm import warm_up

        warm_up(say)

    def solve(self, game: BoundTree, options: SolverOptions) -> TreeSolution:
        """Equilibria of every world, by the concept of the options, else of the model."""
        concept = options.concept or game.model.concept
        precision = options.precision if options.precision is not None else game.model.precision
        return solve_game(game.game, replace(options, concept=concept, precision=precision))

    def certify(
        self, game: BoundTree, solution: TreeSolution, options: SolverOptions
    ) -> Certificate:
        """What the definition of the equilibrium says of a solution."""
        from tenbin.forms.tree.certify import certify_tree

        return certify_tree(game.game, solution, options.tolerance)

    def outcome(self, game: BoundTree, solution: TreeSolution, call: OutcomeCall) -> Array:
        """The outcome [W, K]; NaN where its condition is impossible."""
        return tree_outcome(game, solution, call)

    def describe(
        self,
        game: BoundTree,
        solution: TreeSolution,
        certificate: Certificate,
        world: int,
    ) -> list[dict[str, Any]]:
        """The equilibria found in one world, as plain data."""
        return describe_equilibria(game.game, solution, certificate, world)

    def scale(self, game: BoundTree, call: OutcomeCall) -> float | Array:
        """What the tolerance of a comparison of the outcome is relative to: a number, or [W]."""
        return outcome_scale(game, call)

    def draw(
        self,
        scenario: Any,
        game: BoundTree,
        solution: TreeSolution,
        language: str,
        world: int = 0,
    ) -> list[Drawing]:
        """The pictures of a game and of what happens in it in one world."""
        from tenbin.forms.tree.draw import draw_model

        return draw_model(scenario, game, solution, language, world)

    def text(
        self,
        scenario: Any,
        game: BoundTree,
        solution: TreeSolution,
        language: str,
        world: int = 0,
    ) -> RenderableType:
        """The same as lines for a terminal."""
        from tenbin.forms.tree.draw import text_model

        return text_model(scenario, game, solution, language, world)


ROOM = TreeRoom()
