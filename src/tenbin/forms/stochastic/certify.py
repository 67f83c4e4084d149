"""Whether a profile is a Markov perfect equilibrium, from the definition alone (no solver is read).

A profile of strategies that hang on the state and the public belief alone is an equilibrium when
nobody gains at any decision point by one other action, given the others' strategies and the values
that follow when everybody, the deviator too, plays the profile from the next period on. With
discounting one deviation at a time is enough against all plans (Blackwell 1965), where beliefs do
not move; with beliefs on the grid this is what an equilibrium of that finite game means.

Everything is computed here from the profile: the posterior after an action of the informed player
by Bayes wherever a type takes the action at all, elsewhere the solution's own; the lottery over the
two neighbouring grid points; the values, by one linear system for each set of states that can reach
each other, last first. Every state counts at every belief, reached or not.

Work goes in tiles of worlds, so memory does not grow with their number.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from tenbin.errors import ShapeError
from tenbin.forms.contract import Certificate
from tenbin.forms.stochastic.tables import (
    NONE,
    StochasticGame,
    StochasticSolution,
    StochasticStructure,
)
from tenbin.scenario.language import Array

__all__ = ["ROW_TOLERANCE", "certify_stochastic"]

ROW_TOLERANCE = 1e-9
"""How far probabilities may leave [0, 1], and their sum at a decision point may miss one."""

TILE_CELLS = 1 << 20
"""Numbers in the largest array of one tile: eight megabytes."""

Indices = NDArray[np.intp]


def certify_stochastic(
    game: StochasticGame, solution: StochasticSolution, tolerance: float
) -> Certificate:
    """The largest gain from one deviation, in every world and equilibrium.

    The solution's own status is not read. With `solution.precision` set the profile is held to the
    logit response at that precision instead: the residual is then the largest distance of a
    probability from its response.

    Returns
    -------
    Certificate with arrays [W, K]. The residual is the largest gain, as a discounted average per
    period, in units of the payoff range (the largest, over players, of the spread of a player's
    payoffs per period in that world); infinite where the profile is none (rows that do not sum to
    one, NaN, a posterior that contradicts nothing but lies outside [0, 1]). `witness_gap` is the
    largest distance of the solution's posteriors from Bayes and of its values (as discounted
    averages, in payoff ranges) from those of its profile. The margin is infinite where every
    action is used. NaN in slots that hold no equilibrium and in worlds that are not valid.

    Raises
    ------
    ShapeError
        If the solution was made for another structure or another number of worlds.
    """
    _check_shapes(game, solution)
    plan = _plan(game.structure)
    worlds, slots = solution.found.shape
    residual, gap, margin = (np.full((worlds, slots), np.nan) for _ in range(3))
    size = max(1, TILE_CELLS // plan.cells_per_world)
    with np.errstate(all="ignore"):
        for k in range(slots):
            usable = np.flatnonzero(solution.found[:, k] & game.valid)
            for begin in range(0, len(usable), size):
                chosen = usable[begin : begin + size]
                tile = _Tile(plan, game, solution, chosen, k)
                found = _judge(tile, solution.precision)
                residual[chosen, k], gap[chosen, k], margin[chosen, k] = found
    return Certificate(residual, gap, margin, (residual <= tolerance) & (gap <= tolerance))


def _check_shapes(game: StochasticGame, solution: StochasticSolution) -> None:
    """Raise unless the solution belongs to the game."""
    s = game.structure
    if solution.found.ndim != 2 or solution.found.shape[0] != game.n_worlds:
        raise ShapeError(
            f"a solution of {solution.found.shape[0]} worlds for a game of {game.n_worlds}"
        )
    slots = solution.found.shape
    wanted = {
        "profile": (solution.profile, (*slots, s.grid, s.n_actions)),
        "value": (solution.value, (*slots, s.grid, s.n_states, s.n_players, s.n_types)),
    }
    if s.n_types == 2:
        posterior = np.zeros(0) if solution.posterior is None else solution.posterior
        wanted["posterior"] = (posterior, (*slots, s.grid, s.n_actions))
    for name, (array, shape) in wanted.items():
        if array.shape != shape:
            raise ShapeError(f"{name} has shape {array.shape}; this game needs {shape}")


@dataclass(frozen=True)
class _State:
    """One state: its cells and branches, decision points, and the states that can follow.

    `action` [cells, P, T] numbers actions globally; `follow` [branches] is the position of each
    branch's state in `targets`, `owner` [branches] the cell (within the state) that it follows.
    """

    number: int
    cells: slice
    branches: slice
    points: range
    action: Indices
    owner: Indices
    follow: Indices
    targets: Indices


@dataclass(frozen=True)
class _Plan:
    """What the certifier needs of a structure: its states, and the order of their values."""

    structure: StochasticStructure
    states: tuple[_State, ...]
    groups: tuple[Indices, ...]
    """Sets of states that can reach each other, each after all that can follow it."""

    @cached_property
    def cells_per_world(self) -> int:
        """Numbers in the largest array for one world."""
        s = self.structure
        most = max(len(group) for group in self.groups) * s.grid
        return most * most + s.n_cells * s.grid * max(s.grid, s.n_players * s.n_types)


def _plan(structure: StochasticStructure) -> _Plan:
    """The plan of a structure, kept with it."""
    plan = structure.cache.get("certify")
    if not isinstance(plan, _Plan):
        states = tuple(_make_state(structure, s) for s in range(structure.n_states))
        plan = _Plan(structure, states, _order_states(states))
        structure.cache["certify"] = plan
    return plan


def _make_state(structure: StochasticStructure, s: int) -> _State:
    """The lists of one state."""
    cells = slice(*np.searchsorted(structure.cell_state, [s, s + 1]).tolist())
    branches = slice(*np.searchsorted(structure.branch_cell, [cells.start, cells.stop]).tolist())
    points = range(*np.searchsorted(structure.point_state, [s, s + 1]).tolist())
    targets, follow = np.unique(structure.branch_to[branches], return_inverse=True)
    return _State(
        number=s,
        cells=cells,
        branches=branches,
        points=points,
        action=structure.cell_action[cells].astype(np.intp),
        owner=structure.branch_cell[branches].astype(np.intp) - cells.start,
        follow=follow.astype(np.intp),
        targets=targets.astype(np.intp),
    )


def _order_states(states: tuple[_State, ...]) -> tuple[Indices, ...]:
    """Sets of states that can reach each other, last first."""
    sources = np.concatenate([np.full(len(s.targets), s.number) for s in states])
    targets = np.concatenate([s.targets for s in states])
    size = len(states)
    links = csr_array((np.ones(len(sources)), (sources, targets)), shape=(size, size))
    count, label = connected_components(links, connection="strong")
    depth = np.zeros(count, dtype=np.intp)
    outer = label[sources] != label[targets]
    above, below = label[sources[outer]], label[targets[outer]]
    for _ in range(count):
        before = depth.copy()
        np.maximum.at(depth, above, depth[below] + 1)
        if np.array_equal(before, depth):
            break
    order = np.lexsort((np.arange(count), depth))
    return tuple(np.flatnonzero(label == c) for c in order)


class _Tile:
    """Some worlds' games and solutions, and what follows from the profile in one period."""

    def __init__(
        self,
        plan: _Plan,
        game: StochasticGame,
        solution: StochasticSolution,
        worlds: Indices,
        k: int,
    ) -> None:
        self.plan = plan
        self.structure = plan.structure
        self.payoffs = game.payoffs[worlds]
        self.prob = game.prob[worlds]
        self.discount = game.discount[worlds]
        spread = np.ptp(self.payoffs, axis=(1, 3)).max(axis=1)
        self.scale = np.where(spread > 0, spread, 1.0)
        self.profile = solution.profile[worlds, k]
        self.given_value = solution.value[worlds, k]
        self.given_posterior = None
        if solution.posterior is not None and self.structure.n_types == 2:
            self.given_posterior = solution.posterior[worlds, k]
        self.posterior, self.posterior_gap, self.sound = self._bayes()

    def _bayes(self) -> tuple[Array, Array, NDArray[np.bool_]]:
        """Posterior [W, G, A] by type 0's action, its distance from the one given, soundness."""
        s, worlds = self.structure, len(self.profile)
        posterior, gap = np.zeros((worlds, s.grid, s.n_actions)), np.zeros(worlds)
        sound = np.ones(worlds, dtype=np.bool_)
        if self.given_posterior is None:
            return posterior, gap, sound
        belief = s.beliefs[None, :, None]
        for i in np.flatnonzero(s.point_type == 0):
            ones = slice(s.action_start[i], s.action_start[i + 1])
            others = slice(s.action_start[i + 1], s.action_start[i + 2])
            first = belief * self.profile[:, :, ones]
            total = first + (1 - belief) * self.profile[:, :, others]
            given = self.given_posterior[:, :, ones]
            certain = (belief == 0) | (belief == 1)
            known = (total > 0) | certain
            bayes = np.where(certain, belief, first / np.where(total > 0, total, 1.0))
            posterior[:, :, ones] = np.where(known, bayes, given)
            missed = np.where(known, np.abs(bayes - given), 0.0).max(axis=(1, 2))
            gap = np.maximum(gap, np.where(np.isfinite(missed), missed, np.inf))
            fits = (posterior[:, :, ones] >= 0) & (posterior[:, :, ones] <= 1)
            sound &= fits.all(axis=(1, 2))
        return posterior, gap, sound

    def lottery(self, state: _State) -> Array:
        """The probability [W, G, q, G] of each next grid point after each cell of a state."""
        s, grid = self.structure, np.arange(self.structure.grid)
        cells = len(state.action)
        place = np.broadcast_to(grid[None, :, None], (len(self.profile), s.grid, cells))
        if s.n_types == 2 and state.action[0, s.informed, 0] != NONE:
            seen = state.action[:, s.informed, 0]
            point = s.action_point[seen[0]]
            if s.action_start[point + 1] - s.action_start[point] > 1:
                place = self.posterior[:, :, seen] * (s.grid - 1)
        return np.maximum(0.0, 1.0 - np.abs(place[..., None] - grid))

    def moves(self, state: _State) -> Array:
        """The probability [W, q, targets] of each next state after each cell of a state."""
        size = len(state.action), len(state.targets)
        place = np.zeros((len(state.owner), *size))
        place[np.arange(len(state.owner)), state.owner, state.follow] = 1.0
        return np.tensordot(self.prob[:, state.branches], place, axes=1)

    def joint(self, state: _State, kind: int, but: int = NONE) -> Array:
        """The probability [W, G, q] of each cell under a type, one player's part left out."""
        shape = (*self.profile.shape[:2], len(state.action))
        product = np.ones(shape)
        for p in range(self.structure.n_players):
            if p != but and state.action[0, p, kind] != NONE:
                product = product * self.profile[:, :, state.action[:, p, kind]]
        return product


def _judge(tile: _Tile, precision: float | None) -> tuple[Array, Array, Array]:
    """Residual, gap and margin [W] of one tile."""
    value = _values(tile)
    residual = np.zeros(len(tile.profile))
    margin = np.full(len(tile.profile), np.inf)
    sound = tile.sound & np.isfinite(value).all(axis=(1, 2, 3, 4))
    for state in tile.plan.states:
        worth = _worth(tile, state, value)
        for i in state.points:
            found, least, rows = _judge_point(tile, state, i, worth, precision)
            residual = np.maximum(residual, np.where(np.isnan(found), np.inf, found))
            margin = np.minimum(margin, least)
            sound &= rows
    factor = (1 - tile.discount)[:, None, None, :, None] / tile.scale[:, None, None, None, None]
    missed = (np.abs(value - tile.given_value) * factor).max(axis=(1, 2, 3, 4))
    gap = np.maximum(tile.posterior_gap, np.where(np.isnan(missed), np.inf, missed))
    return np.where(sound, residual, np.inf), gap, margin


def _values(tile: _Tile) -> Array:
    """Values [W, G, S, P, T] of the profile: payoff now plus discounted value next."""
    s = tile.structure
    value = np.zeros((len(tile.profile), s.grid, s.n_states, s.n_players, s.n_types))
    for group in tile.plan.groups:
        for kind in range(s.n_types):
            _solve_group(tile, group, kind, value)
    return value


def _solve_group(tile: _Tile, group: Indices, kind: int, value: Array) -> None:
    """Write the values of states that can reach each other, for one type."""
    s, worlds, size = tile.structure, len(tile.profile), len(group)
    inner = np.zeros((worlds, size, s.grid, size, s.grid))
    reward = np.zeros((worlds, size, s.grid, s.n_players))
    for row, number in enumerate(group):
        state = tile.plan.states[number]
        joint, lottery, moves = tile.joint(state, kind), tile.lottery(state), tile.moves(state)
        payoffs = tile.payoffs[:, state.cells, :, kind]
        reward[:, row] = np.einsum("wgq,wqp->wgp", joint, payoffs)
        onward = np.einsum("wgqh,wqz->wgzh", joint[..., None] * lottery, moves)
        is_inner = np.isin(state.targets, group)
        columns = np.searchsorted(group, state.targets[is_inner])
        inner[:, row][:, :, columns] = onward[:, :, is_inner]
        later = value[..., kind][:, :, state.targets[~is_inner]]
        after = np.einsum("wgzh,whzp->wgp", onward[:, :, ~is_inner], later)
        reward[:, row] += tile.discount[:, None, :] * after
    nodes = size * s.grid
    matrix, right = inner.reshape(worlds, nodes, nodes), reward.reshape(worlds, nodes, -1)
    for p in range(s.n_players):
        system = np.eye(nodes) - tile.discount[:, p, None, None] * matrix
        found = np.linalg.solve(system, right[..., p, None])[..., 0]
        value[:, :, group, p, kind] = found.reshape(worlds, size, s.grid).swapaxes(1, 2)


def _worth(tile: _Tile, state: _State, value: Array) -> Array:
    """What each cell of a state is worth [W, G, q, P, T]: payoff plus discounted value next."""
    later = value[:, :, state.targets]
    lottery, moves = tile.lottery(state), tile.moves(state)
    mixed = np.einsum("wqz,whzpt->wqhpt", moves, later)
    after = np.einsum("wgqh,wqhpt->wgqpt", lottery, mixed)
    payoffs = tile.payoffs[:, None, state.cells]
    return payoffs + tile.discount[:, None, None, :, None] * after


def _judge_point(
    tile: _Tile, state: _State, i: int, worth: Array, precision: float | None
) -> tuple[Array, Array, NDArray[np.bool_]]:
    """Largest gain, smallest loss of an unused action, and whether rows sum to one [W]."""
    s = tile.structure
    player, kind = int(s.point_player[i]), int(s.point_type[i])
    start, stop = int(s.action_start[i]), int(s.action_start[i + 1])
    strategy = tile.profile[:, :, start:stop]
    utility = np.zeros_like(strategy)
    for t in range(s.n_types):
        if kind not in (NONE, t):
            continue
        weight = 1.0 if kind == t else s.beliefs if t == 0 else 1 - s.beliefs
        paid = tile.joint(state, t, player) * worth[..., player, t]
        paid *= np.broadcast_to(weight, (s.grid,))[:, None]
        for a in range(start, stop):
            utility[:, :, a - start] += paid[:, :, state.action[:, player, t] == a].sum(axis=2)
    good = (strategy >= -ROW_TOLERANCE) & (strategy <= 1 + ROW_TOLERANCE)
    rows = good.all(axis=(1, 2)) & (np.abs(strategy.sum(axis=2) - 1) <= ROW_TOLERANCE).all(axis=1)
    best = utility.max(axis=2)
    unit = (1 - tile.discount[:, player]) / tile.scale
    loss = (best[..., None] - utility) * unit[:, None, None]
    margin = np.where(strategy > 0, np.inf, loss).min(axis=(1, 2))
    if precision is not None:
        score = np.exp(precision * (utility - best[..., None]))
        response = score / score.sum(axis=2, keepdims=True)
        return np.abs(strategy - response).max(axis=(1, 2)), margin, rows
    gain = (best - (strategy * utility).sum(axis=2)) * unit[:, None]
    return gain.max(axis=1), margin, rows
