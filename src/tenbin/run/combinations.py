"""Combinations of one equilibrium per job: linked jobs along one branch, at most so many a world.

Axis letters: `W` world, `K` equilibrium of one job (slot 0 is the selected one), `C` combination.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

__all__ = ["MAX_COMBINATIONS", "Axis", "Combinations", "Slots", "combine"]

Bools = NDArray[np.bool_]
Slots = NDArray[np.int32]

MAX_COMBINATIONS = 16
"""Combinations of equilibria that are looked at in one world."""
BLOCK_ENTRIES = 2**22
"""Pairs of a combination and a slot that are weighed at a time."""


@dataclass(frozen=True, slots=True)
class Axis:
    """The equilibria of one job in some worlds.

    found [W, K] tells which slots hold one. rests [W, K] tells, by job that feeds this one directly
    or through others, on which slot of that job each slot rests (a job left out has one
    equilibrium everywhere). capped [W] is where there are more than these, None: nowhere.
    """

    found: Bools
    rests: Mapping[Hashable, Slots] = field(default_factory=dict[Hashable, Slots])
    capped: Bools | None = None

    @property
    def has_several(self) -> bool:
        """Whether some world has more than the selected equilibrium."""
        return bool(self.found[:, 1:].any())

    def at(self, rows: NDArray[np.intp] | slice) -> Axis:
        """The same in some of the worlds."""
        rests = {job: slots[rows] for job, slots in self.rests.items()}
        return Axis(self.found[rows], rests, None if self.capped is None else self.capped[rows])


@dataclass(frozen=True, slots=True)
class Combinations:
    """The combinations of every world, the selected equilibria of all jobs first.

    slots [W, C] by job, for those with several equilibria and for what these rest on; every other
    job is at slot 0. count [W] is how many combinations of the axis a world has, at least one.
    capped [W] is where there are more than were looked at.
    """

    slots: dict[Hashable, Slots]
    count: NDArray[np.intp]
    capped: Bools

    @property
    def valid(self) -> Bools:
        """Which places of the axis hold a combination [W, C]."""
        return np.arange(self.count.max(initial=1)) < self.count[:, None]


def combine(axes: Mapping[Hashable, Axis], usable: Bools) -> Combinations:
    """Every choice of one equilibrium per job in which no two disagree on what they rest on.

    Parameters
    ----------
    axes
        The equilibria by job.
    usable
        The worlds [W] to look at; any other has one combination, the selected one.

    Returns
    -------
    Combinations in the order of the jobs' slots, the first job the most significant; the first
    `MAX_COMBINATIONS` where there are more.
    """
    worlds = len(usable)
    several = {job: axis for job, axis in axes.items() if axis.has_several}
    widest = max((axis.found.shape[1] for axis in several.values()), default=1)
    step = max(BLOCK_ENTRIES // (MAX_COMBINATIONS * widest), 1)
    blocks: list[Combinations] = []
    for start in range(0, max(worlds, 1), step):
        part = slice(start, min(start + step, worlds))
        here = {job: axis.at(part) for job, axis in several.items()}
        blocks.append(_combined(here, usable[part]))
    combinations = blocks[0] if len(blocks) == 1 else _joined(blocks)
    for axis in axes.values():
        if axis.capped is not None:
            combinations.capped[:] |= axis.capped & usable
    return combinations


def _combined(axes: Mapping[Hashable, Axis], usable: Bools) -> Combinations:
    worlds = len(usable)
    found = Combinations({}, np.ones(worlds, dtype=np.intp), np.zeros(worlds, dtype=np.bool_))
    for job, axis in axes.items():
        found = _extended(found, job, axis, usable)
    return found


def _extended(before: Combinations, job: Hashable, axis: Axis, usable: Bools) -> Combinations:
    """The combinations with one more job, wherever its slots rest on what is chosen already."""
    worlds, width = axis.found.shape
    own = np.broadcast_to(np.arange(width, dtype=np.int32), (worlds, width))
    offered = {**axis.rests, job: own}
    fits = axis.found[:, None, :] & before.valid[:, :, None] & usable[:, None, None]
    for shared in offered.keys() & before.slots.keys():
        fits &= before.slots[shared][:, :, None] == offered[shared][:, None, :]
    flat = fits.reshape(worlds, -1)
    total = np.count_nonzero(flat, axis=1)
    count = np.clip(total, 1, MAX_COMBINATIONS).astype(np.intp)
    world, pair = np.nonzero(flat)
    number = np.arange(len(world)) - (np.cumsum(total) - total)[world]
    kept = number < MAX_COMBINATIONS
    pairs = np.zeros((worlds, int(count.max(initial=1))), dtype=np.intp)
    pairs[world[kept], number[kept]] = pair[kept]
    earlier, slot = np.divmod(pairs, width)
    slots = {
        name: np.take_along_axis(chosen, earlier, axis=1) for name, chosen in before.slots.items()
    }
    for name, options in offered.items():
        if name not in slots:
            slots[name] = np.maximum(np.take_along_axis(options, slot, axis=1), 0)
    return Combinations(slots, count, before.capped | (total > MAX_COMBINATIONS))


def _joined(blocks: list[Combinations]) -> Combinations:
    """Blocks of worlds one after the other, their axes as long as the longest."""
    width = max(int(block.count.max(initial=1)) for block in blocks)
    slots = {
        job: np.concatenate(
            [
                np.pad(block.slots[job], ((0, 0), (0, width - block.slots[job].shape[1])))
                for block in blocks
            ]
        )
        for job in blocks[0].slots
    }
    return Combinations(
        slots,
        np.concatenate([block.count for block in blocks]),
        np.concatenate([block.capped for block in blocks]),
    )
