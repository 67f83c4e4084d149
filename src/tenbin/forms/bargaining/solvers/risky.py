"""Agreements that somebody whose limit is not known must consent to."""

from __future__ import annotations

import numpy as np

from tenbin.forms.bargaining.chances import mean_above, probability_below
from tenbin.forms.bargaining.solvers.batch import assembled, payoffs_at, run_tiles
from tenbin.forms.bargaining.tables import (
    AGREE,
    BETA,
    IMPASSE,
    LEFT,
    NORMAL,
    REFUSE,
    REJECTED,
    RESULTS,
    SETTLED,
    WAIT,
    BargainingSolution,
    Bools,
    Problems,
)
from tenbin.forms.contract import SolverOptions
from tenbin.scenario.language import Array

__all__ = ["solve_risky"]


def solve_risky(
    problems: Problems, options: SolverOptions, worlds: int, *, once: bool
) -> BargainingSolution:
    """The agreement (or the offer, made `once`) whose consents are uncertain, in every problem.

    The largest product of what counts and of the probabilities of consent: where all of it lies
    along the frontier by the sign of its slope, to neighbouring numbers; where ratifiers look at
    single issues of a package, along an interior path.
    """
    consents, n = problems.consents, len(problems)
    offer = np.full((n, problems.n_issues), np.nan)
    agreed, tie = np.zeros(n, dtype=np.bool_), np.zeros(n, dtype=np.bool_)
    along = problems.n_issues == 1 or bool((consents.issue < 0).all())
    refused = problems.disagreement[:, :, 0]
    if consents.answers:
        refused = refused.copy()
        refused[:, problems.first] = problems.left[:, problems.first, 0]
    search = _along if along else _across
    run_tiles(
        lambda start, stop: search(problems, once, refused, slice(start, stop), offer, agreed, tie),
        n,
        options.threads,
    )
    offer[~agreed] = np.nan
    chance, payoff = _played(problems, offer, agreed)
    action = np.full((n, 2), WAIT, dtype=np.int8)
    otherwise = REFUSE if consents.answers else WAIT
    action[:] = np.where(agreed, AGREE, otherwise)[:, None]
    both = np.repeat(offer[:, None], 2, axis=1)
    method = "slope along the frontier" if along else "interior path over packages"
    return assembled(
        problems, worlds, both, action, chance, payoff, offer[:, None, None, :],
        np.ones(n, dtype=np.bool_), {"tie": tie & agreed}, method,
    )  # fmt: skip


def _along(
    problems: Problems,
    once: bool,
    refused: Array,
    at: slice,
    offer: Array,
    agreed: Bools,
    tie: Bools,
) -> None:
    from tenbin.forms.bargaining.solvers.risky_kernel import risky_worlds

    consents, curvature = problems.consents, problems.curvature
    risky_worlds(
        problems.first, once, consents.answers, problems.base[at, :, 0], problems.slope[at, :, 0],
        problems.low[at], problems.high[at],
        np.empty((0, 2)) if curvature is None else curvature[at],
        problems.power[at], refused[at], problems.floor[at],
        consents.kind, consents.player, consents.issue, consents.line[at],
        consents.parameters[at], consents.active[at], problems.valid[at], offer[at], agreed[at],
        tie[at],
    )  # fmt: skip


def _across(
    problems: Problems,
    once: bool,
    refused: Array,
    at: slice,
    offer: Array,
    agreed: Bools,
    tie: Bools,
) -> None:
    from tenbin.forms.bargaining.solvers.package_kernel import package_worlds

    consents = problems.consents
    package_worlds(
        problems.first, once, problems.base[at, :, 0], problems.slope[at, :, 0],
        problems.low[at], problems.high[at], problems.power[at], refused[at], problems.floor[at],
        consents.kind, consents.player, consents.issue, consents.line[at],
        consents.parameters[at], consents.active[at], problems.valid[at], offer[at], agreed[at],
        tie[at],
    )  # fmt: skip


def _played(problems: Problems, offer: Array, agreed: Bools) -> tuple[Array, Array]:
    """Probabilities [N, 4, 1] of the results and payoffs [N, 2, 4, 1] in each."""
    consents, n = problems.consents, len(problems)
    shares = np.nan_to_num(offer)
    worth = payoffs_at(problems, shares)
    total = np.where(agreed, 1.0, 0.0)
    for r, kind in enumerate(consents.kind):
        j = consents.issue[r]
        line = consents.line[:, r]
        z = worth[:, consents.player[r]] if j < 0 else line[:, 0] + line[:, 1] * shares[:, j]
        given = probability_below(int(kind), consents.parameters[:, r], z)
        total = total * np.where(consents.active[:, r], given, 1.0)
    chance = np.zeros((n, RESULTS, 1))
    payoff = np.repeat(problems.disagreement[:, :, 0][:, :, None], RESULTS, axis=2)
    payoff[:, :, SETTLED] = worth
    chance[:, SETTLED, 0] = total
    if not consents.answers:
        chance[:, REJECTED, 0] = np.where(agreed, 1.0 - total, 0.0)
        chance[:, IMPASSE, 0] = np.where(agreed, 0.0, 1.0)
        return chance, payoff[..., None]
    answerer = 1 - problems.first
    gone = np.isfinite(problems.outside[:, answerer, 0])
    chance[:, LEFT, 0] = np.where(gone, 1.0 - total, 0.0)
    chance[:, IMPASSE, 0] = np.where(gone, 0.0, 1.0 - total)
    asked = np.where(agreed, worth[:, answerer], -np.inf)
    kind, parameters = int(consents.kind[0]), consents.parameters[:, 0]
    bottom = np.where(np.isneginf(asked), _far_below(kind, parameters), asked)
    with np.errstate(divide="ignore", invalid="ignore"):
        secret = mean_above(kind, parameters, bottom) / (1.0 - total)
    for result in (LEFT, IMPASSE):
        payoff[:, answerer, result] = np.where(total < 1.0, secret, 0.0)
        payoff[:, problems.first, result] = problems.left[:, problems.first, 0]
    return chance, payoff[..., None]


def _far_below(kind: int, parameters: Array) -> Array:
    """A number below which nothing is drawn that matters."""
    if kind == NORMAL:
        return parameters[:, 0] - 40.0 * parameters[:, 1]
    return parameters[:, 2] if kind == BETA else parameters[:, 0]
