"""Bargaining problems and their solutions as arrays.

Axes: `W` world, `M` case (which waivable limits are waived), `N` = W x M problem, `J` issue,
`T` type of the informed player (one where nothing is private), `R` limit of which only the
distribution is known. Payoffs are those of the file, in the order of the model's players.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tenbin.scenario.language import Array

__all__ = [
    "AGREE",
    "BETA",
    "IMPASSE",
    "KINDS",
    "LEAVE",
    "LEFT",
    "NORMAL",
    "NO_LIMIT",
    "REFUSE",
    "REJECTED",
    "RESULTS",
    "SETTLED",
    "TOTAL_OF",
    "TRIANGULAR",
    "UNIFORM",
    "WAIT",
    "BargainingSolution",
    "Bools",
    "Consents",
    "Ints",
    "Problems",
    "Shift",
]

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

NO_LIMIT = -np.inf
"""A floor or an outside option that is not there."""

UNIFORM, NORMAL, TRIANGULAR, BETA = range(4)
KINDS = {"uniform": UNIFORM, "normal": NORMAL, "triangular": TRIANGULAR, "beta": BETA}

AGREE, LEAVE, REFUSE, WAIT = range(4)
"""What happens at a turn: an offer that is accepted; whoever has the turn leaves; an offer that
the other answers by leaving; nothing."""

SETTLED, REJECTED, LEFT, IMPASSE = range(4)
"""How talks may end: an agreement in force, one that a ratifier rejects, a party that leaves,
nothing."""
RESULTS = 4

TOTAL_OF = -1
"""The issue of a limit on the whole payoff of its player."""


@dataclass(frozen=True)
class Consents:
    """Those whose consent to an agreement is uncertain.

    A limit consents with the probability that its draw is at most z: z = line[0] + line[1] * x of
    its issue, or its player's whole payoff where issue is `TOTAL_OF`. kind [R] is the
    distribution, parameters [N, R, 4] its parameters, active [N, R] whether the limit is in
    force. Where `answers`, the only limit is the responder's own secret.
    """

    kind: Ints
    player: Ints
    issue: Ints
    line: Array
    parameters: Array
    active: Bools
    answers: bool


@dataclass(frozen=True)
class Shift:
    """A preventive war: chances [N, 2] of the player `winner` now and later, costs [N, 2]."""

    winner: int
    win: Array
    cost: Array


@dataclass(frozen=True)
class Problems:
    """Bargaining problems; every number by problem N.

    A player's payoff from shares x is base [N, 2, T] plus slope [N, 2, T, J] times x; with
    curvature [N, 2] (one issue) it is the worse end plus the difference times the player's own
    share to that power. Shares lie in low, high [N, J]. disagreement [N, 2, T] is had while and
    if nothing is agreed; outside [N, 2, T] by leaving (`NO_LIMIT`: no such option), left [N, 2, T]
    when the other leaves; floor [N, 2] is the least whole payoff that is ratified; prior [N, T].
    """

    base: Array
    slope: Array
    low: Array
    high: Array
    curvature: Array | None
    power: Array
    disagreement: Array
    outside: Array
    left: Array
    discount: Array
    floor: Array
    prior: Array
    valid: Bools
    consents: Consents
    first: int
    informed: int
    """The player of the types; the one who answers where there are none."""
    periods: int
    """Zero: no end."""
    shift: Shift | None = None

    def __len__(self) -> int:
        return len(self.valid)

    @property
    def n_issues(self) -> int:
        return self.low.shape[1]

    @property
    def n_types(self) -> int:
        return self.base.shape[2]


@dataclass(frozen=True)
class BargainingSolution:
    """What every problem came to, and the strategies that lead there.

    offer [N, 2, J] are the shares that each player proposes at its turn (the agreement, under
    concepts without turns; NaN where nothing is proposed that could be agreed), action [N, 2]
    what happens at a turn (`AGREE` and so on). chance [N, 4, T] is the probability of each result
    with each type, payoff [N, 2, 4, T] the expected payoffs and share [N, 4, T, J] the expected
    shares there (axes of length one: the same for all). status and flags are by world.
    """

    offer: Array
    action: NDArray[np.int8]
    chance: Array
    payoff: Array
    share: Array
    status: NDArray[np.int8]
    found: Bools
    complete: Bools
    method: str
    flags: dict[str, Bools] = field(default_factory=dict)
