"""Events of a cascade: who has joined, combined by `and`, `or` and `not`."""

from __future__ import annotations

from itertools import product

import numpy as np

from tenbin.forms.cascade.tables import CascadeGame
from tenbin.scenario.language import Array, Event, Name

__all__ = ["MOST_NAMES", "event_probability", "holds", "joint_probabilities", "names_of"]

MOST_NAMES = 12
"""Different players that one event may name where costs are private."""


def names_of(event: Event) -> tuple[str, ...]:
    """The players that an event names, each once."""
    return tuple(dict.fromkeys(str(name) for name in event.names()))


def holds(event: Event, joined: dict[str, bool]) -> bool:
    """Whether an event happens where these have joined."""
    match event.operator:
        case "name":
            return joined[str(event.operands[0])]
        case "not":
            return not _below(event, joined)[0]
        case "and":
            return all(_below(event, joined))
        case _:
            return any(_below(event, joined))


def _below(event: Event, joined: dict[str, bool]) -> list[bool]:
    return [
        joined[str(item)] if isinstance(item, Name) else holds(item, joined)
        for item in event.operands
    ]


def event_probability(game: CascadeGame, joins: Array, event: Event) -> Array:
    """The probability [W, K] of an event, by joins [W, K, P] of everybody."""
    names = names_of(event)
    players = [game.players.index(name) for name in names]
    total = np.zeros(joins.shape[:2])
    for pattern in product((False, True), repeat=len(names)):
        if holds(event, dict(zip(names, pattern, strict=True))):
            total += joint_probabilities(game, joins, players, pattern)
    return np.minimum(total, 1.0)


def joint_probabilities(
    game: CascadeGame, joins: Array, players: list[int], pattern: tuple[bool, ...]
) -> Array:
    """The probability [W, K] that of some players exactly these join."""
    if game.correlated:
        from tenbin.forms.cascade.factor import given_factor

        inside, weights = given_factor(game, joins[:, :, players])
        return np.einsum("wkpz,z->wk", _product(inside, pattern)[:, :, None, :], weights)
    return _product(joins[:, :, players, None], pattern)[:, :, 0]


def _product(probabilities: Array, pattern: tuple[bool, ...]) -> Array:
    """The product over players of what they do: [W, K, P, Z] to [W, K, Z]."""
    found = np.ones((*probabilities.shape[:2], probabilities.shape[3]))
    for at, joined in enumerate(pattern):
        found *= probabilities[:, :, at] if joined else 1.0 - probabilities[:, :, at]
    return found
