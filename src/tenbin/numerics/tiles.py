"""Worlds split into tiles, tiles over threads; every world's result is the same however split."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

__all__ = ["count_threads", "run_tiles"]


def count_threads(threads: int) -> int:
    """How many threads are meant; 0 means every core."""
    return threads or os.cpu_count() or 1


def run_tiles(solve: Callable[[int, int], None], n_worlds: int, size: int, threads: int) -> None:
    """Call `solve(start, stop)` on consecutive tiles of `size` worlds, on several threads.

    The kernels release the interpreter's lock, so that plain threads are enough; Numba's own
    parallel layer would not be safe here, as it cannot be entered from two threads.
    """
    tiles = [(start, min(start + size, n_worlds)) for start in range(0, n_worlds, size)]
    if threads == 1 or len(tiles) < 2:
        for start, stop in tiles:
            solve(start, stop)
        return
    with ThreadPoolExecutor(min(threads, len(tiles))) as pool:
        for future in [pool.submit(solve, *tile) for tile in tiles]:
            future.result()
