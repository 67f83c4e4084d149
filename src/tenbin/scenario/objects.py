"""A scenario as frozen data: what was read, checked and found usable."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from tenbin.errors import NOWHERE, Place, Problem
from tenbin.scenario.language import Expression
from tenbin.scenario.source import Node
from tenbin.scenario.texts import NO_TEXT, Text

__all__ = [
    "Because",
    "Claim",
    "Constant",
    "Correlation",
    "Derived",
    "Fact",
    "Lever",
    "Measure",
    "ModelEntry",
    "Objective",
    "Player",
    "Policy",
    "Scenario",
    "Uncertainty",
]

UncertaintyKind = Literal["range", "uniform", "normal", "lognormal", "beta", "triangular", "choice"]
ClaimKind = Literal["fact", "causal", "prediction", "normative", "option"]
Quantifier = Literal["every", "some", "selected"]


@dataclass(frozen=True, slots=True)
class Player:
    """Someone who acts."""

    name: str
    title: Text
    text: Text = NO_TEXT
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Uncertainty:
    """A number not known exactly.

    `parameters` are the numbers in the order the file gives them: of `range` and `uniform` the two
    ends, `normal` mean and standard deviation, `lognormal` median and standard deviation of the
    logarithm, `beta` its two shapes (spread over `low..high`), `triangular` low, mode, high. A
    `choice` has `values` and `probabilities` instead. `low` and `high` bound what can be drawn:
    the support, or the truncation, -inf and inf where there is neither.
    """

    name: str
    kind: UncertaintyKind
    parameters: tuple[float, ...]
    low: float
    high: float
    values: tuple[float, ...] = ()
    probabilities: tuple[float, ...] = ()
    unit: str = ""
    source: str = ""
    fact: str = ""
    title: Text = NO_TEXT
    place: Place = field(default=NOWHERE, compare=False)

    @property
    def is_distribution(self) -> bool:
        """False for a range, of which no probability is claimed."""
        return self.kind != "range"


@dataclass(frozen=True, slots=True)
class Correlation:
    """The rank (Spearman) correlation of two distributions."""

    between: tuple[str, str]
    rank: float
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Constant:
    """A number that is the same in every world."""

    name: str
    value: float
    unit: str = ""
    source: str = ""
    fact: str = ""
    title: Text = NO_TEXT
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Derived:
    """A number computed from others, and from outcomes of models."""

    name: str
    expression: Expression
    unit: str = ""
    title: Text = NO_TEXT
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Lever:
    """A number that the decision maker sets; `default` where a policy does not name it."""

    name: str
    default: float
    low: float
    high: float
    unit: str = ""
    title: Text = NO_TEXT
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Policy:
    """A named setting of levers (`values`) and of committed moves (`play`), in file order."""

    name: str
    title: Text
    text: Text = NO_TEXT
    values: tuple[tuple[str, Expression], ...] = ()
    play: tuple[tuple[str, str], ...] = ()
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Measure:
    """A number at the ends of models that is nobody's payoff."""

    name: str
    unit: str = ""
    title: Text = NO_TEXT
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Fact:
    """A sourced figure; None where the table leaves the cell empty, `words` where it has words."""

    id: str
    quantity: str = ""
    value: float | None = None
    low: float | None = None
    high: float | None = None
    unit: str = ""
    date: str = ""
    source: str = ""
    words: str = ""
    verified: bool = False
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class ModelEntry:
    """One game: what every form has, and the form's own keys as plain data in `body`."""

    name: str
    form: str
    title: Text
    text: Text
    concept: str
    precision: float | None
    worlds: int | None
    body: dict[str, Any]
    node: Node = field(compare=False, repr=False)

    @property
    def place(self) -> Place:
        return self.node.place

    def place_of(self, *path: str | int) -> Place:
        """The place of the value at a path below the model; of its nearest parent if none."""
        return self.node.place_at(path)

    def key_place_of(self, *path: str | int) -> Place:
        """The place of the key that a path ends with; of the value's nearest parent if none."""
        return self.node.key_place_at(path)


@dataclass(frozen=True, slots=True)
class Because:
    """Why a factual claim gets its word, where no comparison of figures decides it."""

    sentence: Text
    rows: tuple[str, ...]
    word: Literal["supported", "contradicted", "partly", "unverified"]


@dataclass(frozen=True, slots=True)
class Claim:
    """What the argument says; exactly one of `holds`, `because` and `stated` is there.

    `asserts` puts numbers in place of names when the claim serves as a premise of another.
    """

    id: str
    says: Text
    kind: ClaimKind
    title: Text = NO_TEXT
    section: str = ""
    holds: Expression | None = None
    equilibria: Quantifier = "every"
    needs: tuple[str, ...] = ()
    asserts: dict[str, Expression] = field(default_factory=dict)
    worlds: int | None = None
    reading: Text = NO_TEXT
    facts: tuple[str, ...] = ()
    because: Because | None = None
    stated: Text | None = None
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Objective:
    """What the decision maker would have small (`min`) or large (`max`).

    `threshold` is what would be good enough (`at_most` with `min`, `at_least` with `max`).
    """

    name: str
    direction: Literal["min", "max"]
    expression: Expression
    title: Text = NO_TEXT
    threshold: Expression | None = None
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, eq=False)
class Scenario:
    """Everything an analyst wrote, checked; two scenarios are equal when their digests are.

    `data` is the content as plain data: files merged, texts and facts put in; `files` are the
    files it was read from, all inside `folder` (none for one built in Python).
    """

    path: Path | None
    folder: Path | None
    files: tuple[Path, ...]
    digest: str
    data: dict[str, Any] = field(compare=False, repr=False)
    title: Text = NO_TEXT
    summary: Text = NO_TEXT
    players: dict[str, Player] = field(default_factory=dict)
    uncertainties: dict[str, Uncertainty] = field(default_factory=dict)
    correlations: tuple[Correlation, ...] = ()
    constants: dict[str, Constant] = field(default_factory=dict)
    derived: dict[str, Derived] = field(default_factory=dict)
    levers: dict[str, Lever] = field(default_factory=dict)
    policies: dict[str, Policy] = field(default_factory=dict)
    measures: dict[str, Measure] = field(default_factory=dict)
    facts: dict[str, Fact] = field(default_factory=dict)
    models: dict[str, ModelEntry] = field(default_factory=dict)
    claims: dict[str, Claim] = field(default_factory=dict)
    decision_maker: str | None = None
    objectives: dict[str, Objective] = field(default_factory=dict)
    search: int = 0
    """In how many worlds, the first, all equilibria are looked for beside the selected one."""
    languages: tuple[str, ...] = ("en",)
    warnings: tuple[Problem, ...] = field(default=(), compare=False)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Scenario) and self.digest == other.digest

    def __hash__(self) -> int:
        return hash(self.digest)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Scenario:
        """A scenario from plain data, in the shape of the file.

        Raises
        ------
        ScenarioError
            With every problem of the scenario.
        TypeError
            If the data hold anything but mappings, lists, texts, numbers, truth values and None.
        """
        from tenbin.scenario.reading import load_data

        return load_data(data)

    def to_yaml(self) -> str:
        """The scenario as one file: included files, texts and facts are put in."""
        from tenbin.scenario.digest import yaml_text

        return yaml_text(self.data)

    @cached_property
    def number_names(self) -> frozenset[str]:
        """Every name that stands for a number in all of the scenario."""
        return frozenset((*self.uncertainties, *self.constants, *self.levers, *self.derived))
