"""The room of the form `cascade`: what run, judge, report and check reach it through."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from rich.console import RenderableType

from tenbin.errors import FormError, Problem
from tenbin.forms.cascade.game import (
    CONCEPTS,
    BoundCascade,
    CascadeModel,
    bind_cascade,
    check_numbers,
    compile_cascade,
)
from tenbin.forms.cascade.outcomes import (
    cascade_outcome,
    check_call,
    is_probability,
    outcome_scale,
)
from tenbin.forms.cascade.tables import CascadeSolution, RegimeGame
from tenbin.forms.contract import Certificate, Drawing, SolverOptions
from tenbin.scenario.language import Array, Numbers, OutcomeCall

__all__ = ["ROOM", "CascadeRoom"]


class CascadeRoom:
    """Who follows whom: thresholds and strategic complements, with known or private costs."""

    name = "cascade"
    concepts = CONCEPTS
    sample = 0

    def compile(self, scenario: Any, model: str, play: dict[str, str]) -> CascadeModel:
        """The structure of one model; `ScenarioError` with every structural problem."""
        return compile_cascade(scenario, model, play)

    def check_call(self, model: CascadeModel, call: OutcomeCall) -> list[Problem]:
        """What is wrong with an outcome call; empty where it can be answered."""
        return check_call(model, call)

    def is_probability(self, call: OutcomeCall) -> bool:
        """Whether the outcome lies in [0, 1] by definition."""
        return is_probability(call)

    def check_numbers(
        self,
        model: CascadeModel,
        numbers: Numbers,
        outcomes: dict[OutcomeCall, Array],
        worlds: int,
    ) -> list[Problem]:
        """What is wrong with its numbers in some of the worlds."""
        return check_numbers(model, numbers, outcomes, worlds)

    def bind(
        self,
        model: CascadeModel,
        numbers: Numbers,
        outcomes: dict[OutcomeCall, Array],
        worlds: int,
    ) -> BoundCascade:
        """The games [W] of this model."""
        return bind_cascade(model, numbers, outcomes, worlds)

    def prepare(self, say: Callable[[str], None]) -> None:
        """Nothing is compiled."""

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

    def outcome(self, game: BoundCascade, solution: CascadeSolution, call: OutcomeCall) -> Array:
        """The outcome [W, K]; NaN where its condition is impossible."""
        return cascade_outcome(game, solution, call)

    def describe(
        self,
        game: BoundCascade,
        solution: CascadeSolution,
        certificate: Certificate,
        world: int,
    ) -> list[dict[str, Any]]:
        """The equilibria found in one world, as plain data."""
        from tenbin.forms.cascade.describe import describe_equilibria

        return describe_equilibria(game, solution, certificate, world)

    def scale(self, game: BoundCascade, call: OutcomeCall) -> float | Array:
        """What the tolerance of a comparison of the outcome is relative to: a number, or [W]."""
        return outcome_scale(game, call)

    def draw(
        self,
        scenario: Any,
        game: BoundCascade,
        solution: CascadeSolution,
        language: str,
        world: int = 0,
    ) -> list[Drawing]:
        """The pictures of a cascade and of what happens in it in one world."""
        from tenbin.forms.cascade.draw import draw_model

        return draw_model(scenario, game, solution, language, world)

    def text(
        self,
        scenario: Any,
        game: BoundCascade,
        solution: CascadeSolution,
        language: str,
        world: int = 0,
    ) -> RenderableType:
        """The same as lines for a terminal."""
        from tenbin.forms.cascade.text import text_model

        return text_model(scenario, game, solution, language, world)


ROOM = CascadeRoom()
