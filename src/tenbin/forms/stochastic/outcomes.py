"""What a solved stochastic game yields: shares of time, waiting times, probabilities, values.

All are seen from the start, before the type is drawn. States are named as in the file, and stand
for all values of the counters; `events` name other sets of states.
"""

from __future__ import annotations

import numpy as np

from tenbin.forms.reading import only_name
from tenbin.forms.stochastic.asked import is_probability
from tenbin.forms.stochastic.bind import BoundGame, payoff_range
from tenbin.forms.stochastic.chains import NEVER, Chains, chains_of, prior_mass
from tenbin.forms.stochastic.game import StochasticModel
from tenbin.forms.stochastic.tables import NONE, Bools, StochasticSolution
from tenbin.scenario.language import Array, Event, Name, OutcomeCall

__all__ = [
    "event_mask",
    "expected_payoff",
    "outcome_scale",
    "period_of",
    "stochastic_outcome",
]


def outcome_scale(bound: BoundGame, call: OutcomeCall) -> float | Array:
    """What the tolerance of a comparison is relative to: a number, or [W].

    The payoff range for a player, the range of a counter, one period for a waiting time.
    """
    if call.function != "E":
        return 1.0
    name = str(only_name(_event(call, 0)))
    if name in bound.model.rules.players:
        return payoff_range(bound)
    counter = next(counter for counter in bound.model.rules.counters if counter.name == name)
    return float(max(counter.high - counter.low, 1))


def stochastic_outcome(bound: BoundGame, solution: StochasticSolution, call: OutcomeCall) -> Array:
    """An outcome in every world and equilibrium.

    Parameters
    ----------
    bound
        The games of W worlds.
    solution
        Their equilibria [W, K].
    call
        What is asked, found in order by `check_call`.

    Returns
    -------
    Values [W, K]; NaN where a state may never be reached and its waiting time is asked for, and in
    slots that hold no equilibrium.

    Raises
    ------
    ShapeError
        If the solution was made for other games.
    """
    chains, model = chains_of(bound, solution), bound.model
    start = _start(model, call)
    at = period_of(model, call)
    with np.errstate(all="ignore"):
        match call.function:
            case "share":
                states = event_mask(model, _event(call, 0))
                value = chains.flow(start=start).share[..., states].sum(axis=(2, 3, 4))
            case "time_to":
                value = _waiting_time(chains, event_mask(model, _event(call, 0)), start)
            case "survival":
                states = event_mask(model, _event(call, 0))
                value = 1.0 - _at(chains, states.astype(float), at, states, start)
            case "P":
                value = _probability(chains, model, call, at, start)
            case "B":
                value = _belief(chains, model, call)
            case _:
                value = _expectation(chains, bound, call, at, start)
    if is_probability(call):
        value = np.clip(value, 0.0, 1.0)
    return np.where(chains.found, value, np.nan)


def _event(call: OutcomeCall, number: int) -> Event:
    event = call.arguments[number]
    assert isinstance(event, Event)
    return event


def _start(model: StochasticModel, call: OutcomeCall) -> Bools | None:
    """The states [S] from which the outcome is seen; None for the start of play."""
    start = dict(call.options).get("start")
    return None if start is None else event_mask(model, Event("name", (Name((str(start),)),)))


def period_of(model: StochasticModel, call: OutcomeCall) -> int | None:
    """The period that `at=` means; None where the call has none."""
    at = dict(call.options).get("at")
    if at is None:
        return None
    calendar = model.rules.calendar
    return round(float(at) if calendar is None else calendar.period(float(at)))


def event_mask(model: StochasticModel, event: Event) -> Bools:
    """The states [S] that an event of state and event names means."""
    if event.operator == "name":
        name = str(only_name(event))
        if name in model.rules.phases:
            return model.phase_states(name)
        return model.event_states(model.rules.events[name])
    masks = [event_mask(model, part) for part in event.operands if isinstance(part, Event)]
    if event.operator == "not":
        return ~masks[0]
    joined = np.logical_and if event.operator == "and" else np.logical_or
    return np.asarray(joined.reduce(masks), dtype=np.bool_)


def _at(
    chains: Chains, values: Array, at: int | None, stop: Bools | None, start: Bools | None
) -> Array:
    """The expectation [W, K] of a number of the state in one period."""
    assert at is not None
    return chains.curve(values, at + 1, stop, start)[..., -1]


def _waiting_time(chains: Chains, states: Bools, start: Bools | None) -> Array:
    """Expected periods until play is in some states; NaN where it may never be."""
    flow = chains.flow(stop=states, start=start)
    lost = flow.share[..., ~states].sum(axis=(2, 3, 4))
    return np.where(lost > NEVER, np.nan, flow.visits[..., ~states].sum(axis=(2, 3, 4)))


def _probability(
    chains: Chains,
    model: StochasticModel,
    call: OutcomeCall,
    at: int | None,
    start: Bools | None,
) -> Array:
    event = _event(call, 0)
    name = only_name(event)
    if name is not None and len(name.parts) > 1:
        player_type = _type_of(model, name)
        if player_type is not None:
            prior = chains.game.prior if player_type == 0 else 1.0 - chains.game.prior
            return np.broadcast_to(prior[:, None], chains.found.shape)
        return _action_probability(chains, model, name, start)
    states = event_mask(model, event)
    if at is not None:
        return _at(chains, states.astype(float), at, None, start)
    return chains.flow(stop=states, start=start).share[..., states].sum(axis=(2, 3, 4))


def _type_of(model: StochasticModel, name: Name) -> int | None:
    """The number of the type that `PLAYER.type` names, else None."""
    informed = model.rules.informed
    if informed is None or len(name.parts) != 2 or name.parts[0] != model.rules.players[informed]:
        return None
    return model.rules.types[informed].index(name.parts[1])


def _weights(chains: Chains, states: Bools, start: Bools | None = None) -> Array:
    """How much of the time in some states is spent at each node [W, K, T, G, S of these].

    In the long run if they are visited for ever, else over the visits in passing; if they are
    never visited, evenly over them with the belief of the start.
    """
    weights = chains.flow(start=start).weights(states)
    total = weights.sum(axis=(2, 3, 4), keepdims=True)
    even = prior_mass(chains.game)[:, None, :, :, None] / max(int(states.sum()), 1)
    return np.where(total > 0.0, weights / total, even)


def _action_probability(
    chains: Chains, model: StochasticModel, name: Name, start: Bools | None
) -> Array:
    """The probability of an action while play is in its state."""
    structure, states = chains.structure, model.phase_states(name.parts[0])
    weights = _weights(chains, states, start)
    found = np.zeros(chains.found.shape)
    player, action = _mover(model, name)
    for column, state in enumerate(np.flatnonzero(states)):
        points = np.flatnonzero(
            (structure.point_state == state) & (structure.point_player == player)
        )
        for point in points:
            first, last = structure.action_start[point], structure.action_start[point + 1]
            names = structure.action_names[first:last]
            if action not in names:
                continue
            taken = chains.profile[..., first + names.index(action)]
            kind = structure.point_type[point]
            its = (
                weights[..., column].sum(axis=2) if kind == NONE else weights[:, :, kind, :, column]
            )
            found += (its * taken).sum(axis=-1)
    return found


def _mover(model: StochasticModel, name: Name) -> tuple[int, str]:
    """Who takes the action that `state.action` or `state.PLAYER.action` names."""
    if len(name.parts) == 3:
        return model.rules.players.index(name.parts[1]), name.parts[2]
    movers = model.rules.phases[name.parts[0]].movers
    action = name.parts[1]
    return next(p for p, actions in movers if action in {a.name for a in actions}), action


def _belief(chains: Chains, model: StochasticModel, call: OutcomeCall) -> Array:
    """The mean public belief in a type while play is in some states."""
    states = event_mask(model, _event(call, 0))
    name = only_name(_event(call, 1))
    assert name is not None
    weights = _weights(chains, states).sum(axis=(2, 4))
    beliefs = chains.structure.beliefs
    return (weights * (beliefs if _type_of(model, name) == 0 else 1.0 - beliefs)).sum(axis=-1)


def _expectation(
    chains: Chains, bound: BoundGame, call: OutcomeCall, at: int | None, start: Bools | None
) -> Array:
    name = str(only_name(_event(call, 0)))
    players = bound.model.rules.players
    if name in players:
        return expected_payoff(chains, players.index(name), start)
    counters = [counter.name for counter in bound.model.rules.counters]
    values = np.ascontiguousarray(bound.model.counters[:, counters.index(name)])
    if at is not None:
        return _at(chains, values, at, None, start)
    return (chains.flow(start=start).share * values).sum(axis=(2, 3, 4))


def expected_payoff(chains: Chains, player: int, start: Bools | None = None) -> Array:
    """The discounted average payoff per period [W, K] of a player."""
    value = np.moveaxis(chains.solution.value[:, :, :, :, player], -1, 2)
    total = (chains.start(start) * value).sum(axis=(2, 3, 4))
    return (1.0 - chains.game.discount[:, None, player]) * total
