"""Contests as arrays: the games of many worlds, by concept, and a solution.

Axis letters: `W` world, `K` equilibrium, `P` player, `Z` point of a strategy's grid.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from tenbin.scenario.language import Array

__all__ = [
    "LEVELS",
    "AllianceGame",
    "AttritionGame",
    "Bools",
    "ContestGame",
    "ContestSolution",
    "RaceGame",
    "TullockGame",
    "ValueKind",
]

Bools = NDArray[np.bool_]

LEVELS: Array = 12.0 * np.linspace(0.0, 1.0, 401) ** 3
"""Grid of a private strategy: values are given by y [Z], the quantile being 1 - exp(-y)."""


class ValueKind(IntEnum):
    """What the others know of a prize."""

    KNOWN = 0
    UNIFORM = 1
    NORMAL = 2


@dataclass(frozen=True)
class TullockGame:
    """Effort e wins with probability e_i**r over the sum of all e_j**r.

    value, cost [W, P] (cost per unit of effort), decisiveness r [W].
    """

    players: tuple[str, ...]
    value: Array
    cost: Array
    decisiveness: Array
    valid: Bools


@dataclass(frozen=True)
class AttritionGame:
    """Both pay as long as neither gives in; who gives in first loses the prize.

    cost [W, P] per unit of time. value [W, P] where the prizes are known to all; else both are
    drawn from one distribution: uniform between low and high [W], or normal with mean low and
    standard deviation high, cut off below zero.
    """

    players: tuple[str, ...]
    kind: ValueKind
    value: Array
    low: Array
    high: Array
    cost: Array
    valid: Bools


@dataclass(frozen=True)
class RaceGame:
    """Richardson's arms race: x_i' = sum of react_ij x_j - fatigue_i x_i + grievance_i.

    react [W, P, P] (player, other), zero on the diagonal; fatigue, grievance, start [W, P]. Where
    `negative` is false no effort falls below zero: it stays at zero while it would.
    """

    players: tuple[str, ...]
    react: Array
    fatigue: Array
    grievance: Array
    start: Array
    negative: bool
    valid: Bools


@dataclass(frozen=True)
class AllianceGame:
    """A common good: u_i = (weight_i - g_i)**(1 - taste_i) * (sum of all g)**taste_i.

    weight, taste [W, P].
    """

    players: tuple[str, ...]
    weight: Array
    taste: Array
    valid: Bools


ContestGame = TullockGame | AttritionGame | RaceGame | AllianceGame


@dataclass(frozen=True)
class ContestSolution:
    """Equilibria of every world; slot 0 is the selected one.

    effort, win, payoff [W, K, P]; win and payoff are NaN where the concept knows none. Of a war of
    attrition effort is the expected time spent, `rate` [W, K, P] how fast a player gives in and
    `at_once` [W, K, P] the probability of giving in at the start; `stop` [W, Z] when a type of
    each level gives in, where values are private. `growth` [W, K] is the largest real part of an
    arms race's eigenvalues at a rest point: below zero, disturbances die out.
    """

    effort: Array
    win: Array
    payoff: Array
    found: Bools
    status: NDArray[np.int8]
    complete: Bools
    method: str
    flags: dict[str, Bools] = field(default_factory=dict)
    rate: Array | None = None
    at_once: Array | None = None
    stop: Array | None = None
    growth: Array | None = None
    steps: NDArray[np.int32] | None = None
