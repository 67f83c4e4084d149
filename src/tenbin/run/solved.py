"""One job solved in some worlds: what is kept of it once the games are dropped."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenbin.forms.contract import Certificate, Status
from tenbin.run.combinations import Axis, Slots
from tenbin.scenario.language import Array, OutcomeCall

__all__ = ["Outcome", "Rests", "SolvedJob", "joined"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """An outcome in some worlds.

    values [W, K]; found [W, K] tells which slots hold an equilibrium, slot 0 is the selected one;
    status [W] is the job's, or `UNDEFINED` where the job is solved and the condition impossible.
    """

    values: Array
    found: NDArray[np.bool_]
    status: NDArray[np.int8]

    @property
    def selected(self) -> Array:
        """The values [W] at the selected equilibria; NaN where there is none."""
        usable = (self.status == Status.SOLVED) & self.found[:, 0]
        return np.where(usable, self.values[:, 0], np.nan)


@dataclass(frozen=True, slots=True)
class Rests:
    """What the equilibria of a job rest on, where a job that feeds it has several.

    slots [W, K] by job that feeds it directly or through others: the slot of that job, -1 where
    there is no equilibrium. capped [W] is where the job has more equilibria, over all branches of
    what feeds it, than are kept.
    """

    slots: dict[Hashable, Slots]
    capped: NDArray[np.bool_]

    def first(self, worlds: int) -> Rests:
        """The same in the first of its worlds."""
        slots = {job: slots[:worlds] for job, slots in self.slots.items()}
        return Rests(slots, self.capped[:worlds])


@dataclass(frozen=True, slots=True)
class SolvedJob:
    """One job in W worlds, over all branches of what feeds it.

    `found` [W, K] are the slots that answer: those that hold an equilibrium, and slot 0 of a world
    that is proved to have none, which stands for the world and has no residual (NaN). A world is
    solved where it is solved on every branch; `flags` [W] by name are true where they
    are on any; `steps` [W], where the method counts them, are those of all branches. `scales` are
    numbers, arrays [W], or [W, K] where they differ by branch. `rests` is None where all that
    feeds the job has one equilibrium.
    """

    status: NDArray[np.int8]
    found: NDArray[np.bool_]
    complete: NDArray[np.bool_]
    certificate: Certificate
    outcomes: dict[OutcomeCall, Array]
    scales: dict[OutcomeCall, float | Array]
    flags: dict[str, NDArray[np.bool_]]
    steps: NDArray[np.int64] | None
    method: str
    rests: Rests | None = None

    def first(self, worlds: int) -> SolvedJob:
        """The same in the first of its worlds."""
        part = slice(worlds)
        certificate = self.certificate
        rests = self.rests
        return SolvedJob(
            status=self.status[part],
            found=self.found[part],
            complete=self.complete[part],
            certificate=Certificate(
                residual=certificate.residual[part],
                witness_gap=certificate.witness_gap[part],
                margin=certificate.margin[part],
                certified=certificate.certified[part],
            ),
            outcomes={call: values[part] for call, values in self.outcomes.items()},
            scales={
                call: scale[part] if isinstance(scale, np.ndarray) else scale
                for call, scale in self.scales.items()
            },
            flags={name: flag[part] for name, flag in self.flags.items()},
            steps=None if self.steps is None else self.steps[part],
            method=self.method,
            rests=None if rests is None else rests.first(worlds),
        )

    @property
    def axis(self) -> Axis:
        """The equilibria of the worlds that are solved, for combining them with other jobs'."""
        found = self.found
        if found.shape[1] > 1:
            found = found & (self.status == Status.SOLVED)[:, None]
        if self.rests is None:
            return Axis(found)
        return Axis(found, self.rests.slots, self.rests.capped)

    def outcome(self, call: OutcomeCall) -> Outcome:
        """One of the outcomes that the plan wanted of this job."""
        values = self.outcomes[call]
        undefined = (self.found & np.isnan(values)).any(axis=1) & (self.status == Status.SOLVED)
        status = np.where(undefined, np.int8(Status.UNDEFINED), self.status)
        return Outcome(values, self.found, status.astype(np.int8))


def joined(blocks: Sequence[SolvedJob]) -> SolvedJob:
    """Blocks of worlds one after the other; the equilibrium axis is as long as the longest."""
    first = blocks[0]
    if len(blocks) == 1:
        return first
    slots = max(block.found.shape[1] for block in blocks)

    def join(arrays: list[Any], fill: Any) -> Any:
        padded = [
            np.pad(array, ((0, 0), (0, slots - array.shape[1])), constant_values=fill)
            for array in arrays
        ]
        return np.concatenate(padded)

    certificates = [block.certificate for block in blocks]
    steps = [block.steps for block in blocks if block.steps is not None]
    return SolvedJob(
        status=np.concatenate([block.status for block in blocks]),
        found=join([block.found for block in blocks], False),
        complete=np.concatenate([block.complete for block in blocks]),
        certificate=Certificate(
            residual=join([item.residual for item in certificates], np.nan),
            witness_gap=join([item.witness_gap for item in certificates], np.nan),
            margin=join([item.margin for item in certificates], np.nan),
            certified=join([item.certified for item in certificates], False),
        ),
        outcomes={
            call: join([block.outcomes[call] for block in blocks], np.nan)
            for call in first.outcomes
        },
        scales={
            call: _joined_scales([block.scales[call] for block in blocks]) for call in first.scales
        },
        flags=_joined_flags(blocks),
        steps=np.concatenate(steps) if steps else None,
        method=first.method,
        rests=None if first.rests is None else _joined_rests(blocks, join),
    )


def _joined_rests(blocks: Sequence[SolvedJob], join: Callable[[list[Slots], int], Slots]) -> Rests:
    rests = [block.rests for block in blocks if block.rests is not None]
    return Rests(
        {job: join([part.slots[job] for part in rests], -1) for job in rests[0].slots},
        np.concatenate([part.capped for part in rests]),
    )


def _joined_flags(blocks: Sequence[SolvedJob]) -> dict[str, NDArray[np.bool_]]:
    """Flags of consecutive blocks; a flag that a block does not know is false there."""
    names = dict.fromkeys(name for block in blocks for name in block.flags)
    absent = [np.zeros(len(block.status), dtype=np.bool_) for block in blocks]
    return {
        name: np.concatenate(
            [block.flags.get(name, none) for block, none in zip(blocks, absent, strict=True)]
        )
        for name in names
    }


def _joined_scales(scales: Sequence[float | Array]) -> float | Array:
    """Scales of consecutive blocks: of a probability the one number that they all are."""
    arrays = [scale for scale in scales if isinstance(scale, np.ndarray)]
    if not arrays or arrays[0].ndim == 1:
        return np.concatenate(arrays) if arrays else scales[0]
    slots = max(array.shape[1] for array in arrays)
    return np.concatenate(
        [
            np.pad(array, ((0, 0), (0, slots - array.shape[1])), constant_values=np.nan)
            for array in arrays
        ]
    )
