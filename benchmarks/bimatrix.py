"""All equilibria of bimatrix games against quantecon, nashpy and pygambit, in one run.

Random games, every payoff drawn from the normal distribution: 100,000 worlds of ours in one batch,
as many of a peer's as the time allows. Peers get their games ready made and are called once before
the clock starts. A world counts as solved where the list is right: ours where every equilibrium
leaves nobody a gain above 1e-6 of the payoff range and their number is odd, a peer's where it is
the same set as ours to 1e-6.

    python benchmarks/bimatrix.py [--worlds N] [--seconds S] [--sizes 3 5]
    python benchmarks/bimatrix.py --growth
"""

from __future__ import annotations

import argparse
import time
import warnings
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenbin.forms.tree.solvers.extreme import ExtremeEquilibria, extreme_equilibria

Floats = NDArray[np.float64]
Pair = tuple[Iterable[float], Iterable[float]]


def draw(worlds: int, m: int, n: int, whole: int = 0) -> tuple[Floats, Floats]:
    """Random payoffs [W, m, n] of both; of whole numbers from 0 where `whole` gives their count."""
    rng = np.random.default_rng(1)
    if whole:
        a, b = rng.integers(0, whole, size=(2, worlds, m, n)).astype(float)
    else:
        a, b = rng.normal(size=(2, worlds, m, n))
    return a, b


def is_right(a: Floats, b: Floats, found: ExtremeEquilibria) -> NDArray[np.bool_]:
    """Whether nobody gains above 1e-6 of the payoff range, and the number is odd [W]."""
    rows = np.einsum("wij,wkj->wki", a, found.y)
    columns = np.einsum("wij,wki->wkj", b, found.x)
    gain = np.maximum(
        (rows.max(-1) - (rows * found.x).sum(-1)) / np.ptp(a, axis=(1, 2))[:, None],
        (columns.max(-1) - (columns * found.y).sum(-1)) / np.ptp(b, axis=(1, 2))[:, None],
    )
    fair = ((gain <= 1e-6) | ~found.found).all(axis=1)
    return fair & found.complete & (found.found.sum(axis=1) % 2 == 1)


def time_ours(a: Floats, b: Floats) -> tuple[ExtremeEquilibria, float, float]:
    """What was found, CPU seconds of one thread as the mean of five runs, and of a first run.

    The first run takes its memory fresh from the system; a run of many chunks does so once.
    """
    begin = time.process_time()
    found = extreme_equilibria(a, b, threads=1)
    first = time.process_time() - begin
    spent = 0.0
    for _ in range(5):
        del found
        begin = time.process_time()
        found = extreme_equilibria(a, b, threads=1)
        spent += time.process_time() - begin
    return found, spent / 5, first


def by_quantecon(a: Floats, b: Floats) -> Callable[[], list[Pair]]:
    """One world for quantecon's support enumeration."""
    import quantecon.game_theory as theory

    game = theory.NormalFormGame((theory.Player(a), theory.Player(np.ascontiguousarray(b.T))))
    return lambda: theory.support_enumeration(game)


def by_nashpy(a: Floats, b: Floats) -> Callable[[], list[Pair]]:
    """One world for nashpy's support enumeration."""
    import nashpy

    warnings.simplefilter("ignore", RuntimeWarning)
    game = nashpy.Game(a, b)
    return lambda: list(game.support_enumeration())


def by_gambit(a: Floats, b: Floats) -> Callable[[], Any]:
    """One world for pygambit's vertex enumeration in floating point."""
    import pygambit

    game = pygambit.StrategicGame.from_arrays(a, b)
    return lambda: pygambit.nash.enummixed_solve(game, rational=False).equilibria


def as_rows(found: Any) -> Floats:
    """A peer's list as rows of x and y, sorted."""
    rows = []
    for profile in found:
        if isinstance(profile, tuple):
            rows.append(np.concatenate(profile))
        else:
            rows.append([float(share) for p in ("1", "2") for _, share in profile[p]])
    return sort_rows(np.array(rows))


def sort_rows(rows: Floats) -> Floats:
    """Rows in the order of their rounded entries."""
    return rows[np.lexsort(np.round(rows, 5).T)] if len(rows) else rows


def time_peer(
    ready: Callable[[Floats, Floats], Callable[[], Any]],
    a: Floats,
    b: Floats,
    ours: ExtremeEquilibria,
    seconds: float,
) -> tuple[int, int, float]:
    """Worlds tried, worlds where its list is ours, and its CPU seconds."""
    ready(a[0], b[0])()
    tried = same = 0
    spent = 0.0
    while tried < len(a) and spent < seconds:
        solve = ready(a[tried], b[tried])
        begin = time.process_time()
        found = solve()
        spent += time.process_time() - begin
        rows = as_rows(found)
        held = ours.found[tried]
        mine = sort_rows(np.hstack([ours.x[tried, held], ours.y[tried, held]]))
        same += rows.shape == mine.shape and bool(np.allclose(rows, mine, rtol=0, atol=1e-6))
        tried += 1
    return tried, same, spent


def compare(n: int, worlds: int, seconds: float) -> None:
    """One size against all peers."""
    a, b = draw(worlds, n, n)
    found, spent, first = time_ours(a, b)
    right = int(is_right(a, b, found).sum())
    ours = right / spent
    print(f"{n} x {n}: ours {ours:>12,.0f} worlds per CPU s, {right / worlds:.3%} right", end="")
    print(f", {found.found.sum() / worlds:.2f} equilibria a world, {found.found.sum(1).max()} most")
    print(f"    the first run, on fresh memory: {right / first:,.0f}")
    peers = [
        ("quantecon", by_quantecon, 20 if n <= 3 else 10),
        ("nashpy", by_nashpy, 500),
        ("pygambit", by_gambit, 500),
    ]
    for name, ready, bar in peers:
        tried, same, spent = time_peer(ready, a, b, found, seconds)
        rate = same / spent
        print(
            f"    {name:10}{rate:>12,.1f} per CPU s, {tried:,} tried, {same / tried:.2%} the",
            end="",
        )
        print(f" same set; ours / it {ours / rate:,.0f} (bar {bar})", flush=True)


def grow() -> None:
    """Microseconds a world against the number of actions, without and with ties."""
    print("actions   worlds   normal payoffs, us   payoffs 0..9, us   with ties")
    for n in range(2, 9):
        worlds = 20_000 if n < 7 else 10_000 // 5 ** (n - 7)
        _, plain, _ = time_ours(*draw(worlds, n, n))
        found, tied, _ = time_ours(*draw(worlds, n, n, whole=10))
        print(f"{n} x {n}   {worlds:>8,}{plain / worlds * 1e6:>16.2f}", end="")
        print(f"{tied / worlds * 1e6:>20.2f}{found.degenerate.mean():>16.1%}", flush=True)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worlds", type=int, default=100_000)
    parser.add_argument("--seconds", type=float, default=10.0, help="each peer's, per size")
    parser.add_argument("--sizes", type=int, nargs="*", default=[3, 5])
    parser.add_argument("--growth", action="store_true", help="cost against size instead")
    arguments = parser.parse_args()
    extreme_equilibria(*draw(1, 2, 2, whole=2))
    if arguments.growth:
        grow()
        return
    for n in arguments.sizes:
        compare(n, arguments.worlds, arguments.seconds)


if __name__ == "__main__":
    main()
