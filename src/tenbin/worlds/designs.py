"""Uniform draws by world number: each design is a function of a name's key and of the worlds.

Every design can be entered at any world, so that chunks, machines and workers do not matter, and
looks at one name at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

import numpy as np
from numpy.typing import NDArray

from tenbin.errors import ShapeError
from tenbin.scenario.language import Array
from tenbin.worlds.keys import key_words
from tenbin.worlds.sobol import scrambled_points, sobol_dimensions, sobol_integers

__all__ = ["DESIGNS", "MAX_WORLDS", "uniform_draws"]

MAX_WORLDS = 2**32
"""A world number has 32 binary digits."""


def uniform_draws(
    names: tuple[str, ...],
    start: int,
    stop: int,
    *,
    seed: int,
    design: str,
    total: int,
    wanted: Collection[str] | None = None,
) -> dict[str, Array]:
    """Draws of every name in worlds `start` to `stop`, uniform in the open interval (0, 1).

    Parameters
    ----------
    names
        The uncertainties, in the order of the file.
    start, stop
        World numbers, `0 <= start <= stop <= total`.
    seed
        Any integer.
    design
        A key of `DESIGNS`.
    total
        The number of worlds of the run; only `latin` depends on it.
    wanted
        Names whose draws are wanted; by default all. A draw is the same whatever else is wanted.

    Returns
    -------
    Draws [W] by name, W = stop - start.

    Raises
    ------
    ShapeError
        If the design is unknown or the worlds do not lie in the run.
    """
    if design not in DESIGNS:
        raise ShapeError(f"unknown design '{design}'; there are {', '.join(DESIGNS)}")
    if not 0 <= start <= stop <= total <= MAX_WORLDS:
        raise ShapeError(
            f"worlds {start} to {stop} do not lie in a run of {total} (at most {MAX_WORLDS})"
        )
    places = sobol_dimensions(names) if design == "sobol" else dict.fromkeys(names, 0)
    if wanted is not None:
        places = {name: place for name, place in places.items() if name in wanted}
    return DESIGNS[design](places, start, stop, seed, total)


def _sobol(
    places: dict[str, int], start: int, stop: int, seed: int, total: int
) -> dict[str, Array]:
    """Sobol's sequence, scrambled: the first `2 ** k` worlds lie in as many equal intervals."""
    del total
    index = np.arange(start, stop, dtype=np.uint32)
    return {
        name: scrambled_points(sobol_integers(dimension, index), key_words(seed, "sobol", name, 4))
        for name, dimension in places.items()
    }


def _latin(
    places: dict[str, int], start: int, stop: int, seed: int, total: int
) -> dict[str, Array]:
    """One draw in each of `total` equal intervals, in an order of each name's own."""
    index = np.arange(start, stop, dtype=np.uint64)
    return {
        name: (
            _permuted(index, total, key_words(seed, "latin", name, 8))
            + _counter_draws("latin place", name, start, stop, seed)
        )
        / total
        for name in places
    }


def _permuted(
    index: NDArray[np.uint64], total: int, keys: NDArray[np.uint64]
) -> NDArray[np.uint64]:
    """Where a keyed permutation of `0 .. total - 1` puts each index, computed index by index.

    Numbers of as many bits as needed are permuted, again and again until they fall in range.
    """
    bits = max((total - 1).bit_length(), 1)
    place = _permuted_bits(index, bits, keys)
    outside = np.flatnonzero(place >= total)
    while len(outside):
        place[outside] = _permuted_bits(place[outside], bits, keys)
        outside = outside[place[outside] >= total]
    return place


def _permuted_bits(
    x: NDArray[np.uint64], bits: int, keys: NDArray[np.uint64]
) -> NDArray[np.uint64]:
    mask = np.uint64((1 << bits) - 1)
    shift = np.uint64((bits + 1) // 2)
    for key in keys:
        x = (x * (key | np.uint64(1)) + (key >> np.uint64(32))) & mask
        x = x ^ (x >> shift)
    return x


def _monte_carlo(
    places: dict[str, int], start: int, stop: int, seed: int, total: int
) -> dict[str, Array]:
    """Independent draws: the counter of a Philox generator is the world number."""
    del total
    return {name: _counter_draws("monte carlo", name, start, stop, seed) for name in places}


def _counter_draws(purpose: str, name: str, start: int, stop: int, seed: int) -> Array:
    """Independent uniform draws of worlds `start` to `stop` [W]; four worlds share a counter."""
    first = start // 4
    generator = np.random.Philox(key=key_words(seed, purpose, name, 2), counter=first)
    raw = generator.random_raw(stop - 4 * first)[start - 4 * first :]
    return ((raw >> np.uint64(12)).astype(np.float64) + 0.5) * 2.0**-52


DESIGNS: dict[str, Callable[[dict[str, int], int, int, int, int], dict[str, Array]]] = {
    "sobol": _sobol,
    "latin": _latin,
    "monte_carlo": _monte_carlo,
}
"""The designs by name; `sobol` and `monte_carlo` can be extended to more worlds, `latin` not."""
