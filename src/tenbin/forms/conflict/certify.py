"""What the definition says of a solution: rankings, stabilities and the list of equilibria.

Independent of the solver. The definitions are those of Fang, Hipel and Kilgour: a sanction of an
improvement is a state that a *legal* sequence of the opponents reaches, one in which nobody moves
twice in a row. The sets of states reached are built by their recursive definition, sweep by sweep
until nothing is added, for all orders at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tenbin.forms.conflict.tables import NONE, Bools, ConflictGame, ConflictSolution, Graph
from tenbin.forms.contract import Certificate
from tenbin.scenario.language import Array

__all__ = ["certify_conflict"]

BLOCK = 1 << 21
"""States times orders looked at together."""
NEAR = 1e-8
"""Payoffs nearer to each other than this share of the player's range may be taken for a tie."""

Values = NDArray[np.int16]
NEVER = np.int16(32_767)


def certify_conflict(
    game: ConflictGame, solution: ConflictSolution, tolerance: float
) -> Certificate:
    """Whether what was found are the equilibria, all of them, by the definition alone.

    Parameters
    ----------
    game
        Conflicts of W worlds.
    solution
        State of each slot [W, K], NONE where it holds none.
    tolerance
        What a residual may be at most.

    Returns
    -------
    `residual` is the largest gain of an improvement that nothing sanctions, as a share of the
    player's (of a coalition: its least gaining member's) classes; it is 0 at an equilibrium and
    above 0 elsewhere. A slot is certified where its residual is within the tolerance, the world's
    rankings are those of its payoffs, and, where the solution says that it is complete, every
    equilibrium of the world stands in exactly one slot. Where nothing was found slot 0 is certified
    if no state is an equilibrium; it has no residual (NaN).
    """
    gain = np.concatenate([_gains(game, solution.concept, part) for part in _parts(game)])
    shape = solution.state.shape
    states = np.maximum(solution.state, 0)
    residual = np.where(solution.found, gain[game.order[:, None], states], np.nan)
    listed = _is_whole_list(gain <= tolerance, game.order, solution)
    sound = game.valid & ranked_well(game) & (listed | ~solution.complete)
    certified = solution.found & (residual <= tolerance) & sound[:, None]
    certified[:, 0] |= ~solution.found.any(axis=1) & solution.complete & sound
    margin = np.broadcast_to(game.margin[:, None], shape)
    return Certificate(residual, np.zeros(shape), np.array(margin), certified)


def _parts(game: ConflictGame) -> Iterator[slice]:
    step = max(BLOCK // max(game.graph.n_states, 1), 1)
    for first in range(0, game.n_orders, step):
        yield slice(first, min(first + step, game.n_orders))


def _is_whole_list(
    equilibria: Bools, order: NDArray[np.int32], solution: ConflictSolution
) -> Bools:
    """Whether the slots of each world [W] hold its equilibria [U, S], each once and no more."""
    listed = np.sort(np.where(solution.found, solution.state, NONE), axis=1)
    repeated = ((np.diff(listed, axis=1) == 0) & (listed[:, 1:] != NONE)).any(axis=1)
    number = equilibria.sum(axis=1)[order]
    inside = np.take_along_axis(equilibria[order], np.maximum(solution.state, 0), axis=1)
    return ~repeated & (solution.found.sum(axis=1) == number) & (inside | ~solution.found).all(1)


# rankings


def ranked_well(game: ConflictGame) -> Bools:
    """Whether the ranking of every player follows the payoffs in each world [W]."""
    fits = np.ones(game.n_worlds, dtype=np.bool_)
    step = max(BLOCK // max(game.graph.n_states, 1), 1)
    for player, preference in enumerate(game.preferences):
        rows = game.row[game.order, player]
        for first in range(0, game.n_worlds, step):
            part = slice(first, first + step)
            ranks = game.ranks[player][rows[part]]
            payoffs = np.broadcast_to(preference.payoffs(part), ranks.shape)
            fits[part] &= _follows(ranks, payoffs)
    return fits


def _follows(ranks: NDArray[np.int16], payoffs: Array) -> Bools:
    """Whether ranks [w, S] rise exactly where payoffs do, ties aside."""
    order = np.lexsort((payoffs, ranks), axis=1)
    step = np.diff(np.take_along_axis(payoffs, order, axis=1), axis=1)
    up = np.diff(np.take_along_axis(ranks, order, axis=1), axis=1)
    near = NEAR * (payoffs.max(axis=1) - payoffs.min(axis=1))[:, None]
    with np.errstate(invalid="ignore"):
        return np.asarray(np.where(up > 0, step > 0, step <= near).all(axis=1))


# stability from its definition


@dataclass(frozen=True)
class _Orders:
    """Some orders of a game: rank [P, S, u], 1 the worst class."""

    graph: Graph
    rank: Values

    @property
    def span(self) -> Values:
        """Classes of each player above the worst [P, u], at least one."""
        return np.maximum(self.rank.max(axis=1) - 1, 1)

    def moves(self, movers: tuple[int, ...]) -> Iterator[tuple[int, int, int]]:
        """Every move (mover, from, to) of some players."""
        for player in movers:
            for state in range(self.graph.n_states):
                for target in self.graph.moves(player, state):
                    yield player, state, int(target)


def _gains(game: ConflictGame, concept: str, part: slice) -> Array:
    """The largest unsanctioned gain [u, S] over all players and coalitions."""
    rank = np.stack([its[game.row[part, player]].T for player, its in enumerate(game.ranks)])
    orders = _Orders(game.graph, rank)
    gain = np.zeros(rank.shape[1:])
    for group in game.graph.groups:
        gain = np.maximum(gain, _unsanctioned(orders, concept, group))
    return gain.T


def _unsanctioned(orders: _Orders, concept: str, group: tuple[int, ...]) -> Array:
    """The largest gain [S, u] of a group that its opponents do not sanction under a concept."""
    graph = orders.graph
    others = tuple(p for p in range(graph.n_players) if p not in group)
    rank, span = orders.rank[list(group)], orders.span[list(group)][:, None]
    after = _after(orders, concept, group, others)
    found = np.zeros(rank.shape[1:])
    for state in range(graph.n_states):
        targets = _targets(graph, group, state)
        free = np.logical_and.reduce([own[targets] > own[state] for own in rank])
        if not free.any():
            continue
        if after:
            met = [its[targets] <= own[state] for own, its in zip(rank, after, strict=True)]
            free &= ~np.logical_or.reduce(met)
        elif concept != "nash":
            free &= ~_held_down(orders, group, others, state, targets)
        left = free.any(axis=1)
        gain = rank[:, targets[left]] - rank[:, state][:, None]
        found[state] = np.where(free[left], (gain / span).min(axis=0), 0.0).max(axis=0, initial=0.0)
    return found


def _after(
    orders: _Orders, concept: str, group: tuple[int, ...], others: tuple[int, ...]
) -> list[Values]:
    """For each member, the worst [S, u] that the opponents' answers to a state lead to.

    What a single player can do about an answer is part of it under `smr`: the answer is worth the
    better of itself and of what the player makes of it. Empty where that does not settle it.
    """
    rank = orders.rank
    if concept in ("gmr", "seq"):
        return [_worst_after(orders, others, rank[p], concept == "seq") for p in group]
    if concept == "nash" or len(group) > 1:
        return []
    player = min(group)
    value = rank[player].copy()
    for _, state, target in orders.moves(group):
        np.maximum(value[state], rank[player, target], out=value[state])
    return [_worst_after(orders, others, value, False)]


def _targets(graph: Graph, group: tuple[int, ...], state: int) -> NDArray[np.integer]:
    """Where a group can go from a state: a player by one move, a coalition by legal sequences."""
    if len(group) == 1:
        return graph.moves(group[0], state)
    return np.flatnonzero(_remembered(graph, group)[state])


def _reached(graph: Graph, movers: tuple[int, ...]) -> Bools:
    """What legal sequences of the movers reach [S, S]: by the sets R and the last movers.

    by_last[p, s, t]: t is reached from s by a sequence that p ends. A further move of p may follow
    wherever somebody else ended.
    """
    states = graph.n_states
    by_last = np.zeros((graph.n_players, states, states), dtype=np.bool_)
    while True:
        before = by_last.sum()
        for p in movers:
            allowed = np.eye(states, dtype=np.bool_)
            for q in movers:
                if q != p:
                    allowed |= by_last[q]
            for state in range(states):
                targets = graph.moves(p, state)
                by_last[p][:, targets] |= allowed[:, state][:, None]
        if by_last.sum() == before:
            return np.asarray(by_last.any(axis=0))


def _worst_after(
    orders: _Orders, movers: tuple[int, ...], value: Values, improving: bool
) -> Values:
    """The least value [S, u] that a legal sequence of the movers reaches from each state.

    ended[p] [S, u] is the least value from a state that p has just moved to, itself included.
    With `improving` every mover must gain by the own move.
    """
    moves = list(orders.moves(movers))
    gains = {
        move: orders.rank[move[0], move[2]] > orders.rank[move[0], move[1]]
        for move in (moves if improving else ())
    }
    ended = {player: value.copy() for player in movers}
    while True:
        changed = False
        for player, state, target in moves:
            worst = ended[player][target]
            if improving:
                worst = np.where(gains[player, state, target], worst, NEVER)
            for last in movers:
                if last != player and (worst < ended[last][state]).any():
                    np.minimum(ended[last][state], worst, out=ended[last][state])
                    changed = True
        if not changed:
            break
    found = np.full(value.shape, NEVER)
    for player, state, target in moves:
        worst = ended[player][target]
        if improving:
            worst = np.where(gains[player, state, target], worst, NEVER)
        np.minimum(found[state], worst, out=found[state])
    return found


def _held_down(
    orders: _Orders,
    group: tuple[int, ...],
    others: tuple[int, ...],
    state: int,
    targets: NDArray[np.integer],
) -> Bools:
    """Whether some answer to each target [T, u] leaves a member no better off, whatever follows."""
    graph, rank = orders.graph, orders.rank
    own, answers = _remembered(graph, group), _remembered(graph, others)
    members = list(group)
    freed = np.logical_and.reduce(rank[members] > rank[members, state][:, None])
    escapes = freed | np.array([freed[own[y]].any(axis=0) for y in range(graph.n_states)])
    held = [(~escapes[answers[target]]).any(axis=0) for target in targets]
    return np.array(held, dtype=np.bool_).reshape(len(targets), -1)


def _remembered(graph: Graph, movers: tuple[int, ...]) -> Bools:
    key = f"certified {movers}"
    if key not in graph.cache:
        graph.cache[key] = _reached(graph, movers)
    found = graph.cache[key]
    assert isinstance(found, np.ndarray)
    return found
