"""What rooms have in common: a room says where its furniture stands, and each is fetched when used.

Reading and checking a scenario must not pay for the array engine, so a module of a room is imported
when the first of its functions is called.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from tenbin.errors import Problem
from tenbin.forms.contract import Certificate, Drawing, SolverOptions
from tenbin.scenario.language import Array, Numbers, OutcomeCall

if TYPE_CHECKING:
    from rich.console import RenderableType

__all__ = ["FurnishedRoom", "Furniture"]

ModelT = TypeVar("ModelT")
GameT = TypeVar("GameT")
SolutionT = TypeVar("SolutionT")


@dataclass(frozen=True, slots=True)
class Furniture:
    """Where the functions of a room stand: `module.function`, seen from the room's folder.

    Each takes what the function of `contract.Room` with the name of its field takes.
    """

    compile: str
    bind: str
    check_numbers: str
    outcome: str
    scale: str = "outcomes.outcome_scale"
    check_call: str = "outcomes.check_call"
    is_probability: str = "outcomes.is_probability"
    describe: str = "describe.describe_equilibria"
    draw: str = "draw.draw_model"
    text: str = "draw.text_model"
    unit_shift: str | None = None


class FurnishedRoom(Generic[ModelT, GameT, SolutionT]):
    """A room but for how it solves and certifies; what each function does, `contract.Room` says."""

    name: str
    concepts: tuple[str, ...]
    sample: int = 0
    unit_concepts: tuple[str, ...] = ()
    searches: Mapping[str, str] = MappingProxyType({})
    furniture: Furniture

    def compile(self, scenario: Any, model: str, play: dict[str, str]) -> ModelT:
        return self._fetch(self.furniture.compile)(scenario, model, play)

    def check_call(self, model: ModelT, call: OutcomeCall) -> list[Problem]:
        return self._fetch(self.furniture.check_call)(model, call)

    def is_probability(self, call: OutcomeCall) -> bool:
        return self._fetch(self.furniture.is_probability)(call)

    def check_numbers(
        self, model: ModelT, numbers: Numbers, outcomes: dict[OutcomeCall, Array], worlds: int
    ) -> list[Problem]:
        return self._fetch(self.furniture.check_numbers)(model, numbers, outcomes, worlds)

    def bind(
        self, model: ModelT, numbers: Numbers, outcomes: dict[OutcomeCall, Array], worlds: int
    ) -> GameT:
        return self._fetch(self.furniture.bind)(model, numbers, outcomes, worlds)

    def uncompiled(self, models: Sequence[ModelT]) -> dict[str, float]:
        """Nothing is compiled, unless a room says otherwise."""
        return {}

    def prepare(self, say: Callable[[str], None], parts: Collection[str] | None = None) -> None:
        """Nothing is compiled, unless a room says otherwise."""

    def outcome(self, game: GameT, solution: SolutionT, call: OutcomeCall) -> Array:
        return self._fetch(self.furniture.outcome)(game, solution, call)

    def scale(self, game: GameT, call: OutcomeCall) -> float | Array:
        return self._fetch(self.furniture.scale)(game, call)

    def unit_shift(self, game: GameT, options: SolverOptions) -> Array:
        assert self.furniture.unit_shift is not None
        return self._fetch(self.furniture.unit_shift)(game, options)

    def describe(
        self, game: GameT, solution: SolutionT, certificate: Certificate, world: int
    ) -> list[dict[str, Any]]:
        return self._fetch(self.furniture.describe)(game, solution, certificate, world)

    def draw(
        self, scenario: Any, game: GameT, solution: SolutionT, language: str, world: int = 0
    ) -> list[Drawing]:
        return self._fetch(self.furniture.draw)(scenario, game, solution, language, world)

    def text(
        self, scenario: Any, game: GameT, solution: SolutionT, language: str, world: int = 0
    ) -> RenderableType:
        return self._fetch(self.furniture.text)(scenario, game, solution, language, world)

    def _fetch(self, place: str) -> Callable[..., Any]:
        module, function = place.rsplit(".", 1)
        return getattr(import_module(f"tenbin.forms.{self.name}.{module}"), function)
