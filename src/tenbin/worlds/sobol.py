"""Points of Sobol's sequence by world number, scrambled; and who gets which of its dimensions.

`sobol.npz` holds the direction numbers of 512 dimensions, chosen in rising order from those of Joe
and Kuo ([joe2008]; `sobol-licence.txt`) such that no two have the same first binary digit in all
of the first 1,024 points: the usual first 512 hold pairs that are correlated by 0.75 there.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from hashlib import blake2b
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

__all__ = ["direction_numbers", "scrambled_points", "sobol_dimensions", "sobol_integers"]

_Integers = NDArray[np.uint32]


def sobol_dimensions(names: Iterable[str]) -> dict[str, int]:
    """The dimension of each name, from a hash of the name.

    Where an earlier name of the file already has that dimension, the next of the name's own
    sequence of dimensions is tried. So a name added at the end of the file leaves all others where
    they are; one added before others moves another only where the two meet in one dimension.

    Parameters
    ----------
    names
        In the order of the file.

    Returns
    -------
    Dimensions below 512; names that find all of them taken share one.
    """
    available = len(direction_numbers())
    taken: set[int] = set()
    places: dict[str, int] = {}
    for name in names:
        place, step = _home_and_step(name, available)
        while place in taken and len(taken) < available:
            place = (place + step) % available
        taken.add(place)
        places[name] = place
    return places


def _home_and_step(name: str, available: int) -> tuple[int, int]:
    """Where a name's search starts, and its odd step, which visits every dimension."""
    digest = blake2b(name.encode(), digest_size=16, person=b"tenbin sobol").digest()
    home, step = (int.from_bytes(digest[part : part + 8], "little") for part in (0, 8))
    return home % available, (2 * step + 1) % available


@cache
def direction_numbers() -> _Integers:
    """Direction numbers [dimension, 32], most significant digit first."""
    with (files("tenbin.worlds") / "sobol.npz").open("rb") as stream, np.load(stream) as table:
        return table["direction"]


def sobol_integers(dimension: int, index: _Integers) -> _Integers:
    """Coordinates [W] of the points with these numbers [W], as 32-bit fractions.

    Points stand in plain binary order, not in Gray code order.
    """
    x = np.zeros_like(index)
    digits = int(index.max(initial=0)).bit_length()
    for digit, direction in enumerate(direction_numbers()[dimension][:digits]):
        x ^= ((index >> np.uint32(digit)) & np.uint32(1)) * direction
    return x


def scrambled_points(x: _Integers, keys: NDArray[np.uint64]) -> NDArray[np.float64]:
    """Fractions in (0, 1) whose binary digits are permuted, each by a rule of the digits before.

    This is nested uniform scrambling by hashing ([burley2020]): every interval of a power of two
    keeps its number of points.

    Parameters
    ----------
    x
        32-bit fractions [W].
    keys
        Words that choose the permutation.
    """
    scrambled = _reversed_digits(_permuted_upwards(_reversed_digits(x), keys.astype(np.uint32)))
    return (scrambled.astype(np.float64) + 0.5) * 2.0**-32


def _permuted_upwards(x: _Integers, keys: _Integers) -> _Integers:
    """A permutation of 32-bit numbers in which each digit depends on itself and lower ones.

    Sums, odd factors, `x + (x * x | 5)` and `x ^ even * x` have this property and keep it joined.
    """
    for key in keys:
        x = x + key
        x = x + ((x * x) | np.uint32(5))
        x = x ^ (x * np.uint32(0x9E3779B2))
        x = x * (key | np.uint32(1))
    return x


def _reversed_digits(x: _Integers) -> _Integers:
    """Each 32-bit number with its binary digits in the opposite order."""
    masks = ((1, 0x55555555), (2, 0x33333333), (4, 0x0F0F0F0F), (8, 0x00FF00FF))
    for shift, mask in masks:
        step, half = np.uint32(shift), np.uint32(mask)
        x = ((x >> step) & half) | ((x & half) << step)
    return (x >> np.uint32(16)) | (x << np.uint32(16))
