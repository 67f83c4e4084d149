"""What is played before and after: the events of the models that a claim asks, and what changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

import numpy as np

from tenbin.forms import room
from tenbin.judge.propositions import Question
from tenbin.run import Chunk, Plan, Request
from tenbin.scenario.language import Event as Happening
from tenbin.scenario.language import Name, OutcomeCall, Setting
from tenbin.scenario.objects import Scenario

__all__ = ["Event", "changed_events", "event_requests"]

LEAST_CHANGE = 0.01
"""Of a probability, below which an event is not said to change."""
MOST_EVENTS = 8
"""Events told of one flip, those that change most."""
_KEYS = ("ends", "states", "phases", "events", "options", "nodes", "results")
"""Where forms keep the names of what can happen."""
_RESULTS = ("agreed", "ratified", "rejected", "left", "impasse", "war", "falls")
"""Events that forms know without being told."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happens in a model with another probability than before.

    `name` is dotted, without its model: an end, `move.action`, a state, a player who joins.
    """

    model: str
    name: str
    before: float
    after: float

    def as_data(self) -> dict[str, Any]:
        return {"model": self.model, "event": self.name, "from": self.before, "to": self.after}


def event_requests(scenario: Scenario, question: Question, plan: Plan) -> tuple[Request, ...]:
    """A request per event of every model that a question asks, under the first setting it names."""
    first: dict[str, Setting] = {}
    for atom in question.atoms:
        first.setdefault(atom.call.model, atom.setting)
    return tuple(
        Request(call, setting)
        for model, setting in first.items()
        for call in _calls(scenario, model, plan, setting)
    )


def changed_events(requests: tuple[Request, ...], before: Chunk, after: Chunk) -> tuple[Event, ...]:
    """The events whose probability in world 0 differs between two chunks, the largest first."""
    events: list[Event] = []
    for request in requests:
        call, setting = request.call, request.setting
        pair = [float(chunk.outcome(call, setting).selected[0]) for chunk in (before, after)]
        if np.isfinite(pair).all() and abs(pair[1] - pair[0]) >= LEAST_CHANGE:
            events.append(Event(call.model, str(call.arguments[0]), pair[0], pair[1]))
    events.sort(key=lambda item: -abs(item.after - item.before))
    return tuple(events[:MOST_EVENTS])


def _calls(scenario: Scenario, model: str, plan: Plan, setting: Setting) -> Iterator[OutcomeCall]:
    """`P(model.event)` of every event that the form answers."""
    entry = scenario.models[model]
    compiled = plan.resolver.compiled(model, setting)
    form = room(entry.form)
    for parts in dict.fromkeys(_names(scenario, entry.body)):
        call = OutcomeCall("P", model, (Happening("name", (Name(parts),)),))
        if not form.check_call(compiled, call):
            yield call


def _names(scenario: Scenario, body: dict[str, Any]) -> Iterator[tuple[str, ...]]:
    """What may be the name of an event, by the file of a model."""
    for key in _KEYS:
        yield from ((name,) for name in _inside(body.get(key)))
    for move, entry in _inside(body.get("moves")).items():
        if isinstance(entry, dict):
            actions = _inside(cast("dict[str, Any]", entry).get("actions"))
            yield from ((move, action) for action in actions)
    yield from ((name,) for name in (*_RESULTS, *scenario.players))


def _inside(value: object) -> dict[str, Any]:
    if isinstance(value, dict):
        return {str(name): entry for name, entry in cast("dict[Any, Any]", value).items()}
    if isinstance(value, list):
        return {str(name): None for name in cast("list[Any]", value) if isinstance(name, str)}
    return {}
