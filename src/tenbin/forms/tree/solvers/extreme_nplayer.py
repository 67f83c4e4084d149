"""Simultaneous games of any number of players: all pure equilibria, mixed ones by search."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations, islice, product
from math import prod

import numpy as np
from numpy.typing import NDArray

from tenbin.errors import ShapeError
from tenbin.forms.contract import Status
from tenbin.forms.tree.solvers.batch import run_tiles
from tenbin.forms.tree.solvers.extreme_nplayer_kernel import search_worlds
from tenbin.forms.tree.solvers.extreme_tables import NEAR

__all__ = ["MOST_SUPPORTS", "ProfileEquilibria", "mixed_profiles", "pure_profiles"]

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

MOST_SUPPORTS = 50_000
"""Profiles of supports that are tried; smaller supports first."""


@dataclass(frozen=True, slots=True)
class ProfileEquilibria:
    """What was found; `profile` [W, K, A] holds the mixes of all players one after the other.

    `found` [W, K] says which slots hold one. `isolated` [W, K] is false where the equations of its
    support are singular, so that it may be one of a continuum, of which one member is kept per
    support. `status` [W] as `Status`; `complete` [W]: whether no other equilibrium *of the kind
    sought* exists; `knife_edge` [W]: a gain within 1e-12 of the payoff range was taken for a tie.
    """

    profile: Floats
    found: Bools
    isolated: Bools
    status: NDArray[np.int8]
    complete: Bools
    knife_edge: Bools
    method: str


def pure_profiles(payoffs: Floats) -> ProfileEquilibria:
    """Every pure equilibrium of every world, found by comparing all profiles.

    Parameters
    ----------
    payoffs
        [W, P, m1, ..., mP] in any unit: of each player in each profile of actions. Gains within
        1e-12 of a player's payoff range count as none.

    Returns
    -------
    The equilibria in the order of their actions, the last player's changing fastest; all are kept.

    Raises
    ------
    ShapeError
        If there is not an axis of actions for each player.
    """
    payoffs = _checked(payoffs)
    players, shape = payoffs.shape[1], payoffs.shape[2:]
    finite = _finite(payoffs)
    is_best = np.broadcast_to(finite.reshape(-1, *[1] * players), (len(payoffs), *shape)).copy()
    is_tie = np.zeros_like(is_best)
    with np.errstate(invalid="ignore"):
        for p in range(players):
            u = 0.25 * payoffs[:, p]
            axes = tuple(range(1, u.ndim))
            loss = u.max(axis=p + 1, keepdims=True) - u
            near = NEAR * (u.max(axis=axes, keepdims=True) - u.min(axis=axes, keepdims=True))
            is_best &= loss <= near
            is_tie |= (loss > 0) & (loss <= near)
    knife_edge = np.any(is_best & is_tie, axis=tuple(range(1, is_best.ndim)))
    world, *actions = np.nonzero(is_best)
    starts = np.cumsum([0, *shape[:-1]])
    profile = np.zeros((len(world), sum(shape)))
    for start, action in zip(starts, actions, strict=True):
        profile[np.arange(len(world)), start + action] = 1.0
    isolated = np.ones(len(world), dtype=np.bool_)
    return _arranged(
        world, profile, isolated, finite, finite, knife_edge, "pure equilibria by comparing all"
    )


def mixed_profiles(payoffs: Floats, *, starts: int = 12, threads: int = 1) -> ProfileEquilibria:
    """The equilibria that a search over supports finds, pure and mixed; never proved complete.

    On every profile of supports in which no action is strictly dominated, the equations that make
    the actions played equally good are solved by Newton's steps: from one start where at most two
    players mix (the equations are linear then), else from `starts`, the same in every world.

    Parameters
    ----------
    payoffs
        [W, P, m1, ..., mP] in any unit.
    starts
        How many starts on a support.
    threads
        How many threads share the worlds; 0 means every core.

    Returns
    -------
    The equilibria, smaller supports first; nobody gains more than 1e-9 of the payoff range. Beyond
    `MOST_SUPPORTS` profiles of supports the larger ones are not tried, and `method` says so.

    Raises
    ------
    ShapeError
        If there is not an axis of actions for each player.

    References
    ----------
    [porter2008] for the search over supports.
    """
    payoffs = _checked(payoffs)
    shape = payoffs.shape[2:]
    finite = _finite(payoffs)
    supports, left_out = _supports(shape)
    weights = np.random.default_rng(0).exponential(size=(starts, sum(shape)))
    weights[0] = 1.0
    searched = [_Searched.room(0, sum(shape))]
    scaled = _scaled(payoffs, finite)
    sizes = np.array(shape, dtype=np.int64)
    cells = np.indices(shape).reshape(len(shape), -1).T + (np.cumsum(sizes) - sizes)

    def tile(start: int, stop: int) -> None:
        at, room = start, 16 * (stop - start)
        while at < stop:
            each = _Searched.room(room, sum(shape))
            written, done = search_worlds(
                scaled[at:stop],
                sizes,
                cells,
                supports,
                weights,
                0,
                each.world,
                each.profile,
                each.isolated,
            )
            searched.append(each.begun(written))
            searched[-1].world[:] += at
            at, room = at + done, 2 * room

    run_tiles(tile, len(payoffs), 8 * prod(payoffs.shape[1:]), threads)
    world, profile, isolated = (
        np.concatenate(parts) for parts in zip(*(each.parts() for each in searched), strict=True)
    )
    order = np.argsort(world, kind="stable")
    order = order[finite[world[order]]]
    nowhere = np.zeros(len(payoffs), dtype=np.bool_)
    method = f"search over {len(supports)} profiles of supports, {starts} starts; found so far"
    if left_out:
        method += f"; {left_out} larger profiles of supports were not tried"
    return _arranged(
        world[order], profile[order], isolated[order], finite, nowhere, nowhere, method
    )


@dataclass(frozen=True, slots=True)
class _Searched:
    """Equilibria of some worlds: the world, the mixes and whether each is isolated."""

    world: NDArray[np.int64]
    profile: Floats
    isolated: Bools

    @classmethod
    def room(cls, size: int, actions: int) -> _Searched:
        """Room for a number of equilibria."""
        return cls(
            np.empty(size, dtype=np.int64),
            np.empty((size, actions)),
            np.empty(size, dtype=np.bool_),
        )

    def begun(self, size: int) -> _Searched:
        """The first of them."""
        return _Searched(self.world[:size], self.profile[:size], self.isolated[:size])

    def parts(self) -> tuple[NDArray[np.int64], Floats, Bools]:
        """The three arrays."""
        return self.world, self.profile, self.isolated


def _checked(payoffs: Floats) -> Floats:
    """Payoffs as floats, with an axis of actions for each player."""
    payoffs = np.ascontiguousarray(payoffs, dtype=float)
    if payoffs.ndim < 3 or payoffs.ndim != payoffs.shape[1] + 2 or 0 in payoffs.shape[1:]:
        raise ShapeError(
            "payoffs must be an array [worlds, players, actions of the first, ...] with an axis of "
            f"actions for each player; given {payoffs.shape}"
        )
    return payoffs


def _finite(payoffs: Floats) -> Bools:
    """Whether all payoffs are finite [W]."""
    return np.all(np.isfinite(payoffs), axis=tuple(range(1, payoffs.ndim)))


def _scaled(payoffs: Floats, finite: Bools) -> Floats:
    """Payoffs [W, P, cells] from 0 to 1 for each player; 0 where nothing is at stake."""
    flat = payoffs.reshape(*payoffs.shape[:2], prod(payoffs.shape[2:]))
    flat = np.where(finite[:, None, None], flat, 0.0)
    flat = flat / np.maximum(np.abs(flat).max(axis=2, keepdims=True), np.finfo(float).tiny)
    flat = flat - flat.min(axis=2, keepdims=True)
    widest = flat.max(axis=2, keepdims=True)
    return flat / np.where(widest > 0, widest, 1.0)


def _supports(shape: tuple[int, ...]) -> tuple[Bools, int]:
    """Profiles of supports [N, A] by their number of actions, and how many were left out."""
    starts = np.cumsum([0, *shape])
    sizes = sorted(product(*(range(1, m + 1) for m in shape)), key=lambda size: (sum(size), size))
    each = (
        chosen
        for size in sizes
        for chosen in product(
            *(combinations(range(m), k) for m, k in zip(shape, size, strict=True))
        )
    )
    listed = list(islice(each, MOST_SUPPORTS))
    found = np.zeros((len(listed), sum(shape)), dtype=np.bool_)
    for row, chosen in zip(found, listed, strict=True):
        for start, actions in zip(starts, chosen, strict=False):
            row[start + np.array(actions)] = True
    return found, prod(2**m - 1 for m in shape) - len(listed)


def _arranged(
    world: NDArray[np.intp],
    profile: Floats,
    isolated: Bools,
    finite: Bools,
    complete: Bools,
    knife_edge: Bools,
    method: str,
) -> ProfileEquilibria:
    """Equilibria listed world by world, in slots [W, K]."""
    count = np.bincount(world, minlength=len(finite))
    slot = np.arange(len(world)) - np.repeat(np.cumsum(count) - count, count)
    found = np.zeros((len(finite), int(count.max(initial=1))), dtype=np.bool_)
    found[world, slot] = True
    mixes = np.zeros((*found.shape, profile.shape[1]))
    mixes[world, slot] = profile
    isolation = np.zeros_like(found)
    isolation[world, slot] = isolated
    solved = np.where(found.any(axis=1), Status.SOLVED, Status.NO_EQUILIBRIUM_FOUND)
    status = np.where(finite, solved, Status.NOT_FINITE).astype(np.int8)
    return ProfileEquilibria(mixes, found, isolation, status, complete, knife_edge, method)
