"""All extreme equilibria of two-player simultaneous games, ties included, in every world.

Every equilibrium is a mean of extreme ones: of pairs of vertices of the two best-response
polyhedra. Which pairs of supports carry one is decided by the signs of minors of the payoff
matrices (`extreme_tables.py`), sixteen worlds side by side. Worlds in which some sign could be due
to rounding, or to a tie within 1e-12 of a player's widest payoff difference, are done again: in
floating point where all payoffs are small multiples of one power of two, which is then exact, else
in whole numbers without limit, with the payoffs read to twelve decimal digits.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tenbin.errors import ShapeError
from tenbin.forms.contract import Status
from tenbin.forms.tree.solvers.batch import run_tiles
from tenbin.forms.tree.solvers.extreme_exact import exact_minors
from tenbin.forms.tree.solvers.extreme_kernel import ALONE, WORD, equilibria_worlds, spread_worlds
from tenbin.forms.tree.solvers.extreme_tables import (
    MOST_MINORS,
    Bases,
    Minors,
    bases,
    minors,
    n_minors,
)
from tenbin.forms.tree.solvers.extreme_ties_kernel import grid_minors, tied_worlds

__all__ = ["ExtremeEquilibria", "extreme_equilibria", "is_within_bound"]

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

TIED_BYTES = 1 << 26
"""Memory for the minors of worlds with ties that are looked at together."""


@dataclass(frozen=True, slots=True)
class ExtremeEquilibria:
    """What was found; slots of the axis K that hold none are zero in `x` and `y`.

    `x` [W, K, m] and `y` [W, K, n] are mixes of the row and the column player, `found` [W, K] says
    which slots hold one, pure equilibria first unless the world has ties. `component` [W, K]
    numbers the connected components of the world's equilibria from 0; -1 in empty slots. Within
    one, the equilibria are the means of its extreme ones over each maximal set U x V of them.

    `status` [W] as `Status`; `complete` [W] where all extreme equilibria are proved found;
    `degenerate` [W] where some mix has more best responses than actions played; `knife_edge` [W]
    where other ties or other equilibria might appear if payoffs moved by 1e-12 of their widest
    difference: never left out where they would, set too often where payoffs differ much in size.
    """

    x: Floats
    y: Floats
    found: Bools
    component: NDArray[np.int32]
    status: NDArray[np.int8]
    complete: Bools
    degenerate: Bools
    knife_edge: Bools
    method: str


@dataclass(frozen=True, slots=True)
class _Listed:
    """Equilibria of some worlds in a row: the world, mixes and component of each."""

    world: NDArray[np.int32]
    x: Floats
    y: Floats
    component: NDArray[np.int32]


def is_within_bound(m: int, n: int) -> bool:
    """Whether games with m x n actions are solved completely: 9 x 9 are, 2 x 50 too."""
    return max(n_minors(m, n), n_minors(n, m)) <= MOST_MINORS and max(m, n) <= 64


def extreme_equilibria(a: Floats, b: Floats, *, threads: int = 1) -> ExtremeEquilibria:
    """Every extreme Nash equilibrium of every world; K is the most that any world has.

    Parameters
    ----------
    a, b
        Payoffs [W, m, n] of the row player and of the column player, in any unit.
    threads
        How many threads share the worlds; 0 means every core.

    Returns
    -------
    The equilibria with their components. A game beyond `is_within_bound` gets its pure equilibria
    alone and is `complete` nowhere; `method` says so. Payoffs that are not finite give
    `Status.NOT_FINITE`.

    Raises
    ------
    ShapeError
        If `a` and `b` are not three-dimensional and of one shape, with an action at least for each.

    References
    ----------
    [avis2010] for the set of equilibria and its components, [vonstengel2002] for the polyhedra.
    """
    a, b = np.ascontiguousarray(a, dtype=float), np.ascontiguousarray(b, dtype=float)
    if a.ndim != 3 or a.shape != b.shape or 0 in a.shape[1:]:
        raise ShapeError(
            f"payoffs must be two arrays [worlds, rows, columns] of one shape; given {a.shape} "
            f"and {b.shape}"
        )
    if not is_within_bound(*a.shape[1:]):
        return _pure_alone(a, b)
    return _all(a, b, threads)


def _finite(payoffs: Floats) -> Bools:
    """Whether all payoffs and all their differences are finite [W]."""
    with np.errstate(over="ignore", invalid="ignore"):
        spread = payoffs.max(axis=(1, 2)) - payoffs.min(axis=(1, 2))
    return np.isfinite(spread)


def _pure_alone(a: Floats, b: Floats) -> ExtremeEquilibria:
    """The pure equilibria of games that are too large, complete nowhere."""
    m, n = a.shape[1:]
    finite = _finite(a) & _finite(b)
    pure = (a >= a.max(axis=1, keepdims=True)) & (b >= b.max(axis=2, keepdims=True))
    world, row, column = np.nonzero(pure & finite[:, None, None])
    number = np.full(len(world), ALONE, dtype=np.int32)
    listed = _Listed(world.astype(np.int32), np.eye(m)[row], np.eye(n)[column], number)
    x, y, found, component = _spread([listed], np.bincount(world, minlength=len(a)), m, n)
    nowhere = np.zeros(len(a), dtype=np.bool_)
    pure_status = np.where(found.any(axis=1), Status.SOLVED, Status.NO_EQUILIBRIUM_FOUND)
    return ExtremeEquilibria(
        x=x,
        y=y,
        found=found,
        component=component,
        status=np.where(finite, pure_status, Status.NOT_FINITE).astype(np.int8),
        complete=nowhere,
        degenerate=nowhere,
        knife_edge=nowhere,
        method=f"pure equilibria alone: {m} x {n} actions are beyond the bound of enumeration",
    )


def _all(a: Floats, b: Floats, threads: int) -> ExtremeEquilibria:
    """Every extreme equilibrium, worlds with near ties done again."""
    n_worlds, m, n = a.shape
    tables = _Tables(minors(m, n), minors(n, m), bases(m, n))
    count = np.zeros(n_worlds, dtype=np.int64)
    finite = np.ones(n_worlds, dtype=np.bool_)
    sure = np.zeros(n_worlds, dtype=np.bool_)
    flags = np.zeros((n_worlds, 2), dtype=np.bool_)
    listed: dict[int, list[_Listed]] = {}

    def tile(start: int, stop: int) -> None:
        part = slice(start, stop)
        found = _distinct(tables, a[part], b[part], count[part], sure[part])
        again = start + np.flatnonzero(~sure[part])
        finite[again] = _finite(a[again]) & _finite(b[again])
        again = again[finite[again]]
        size = max(1, TIED_BYTES // (8 * tables.n_minors))
        for first in range(0, len(again), size):
            found.append(_tied(tables, a, b, again[first : first + size], flags, start))
            count[part] += np.bincount(found[-1].world, minlength=stop - start)
        listed[start] = [replace(each, world=each.world + np.int32(start)) for each in found]

    run_tiles(tile, n_worlds, 16 * (m * n + m + n), threads)
    parts = [each for start in sorted(listed) for each in listed[start]]
    x, y, found, component = _spread(parts, count, m, n)
    return ExtremeEquilibria(
        x=x,
        y=y,
        found=found,
        component=component,
        status=np.where(finite, Status.SOLVED, Status.NOT_FINITE).astype(np.int8),
        complete=finite,
        degenerate=flags[:, 0],
        knife_edge=flags[:, 1],
        method="vertex enumeration by signs of minors, near ties in exact arithmetic",
    )


@dataclass(frozen=True, slots=True)
class _Tables:
    """The index lists of a shape: minors of both players' payoffs, and pairs of supports."""

    one: Minors
    two: Minors
    pairs: Bases

    @property
    def n_minors(self) -> int:
        """Minors of both players' payoffs together."""
        return int(self.one.start[-1] + self.two.start[-1])


def _distinct(
    tables: _Tables, a: Floats, b: Floats, count: NDArray[np.int64], sure: Bools
) -> list[_Listed]:
    """Equilibria of the worlds without near ties; `count` and `sure` [W] are filled."""
    m, n = a.shape[1:]
    a, b = a.reshape(len(a), m * n), b.reshape(len(b), m * n)
    found: list[_Listed] = []
    first = 0
    while first < len(a):
        each = _empty(4 * (len(a) - first) + len(tables.pairs.size) * WORD, m, n)
        written, first = equilibria_worlds(
            tables.one,
            tables.two,
            tables.pairs,
            a,
            b,
            first,
            each.world,
            each.x,
            each.y,
            count,
            sure,
        )
        each.component[:] = ALONE
        found.append(_cut(each, written))
    return found


def _tied(
    tables: _Tables, a: Floats, b: Floats, again: NDArray[np.intp], flags: Bools, start: int
) -> _Listed:
    """Equilibria of the worlds `again`, counted from `start`; their rows of `flags` are filled."""
    a, b = a[again], np.ascontiguousarray(b[again].transpose(0, 2, 1))
    one, two = _exact(tables.one, a), _exact(tables.two, b)
    m, n = a.shape[1:]
    own = np.zeros((len(again), 2), dtype=np.bool_)
    size, first = 4 * (m * n + len(again)), 0
    found: list[_Listed] = []
    while first < len(again):
        each = _empty(size, m, n)
        written, first = tied_worlds(
            tables.one,
            tables.two,
            tables.pairs,
            one,
            two,
            first,
            each.world,
            each.x,
            each.y,
            each.component,
            own,
        )
        found.append(_cut(each, written))
        size *= 2
    flags[again] = own
    joined = _join(found)
    return replace(joined, world=(again[joined.world] - start).astype(np.int32))


def _exact(table: Minors, payoffs: Floats) -> Floats:
    """Minors with exact signs [W, minors] of payoffs [W, rows, columns]."""
    found = np.empty((len(payoffs), int(table.start[-1])))
    exact = np.empty(len(payoffs), dtype=np.bool_)
    grid_minors(table, payoffs, found, exact)
    if not exact.all():
        found[~exact] = exact_minors(table, payoffs[~exact])
    return found


def _empty(size: int, m: int, n: int) -> _Listed:
    """Room for a number of equilibria."""
    return _Listed(
        world=np.empty(size, dtype=np.int32),
        x=np.empty((size, m)),
        y=np.empty((size, n)),
        component=np.empty(size, dtype=np.int32),
    )


def _cut(listed: _Listed, size: int) -> _Listed:
    """The first equilibria of a list."""
    return _Listed(listed.world[:size], listed.x[:size], listed.y[:size], listed.component[:size])


def _join(parts: list[_Listed]) -> _Listed:
    """Lists one after the other."""
    return _Listed(
        world=np.concatenate([part.world for part in parts]),
        x=np.concatenate([part.x for part in parts]),
        y=np.concatenate([part.y for part in parts]),
        component=np.concatenate([part.component for part in parts]),
    )


def _spread(
    listed: list[_Listed], count: NDArray[np.int64], m: int, n: int
) -> tuple[Floats, Floats, Bools, NDArray[np.int32]]:
    """Lists of equilibria as arrays over worlds and slots; `count` [W] is each world's number."""
    n_worlds, most = len(count), int(count.max(initial=1))
    x, y = np.zeros((n_worlds, most, m)), np.zeros((n_worlds, most, n))
    found = np.zeros((n_worlds, most), dtype=np.bool_)
    component = np.full((n_worlds, most), -1, dtype=np.int32)
    filled = np.zeros(n_worlds, dtype=np.int64)
    for part in listed:
        spread_worlds(part.world, part.x, part.y, part.component, x, y, found, component, filled)
    return x, y, found, component
