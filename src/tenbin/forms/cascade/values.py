"""Outcomes as numbers: what the equilibria of networks and of continua come to."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.special import ndtr

from tenbin.forms.cascade.events import event_probability
from tenbin.forms.cascade.payoffs import expected_payoff
from tenbin.forms.cascade.tables import CascadeGame, CascadeSolution, CostKind, RegimeGame
from tenbin.forms.cascade.tipping import tipping_players
from tenbin.forms.reading import only_name
from tenbin.scenario.language import Array, Event, OutcomeCall

__all__ = ["network_values", "regime_values"]


def network_values(game: CascadeGame, solution: CascadeSolution, call: OutcomeCall) -> Array:
    """An outcome [W, K] of a network or a crowd."""
    return _NETWORK[call.function](game, solution, call)


def _event(call: OutcomeCall) -> Event:
    event = call.arguments[0]
    assert isinstance(event, Event)
    return event


def _player(game: CascadeGame, call: OutcomeCall) -> int:
    return game.players.index(str(only_name(_event(call))))


def _probability(game: CascadeGame, solution: CascadeSolution, call: OutcomeCall) -> Array:
    event = _event(call)
    if not isinstance(call.given, Event):
        return event_probability(game, solution.joins, event)
    both = event_probability(game, solution.joins, Event("and", (event, call.given)))
    condition = event_probability(game, solution.joins, call.given)
    return np.where(condition > 0, np.minimum(both / condition, 1.0), np.nan)


def _expectation(game: CascadeGame, solution: CascadeSolution, call: OutcomeCall) -> Array:
    if str(only_name(_event(call))) == "adopters":
        return solution.joins.sum(axis=2)
    return expected_payoff(game, solution, _player(game, call))


def _adopts(game: CascadeGame, solution: CascadeSolution, call: OutcomeCall) -> Array:
    return solution.joins[:, :, _player(game, call)]


def _order(game: CascadeGame, solution: CascadeSolution, call: OutcomeCall) -> Array:
    return solution.step[:, :, _player(game, call)]


def _cutoff(game: CascadeGame, solution: CascadeSolution, call: OutcomeCall) -> Array:
    return solution.cutoff[:, :, _player(game, call)]


def _tipping(game: CascadeGame, solution: CascadeSolution, call: OutcomeCall) -> Array:
    return (tipping_players(game, solution) == _player(game, call)).astype(np.float64)


_NETWORK: dict[str, Callable[[CascadeGame, CascadeSolution, OutcomeCall], Array]] = {
    "P": _probability,
    "E": _expectation,
    "adopts": _adopts,
    "tipping": _tipping,
    "order": _order,
    "cutoff": _cutoff,
}


# a continuum


def regime_values(game: RegimeGame, solution: CascadeSolution, call: OutcomeCall) -> Array:
    """An outcome [W, K] of a continuum."""
    critical, signal = solution.cutoff[:, :, 0], solution.cutoff[:, :, 1]
    if call.function == "cutoff":
        return critical if str(only_name(_event(call))) == "state" else signal
    if call.function == "P":
        return _below_state(game, critical)
    return _mean_attack(game, signal)


def _below_state(game: RegimeGame, critical: Array) -> Array:
    """The probability [W, K] that the state is at most the critical one."""
    a, b = game.state_a[:, None], game.state_b[:, None]
    match game.state_kind:
        case CostKind.UNIFORM:
            share = np.clip((critical - a) / (b - a), 0.0, 1.0)
            return np.where(b > a, share, critical >= a)
        case CostKind.NORMAL:
            return np.where(b > 0, ndtr((critical - a) / b), critical >= a)
        case _:
            return (critical >= a).astype(np.float64)


def _mean_attack(game: RegimeGame, signal: Array) -> Array:
    """The expected mass [W, K] that attacks: those whose signal lies below the critical one."""
    a, b, noise = game.state_a[:, None], game.state_b[:, None], game.noise[:, None]
    match game.state_kind:
        case CostKind.UNIFORM:
            high, low = (signal - a) / noise, (signal - b) / noise
            share = noise * (_integral(high) - _integral(low)) / (b - a)
            return np.where(b > a, np.clip(share, 0.0, 1.0), ndtr(high))
        case CostKind.NORMAL:
            return ndtr((signal - a) / np.sqrt(noise**2 + b**2))
        case _:
            return ndtr((signal - a) / noise)


def _integral(z: Array) -> Array:
    """The integral of the normal distribution function up to z."""
    return z * ndtr(z) + np.exp(-0.5 * z**2) / np.sqrt(2.0 * np.pi)
