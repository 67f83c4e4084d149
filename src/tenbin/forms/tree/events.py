"""Events of a tree: ends, moves reached, actions taken, types; joined by and, or, not."""

from __future__ import annotations

import numpy as np

from tenbin.errors import Problem
from tenbin.forms.tree.game import TreeModel
from tenbin.forms.tree.tables import NONE, Bools, Ints
from tenbin.scenario.language import Event, Name, OutcomeCall

__all__ = ["check_event", "event_terminals", "is_settled_at_start", "nodes_after", "nodes_of"]


def event_terminals(model: TreeModel, event: Event) -> Bools:
    """The terminal nodes [Z] at which the event has happened."""
    if event.operator == "name":
        (name,) = event.operands
        assert isinstance(name, Name)
        return _name_terminals(model, name)
    masks = [event_terminals(model, part) for part in event.operands if isinstance(part, Event)]
    if event.operator == "not":
        return ~masks[0]
    joined = np.logical_and if event.operator == "and" else np.logical_or
    return np.asarray(joined.reduce(masks), dtype=np.bool_)


def _name_terminals(model: TreeModel, name: Name) -> Bools:
    if len(name.parts) == 1:
        return model.below(nodes_of(model, name.parts[0]))
    first, second = str(name).split(".")
    if first in model.players:
        player = model.players.index(first)
        holds = np.array([joint.types[player] == second for joint in model.rules.joint_types])
        ends = np.flatnonzero(model.tree.terminal != NONE)
        return holds[model.types[ends]]
    return model.below(nodes_after(model, first, second))


def nodes_of(model: TreeModel, name: str) -> Ints:
    """The nodes of a move or an end."""
    return model.nodes_by_name.get(name, np.empty(0, dtype=np.int32))


def nodes_after(model: TreeModel, move: str, step: str) -> Ints:
    """The nodes reached directly by an action or branch of a move."""
    return model.nodes_by_step.get((move, step), np.empty(0, dtype=np.int32))


def is_settled_at_start(model: TreeModel, event: Event) -> bool:
    """Whether the event is about types alone, so that it is open at no decision node."""
    return all(len(name.parts) == 2 and name.parts[0] in model.players for name in event.names())


def check_event(model: TreeModel, event: Event, call: OutcomeCall) -> list[Problem]:
    """Names in an event that the model does not have."""
    return [problem for name in event.names() for problem in check_name(model, name, call)]


def check_name(model: TreeModel, name: Name, call: OutcomeCall) -> list[Problem]:
    """What is wrong with one name of an event."""
    moves, ends = model.rules.moves, model.rules.ends
    if len(name.parts) == 1:
        if name.parts[0] in moves or name.parts[0] in ends:
            return []
        what = f"model '{model.name}' has no end or move '{name}'"
        return [Problem(call.place, what, str(name), (*ends, *moves))]
    if len(name.parts) > 2:
        what = f"'{name}' is no event of model '{model.name}'"
        advice = "An event is an end, a move, `move.action` or `PLAYER.type`."
        return [Problem(call.place, what, str(name), advice=advice)]
    first, second = str(name).split(".")
    if first in model.players:
        types = model.rules.types[model.players.index(first)]
        what = f"{first} has no type '{second}' in model '{model.name}'"
        return [] if second in types else [Problem(call.place, what, second, types)]
    if first in moves:
        steps = tuple(step.name for step in moves[first].steps)
        what = f"move '{first}' has no action '{second}'"
        return [] if second in steps else [Problem(call.place, what, second, steps)]
    what = f"model '{model.name}' has no move or player '{first}'"
    return [Problem(call.place, what, first, (*moves, *model.players))]
