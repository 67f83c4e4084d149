"""What a report is made of: the run folder's contents, read once for all sections and languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from tenbin.figures.words import Words
from tenbin.report.naming import option_text
from tenbin.report.system import ModelLink
from tenbin.scenario.language import Array
from tenbin.scenario.objects import Scenario

__all__ = ["Context", "Distribution", "Material", "ModelFacts", "Outcome", "Picture", "Section"]

Context = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Distribution:
    """An outcome over the worlds of one setting.

    `policies` are those under which the setting is what the model is solved in; where there are
    none, `setting` says what is set: names of numbers with their values, moves with actions.
    `counts` are worlds by bin of equal width over low..high; `quantiles` at 5, 25, 50, 75 and
    95 %; `missing` the worlds without a value (unsolved, or the condition cannot happen).
    """

    policies: tuple[str, ...]
    setting: tuple[tuple[str, str], ...]
    worlds: int
    missing: int
    mean: float
    quantiles: tuple[float, ...]
    counts: tuple[int, ...]
    low: float
    high: float

    def mark(self, value: float) -> float:
        """A value's place along the histogram, in [0, 1]."""
        return (value - self.low) / (self.high - self.low) if self.high > self.low else 0.5


@dataclass(frozen=True, slots=True)
class Outcome:
    """An outcome of one model under every setting that the run solved it in."""

    model: str
    function: str
    arguments: tuple[str, ...]
    """What it is about: an end, a player, `move.action`, or a longer event; a move and a type."""
    given: str
    """Its condition; empty where there is none."""
    is_probability: bool
    rows: tuple[Distribution, ...]
    left_out: int = 0
    """Settings with replaced numbers that are not shown."""
    options: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """Its further arguments by keyword (`start`, `at`), or by place (`2`)."""

    @property
    def text(self) -> str:
        """As a claim writes it, without the model's name."""
        inside = [*self.arguments, *([f"given={self.given}"] if self.given else [])]
        inside += [option_text(key, value) for key, value in self.options.items()]
        return f"{self.function}({', '.join(inside)})"


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing of a model in one language, as SVG, with what it shows in words."""

    svg: str
    caption: str


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """Solution concept of a model, and counts by name (`terminal_nodes`, `infosets`, ...)."""

    concept: str
    size: Mapping[str, int]


@dataclass(frozen=True)
class Material:
    """A run as the report reads it."""

    scenario: Scenario
    verdicts: Mapping[str, Any]
    manifest: Mapping[str, Any]
    outcomes: tuple[Outcome, ...]
    draws: Mapping[str, Array]
    """Some of the run's worlds, by uncertainty [W]."""
    facts: Mapping[str, ModelFacts]
    pictures: Mapping[str, Mapping[str, tuple[Picture, ...]]]
    """By language and model; a model without pictures is not there."""
    policy: str | None
    """The policy under which the models are drawn; None where the scenario has none."""
    links: tuple[ModelLink, ...]
    """What the models read of one another."""
    system: Mapping[str, Picture]
    """All models as one picture, by language."""
    charts: Mapping[str, Mapping[str, Picture]] = field(
        default_factory=dict[str, Mapping[str, Picture]]
    )
    """By language: what the run says as a whole, `consistency` and `policies`."""
    explained: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """What `explain.json` holds; empty where the run was not explained."""

    @property
    def worlds(self) -> int:
        return int(self.verdicts["worlds"])

    def explained_claim(self, claim: str) -> Mapping[str, Any]:
        """What explains one claim; empty where nothing does."""
        return (self.explained.get("claims") or {}).get(claim) or {}


class Section(Protocol):
    """A module of `report/sections`: its name is that of its template and of its anchor."""

    def context(self, material: Material, words: Words) -> Context | None:
        """What the template is filled with; None leaves the section out."""
        ...
