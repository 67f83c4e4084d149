"""A finite discounted stochastic game as tables: structure, games of many worlds, a solution.

In every period play stands in a public state. The players who move there choose at once; the joint
action, a `cell` of the state, gives everybody a payoff and decides by chance, through the cell's
`branches`, the next state. Everybody sees everything, except that one player, the informed one,
may have one of two types, drawn once and known to that player alone. The others' belief in type 0
is then public too and stands on a grid of `grid` points, g / (grid - 1).

After the informed player's action at belief b the posterior follows by Bayes from the strategies
of both types at (state, b), and moves to its two neighbouring grid points by the lottery that keeps
its mean; the lottery is the same whatever the type. That finite game is what is solved, certified
and asked for outcomes.

Axis letters: `W` world, `K` equilibrium, `G` grid point, `S` state, `P` player, `T` type of the
informed player (one entry without types), `I` decision point, `A` action, `Q` cell, `B` branch.
States, decision points (by state, then player, then type), actions, cells (by state) and branches
(by cell) are numbered globally, and each list is sorted by its owner.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tenbin.scenario.language import Array

__all__ = ["NONE", "Bools", "Ints", "StochasticGame", "StochasticSolution", "StochasticStructure"]

Ints = NDArray[np.int32]
Bools = NDArray[np.bool_]

NONE = -1
"""No action, no type, no informed player."""


@dataclass(frozen=True)
class StochasticStructure:
    """Who can do what where, and what can follow; it never depends on a world.

    A decision point is (state, player, type): `point_state`, `point_player`, `point_type` [I], the
    type NONE for players without types. Its actions are `action_start[i]` up to
    `action_start[i + 1]`. Both types of the informed player have a point at each state where that
    player moves, with the same actions in the same order.

    A cell is a joint action of a state (one cell where nobody moves): `cell_state` [Q], and
    `cell_action` [Q, P, T], the action that each player takes in it if the informed player's type
    is t, NONE where the player does not move. Cells of a state are all combinations of its
    actions, so each appears once. Branch b follows cell `branch_cell[b]` and leads to state
    `branch_to[b]`; every cell has at least one.
    """

    players: tuple[str, ...]
    state_names: tuple[str, ...]
    point_state: Ints
    point_player: Ints
    point_type: Ints
    action_start: Ints
    action_names: tuple[str, ...]
    cell_state: Ints
    cell_action: Ints
    branch_cell: Ints
    branch_to: Ints
    informed: int = NONE
    type_names: tuple[str, ...] = ()
    grid: int = 1
    cache: dict[str, object] = field(default_factory=dict, compare=False, repr=False)
    """Whatever a solver derives from the structure alone (components, tables of kernels)."""

    @cached_property
    def n_states(self) -> int:
        return len(self.state_names)

    @cached_property
    def n_players(self) -> int:
        return len(self.players)

    @cached_property
    def n_types(self) -> int:
        """Length of the axis `T`: two with an informed player, else one."""
        return 1 if self.informed == NONE else 2

    @cached_property
    def n_points(self) -> int:
        return len(self.point_state)

    @cached_property
    def n_actions(self) -> int:
        """Actions of all decision points together, the length of axis `A`."""
        return int(self.action_start[-1])

    @cached_property
    def n_cells(self) -> int:
        return len(self.cell_state)

    @cached_property
    def n_branches(self) -> int:
        return len(self.branch_cell)

    @cached_property
    def action_point(self) -> Ints:
        """The decision point that each action [A] belongs to."""
        counts = np.diff(self.action_start)
        return np.repeat(np.arange(self.n_points, dtype=np.int32), counts)

    @cached_property
    def beliefs(self) -> Array:
        """The belief in type 0 at each grid point [G]; one without types."""
        return np.linspace(0.0, 1.0, self.grid) if self.n_types == 2 else np.ones(1)


@dataclass(frozen=True)
class StochasticGame:
    """The games of many worlds on one structure.

    payoffs [W, Q, P, T] per period, in the scenario's payoff unit; prob [W, B], the branches of
    each cell summing to one; discount [W, P], in [0, 1); prior [W], the probability of type 0;
    start [W, S], the probabilities of the first state. `valid` [W] is false where a number is not
    finite or out of range.
    """

    structure: StochasticStructure
    payoffs: Array
    prob: Array
    discount: Array
    prior: Array
    start: Array
    valid: Bools

    @property
    def n_worlds(self) -> int:
        return self.payoffs.shape[0]


@dataclass(frozen=True)
class StochasticSolution:
    """Markov strategy profiles found in every world.

    profile [W, K, G, A] action probabilities at each grid point; value [W, K, G, S, P, T], the
    expected discounted sum of payoffs from (grid point, state) if the informed player's type is t
    (G and T are 1 without types); posterior [W, K, G, A], the belief in type 0 once the informed
    player's action has been seen, before it moves to the grid: Bayes where a type takes it, else
    the limit along the trembles; NaN for the others' actions, None without types. found [W, K];
    status [W]; complete [W]; flags by name [W]; steps [W]. Slot 0 is the selected equilibrium.
    For concept `qre` the profile is the logit equilibrium at `precision` (per payoff unit of the
    discounted sum), else `precision` is None.
    """

    structure: StochasticStructure
    profile: Array
    value: Array
    posterior: Array | None
    found: Bools
    status: NDArray[np.int8]
    complete: Bools
    method: str
    flags: dict[str, Bools] = field(default_factory=dict)
    steps: Ints | None = None
    """Evaluations used per world [W]."""
    precision: float | None = None
