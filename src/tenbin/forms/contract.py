"""All types that a room (a form) supplies; whoever knows these can add a form.

A room is a package `tenbin.forms.<name>` whose `__init__` imports nothing heavy and whose modules
are the furniture that the architecture page lists. `forms.find_rooms()` discovers them by folder;
`forms.room(name)` imports `tenbin.forms.<name>.room`, which holds one `ROOM` of type `Room`.

Axis letters: `W` world, `K` equilibrium, `P` player, `N` node, `I` information set, `A` action.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from tenbin.errors import Problem
from tenbin.scenario.language import Array, Numbers, OutcomeCall

if TYPE_CHECKING:
    from rich.console import RenderableType

__all__ = [
    "ADVICE",
    "Certificate",
    "Drawing",
    "Model",
    "Room",
    "Solution",
    "SolverOptions",
    "Status",
]


class Status(IntEnum):
    """What became of one world; each value has a sentence of advice in `ADVICE`."""

    SOLVED = 0
    MAX_STEPS_REACHED = 1
    DIVERGED = 2
    NOT_FINITE = 3
    NO_EQUILIBRIUM_FOUND = 4
    NOT_CERTIFIED = 5
    UNDEFINED = 6
    BRANCHES = 7
    UPSTREAM = 8


ADVICE: dict[Status, str] = {
    Status.SOLVED: "An equilibrium was found and certified from the definition.",
    Status.MAX_STEPS_REACHED: (
        "The path was longer than its bound: raise `max_steps`, or look at the world by its number."
    ),
    Status.DIVERGED: (
        "The path could not be followed: look at the world by its number for payoffs of very "
        "different size."
    ),
    Status.NOT_FINITE: (
        "A number of the game is infinite or undefined here: look for a division by zero or a "
        "logarithm in its expressions."
    ),
    Status.NO_EQUILIBRIUM_FOUND: "The search ended without an equilibrium: try another concept.",
    Status.NOT_CERTIFIED: (
        "What was found is not an equilibrium to the tolerance: the world lies near a tie; raise "
        "the precision or count it apart."
    ),
    Status.UNDEFINED: (
        "The outcome's condition cannot happen here: ask for another condition, or state what "
        "holds without it."
    ),
    Status.BRANCHES: (
        "More combinations of equilibria than the cap, and no difference among those looked at."
    ),
    Status.UPSTREAM: "A model that feeds this one is unsolved here: see that model's status first.",
}


@dataclass(frozen=True, slots=True)
class SolverOptions:
    """What a solver may be told; recorded with every result.

    `precision_end` is the precision at which the principal branch ends, at unit payoff range;
    `tolerance` the residual at which a world counts as solved; `precision` the finite precision
    of the concept `qre`, per payoff unit of the file.
    """

    concept: str = ""
    precision: float | None = None
    precision_end: float = 1e6
    tolerance: float = 1e-6
    max_steps: int = 5000
    threads: int = 0


class Solution(Protocol):
    """What every room's solution says, whatever else it holds."""

    @property
    def status(self) -> NDArray[np.int8]:
        """What became of each world [W], as `Status`."""
        ...

    @property
    def found(self) -> NDArray[np.bool_]:
        """Which slots of the equilibrium axis hold one [W, K]; slot 0 is the selected one.

        A world without an equilibrium has none; it is solved where that is proved, see `complete`.
        """
        ...

    @property
    def method(self) -> str: ...

    @property
    def complete(self) -> NDArray[np.bool_]:
        """Whether all equilibria are proved found [W]."""
        ...

    @property
    def flags(self) -> dict[str, NDArray[np.bool_]]:
        """Named remarks per world [W], e.g. `tie`, `bifurcation`."""
        ...


@dataclass(frozen=True, slots=True)
class Certificate:
    """What the certifier found from the definition alone.

    residual [W, K] is the largest gain from deviating, in units of the payoff range; witness_gap
    [W, K] the largest distance between solution and witness of consistency; margin [W, K] the
    smallest loss of any action not taken, in units of the payoff range (the distance to a tie);
    certified [W, K] whether it is an equilibrium at the tolerance asked for; of a world in which
    nothing was found, slot 0 says whether it is certain that there is nothing to find.
    """

    residual: Array
    witness_gap: Array
    margin: Array
    certified: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture of a model: its Vega or Vega-Lite specification and its caption.

    `kind` tells the pictures of one model apart (`tree`, `moves`, `graph`, ...); the caption is a
    sentence in the language in which the picture was drawn.
    """

    kind: str
    spec: dict[str, Any]
    caption: str


class Model(Protocol):
    """A compiled model under given committed moves: structure and expressions, no numbers."""

    @property
    def name(self) -> str: ...

    @property
    def form(self) -> str: ...

    @property
    def concept(self) -> str: ...

    @property
    def names(self) -> frozenset[str]:
        """The numbers its expressions read (uncertainties, constants, derived numbers, levers)."""
        ...

    @property
    def links(self) -> tuple[OutcomeCall, ...]:
        """The outcomes of other models that its expressions read."""
        ...

    @property
    def size(self) -> dict[str, int]:
        """Counts by name, for tables: `terminal_nodes`, `infosets`, `unknowns`, ..."""
        ...


class Room(Protocol):
    """One form: the functions that run, judge, report and check reach it through."""

    name: str
    concepts: tuple[str, ...]
    sample: int
    """How many further worlds a picture of this form wants for its bands; 0: none."""
    unit_concepts: tuple[str, ...]
    """Concepts whose selected equilibrium may hang on the units of the players' payoffs."""
    searches: Mapping[str, str]
    """By concept that selects one equilibrium: the concept that looks for all of them."""

    def compile(self, scenario: Any, model: str, play: dict[str, str]) -> Model:
        """The structure of one model with `play` (move -> action) committed.

        Raises `ScenarioError` with every structural problem found.
        """
        ...

    def check_call(self, model: Model, call: OutcomeCall) -> list[Problem]:
        """What is wrong with an outcome call on this model; empty when it can be answered."""
        ...

    def is_probability(self, call: OutcomeCall) -> bool:
        """Whether the outcome lies in [0, 1] by definition (its tolerance is then absolute)."""
        ...

    def check_numbers(
        self, model: Model, numbers: Numbers, outcomes: dict[OutcomeCall, Array], worlds: int
    ) -> list[Problem]:
        """What is wrong with its numbers in some of the worlds: in which share, with an example."""
        ...

    def bind(
        self, model: Model, numbers: Numbers, outcomes: dict[OutcomeCall, Array], worlds: int
    ) -> Any:
        """The games [W] of this model: its expressions evaluated in every world."""
        ...

    def uncompiled(self, models: Any) -> dict[str, float]:
        """What solving these models takes and is yet to be compiled: parts, seconds they may take.

        The parts are names that `prepare` knows.
        """
        ...

    def prepare(self, say: Callable[[str], None], parts: Collection[str] | None = None) -> None:
        """Load or compile what solving takes, or the named parts of it, by default all.

        `say` is called first where that takes long.
        """
        ...

    def solve(self, game: Any, options: SolverOptions) -> Solution:
        """Equilibria of every world; failure is a status, never an exception."""
        ...

    def certify(self, game: Any, solution: Solution, options: SolverOptions) -> Certificate: ...

    def outcome(self, game: Any, solution: Solution, call: OutcomeCall) -> Array:
        """The outcome [W, K]; NaN where its condition is impossible.

        In a world that is certified to have no equilibrium, slot 0 holds what can be said of the
        world all the same (that no state is stable), and NaN for what happens at an equilibrium.
        """
        ...

    def unit_shift(self, game: Any, options: SolverOptions) -> Array:
        """How far what happens moves [W], from 0 to 1, if each player's payoffs are scaled.

        Both are solved, as they are and with each player's payoffs divided by their own range; the
        shift is between the selected equilibria, NaN where one is not certified. Asked only for a
        concept of `unit_concepts`.
        """
        ...

    def describe(
        self, game: Any, solution: Solution, certificate: Certificate, world: int
    ) -> list[dict[str, Any]]:
        """The equilibria found in one world, as plain data, each a mapping.

        Each has a `residual`; `profile` (by infoset, state or player: what is done there) and
        `payoffs` (by player) where the form has them; further keys as the form needs.
        """
        ...

    def scale(self, game: Any, call: OutcomeCall) -> float | Array:
        """What a comparison of the outcome has a millionth of as its tolerance: a number, or [W].

        One for a probability, the payoff range for a payoff, for any other number its own range.
        """
        ...

    def draw(
        self, scenario: Any, game: Any, solution: Solution, language: str, world: int = 0
    ) -> list[Drawing]:
        """The pictures of a model and of what happens in it in one world.

        Where the room has a `sample`, game and solution may hold further worlds for bands.
        """
        ...

    def text(
        self, scenario: Any, game: Any, solution: Solution, language: str, world: int = 0
    ) -> RenderableType:
        """The same as lines for a terminal."""
        ...
