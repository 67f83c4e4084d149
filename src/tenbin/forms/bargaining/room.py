"""The room of the form `bargaining`: what run, judge, report and check reach it through."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any, cast

from tenbin.errors import FormError, Problem
from tenbin.forms.bargaining.bind import BoundBargaining, bind_bargaining
from tenbin.forms.bargaining.game import CONCEPTS, BargainingModel
from tenbin.forms.bargaining.outcomes import (
    bargaining_outcome,
    check_call,
    is_probability,
    outcome_scale,
)
from tenbin.forms.bargaining.read import compile_bargaining
from tenbin.forms.bargaining.tables import BargainingSolution
from tenbin.forms.contract import Certificate, Drawing, SolverOptions
from tenbin.scenario.language import Array, Numbers, OutcomeCall

__all__ = ["ROOM", "BargainingRoom"]


class BargainingRoom:
    """Two parties who divide shares of one or several issues."""

    name = "bargaining"
    concepts = CONCEPTS
    sample = 0

    def compile(self, scenario: Any, model: str, play: dict[str, str]) -> BargainingModel:
        """The structure of one model; `ScenarioError` with every structural problem."""
        return compile_bargaining(scenario, model, play)

    def check_call(self, model: BargainingModel, call: OutcomeCall) -> list[Problem]:
        """What is wrong with an outcome call; empty where it can be answered."""
        return check_call(model, call)

    def is_probability(self, call: OutcomeCall) -> bool:
        """Whether the outcome lies in [0, 1] by definition."""
        return is_probability(call)

    def check_numbers(
        self,
        model: BargainingModel,
        numbers: Numbers,
        outcomes: dict[OutcomeCall, Array],
        worlds: int,
    ) -> list[Problem]:
        """What is wrong with its numbers in some of the worlds."""
        from tenbin.forms.bargaining.check import check_numbers

        return check_numbers(model, numbers, outcomes, worlds)

    def bind(
        self,
        model: BargainingModel,
        numbers: Numbers,
        outcomes: dict[OutcomeCall, Array],
        worlds: int,
    ) -> BoundBargaining:
        """The problems of this model in every world."""
        return bind_bargaining(model, numbers, outcomes, worlds)

    def prepare(self, say: Callable[[str], None]) -> None:
        """Compile the kernels, once per machine, or load them."""
        from tenbin.forms.bargaining.solvers.warm import warm_up

        warm_up(say)

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

    def outcome(
        self, game: BoundBargaining, solution: BargainingSolution, call: OutcomeCall
    ) -> Array:
        """The outcome [W, K]; NaN where its condition is impossible."""
        return bargaining_outcome(game, solution, call)

    def describe(
        self,
        game: BoundBargaining,
        solution: BargainingSolution,
        certificate: Certificate,
        world: int,
    ) -> list[dict[str, Any]]:
        """What one world comes to, as plain data."""
        from tenbin.forms.bargaining.describe import describe_agreement

        return describe_agreement(game, solution, certificate, world)

    def scale(self, game: BoundBargaining, call: OutcomeCall) -> float | Array:
        """What the tolerance of a comparison of the outcome is relative to: a number, or [W]."""
        return outcome_scale(game, call)

    def draw(
        self,
        scenario: Any,
        game: BoundBargaining,
        solution: BargainingSolution,
        language: str,
        world: int = 0,
    ) -> list[Drawing]:
        """The pictures of one world."""
        from tenbin.forms.bargaining.draw import draw_bargaining

        return draw_bargaining(scenario, game, solution, language, world)

    def text(
        self,
        scenario: Any,
        game: BoundBargaining,
        solution: BargainingSolution,
        language: str,
        world: int = 0,
    ) -> Any:
        """One world in words, for a terminal."""
        from tenbin.forms.bargaining.draw import text_bargaining

        return text_bargaining(scenario, game, solution, language, world)


ROOM = BargainingRoom()
