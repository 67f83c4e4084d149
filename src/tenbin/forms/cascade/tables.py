"""A cascade as arrays: the games of many worlds, a solution.

Everything is brought to one form. Player i joins where

    gain + sum of w_ij over the others j that have joined  >=  own cost

(`net` gain of joining). A threshold is a cost with gain 0. Costs are known to all, or drawn
privately and independently: then a player's strategy is a cutoff, and w_ij counts by the
probability that j joins. Axis letters: `W` world, `K` equilibrium, `P` player.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from tenbin.scenario.language import Array

__all__ = [
    "FREE",
    "JOINED",
    "STAYS",
    "TIE",
    "Bools",
    "CascadeGame",
    "CascadeSolution",
    "CostKind",
    "Ints",
    "RegimeGame",
]

Bools = NDArray[np.bool_]
Ints = NDArray[np.int32]

TIE = 1e-9
"""How near to a cost, relative to what is added up, a net gain counts as equal to it."""


JOINED, FREE, STAYS = 1, 0, -1
"""Whether a player is in from the start or committed to join, chooses, or is committed to stay."""


class CostKind(IntEnum):
    """What the others know of a player's cost."""

    KNOWN = 0
    UNIFORM = 1
    NORMAL = 2


@dataclass(frozen=True)
class CascadeGame:
    """The games of many worlds on one network.

    forced [P] is JOINED, FREE or STAYS; kind [P] a `CostKind`; gain [W, P]; cost_a, cost_b [W, P]:
    the cost itself (known), the two ends (uniform), mean and standard deviation (normal).
    influence [W, P, P] is what each other's joining adds to joining (player, other), staying
    [W, P, P] what it takes from not joining; both are zero on the diagonal.
    In a crowd every influence is the same number: `common` [W], and the two arrays are empty.
    Where `correlated`, all costs are normal and any two have `correlation` [W].
    """

    players: tuple[str, ...]
    forced: Ints
    kind: Ints
    gain: Array
    cost_a: Array
    cost_b: Array
    influence: Array
    staying: Array
    common: Array | None
    correlation: Array
    correlated: bool
    valid: Bools
    cache: dict[str, object] = field(default_factory=dict, compare=False, repr=False)
    """What outcomes of one game share (tipping players)."""

    @property
    def n_worlds(self) -> int:
        return self.gain.shape[0]

    @property
    def n_players(self) -> int:
        return len(self.players)

    @property
    def private(self) -> bool:
        """Whether some player's cost is known to that player alone."""
        return bool(((self.kind != CostKind.KNOWN) & (self.forced == FREE)).any())


@dataclass(frozen=True)
class RegimeGame:
    """A continuum that may attack a regime, in many worlds: the global game of Morris and Shin.

    Attacking costs `cost` [W] and pays `gain` [W] if the regime falls, which it does where at
    least the mass `state` attacks. Everybody sees the state with normal noise of standard
    deviation `noise` [W]; the common prior is normal (`prior_mean`, `prior_precision` [W];
    precision 0: diffuse). The state itself, for `P(m.falls)`: `state_kind` KNOWN, UNIFORM or
    NORMAL with state_a, state_b [W]; None where the file does not say.
    """

    gain: Array
    cost: Array
    noise: Array
    prior_mean: Array
    prior_precision: Array
    state_kind: CostKind | None
    state_a: Array
    state_b: Array
    valid: Bools

    @property
    def n_worlds(self) -> int:
        return self.gain.shape[0]


@dataclass(frozen=True)
class CascadeSolution:
    """Equilibria of every world; slot 0 is the selected one.

    joins [W, K, P] probability of joining (0 or 1 where costs are known); cutoff [W, K, P] the
    cost up to which a player joins: the net gain of joining. step [W, K, P]: when a player joins
    in the cascade from the seed, NaN if never and where costs are private. is_least, is_greatest
    [W, K]. Of a regime P is 2: `joins` is not used, cutoff holds the state below which the regime
    falls and the signal below which people attack.
    """

    joins: Array
    cutoff: Array
    step: Array
    is_least: Bools
    is_greatest: Bools
    found: Bools
    status: NDArray[np.int8]
    complete: Bools
    method: str
    flags: dict[str, Bools] = field(default_factory=dict)
    steps: NDArray[np.int32] | None = None
    """Rounds used per world [W]."""
