"""Worlds split into tiles, tiles over threads; every world's result is the same however split."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

__all__ = ["run_tiles"]

TILE_BYTES = 1 << 23
"""Memory that one tile's arrays may take: more would leave the processor's cache."""

SMALLEST_TILE = 256


def run_tiles(
    solve: Callable[[int, int], None], n_worlds: int, bytes_per_world: int, threads: int
) -> None:
    """Call `solve(start, stop)` on consecutive tiles of worlds; `threads` 0 means every core.

    The kernels release the interpreter's lock, so that plain threads are enough; Numba's own
    parallel layer would not be safe here, as it cannot be entered from two threads.
    """
    threads = threads or os.cpu_count() or 1
    size = min(TILE_BYTES // max(1, bytes_per_world), -(-n_worlds // (4 * threads)))
    size = max(size, min(SMALLEST_TILE, -(-n_worlds // threads)), 1)
    tiles = [(start, min(start + size, n_worlds)) for start in range(0, n_worlds, size)]
    if threads == 1 or len(tiles) < 2:
        for start, stop in tiles:
            solve(start, stop)
        return
    with ThreadPoolExecutor(min(threads, len(tiles))) as pool:
        for future in [pool.submit(solve, *tile) for tile in tiles]:
            future.result()
