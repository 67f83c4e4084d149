"""Peace or preventive war under a shift of power (Fearon 1995), in closed form."""

from __future__ import annotations

import numpy as np

from tenbin.forms.bargaining.solvers.batch import assembled
from tenbin.forms.bargaining.tables import (
    AGREE,
    IMPASSE,
    REFUSE,
    RESULTS,
    SETTLED,
    BargainingSolution,
    Problems,
)
from tenbin.scenario.language import Array

__all__ = ["solve_shift"]

NEAR = 1e-12


def solve_shift(problems: Problems, worlds: int) -> BargainingSolution:
    """Demands in every period, for ever, power shifting once, after the first.

    From the second period on the one who demands leaves the other what war would give it. In the
    first it leaves what, with that future, keeps the other from war; where even the whole issue
    is too little, there is war at once. Payoffs are discounted sums.
    """
    n, one, two = len(problems), problems.first, 1 - problems.first
    shift = problems.shift
    assert shift is not None
    ends = np.stack([problems.base[:, :, 0], problems.base[:, :, 0] + problems.slope[:, :, 0, 0]])
    rises = problems.slope[:, shift.winner, 0, 0] >= 0
    won = np.where(rises[:, None], ends[1], ends[0])
    lost = np.where(rises[:, None], ends[0], ends[1])
    patience = 1.0 - problems.discount
    war = [
        (shift.win[:, t, None] * won + (1.0 - shift.win[:, t, None]) * lost) / patience - shift.cost
        for t in (0, 1)
    ]
    later = _share_for(problems, war[1][:, two] * patience[:, two])
    flow = _flow(problems, later)
    future = flow / patience
    need = war[0][:, two] - problems.discount[:, two] * future[:, two]
    now = _share_for(problems, need)
    value = _flow(problems, now) + problems.discount * future
    size = np.abs(np.concatenate([war[0], war[1], value], axis=1)).max(axis=1)
    kept = value[:, two] >= war[0][:, two] - NEAR * size
    peace = kept & (value[:, one] >= war[0][:, one] - NEAR * size)
    gap = np.minimum(np.abs(value[:, two] - war[0][:, two]),
                     np.abs(value[:, one] - war[0][:, one]))  # fmt: skip
    tie = ~peace & (gap <= NEAR * size)
    chance = np.zeros((n, RESULTS, 1))
    chance[:, SETTLED, 0], chance[:, IMPASSE, 0] = peace, ~peace
    payoff = np.where(peace[:, None], value, war[0])[:, :, None, None]
    offer = np.stack([now, later], axis=1)[:, :, None]
    offer = np.where(peace[:, None, None], offer, np.nan)
    action = np.where(peace, AGREE, REFUSE).astype(np.int8)
    return assembled(
        problems, worlds, offer, np.stack([action, action], axis=1), chance, payoff,
        offer[:, 0][:, None, None, :], np.ones(n, dtype=np.bool_), {"tie": tie},
        "comparison with war in each period",
    )  # fmt: skip


def _flow(problems: Problems, share: Array) -> Array:
    return problems.base[:, :, 0] + problems.slope[:, :, 0, 0] * share[:, None]


def _share_for(problems: Problems, need: Array) -> Array:
    """The allowed share best for who demands at which the other's payoff in a period is `need`."""
    other = 1 - problems.first
    low, high = problems.low[:, 0], problems.high[:, 0]
    rise, mine = problems.slope[:, other, 0, 0], problems.slope[:, problems.first, 0, 0]
    with np.errstate(divide="ignore", invalid="ignore"):
        at = np.clip((need - problems.base[:, other, 0]) / rise, low, high)
    at = np.where(rise == 0, np.where(mine >= 0, high, low), at)
    same = np.sign(rise) == np.sign(mine)
    return np.where(same, np.where(mine >= 0, high, low), at)
