"""What one world comes to, in numbers, for people and for other programs."""

from __future__ import annotations

from typing import Any

import numpy as np

from tenbin.forms.bargaining.bind import BoundBargaining
from tenbin.forms.bargaining.outcomes import result_cells
from tenbin.forms.bargaining.tables import BargainingSolution
from tenbin.forms.contract import Certificate

__all__ = ["World", "describe_agreement", "look_at"]


class World:
    """One world of a solution, over all cases: results, payoffs, agreement, offers.

    `agreement` is the mean in the issues' own units, None where nothing is agreed; `likeliest` are
    the shares agreed in the likeliest case, `offers` what each proposes there.
    """

    def __init__(self, bound: BoundBargaining, solution: BargainingSolution, world: int) -> None:
        model, cases = bound.model, bound.n_cases
        at = slice(world * cases, (world + 1) * cases)
        self.weight = bound.case_weight[world]
        chance = self.weight[:, None, None] * solution.chance[at]
        payoff = np.broadcast_to(solution.payoff[at], (cases, 2, *chance.shape[1:]))
        share = np.broadcast_to(solution.share[at], (*chance.shape, len(model.issues)))
        span = bound.span[world]
        unit = span[:, 0] + np.nan_to_num(share) * (span[:, 1] - span[:, 0])
        self.chance = chance
        self.results = {
            name: float(chance[:, list(cells)].sum()) for name, cells in result_cells(model).items()
        }
        self.payoffs = np.where(chance[:, None] > 0, chance[:, None] * payoff, 0).sum((0, 2, 3))
        agreed = chance[:, :2]
        self.agreement = None
        if agreed.sum() > 0:
            self.agreement = (agreed[..., None] * unit[:, :2]).sum((0, 1, 2)) / agreed.sum()
        main = int(np.argmax(self.weight))
        offers = solution.offer[at][main]
        agreed_at = np.broadcast_to(solution.share[at], share.shape)[main, 0, 0]
        self.likeliest = agreed_at if chance[main, :2].sum() > 0 else None
        self.offers = span[:, 0] + offers * (span[:, 1] - span[:, 0])


def look_at(bound: BoundBargaining, solution: BargainingSolution, world: int) -> World:
    """One world of a solution."""
    return World(bound, solution, world)


def describe_agreement(
    bound: BoundBargaining, solution: BargainingSolution, certificate: Certificate, world: int
) -> list[dict[str, Any]]:
    """The solution of one world: agreement and results by name, payoffs, residual."""
    if not solution.found[world, 0]:
        return []
    model, seen = bound.model, look_at(bound, solution, world)
    names = [issue.name for issue in model.issues]
    profile: dict[str, dict[str, float]] = {}
    if seen.agreement is not None:
        profile["agreement"] = dict(zip(names, map(float, seen.agreement), strict=True))
    if model.concept == "rubinstein":
        for player, offer in zip(model.players, seen.offers, strict=True):
            if np.isfinite(offer).all():
                profile[f"{player} offers"] = dict(zip(names, map(float, offer), strict=True))
    profile["result"] = {name: chance for name, chance in seen.results.items() if chance > 0}
    return [
        {
            "profile": profile,
            "payoffs": dict(zip(model.players, map(float, seen.payoffs), strict=True)),
            "residual": float(certificate.residual[world, 0]),
        }
    ]
