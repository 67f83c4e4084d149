"""Whether a profile is a sequential equilibrium, from the definition alone (no solver is read).

An assessment is sequentially rational when no player gains at any information set by another
action, given the beliefs held there and the profile from there on (Kreps and Wilson 1982); with
perfect recall deviations at single information sets are enough. Beliefs are consistent when they
are limits of Bayes beliefs of fully mixed profiles that converge to the profile. They are taken

- from the profile, by Bayes, wherever chance and the *other* players reach the information set
  (its owner's own actions cancel, so that this covers what follows an own deviation too);
- elsewhere from the witness of consistency, a fully mixed profile that must lie within
  `WITNESS_TOLERANCE` of the profile, in log-probabilities, so that trembles of any size compare.

Nodes below a chance branch of probability zero, and information sets left without nodes, are no
part of the game of that world; neither is what the solution says there.

Where the path ends: a chance probability counts however small it is, but a player's probability
of at most `PLAYED` is what rounding leaves of a zero, and beliefs made of it would be noise. So
the profile certified is the given one with such probabilities set to zero and rows renormalised;
where that fails, the profile as given is tried, since a rare type can make a rare action exact.
Either way what is certified lies within `PLAYED` of what is reported.

Work goes in tiles of worlds, so memory does not grow with their number.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tenbin.errors import ShapeError
from tenbin.forms.contract import Certificate
from tenbin.forms.tree.tables import NONE, Bools, Tree, TreeGame, TreeSolution
from tenbin.scenario.language import Array

__all__ = ["PLAYED", "ROW_TOLERANCE", "WITNESS_TOLERANCE", "certify_tree"]

PLAYED = 1e-9
"""The largest probability of an action that is taken for a rounded zero."""

WITNESS_TOLERANCE = 1e-3
"""The largest distance between profile and witness, per action probability."""

ROW_TOLERANCE = 1e-9
"""How far probabilities may leave [0, 1], and their sum at an information set may miss one."""

TILE_CELLS = 1 << 17
"""Nodes times worlds of one tile: a megabyte per array."""

Indices = NDArray[np.intp]


def certify_tree(game: TreeGame, solution: TreeSolution, tolerance: float) -> Certificate:
    """The largest gain from deviating at one information set, in every world and equilibrium.

    The solution's own status is not read. With `solution.precision` set the profile is held to
    the logit response at that precision (per payoff unit) instead: the residual is then the
    largest distance of a log-probability from its response, and profile and witness must agree to
    `tolerance`. Past a precision of about 1e5 per payoff range rounding alone exceeds 1e-6 there.

    One payoff range serves all players, so a player whose own payoffs spread over less than
    `tolerance` of it cannot fail: such a game should be written in comparable units.

    Parameters
    ----------
    game
        The games of W worlds.
    solution
        Profiles [W, K, G] with their witnesses, made for the same tree.
    tolerance
        The residual up to which an equilibrium counts as certified.

    Returns
    -------
    Certificate with arrays [W, K]. The residual is in units of the payoff range (the largest, over
    players, of the spread of a player's payoffs in that world); infinite where the profile is none
    (rows that do not sum to one, NaN) or the witness is not fully mixed; NaN in slots that hold no
    equilibrium and in worlds whose numbers are not valid. The margin is infinite where every
    action is used.

    Raises
    ------
    ShapeError
        If the solution was made for another tree or another number of worlds.

    References
    ----------
    [kreps1982seq]; [hendon1996] for single deviations; keys are in docs/references.bib.
    """
    _check_shapes(game, solution)
    plan = _plan(game.tree)
    worlds, slots = solution.found.shape
    residual, gap, margin = (np.full((worlds, slots), np.nan) for _ in range(3))
    size = max(1, TILE_CELLS // max(1, game.tree.n_nodes))
    with np.errstate(all="ignore"):
        for k in range(slots):
            usable = np.flatnonzero(solution.found[:, k] & game.valid)
            for begin in range(0, len(usable), size):
                chosen = usable[begin : begin + size]
                tile = _make_tile(plan, game, chosen)
                given = _given(solution, chosen, k)
                result = _judge(plan, tile, given, solution.precision, tolerance)
                residual[chosen, k], gap[chosen, k], margin[chosen, k] = result
    allowed = WITNESS_TOLERANCE if solution.precision is None else tolerance
    certified = (residual <= tolerance) & (gap <= allowed)
    return Certificate(residual, gap, margin, certified)


def _check_shapes(game: TreeGame, solution: TreeSolution) -> None:
    """Raise unless the solution belongs to the game."""
    expected = (*solution.found.shape, game.tree.n_actions)
    if solution.found.ndim != 2 or solution.found.shape[0] != game.n_worlds:
        raise ShapeError(
            f"a solution of {solution.found.shape[0]} worlds for a game of {game.n_worlds}"
        )
    for name, array in (("profile", solution.profile), ("log_witness", solution.log_witness)):
        if array.shape != expected:
            raise ShapeError(f"{name} has shape {array.shape}; this tree needs {expected}")


@dataclass(frozen=True)
class _Level:
    """The nodes at one depth, siblings together: index arrays of equal length, and their groups."""

    nodes: Indices
    parents: Indices
    edges: Indices
    group_starts: Indices
    group_parents: Indices


@dataclass(frozen=True)
class _Owner:
    """One player's decisions: nodes sorted by information set, children sorted by action.

    `infosets` and `actions` are global numbers; `node_infoset`, `child_node` and `action_infoset`
    are positions in this player's own lists.
    """

    player: int
    infosets: Indices
    nodes: Indices
    node_starts: Indices
    node_infoset: Indices
    children: Indices
    child_node: Indices
    child_starts: Indices
    actions: Indices
    action_starts: Indices
    action_infoset: Indices


@dataclass(frozen=True)
class _Plan:
    """What the certifier needs of a tree's structure; derived once per tree."""

    levels: tuple[_Level, ...]
    owners: tuple[_Owner, ...]
    terminals: Indices
    n_nodes: int
    n_actions: int


@dataclass(frozen=True)
class _Tile:
    """Some worlds' games, world last: chance [C, T], payoffs [P, Z, T], live [N, T], scale [T]."""

    chance: Array
    payoffs: Array
    live: Bools
    scale: Array


@dataclass(frozen=True)
class _Given:
    """Some worlds' solutions, world last: profile and log-witness [G, T]."""

    profile: Array
    log_witness: Array

    def at(self, worlds: Bools) -> _Given:
        """The same for some of the tile's worlds."""
        return _Given(self.profile[:, worlds], self.log_witness[:, worlds])


def _plan(tree: Tree) -> _Plan:
    """The tree's levels and the players' decisions, kept with the tree."""
    plan = tree.cache.get("certify")
    if not isinstance(plan, _Plan):
        plan = _make_plan(tree)
        tree.cache["certify"] = plan
    return plan


def _make_plan(tree: Tree) -> _Plan:
    """Index tables: an edge is named by its lower node, numbered actions first, then branches."""
    depth = np.zeros(tree.n_nodes, dtype=np.intp)
    for node in range(1, tree.n_nodes):
        depth[node] = depth[tree.parent[node]] + 1
    edge = np.where(tree.action != NONE, tree.action, tree.n_actions + tree.branch).astype(np.intp)
    levels: list[_Level] = []
    for d in range(1, int(depth.max(initial=0)) + 1):
        nodes = np.flatnonzero(depth == d)
        parents = tree.parent[nodes].astype(np.intp)
        group_parents, starts = np.unique(parents, return_index=True)
        levels.append(_Level(nodes, parents, edge[nodes], starts, group_parents))
    at_terminal = np.flatnonzero(tree.terminal != NONE)
    return _Plan(
        levels=tuple(levels),
        owners=tuple(
            _make_owner(tree, player) for player in sorted(set(tree.infoset_player.tolist()))
        ),
        terminals=at_terminal[np.argsort(tree.terminal[at_terminal])],
        n_nodes=tree.n_nodes,
        n_actions=tree.n_actions,
    )


def _make_owner(tree: Tree, player: int) -> _Owner:
    """The decisions of one player, in the order of information sets and of actions."""
    decision = np.flatnonzero(tree.infoset != NONE)
    own = decision[tree.infoset_player[tree.infoset[decision]] == player]
    nodes = own[np.argsort(tree.infoset[own], kind="stable")]
    infosets, starts, node_infoset = np.unique(
        tree.infoset[nodes], return_index=True, return_inverse=True
    )
    position = np.zeros(tree.n_nodes, dtype=np.intp)
    position[nodes] = np.arange(len(nodes))
    is_child = np.isin(tree.parent, nodes) & (tree.action != NONE)
    children = np.flatnonzero(is_child)
    children = children[np.argsort(tree.action[children], kind="stable")]
    actions, child_starts = np.unique(tree.action[children], return_index=True)
    _, action_starts, action_infoset = np.unique(
        tree.action_infoset[actions], return_index=True, return_inverse=True
    )
    return _Owner(
        player=player,
        infosets=infosets.astype(np.intp),
        nodes=nodes,
        node_starts=starts,
        node_infoset=node_infoset,
        children=children,
        child_node=position[tree.parent[children]],
        child_starts=child_starts,
        actions=actions.astype(np.intp),
        action_starts=action_starts,
        action_infoset=action_infoset,
    )


def _make_tile(plan: _Plan, game: TreeGame, worlds: Indices) -> _Tile:
    """The games of some worlds, with payoffs that chance rules out set to zero."""
    chance = np.ascontiguousarray(game.chance[worlds].T)
    payoffs = np.ascontiguousarray(game.payoffs[worlds].transpose(2, 1, 0))
    possible = np.concatenate([np.ones((plan.n_actions, len(worlds)), dtype=np.bool_), chance > 0])
    live = np.ones((plan.n_nodes, len(worlds)), dtype=np.bool_)
    for level in plan.levels:
        live[level.nodes] = live[level.parents] & possible[level.edges]
    at_end = live[plan.terminals]
    highest = np.where(at_end, payoffs, -np.inf).max(axis=1)
    lowest = np.where(at_end, payoffs, np.inf).min(axis=1)
    spread = (highest - lowest).max(axis=0)
    scale = np.where(spread == 0, 1.0, np.where(np.isfinite(spread), spread, np.nan))
    return _Tile(chance, np.where(at_end, payoffs, 0.0), live, scale)


def _given(solution: TreeSolution, worlds: Indices, k: int) -> _Given:
    """The solutions of some worlds in slot k."""
    return _Given(
        np.ascontiguousarray(solution.profile[worlds, k].T),
        np.ascontiguousarray(solution.log_witness[worlds, k].T),
    )


def _judge(
    plan: _Plan, tile: _Tile, given: _Given, precision: float | None, tolerance: float
) -> tuple[Array, Array, Array]:
    """Residual, gap and margin [T] of one tile; a second look where the rounded profile fails."""
    if precision is not None:
        return _judge_logit(plan, tile, given, precision)
    residual, gap, margin = _judge_rounded(plan, tile, given, PLAYED)
    faint = ((given.profile > 0) & (given.profile <= PLAYED)).any(axis=0)
    again = faint & (residual > tolerance)
    if again.any():
        part = _Tile(
            tile.chance[:, again], tile.payoffs[..., again], tile.live[:, again], tile.scale[again]
        )
        exact = _judge_rounded(plan, part, given.at(again), 0.0)
        better = exact[0] < residual[again]
        for whole, new in zip((residual, gap, margin), exact, strict=True):
            whole[again] = np.where(better, new, whole[again])
    return residual, gap, margin


def _judge_rounded(
    plan: _Plan, tile: _Tile, given: _Given, zero: float
) -> tuple[Array, Array, Array]:
    """Residual, gap and margin [T] of the profile with probabilities up to `zero` taken as zero."""
    usable = (given.profile > zero) & np.isfinite(given.profile)
    rounded = np.where(usable, given.profile, 0.0)
    log_witness = np.where(np.isfinite(given.log_witness), given.log_witness, 0.0)
    worlds = rounded.shape[1]
    residual, gap, margin = np.zeros(worlds), np.zeros(worlds), np.full(worlds, np.inf)
    sound = np.ones(worlds, dtype=np.bool_)
    for owner in plan.owners:
        own = rounded[owner.actions]
        totals = np.add.reduceat(own, owner.action_starts, axis=0)
        rounded[owner.actions] = own / np.where(totals > 0, totals, 1.0)[owner.action_infoset]
    log_profile = np.log(rounded)
    for owner in plan.owners:
        strategy = rounded[owner.actions]
        reach = _reach(plan, tile, log_profile, owner)
        trembling = _reach(plan, tile, log_witness, owner)
        belief, live = _beliefs(owner, reach, trembling, tile.live[owner.nodes])
        utility = _utilities(plan, tile, rounded, owner, belief)
        best = np.maximum.reduceat(utility, owner.action_starts, axis=0)
        value = np.add.reduceat(strategy * utility, owner.action_starts, axis=0)
        _take(np.maximum, residual, (best - value) / tile.scale, live)
        loss = (best[owner.action_infoset] - utility) / tile.scale
        live_actions = live[owner.action_infoset]
        _take(np.minimum, margin, loss, live_actions & (strategy == 0))
        distance = np.abs(given.profile[owner.actions] - np.exp(given.log_witness[owner.actions]))
        _take(np.maximum, gap, distance, live_actions)
        sound &= _is_sound(owner, given, live)
    residual[~sound] = np.inf
    return residual, gap, margin


def _judge_logit(
    plan: _Plan, tile: _Tile, given: _Given, precision: float
) -> tuple[Array, Array, Array]:
    """Residual, gap and margin [T] of a quantal response equilibrium at a finite precision.

    The witness is the equilibrium in log-probabilities: it keeps what underflows in the profile.
    """
    log_profile = np.where(np.isfinite(given.log_witness), given.log_witness, 0.0)
    profile = np.exp(log_profile)
    worlds = profile.shape[1]
    residual, gap, margin = np.zeros(worlds), np.zeros(worlds), np.full(worlds, np.inf)
    sound = np.ones(worlds, dtype=np.bool_)
    for owner in plan.owners:
        reach = _reach(plan, tile, log_profile, owner)
        belief, live = _beliefs(owner, reach, reach, tile.live[owner.nodes])
        score = precision * _utilities(plan, tile, profile, owner, belief)
        score -= np.maximum.reduceat(score, owner.action_starts, axis=0)[owner.action_infoset]
        totals = np.add.reduceat(np.exp(score), owner.action_starts, axis=0)
        response = score - np.log(totals)[owner.action_infoset]
        live_actions = live[owner.action_infoset]
        _take(np.maximum, residual, np.abs(log_profile[owner.actions] - response), live_actions)
        distance = np.abs(given.profile[owner.actions] - profile[owner.actions])
        _take(np.maximum, gap, distance, live_actions)
        sound &= _is_sound(owner, given, live)
    residual[~sound] = np.inf
    return residual, gap, margin


def _take(extreme: np.ufunc, into: Array, values: Array, where: Bools) -> None:
    """Fold `values` [., T] into `into` [T] by maximum or minimum, where the mask says."""
    neutral = -np.inf if extreme is np.maximum else np.inf
    extreme(into, extreme.reduce(np.where(where, values, neutral), axis=0), out=into)


def _reach(plan: _Plan, tile: _Tile, log_strategy: Array, owner: _Owner) -> Array:
    """Log-probability [N, T] that chance and the others reach each node, the owner helping."""
    logs = np.concatenate([log_strategy, np.log(tile.chance)])
    logs[owner.actions] = 0.0
    reach = np.zeros((plan.n_nodes, logs.shape[1]))
    for level in plan.levels:
        reach[level.nodes] = reach[level.parents] + logs[level.edges]
    return reach[owner.nodes]


def _beliefs(owner: _Owner, reach: Array, trembling: Array, live: Bools) -> tuple[Array, Bools]:
    """Beliefs over the owner's nodes, and which of its information sets are in the game.

    Bayes from `reach` wherever it is positive, else from the witness's `trembling`; both are
    log-probabilities over the owner's nodes, as the beliefs are.
    """
    peak = np.maximum.reduceat(np.where(live, reach, -np.inf), owner.node_starts, axis=0)
    on_path = (peak > -np.inf)[owner.node_infoset]
    weight = np.where(live, np.where(on_path, reach, trembling), -np.inf)
    peak = np.maximum.reduceat(weight, owner.node_starts, axis=0)
    in_game = peak > -np.inf
    weight = np.exp(weight - np.where(in_game, peak, 0.0)[owner.node_infoset])
    totals = np.add.reduceat(weight, owner.node_starts, axis=0)
    return weight / np.where(in_game, totals, 1.0)[owner.node_infoset], in_game


def _utilities(plan: _Plan, tile: _Tile, strategies: Array, owner: _Owner, belief: Array) -> Array:
    """The owner's expected payoff of each own action, given beliefs and the profile after it."""
    chances = np.concatenate([strategies, tile.chance])
    value = np.zeros((plan.n_nodes, chances.shape[1]))
    value[plan.terminals] = tile.payoffs[owner.player]
    for level in reversed(plan.levels):
        expected = value[level.nodes] * chances[level.edges]
        value[level.group_parents] = np.add.reduceat(expected, level.group_starts, axis=0)
    weighted = value[owner.children] * belief[owner.child_node]
    return np.add.reduceat(weighted, owner.child_starts, axis=0)


def _is_sound(owner: _Owner, given: _Given, live: Bools) -> Bools:
    """Whether profile and witness are distributions, the latter fully mixed, where it matters."""
    live_actions = live[owner.action_infoset]
    profile, log_witness = given.profile[owner.actions], given.log_witness[owner.actions]
    good = (profile >= -ROW_TOLERANCE) & (profile <= 1 + ROW_TOLERANCE) & np.isfinite(log_witness)
    missed = np.zeros(live.shape, dtype=np.bool_)
    for rows, allowed in ((profile, ROW_TOLERANCE), (np.exp(log_witness), WITNESS_TOLERANCE)):
        totals = np.add.reduceat(rows, owner.action_starts, axis=0)
        missed |= ~(np.abs(totals - 1) <= allowed)
    wrong = np.logical_and(live_actions, ~good)
    return ~(np.any(wrong, axis=0) | np.any(missed & live, axis=0))
