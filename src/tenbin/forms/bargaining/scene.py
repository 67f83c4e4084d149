"""What the pictures of one world show, as plain numbers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tenbin.figures.words import Words
from tenbin.forms.bargaining.bind import BoundBargaining
from tenbin.forms.bargaining.chances import probability_below
from tenbin.forms.bargaining.describe import World
from tenbin.forms.bargaining.payoffs import View, view_of
from tenbin.forms.bargaining.tables import BargainingSolution
from tenbin.scenario.language import Array

__all__ = ["Condition", "Seen", "conditions_of", "see"]

FINE = 801
"""Shares at which a condition on a single issue is looked at."""


@dataclass(frozen=True)
class Seen:
    """One world of a model: its likeliest case and type, with all that is drawn of it."""

    bound: BoundBargaining
    world: World
    problem: int
    kind: int
    view: View
    """The one problem; arrays [1, ...]."""


@dataclass(frozen=True)
class Condition:
    """Something that an agreement has to meet: met [FINE] is how likely each share meets it."""

    key: str
    player: int
    met: Array
    title: str = ""


def see(bound: BoundBargaining, solution: BargainingSolution, world: int) -> Seen:
    """One world in its likeliest case and type."""
    seen = World(bound, solution, world)
    problem = world * bound.n_cases + int(np.argmax(seen.weight))
    kind = int(np.argmax(bound.problems.prior[problem]))
    view = view_of(bound.problems, slice(problem, problem + 1), kind)
    return Seen(bound, seen, problem, kind, view)


def fine_shares() -> Array:
    """The shares [FINE] at which conditions are looked at."""
    return np.linspace(0.0, 1.0, FINE)


def conditions_of(seen: Seen, words: Words) -> list[Condition]:
    """What an agreement on a single issue has to meet, one after another."""
    shares = fine_shares()
    worth = np.stack(
        [
            np.asarray([seen.view.payoffs(np.array([[share]]))[0, player] for share in shares])
            for player in (0, 1)
        ]
    )
    found: list[Condition] = []
    model, view = seen.bound.model, seen.view
    answers = seen.bound.problems.consents.answers
    for player in (0, 1):
        secret = answers and player != model.first
        if not secret:
            key = "war_of" if model.is_war else "disagreement_of"
            met = worth[player] >= view.disagreement[0, player] - 1e-12
            found.append(Condition(key, player, met.astype(np.float64)))
        option = view.outside[0, player]
        if np.isfinite(option) and not secret:
            key = "war_of" if model.war is not None else "outside_of"
            found.append(Condition(key, player, (worth[player] >= option - 1e-12) * 1.0))
    return found + _limits(seen, words, shares, worth)


def _limits(seen: Seen, words: Words, shares: Array, worth: Array) -> list[Condition]:
    """Ratifiers with known limits together by player, those that are not known one by one."""
    found: list[Condition] = []
    model, view, at = seen.bound.model, seen.view, seen.problem
    known = [limit for n, limit in enumerate(model.limits) if n not in model.uncertain]
    for player in sorted({limit.player for limit in known}):
        met = (shares >= view.low[0, 0] - 1e-12) & (shares <= view.high[0, 0] + 1e-12)
        met &= worth[player] >= view.floor[0, player] - 1e-12
        own = [limit.title.in_language(words.language) for limit in known if limit.player == player]
        title = own[0] if len(own) == 1 else ""
        found.append(Condition("floor_of", player, met.astype(np.float64), title))
    consents = seen.bound.problems.consents
    for r, kind in enumerate(consents.kind):
        if not consents.active[at, r]:
            continue
        player, line = int(consents.player[r]), consents.line[at, r]
        z = worth[player] if consents.issue[r] < 0 else line[0] + line[1] * shares
        wide = np.repeat(consents.parameters[at, r][None], len(shares), axis=0)
        met = probability_below(int(kind), wide, z)
        key = "floor_of"
        if consents.answers:
            key = "war_of" if model.war is not None else "outside_of"
        title = ""
        if not consents.answers:
            title = model.limits[model.uncertain[r]].title.in_language(words.language)
        found.append(Condition(key, player, met, title))
    return found
