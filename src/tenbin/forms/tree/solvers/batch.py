"""How many worlds of a tree make a tile."""

from __future__ import annotations

from collections.abc import Callable

from tenbin.numerics import tiles

__all__ = ["run_tiles"]

TILE_BYTES = 1 << 23
"""Memory that one tile's arrays may take: more would leave the processor's cache."""

SMALLEST_TILE = 256


def run_tiles(
    solve: Callable[[int, int], None], n_worlds: int, bytes_per_world: int, threads: int
) -> None:
    """Call `solve(start, stop)` on consecutive tiles of worlds; `threads` 0 means every core."""
    threads = tiles.count_threads(threads)
    size = min(TILE_BYTES // max(1, bytes_per_world), -(-n_worlds // (4 * threads)))
    size = max(size, min(SMALLEST_TILE, -(-n_worlds // threads)), 1)
    tiles.run_tiles(solve, n_worlds, size, threads)
