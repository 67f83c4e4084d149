"""Where play goes under a solution: visits, long-run shares and curves by period.

A profile makes a Markov chain over states and grid points of the belief, one for each type of the
informed player. The chains are followed with the probability of the type as their mass, so that
sums over types are over all that may happen.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from tenbin.errors import ShapeError
from tenbin.forms.stochastic.bind import BoundGame
from tenbin.forms.stochastic.chain_kernel import follow_worlds, settle_worlds
from tenbin.forms.stochastic.tables import (
    NONE,
    Bools,
    StochasticGame,
    StochasticSolution,
    StochasticStructure,
)
from tenbin.scenario.language import Array

__all__ = ["NEVER", "Chains", "Flow", "chains_of", "prior_mass"]

NEVER = 1e-9
"""Limit probabilities up to this are zero: what rounding leaves of an action never taken."""
TILE = 64
"""Worlds that a thread takes at once."""


@dataclass(frozen=True)
class Flow:
    """Where play goes [W, K, T, G, S], over all types together.

    `visits` are the expected periods spent where play does not stay for ever; `share` the shares
    of all time, in the long run, where it does.
    """

    visits: Array
    share: Array

    def weights(self, states: Bools) -> Array:
        """How much time is spent in some states: in the long run, or if none, in passing."""
        lasting = self.share[..., states]
        passing = self.visits[..., states]
        total = lasting.sum(axis=(2, 3, 4), keepdims=True)
        return np.where(total > 0.0, lasting, passing)


@dataclass
class Chains:
    """The chains [W, K, T] of a solution; NaN where there is no equilibrium."""

    game: StochasticGame
    solution: StochasticSolution
    profile: Array
    _flows: dict[tuple[bytes, bytes], Flow] = field(default_factory=dict)
    _masses: dict[bytes, Array] = field(default_factory=dict)

    @property
    def structure(self) -> StochasticStructure:
        return self.game.structure

    @property
    def found(self) -> Bools:
        """Where there is an equilibrium to follow [W, K]."""
        return self.solution.found & self.game.valid[:, None]

    def start(self, states: Bools | None = None) -> Array:
        """Where play begins [W, K, T, G, S]; with `states`, where it first arrives in them.

        If it never does: evenly in these states, with the belief of the start.
        """
        key = b"" if states is None else states.tobytes()
        if key not in self._masses:
            self._masses[key] = self._first() if states is None else self._arrival(states)
        return self._masses[key]

    def _first(self) -> Array:
        known = prior_mass(self.game)[:, None, :, :, None]
        mass = known * self.game.start[:, None, None, None, :]
        return np.repeat(mass, self.solution.found.shape[1], axis=1)

    def _arrival(self, states: Bools) -> Array:
        arrived = np.where(states, self.flow(stop=states).share, 0.0)
        total = arrived.sum(axis=(2, 3, 4), keepdims=True)
        even = prior_mass(self.game)[:, None, :, :, None] * (states / states.sum())
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(total > 0.0, arrived / total, even)

    def flow(self, stop: Bools | None = None, start: Bools | None = None) -> Flow:
        """Where play goes from the start until it reaches a state in `stop`."""
        held = self._none() if stop is None else stop
        key = held.tobytes(), b"" if start is None else start.tobytes()
        if key not in self._flows:
            self._flows[key] = self._settled(held, self.start(start))
        return self._flows[key]

    def curve(
        self,
        values: Array,
        periods: int,
        stop: Bools | None = None,
        start: Bools | None = None,
    ) -> Array:
        """The expectation [W, K, periods] of a number of the state [S], from period 0 on."""
        mass = self._flat(self.start(start))
        curve = np.full((*self.solution.found.shape, periods), np.nan)
        held = self._none() if stop is None else stop

        def follow(tile: slice) -> None:
            follow_worlds(*self._arguments(mass, held, tile), values, curve[tile])

        self._in_tiles(follow)
        return curve

    def _settled(self, stop: Bools, start: Array) -> Flow:
        mass = self._flat(start)
        visits, share = np.full(mass.shape, np.nan), np.full(mass.shape, np.nan)

        def settle(tile: slice) -> None:
            settle_worlds(*self._arguments(mass, stop, tile), visits[tile], share[tile])

        self._in_tiles(settle)
        return Flow(visits.reshape(start.shape), share.reshape(start.shape))

    def _none(self) -> Bools:
        return np.zeros(self.structure.n_states, dtype=np.bool_)

    @staticmethod
    def _flat(mass: Array) -> Array:
        return np.ascontiguousarray(mass).reshape(*mass.shape[:3], -1)

    def _arguments(self, mass: Array, stop: Bools, tile: slice) -> tuple[Any, ...]:
        posterior = self.solution.posterior
        if posterior is None:
            posterior = np.zeros((*self.solution.found.shape, 1, 1))
        tables, capacity = _tables(self.structure)
        return (
            mass[tile],
            stop,
            ~self.found[tile],
            self.structure.informed,
            capacity,
            tables,
            self.profile[tile],
            np.ascontiguousarray(posterior[tile]),
            np.ascontiguousarray(self.game.prob[tile]),
        )

    def _in_tiles(self, work: Callable[[slice], None]) -> None:
        worlds = self.game.n_worlds
        tiles = [slice(begin, begin + TILE) for begin in range(0, worlds, TILE)]
        threads = min(os.cpu_count() or 1, len(tiles))
        if threads <= 1:
            for tile in tiles:
                work(tile)
            return
        with ThreadPoolExecutor(threads) as pool:
            for done in [pool.submit(work, tile) for tile in tiles]:
                done.result()


def chains_of(bound: BoundGame, solution: StochasticSolution) -> Chains:
    """The chains of a solution; made once, for all outcomes asked of it."""
    known = bound.cache.get("chains")
    if isinstance(known, Chains) and known.solution is solution:
        return known
    if solution.structure is not bound.game.structure or len(solution.found) != bound.game.n_worlds:
        raise ShapeError("the solution was made for other games")
    chains = Chains(bound.game, solution, _settled_profile(solution))
    bound.cache["chains"] = chains
    return chains


def prior_mass(game: StochasticGame) -> Array:
    """The probability [W, T, G] of each type with the belief where play begins."""
    structure = game.structure
    if structure.informed == NONE:
        return np.ones((game.n_worlds, 1, 1))
    prior = np.clip(np.nan_to_num(game.prior), 0.0, 1.0)
    place = prior * (structure.grid - 1)
    below = np.minimum(np.floor(place).astype(np.int64), structure.grid - 2)
    points = np.zeros((game.n_worlds, structure.grid))
    worlds = np.arange(game.n_worlds)
    points[worlds, below] = 1.0 - (place - below)
    points[worlds, below + 1] = place - below
    types = np.stack([prior, 1.0 - prior], axis=1)
    return types[:, :, None] * points[:, None, :]


def _settled_profile(solution: StochasticSolution) -> Array:
    """The profile with what rounding leaves of actions never taken put to zero.

    A quantal response equilibrium has no such actions and stays as it is.
    """
    profile = np.ascontiguousarray(solution.profile)
    if solution.precision is not None or not profile.size:
        return profile
    kept = np.where(profile > NEVER, profile, 0.0)
    total = np.add.reduceat(kept, solution.structure.action_start[:-1], axis=-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return kept / total[..., solution.structure.action_point]


def _tables(structure: StochasticStructure) -> tuple[tuple[Any, ...], int]:
    """What the kernels read of a structure, and how many entries a chain's rows can have."""
    known = structure.cache.get("chain_tables")
    if known is None:
        states, cells = np.arange(structure.n_states + 1), np.arange(structure.n_cells + 1)
        cell_start = np.searchsorted(structure.cell_state, states).astype(np.int32)
        branch_start = np.searchsorted(structure.branch_cell, cells).astype(np.int32)
        tables = (cell_start, structure.cell_action, branch_start, structure.branch_to)
        entries = 2 * np.diff(branch_start[cell_start])
        nodes = structure.n_states * structure.grid
        known = tables, int(structure.grid * np.minimum(entries, nodes).sum())
        structure.cache["chain_tables"] = known
    return known  # pyright: ignore[reportReturnType]  what this function put there
