"""What a solved tree yields: `P` of events, `E` of payoffs and measures, `B` of beliefs.

All are ex ante: over chance, types and the profile. A condition that the equilibrium never meets
is met along the solution's trembles: the outcome is the limit of the ratio. A condition that
chance rules out is impossible, and the outcome NaN.
"""

from __future__ import annotations

import numpy as np

from tenbin.errors import Problem
from tenbin.forms.tree.bind import BoundTree, Indices, measure_range, payoff_range
from tenbin.forms.tree.events import (
    check_event,
    event_terminals,
    is_settled_at_start,
    nodes_after,
    nodes_of,
)
from tenbin.forms.tree.game import TreeModel
from tenbin.forms.tree.reach import LEADING, Reach, reach_of
from tenbin.forms.tree.tables import NONE, Bools, Ints, TreeSolution
from tenbin.scenario.language import ANY, Array, Event, Name, OutcomeCall

__all__ = ["FUNCTIONS", "check_call", "is_probability", "outcome_scale", "tree_outcome"]

FUNCTIONS = ("P", "E", "B")

TILE_CELLS = 1 << 22
"""Nodes times worlds worked on at once where values at all nodes are needed."""


def is_probability(call: OutcomeCall) -> bool:
    """Whether the outcome lies in [0, 1] by definition."""
    return call.function in ("P", "B")


def outcome_scale(bound: BoundTree, call: OutcomeCall) -> float | Array:
    """What a comparison of the outcome has a millionth of as its tolerance: a number, or [W]."""
    if is_probability(call):
        return 1.0
    name = str(_only_name(_event(call, 0)))
    if name in bound.model.players:
        return payoff_range(bound)
    return measure_range(bound, name)


def tree_outcome(bound: BoundTree, solution: TreeSolution, call: OutcomeCall) -> Array:
    """An outcome in every world and equilibrium.

    Parameters
    ----------
    bound
        The games of W worlds.
    solution
        Their equilibria [W, K].
    call
        What is asked, found in order by `check_call`; its policy and replaced numbers are those
        that the games were bound with.

    Returns
    -------
    Values [W, K]; NaN where the condition is impossible and in slots that hold no equilibrium.

    Raises
    ------
    ShapeError
        If the solution was made for other games.
    """
    reach = reach_of(bound, solution)
    with np.errstate(all="ignore"):
        match call.function:
            case "P" if call.given == ANY:
                value = _largest_probability(bound, reach, _event(call, 0))
            case "P":
                happens = event_terminals(bound.model, _event(call, 0))
                value = _conditional(bound, reach, happens, _condition(bound.model, call))
            case "E":
                payoff = _terminal_values(bound, _only_name(_event(call, 0)))
                value = _conditional(bound, reach, payoff, _condition(bound.model, call))
            case _:
                value = _belief(bound, reach, call)
    return np.where(solution.found & bound.game.valid[:, None], value, np.nan)


def _event(call: OutcomeCall, number: int) -> Event:
    event = call.arguments[number]
    assert isinstance(event, Event)
    return event


def _only_name(event: Event) -> Name | None:
    """The name that an event consists of, if it is no compound."""
    operand = event.operands[0]
    return operand if event.operator == "name" and isinstance(operand, Name) else None


def _condition(model: TreeModel, call: OutcomeCall) -> Bools | None:
    return event_terminals(model, call.given) if isinstance(call.given, Event) else None


def _terminal_values(bound: BoundTree, name: Name | None) -> Array:
    """The payoff of a player, or a measure, at terminal nodes [Z, W, 1]."""
    asked = str(name)
    if asked in bound.model.players:
        values = bound.game.payoffs[:, :, bound.model.players.index(asked)]
    else:
        values = bound.measure(asked)
    return values.T[:, :, None]


# expectations, given what may never happen


def _conditional(
    bound: BoundTree, reach: Reach, values: Bools | Array, condition: Bools | None
) -> Array:
    """The expectation [W, K] of values at terminal nodes [Z] or [Z, W, 1], given a set of them."""
    if condition is None:
        return _total(reach.terminal, values, np.arange(bound.game.tree.n_terminals))
    chosen = np.flatnonzero(condition)
    if not len(chosen):
        return np.full(reach.profile.shape[1:], np.nan)
    likely = reach.terminal[chosen].sum(axis=0)
    plain = _total(reach.terminal[chosen], values, chosen) / likely
    if (likely > 0).all():
        return plain
    weights = _limit_weights(bound.model, reach, condition, chosen)
    off_path = _total(weights, values, chosen) / weights.sum(axis=0)
    return np.where(likely > 0, plain, off_path)


def _total(weights: Array, values: Bools | Array, chosen: Indices) -> Array:
    """Weights [chosen, W, K] times the values at the chosen terminal nodes, summed."""
    if values.ndim == 1:
        return weights[values[chosen].astype(np.bool_)].sum(axis=0)
    return np.einsum("zwk,zwi->wk", weights, values[chosen])


def _limit_weights(model: TreeModel, reach: Reach, condition: Bools, chosen: Indices) -> Array:
    """Relative probabilities [chosen, W, K] of the condition's terminal nodes along the trembles.

    The condition is a set of whole subtrees. Within the largest of them play goes on as in the
    limit; against each other they count by their own trembles, and only the leading ones count.
    """
    nodes = reach.terminals[chosen]
    if not reach.exact:
        return _relative(reach, nodes) * reach.weight[nodes]
    tops, owner = np.unique(_largest_subtrees(model, condition)[chosen], return_inverse=True)
    relative = _relative(reach, tops)
    relative = np.where(relative >= LEADING, relative, 0.0)
    untrembled = reach.tremble[nodes] == reach.tremble[tops][owner]
    return np.where(untrembled, relative[owner] * reach.weight[nodes], 0.0)


def _relative(reach: Reach, nodes: Indices) -> Array:
    """The trembles on the paths to nodes that chance lets occur, relative to the largest."""
    possible = reach.weight[nodes] > 0
    tremble = np.where(possible, reach.tremble[nodes], -np.inf)
    return np.where(possible, np.exp(tremble - tremble.max(axis=0)), 0.0)


def _largest_subtrees(model: TreeModel, condition: Bools) -> Ints:
    """For each terminal node [Z] of a set, the root of the largest subtree inside the set."""
    inside = np.concatenate([[0], np.cumsum(condition)])
    first, last = model.first_terminal, model.last_terminal
    whole = (inside[last] - inside[first] == last - first).tolist()
    top = np.full(model.tree.n_nodes, NONE, dtype=np.int32)
    for node, parent in enumerate(model.tree.parent.tolist()):
        if whole[node]:
            top[node] = top[parent] if parent != NONE and whole[parent] else node
    return top[model.tree.terminal != NONE]


# the largest value over decision nodes


def _largest_probability(bound: BoundTree, reach: Reach, event: Event) -> Array:
    """The largest probability [W, K] of an event over the decision nodes where it is open."""
    name = _only_name(event)
    if name is not None and len(name.parts) == 2 and name.parts[0] in bound.model.rules.moves:
        return _largest_step(bound.model, reach, *name.parts)
    happens = event_terminals(bound.model, event)
    worlds, slots = reach.profile.shape[1:]
    size = max(1, TILE_CELLS // (bound.game.tree.n_nodes * slots))
    if worlds <= size:
        return _largest_open(bound.model, reach, happens)
    tiles = [slice(begin, begin + size) for begin in range(0, worlds, size)]
    return np.concatenate([_largest_open(bound.model, reach.part(it), happens) for it in tiles])


def _largest_open(model: TreeModel, reach: Reach, happens: Bools) -> Array:
    possible = reach.possible[reach.terminals]
    deciders = decision_nodes(model)
    open_nodes = _any_below(model, possible & happens[:, None], deciders)
    open_nodes &= _any_below(model, possible & ~happens[:, None], deciders)
    values = reach.continuation(happens.astype(np.float64)[:, None, None])[deciders]
    return np.where(open_nodes[:, :, None], values, 0.0).max(axis=0, initial=0.0)


def _any_below(model: TreeModel, terminals: Bools, nodes: Ints) -> Bools:
    """Whether any of the marked terminal nodes [Z, W] lies below each of some nodes [., W]."""
    counts = np.zeros((len(terminals) + 1, terminals.shape[1]), dtype=np.int32)
    np.cumsum(terminals, axis=0, out=counts[1:])
    return counts[model.last_terminal[nodes]] > counts[model.first_terminal[nodes]]


def decision_nodes(model: TreeModel) -> Ints:
    """The nodes at which players move, committed moves included."""
    groups = [nodes for found in model.groups.values() for nodes in found]
    return np.sort(np.concatenate(groups)) if groups else np.empty(0, dtype=np.int32)


def _largest_step(model: TreeModel, reach: Reach, move: str, step: str) -> Array:
    """The largest probability of an action over the nodes of its move that chance lets occur."""
    tree = model.tree
    nodes = nodes_after(model, move, step)
    possible = reach.possible[tree.parent[nodes]]
    return np.where(possible[:, :, None], reach.steps(nodes), 0.0).max(axis=0, initial=0.0)


# beliefs


def _belief(bound: BoundTree, reach: Reach, call: OutcomeCall) -> Array:
    """The mover's belief [W, K] in a type, over the information sets of a move."""
    model = bound.model
    move = str(_only_name(_event(call, 0)))
    holds = event_terminals(model, _event(call, 1))
    condition = _condition(model, call)
    if call.given is None:
        return _conditional(bound, reach, holds, model.below(nodes_of(model, move)))
    groups = [model.below(nodes) for nodes in model.groups.get(move, ())]
    beliefs = [_conditional(bound, reach, holds, group) for group in groups]
    if call.given == ANY:
        return np.fmax.reduce([np.full(reach.profile.shape[1:], np.nan), *beliefs])
    assert condition is not None
    reached = condition & model.below(nodes_of(model, move))
    total = np.full(reach.profile.shape[1:], 0.0 if reached.any() else np.nan)
    for group, belief in zip(groups, beliefs, strict=True):
        share = _conditional(bound, reach, group, reached)
        total += np.where(share == 0, 0.0, share * belief)
    return total


# what may be asked


def check_call(model: TreeModel, call: OutcomeCall) -> list[Problem]:
    """What is wrong with an outcome call on this model; empty where it can be answered."""
    if call.function not in FUNCTIONS:
        what = f"a tree has no outcome '{call.function}'"
        return [Problem(call.place, what, call.function, FUNCTIONS)]
    problems = [
        Problem(call.place, f"'{call.function}' takes no keyword '{key}' in a tree", key)
        for key, _ in call.options
    ]
    wanted = {
        "P": ("an event",),
        "E": ("a player or a measure",),
        "B": ("a move", "a type"),
    }[call.function]
    events = [argument for argument in call.arguments if isinstance(argument, Event)]
    if len(events) != len(wanted) or len(call.arguments) != len(wanted):
        what = f"'{call.function}' takes {' and '.join(wanted)} of model '{model.name}'"
        return [*problems, Problem(call.place, what)]
    check = {"P": _check_probability, "E": _check_expectation, "B": _check_belief}
    problems += check[call.function](model, call, events)
    if isinstance(call.given, Event):
        problems += check_event(model, call.given, call)
    return problems


def _check_probability(model: TreeModel, call: OutcomeCall, events: list[Event]) -> list[Problem]:
    problems = check_event(model, events[0], call)
    if call.given == ANY and not problems and is_settled_at_start(model, events[0]):
        what = "`given=any` looks at decision nodes, and types are settled before any of them"
        advice = "Ask for a belief: B(model.move, PLAYER.type, given=any)."
        problems.append(Problem(call.place, what, advice=advice))
    return problems


def _check_expectation(model: TreeModel, call: OutcomeCall, events: list[Event]) -> list[Problem]:
    name = _only_name(events[0])
    allowed = (*model.players, *model.measure_index)
    problems: list[Problem] = []
    if name is None or str(name) not in allowed:
        what = f"model '{model.name}' has no player or measure '{events[0]}'"
        problems.append(Problem(call.place, what, str(events[0]), allowed))
    if call.given == ANY:
        what = "`given=any` needs an event to be open; `E` has none"
        problems.append(Problem(call.place, what, advice="Give `E` an event as condition."))
    return problems


def _check_belief(model: TreeModel, call: OutcomeCall, events: list[Event]) -> list[Problem]:
    problems: list[Problem] = []
    move, held = (_only_name(event) for event in events)
    personal = tuple(name for name, its in model.rules.moves.items() if its.player is not None)
    if move is None or str(move) not in personal:
        what = f"a belief is held at a player's move; '{events[0]}' is none of '{model.name}'"
        problems.append(Problem(call.place, what, str(events[0]), personal))
    typed = tuple(
        f"{player}.{name}"
        for player, names in zip(model.players, model.rules.types, strict=True)
        for name in names
    )
    if held is None or str(held) not in typed:
        what = f"a belief is about a type; '{events[1]}' is none of model '{model.name}'"
        problems.append(Problem(call.place, what, str(events[1]), typed))
    return problems
