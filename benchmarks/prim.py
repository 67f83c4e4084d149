"""PRIM against ema_workbench, on the same 100,000 worlds of 20 numbers, in one run, per CPU second.

    pip install ema_workbench
    python benchmarks/prim.py [--large]

Density at equal coverage: for every box of the peer's trajectory, our trajectories (two sizes of
peel, read between boxes) and our densest box that covers at least as much. `--large` also times the
whole search for a hinge at 10^6 worlds x 30 numbers, and one trajectory at 10^7 x 20, from codes in
blocks.
"""

from __future__ import annotations

import argparse
import os
import time
import warnings
from collections.abc import Callable

os.environ["OMP_NUM_THREADS"] = "1"

import numpy as np
from numpy.typing import NDArray

from tenbin.explain.boxes import BINS, Binned, Block, all_worlds, groups_of, score_box
from tenbin.explain.boxes_peeling import paste, peel
from tenbin.explain.boxes_refining import refine
from tenbin.explain.evidence import binned_arrays
from tenbin.explain.hinge_search import search_boxes

Array = NDArray[np.float64]
Bools = NDArray[np.bool_]
WORLDS, NUMBERS = 100_000, 20
ALPHAS = (0.02, 0.05)


def planted(x: Array, luck: Array) -> Bools:
    """A box in three numbers; one world in twenty is turned around."""
    box = (x[:, 0] > 0.3) & (x[:, 0] < 0.7) & (x[:, 1] < 0.6) & (x[:, 2] > 0.45)
    return box ^ (luck < 0.05)


def slope(x: Array, luck: Array) -> Bools:
    """A slanted border in four numbers, crossed gradually."""
    height = x[:, 0] + x[:, 1] - 0.8 * x[:, 2] + 0.5 * x[:, 3]
    return luck < 1 / (1 + np.exp(-12 * (height - 1.15)))


def corners(x: Array, luck: Array) -> Bools:
    """Two boxes far apart, one larger."""
    first = (x[:, 0] < 0.4) & (x[:, 1] < 0.5)
    second = (x[:, 4] > 0.8) & (x[:, 5] > 0.6)
    return (first | second) ^ (luck < 0.02)


Curve = list[tuple[float, float]]
"""Coverage and density of boxes."""


def ours(x: Array, y: Bools) -> tuple[float, list[Curve]]:
    """CPU seconds, and for each size of peel the trajectory; last, the boxes pasted and refined."""
    start = time.process_time()
    binned = binned_arrays(x, y)
    every = all_worlds(binned)
    curves: list[Curve] = []
    ends: Curve = []
    for alpha in ALPHAS:
        steps = peel(binned, every, alpha=alpha, least=int(0.05 * len(y)))
        curves.append([(step.score.coverage, step.score.density) for step in steps])
        best = max(steps, key=lambda step: step.score.correlation)
        pasted = paste(binned, every, best.box)
        for box in (pasted, refine(binned, every, pasted)):
            score = score_box(binned, every, box)
            ends.append((score.coverage, score.density))
    return time.process_time() - start, [*curves, ends]


def theirs(x: Array, y: Bools) -> tuple[float, Curve]:
    import pandas as pd
    from ema_workbench.analysis import prim

    frame = pd.DataFrame(x, columns=[f"x{j}" for j in range(x.shape[1])])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        start = time.process_time()
        box = prim.Prim(frame, y.astype(int), threshold=0.5, peel_alpha=0.05).find_box()
        seconds = time.process_time() - start
    steps = box.peeling_trajectory
    return seconds, list(zip(steps["coverage"], steps["density"], strict=True))


def gaps(own: list[Curve], peer: Curve) -> Array:
    """Our density less the peer's at each of its coverages."""
    curves = own[:-1]
    everywhere = [point for curve in own for point in curve]
    coverages = [coverage for coverage, _ in peer]
    read = [np.interp(coverages, *zip(*sorted(curve), strict=True)) for curve in curves]
    covering = [max(d for c, d in everywhere if c >= coverage - 1e-9) for coverage in coverages]
    return np.max([*read, covering], axis=0) - [density for _, density in peer]


def compare(name: str, truth: Callable[[Array, Array], Bools]) -> None:
    generator = np.random.default_rng(0)
    x, luck = generator.random((WORLDS, NUMBERS)), generator.random(WORLDS)
    y = truth(x, luck)
    (our_seconds, own), (peer_seconds, peer) = ours(x, y), theirs(x, y)
    gap = gaps(own, peer)
    print(
        f"{name:10} ours {our_seconds:6.2f} s  peer {peer_seconds:6.2f} s  "
        f"ratio {peer_seconds / our_seconds:5.0f}  density less the peer's at equal coverage: "
        f"least {gap.min():+.4f}, median {np.median(gap):+.4f}, most {gap.max():+.4f}; "
        f"same or better at {np.mean(gap >= -1e-3):.0%} of {len(peer)} boxes"
    )


def blocks_of(worlds: int, numbers: int) -> Binned:
    """Codes drawn block by block, as a run is read: the whole is never there as floats."""
    generator = np.random.default_rng(0)
    blocks: list[Block] = []
    for start in range(0, worlds, 2**16):
        count = min(2**16, worlds - start)
        codes = generator.integers(0, BINS, (numbers, count), dtype=np.uint8)
        truth = planted((codes[:3].T + 0.5) / BINS, generator.random(count))
        groups = groups_of(np.arange(start, start + count, dtype=np.uint64))
        blocks.append(Block(codes, truth, groups))
    return Binned((BINS,) * numbers, (True,) * numbers, tuple(blocks))


def large() -> None:
    binned = blocks_of(10**6, 30)
    start = time.process_time()
    found = search_boxes(binned, repeats=10)
    score = score_box(binned, all_worlds(binned), found.boxes[0].box)
    print(
        f"whole search, 10^6 x 30: {time.process_time() - start:.1f} CPU s; "
        f"restricted {found.boxes[0].box.restricted}, coverage {score.coverage:.3f}, "
        f"density {score.density:.3f}"
    )
    binned = blocks_of(10**7, 20)
    start = time.process_time()
    steps = peel(binned, all_worlds(binned))
    print(f"one trajectory, 10^7 x 20: {time.process_time() - start:.1f} CPU s, {len(steps)} boxes")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--large", action="store_true", help="also time 10^6 and 10^7 worlds")
    arguments = parser.parse_args()
    for truth in (planted, slope, corners):
        compare(truth.__name__, truth)
    if arguments.large:
        large()


if __name__ == "__main__":
    main()
