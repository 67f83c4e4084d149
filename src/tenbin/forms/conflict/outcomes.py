"""What a solved conflict yields: stability, what the status quo leads to, the equilibria.

`stable` and `reached` are the same at every equilibrium of a world; `P` and `E` are about the
equilibrium of the slot.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tenbin.errors import Problem
from tenbin.forms.conflict.game import BoundConflict, ConflictModel
from tenbin.forms.conflict.tables import CONCEPTS, NONE, Bools, ConflictSolution
from tenbin.forms.reading import only_name, unknown
from tenbin.scenario.language import Array, Event, Name, OutcomeCall

__all__ = [
    "FUNCTIONS",
    "check_call",
    "conflict_outcome",
    "event_states",
    "is_probability",
    "outcome_scale",
]

FUNCTIONS = ("stable", "reached", "P", "E")
WAYS = ("improvements", "moves", "coalition_improvements")
COALITION = "coalition_"


def is_probability(call: OutcomeCall) -> bool:
    """Whether the outcome lies in [0, 1] by definition."""
    return call.function in ("stable", "reached", "P")


def outcome_scale(bound: BoundConflict, call: OutcomeCall) -> float | Array:
    """What a comparison has a millionth of as its tolerance: one, or the payoff range [W]."""
    if is_probability(call):
        return 1.0
    player = bound.model.players.index(str(_event(call).names()[0]))
    preference = bound.game.preferences[player]
    worlds = bound.game.n_worlds
    spread = np.empty(worlds)
    step = max((1 << 22) // max(bound.game.graph.n_states, 1), 1)
    for first in range(0, worlds, step):
        payoffs = preference.payoffs(slice(first, first + step))
        spread[first : first + step] = payoffs.max(axis=1) - payoffs.min(axis=1)
    return np.where(spread > 0, spread, 1.0)


def conflict_outcome(bound: BoundConflict, solution: ConflictSolution, call: OutcomeCall) -> Array:
    """An outcome in every world and equilibrium.

    A world without equilibria answers `stable` and `reached` in slot 0.

    Parameters
    ----------
    bound
        The conflicts of W worlds.
    solution
        Their equilibria [W, K].
    call
        What is asked, found in order by `check_call`.

    Returns
    -------
    Values [W, K]; NaN in any other slot that holds no equilibrium.
    """
    model, game = bound.model, bound.game
    event = _event(call)
    answers = solution.found
    if call.function in ("stable", "reached"):
        answers = answers.copy()
        answers[:, 0] |= game.valid
    match call.function:
        case "stable":
            groups, name = _groups(model, event)
            concept = _concept(model, call)
            if not groups:
                groups = _all_groups(model, call)
            inside = event_states(model, name)
            holds = np.asarray(solution.holds(concept, groups)[:, inside].any(axis=1))
            value = _by_world(holds, game.order, solution)
        case "reached":
            inside = event_states(model, event)
            way = _option(call, WAYS[0])
            if way == "moves":
                holds = np.repeat(np.any(solution.moves_taken[inside] != NONE), game.n_orders)
            else:
                steps = solution.steps_taken if way == WAYS[0] else solution.joint_steps
                holds = np.asarray((steps[:, inside] != NONE).any(axis=1))
            value = _by_world(holds, game.order, solution)
        case "P":
            inside = event_states(model, event)
            value = inside[np.maximum(solution.state, 0)].astype(np.float64)
        case _:
            player = model.players.index(str(event.names()[0]))
            value = game.preferences[player].at(solution.state)
    return np.where(answers, value, np.nan)


def event_states(model: ConflictModel, event: Event) -> Bools:
    """The states [S] at which an event of options and states holds."""
    if event.operator == "name":
        (name,) = event.operands
        return model.sets[str(name)]
    masks = [event_states(model, part) for part in event.operands if isinstance(part, Event)]
    if event.operator == "not":
        return ~masks[0]
    joined = np.logical_and if event.operator == "and" else np.logical_or
    return np.asarray(joined.reduce(masks), dtype=np.bool_)


def _event(call: OutcomeCall) -> Event:
    event = call.arguments[0]
    assert isinstance(event, Event)
    return event


def _by_world(holds: Bools, order: np.ndarray, solution: ConflictSolution) -> Array:
    return np.broadcast_to(holds[order].astype(np.float64)[:, None], solution.state.shape)


def _option(call: OutcomeCall, default: str) -> str:
    return str(dict(call.options).get("2", default))


def _concept(model: ConflictModel, call: OutcomeCall) -> str:
    return _option(call, model.concept).removeprefix(COALITION)


def _all_groups(model: ConflictModel, call: OutcomeCall) -> list[int]:
    """The groups that must not want to leave: the players, with coalitions where asked for."""
    asked = _option(call, "")
    alone = bool(asked) and not asked.startswith(COALITION)
    return list(range(len(model.players) if alone else len(model.graph.groups)))


def _groups(model: ConflictModel, event: Event) -> tuple[list[int], Event]:
    """Whose stability `stable(m.A.B.state)` asks for: A, B and their coalition; and the state."""
    name = only_name(event)
    if name is None or len(name.parts) == 1:
        return [], event
    members = {model.players.index(part) for part in name.parts[:-1]}
    groups = [n for n, group in enumerate(model.graph.groups) if members.issuperset(group)]
    return groups, Event("name", (Name(name.parts[-1:]),))


# what may be asked


def check_call(model: ConflictModel, call: OutcomeCall) -> list[Problem]:
    """What is wrong with an outcome call on this model; empty where it can be answered."""
    if call.function not in FUNCTIONS:
        what = f"a conflict has no outcome '{call.function}'"
        return [Problem(call.place, what, call.function, FUNCTIONS)]
    problems = _check_shape(call)
    if problems:
        return problems
    event = _event(call)
    if call.function == "E":
        name = only_name(event)
        if name is None or str(name) not in model.players:
            return [unknown(call.place, "player", str(event), model.players)]
        return []
    if call.function == "stable":
        return _check_stable(model, call, event)
    if call.function == "reached":
        problems = _check_word(call, WAYS)
        if _option(call, "") == WAYS[2]:
            problems += _check_coalitions(model, call)
        if model.graph.start == NONE:
            what = f"model '{model.name}' has no `start` from which anything is reached"
            problems.append(Problem(call.place, what))
    return problems + _check_names(model, call, event)


def _check_shape(call: OutcomeCall) -> list[Problem]:
    problems: list[Problem] = []
    if call.given is not None:
        what = "`given=` is not for conflicts: at an equilibrium everything is certain"
        advice = "Ask for P(m.a and m.b), or claim `not ... or ...`."
        problems.append(Problem(call.place, what, "", (), advice))
    allowed = ("2",) if call.function in ("stable", "reached") else ()
    problems += [
        Problem(call.place, f"'{call.function}' takes no keyword '{key}' in a conflict", key)
        for key, _ in call.options
        if key not in allowed
    ]
    if len(call.arguments) != 1 or not isinstance(call.arguments[0], Event):
        wanted = {
            "stable": "stable(m.state), stable(m.state, 'seq') or stable(m.PLAYER.state, 'seq')",
            "reached": "reached(m.state) or reached(m.state, 'moves')",
            "P": "P(m.state) or P(m.option)",
            "E": "E(m.PLAYER)",
        }
        problems.append(Problem(call.place, f"write {wanted[call.function]}"))
    return problems


def _check_word(call: OutcomeCall, allowed: Sequence[str]) -> list[Problem]:
    given = _option(call, allowed[0])
    if given in allowed:
        return []
    what = f"'{call.function}' has no '{given}'"
    return [Problem(call.place, what, given, tuple(allowed))]


def _check_stable(model: ConflictModel, call: OutcomeCall, event: Event) -> list[Problem]:
    name = only_name(event)
    allowed = (*CONCEPTS, *(COALITION + concept for concept in CONCEPTS))
    problems = _check_word(call, allowed)
    if _option(call, "").startswith(COALITION):
        problems += _check_coalitions(model, call)
    if name is None or len(name.parts) == 1:
        return problems + _check_names(model, call, event)
    members = name.parts[:-1]
    strangers = [part for part in members if part not in model.players]
    if strangers:
        return [*problems, unknown(call.place, "player", strangers[0], model.players)]
    group = tuple(sorted({model.players.index(part) for part in members}))
    if group not in model.graph.groups:
        what = f"the coalition of {', '.join(members)} cannot form in model '{model.name}'"
        problems.append(Problem(call.place, what, "", (), "List it under `coalitions`."))
    return problems + _check_names(model, call, Event("name", (Name(name.parts[-1:]),)))


def _check_coalitions(model: ConflictModel, call: OutcomeCall) -> list[Problem]:
    if model.graph.coalitions:
        return []
    what = f"model '{model.name}' has no coalitions"
    advice = "Say which may form: coalitions: all, or coalitions: [[A, B]]."
    return [Problem(call.place, what, "", (), advice)]


def _check_names(model: ConflictModel, call: OutcomeCall, event: Event) -> list[Problem]:
    return [
        unknown(call.place, "option or state", str(name), tuple(model.sets))
        for name in event.names()
        if str(name) not in model.sets
    ]
