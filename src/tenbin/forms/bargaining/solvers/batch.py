"""Problems in tiles over threads, and the solution put together from what the kernels write."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tenbin.forms.bargaining.tables import IMPASSE, RESULTS, BargainingSolution, Bools, Problems
from tenbin.forms.contract import SolverOptions, Status
from tenbin.scenario.language import Array

__all__ = ["Outputs", "assembled", "payoffs_at", "run_tiles", "solve_frontier"]

TILE = 16_384
"""Problems that are worked on at a time by one thread."""


def run_tiles(solve: Callable[[int, int], None], size: int, threads: int) -> None:
    """Call `solve(start, stop)` on consecutive tiles; `threads` 0 means every core.

    The kernels release the interpreter's lock; every problem's result is the same however split.
    """
    threads = threads or os.cpu_count() or 1
    tiles = [(start, min(start + TILE, size)) for start in range(0, size, TILE)]
    if threads == 1 or len(tiles) < 2:
        for start, stop in tiles:
            solve(start, stop)
        return
    with ThreadPoolExecutor(min(threads, len(tiles))) as pool:
        for future in [pool.submit(solve, *tile) for tile in tiles]:
            future.result()


@dataclass(frozen=True)
class Outputs:
    """What kernels write of problems in which nothing is left to chance."""

    offer: Array
    action: NDArray[np.int8]
    share: Array
    result: NDArray[np.int8]
    gain: Array
    tie: Bools
    found: Bools

    @classmethod
    def of(cls, problems: Problems) -> Outputs:
        n, issues = len(problems), problems.n_issues
        return cls(
            offer=np.full((n, 2, issues), np.nan),
            action=np.zeros((n, 2), dtype=np.int8),
            share=np.full((n, issues), np.nan),
            result=np.full(n, IMPASSE, dtype=np.int8),
            gain=np.zeros((n, 2)),
            tie=np.zeros(n, dtype=np.bool_),
            found=np.zeros(n, dtype=np.bool_),
        )


def solve_frontier(
    problems: Problems, options: SolverOptions, worlds: int, method: int, name: str
) -> BargainingSolution:
    """Solve problems without types or chance by a concept that is a place on the frontier."""
    from tenbin.forms.bargaining.solvers.worlds_kernel import solve_worlds

    out = Outputs.of(problems)
    curvature = problems.curvature if problems.curvature is not None else np.empty((0, 2))

    def solve(start: int, stop: int) -> None:
        at = slice(start, stop)
        solve_worlds(
            method, problems.first, problems.periods, problems.base[at, :, 0],
            problems.slope[at, :, 0], problems.low[at], problems.high[at], curvature[at],
            problems.power[at], problems.disagreement[at, :, 0], problems.outside[at, :, 0],
            problems.left[at, :, 0], problems.discount[at], problems.floor[at],
            problems.valid[at], out.offer[at], out.action[at], out.share[at], out.result[at],
            out.gain[at], out.tie[at], out.found[at],
        )  # fmt: skip

    run_tiles(solve, len(problems), options.threads)
    chance, payoff = _cells(problems, out)
    return assembled(
        problems, worlds, out.offer, out.action, chance, payoff, out.share[:, None, None, :],
        out.found, {"tie": out.tie}, name,
    )  # fmt: skip


def payoffs_at(problems: Problems, shares: Array) -> Array:
    """What shares [N, J] are worth to both [N, 2], where nobody has types."""
    if problems.curvature is None:
        return problems.base[:, :, 0] + np.einsum("nij,nj->ni", problems.slope[:, :, 0], shares)
    rise = problems.slope[:, :, 0, 0]
    own = np.where(rise >= 0, shares, 1.0 - shares)
    worst = problems.base[:, :, 0] + np.minimum(rise, 0.0)
    return worst + np.abs(rise) * own**problems.curvature


def _cells(problems: Problems, out: Outputs) -> tuple[Array, Array]:
    """Probabilities [N, 4, 1] of the results and payoffs [N, 2, 1, 1] in the one that happens."""
    chance = np.zeros((len(problems), RESULTS, 1))
    np.put_along_axis(chance, out.result[:, None, None].astype(np.intp), 1.0, axis=1)
    payoff = problems.disagreement[:, :, 0] + out.gain
    return chance, payoff[:, :, None, None]


def assembled(
    problems: Problems,
    worlds: int,
    offer: Array,
    action: NDArray[np.int8],
    chance: Array,
    payoff: Array,
    share: Array,
    found: Bools,
    flags: dict[str, Bools],
    method: str,
) -> BargainingSolution:
    """The solution of W worlds from what is known of their N = W x M problems."""
    by_world = problems.valid.reshape(worlds, -1).all(axis=1)
    solved = found.reshape(worlds, -1).all(axis=1)
    status = np.where(
        by_world, np.where(solved, Status.SOLVED, Status.NO_EQUILIBRIUM_FOUND), Status.NOT_FINITE
    )
    shown = {
        name: np.logical_and(flag.reshape(worlds, -1).any(axis=1), by_world)
        for name, flag in flags.items()
    }
    usable = status == Status.SOLVED
    return BargainingSolution(
        offer=offer,
        action=action,
        chance=chance,
        payoff=payoff,
        share=share,
        status=status.astype(np.int8),
        found=usable[:, None],
        complete=usable & ~shown["tie"],
        method=method,
        flags=shown,
    )
