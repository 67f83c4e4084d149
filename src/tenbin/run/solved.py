"""One job solved in some worlds: what is kept of it once the games are dropped."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenbin.forms import room
from tenbin.forms.contract import Certificate, Model, Solution, SolverOptions, Status
from tenbin.run.jobs import Job, PlannedJob
from tenbin.scenario.language import Array, OutcomeCall
from tenbin.scenario.objects import Scenario
from tenbin.worlds import numbers_under

__all__ = ["Outcome", "SolvedJob", "bind_job", "job_options", "solve_job", "world_status"]

BLOCK_BYTES = 2**27
"""Memory that the games and profiles of one block of worlds may take, roughly."""
BYTES_PER_ENTRY = 64
"""Payoffs of the players, profile, witness and temporaries of one terminal node or unknown."""


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
class SolvedJob:
    """One job in W worlds; `flags` [W] by name, `steps` [W] where the method counts them."""

    status: NDArray[np.int8]
    found: NDArray[np.bool_]
    complete: NDArray[np.bool_]
    certificate: Certificate
    outcomes: dict[OutcomeCall, Array]
    scales: dict[OutcomeCall, float | Array]
    flags: dict[str, NDArray[np.bool_]]
    steps: NDArray[np.int64] | None
    method: str

    def outcome(self, call: OutcomeCall) -> Outcome:
        """One of the outcomes that the plan wanted of this job."""
        values = self.outcomes[call]
        undefined = (self.found & np.isnan(values)).any(axis=1) & (self.status == Status.SOLVED)
        status = np.where(undefined, np.int8(Status.UNDEFINED), self.status)
        return Outcome(values, self.found, status.astype(np.int8))


def job_options(scenario: Scenario, planned: PlannedJob, options: SolverOptions) -> SolverOptions:
    """The options of a run with the concept and precision of the job's model."""
    entry = scenario.models[planned.job.model]
    return replace(options, concept=planned.model.concept, precision=entry.precision)


def bind_job(
    scenario: Scenario,
    planned: PlannedJob,
    draws: Mapping[str, Array],
    linked: Mapping[OutcomeCall, Array],
    worlds: int,
) -> Any:
    """The games [W] of a job; `linked` are the outcomes [W] that its numbers read."""
    model = planned.model
    numbers = numbers_under(scenario, draws, planned.job.setting, linked, names=model.names)
    return room(model.form).bind(model, numbers, dict(linked), worlds)


def solve_job(
    scenario: Scenario,
    planned: PlannedJob,
    draws: Mapping[str, Array],
    upstream: Mapping[Job, SolvedJob],
    worlds: int,
    options: SolverOptions,
    after_block: Callable[[int], None] | None = None,
) -> SolvedJob:
    """A job bound, solved, certified and asked for its outcomes, block of worlds by block.

    Parameters
    ----------
    draws
        Uncertainties by name, at least the first W entries.
    upstream
        The jobs that feed this one, solved in at least the same W worlds.
    worlds
        W.
    options
        As given to the run; concept and precision are the model's.
    after_block
        Told the number of worlds done after each block.
    """
    linked = {call: upstream[link.job].outcome(link.call) for call, link in planned.links.items()}
    chosen = job_options(scenario, planned, options)
    blocks: list[SolvedJob] = []
    step = _block_worlds(planned.model)
    for start in range(0, worlds, step):
        part = slice(start, min(start + step, worlds))
        fed = {call: outcome.selected[part] for call, outcome in linked.items()}
        count = part.stop - part.start
        here = {name: values[part] for name, values in draws.items()}
        game = bind_job(scenario, planned, here, fed, count)
        unfed = np.zeros(count, dtype=np.bool_)
        for outcome in linked.values():
            unfed |= outcome.status[part] != Status.SOLVED
        blocks.append(_solve_block(planned, game, unfed, chosen))
        if after_block is not None:
            after_block(part.stop)
    return _joined(blocks)


def world_status(
    solution: Solution, certificate: Certificate, unfed: NDArray[np.bool_]
) -> NDArray[np.int8]:
    """What became of each world [W], the certificate having the last word.

    A world is solved where every equilibrium found is certified, whatever the method said of its
    own end; not where a number is not finite, or where `unfed` [W] says that a feeding job failed.
    """
    found = solution.found
    certified = found.any(axis=1) & (certificate.certified | ~found).all(axis=1)
    said = np.asarray(solution.status, dtype=np.int8)
    failed = np.where(said == Status.SOLVED, np.int8(Status.NOT_CERTIFIED), said)
    status = np.where(certified & (said != Status.NOT_FINITE), np.int8(Status.SOLVED), failed)
    return np.where(unfed, np.int8(Status.UPSTREAM), status).astype(np.int8)


def _solve_block(
    planned: PlannedJob, game: Any, unfed: NDArray[np.bool_], options: SolverOptions
) -> SolvedJob:
    form = room(planned.model.form)
    solution = form.solve(game, options)
    certificate = form.certify(game, solution, options)
    steps = getattr(solution, "steps", None)
    return SolvedJob(
        status=world_status(solution, certificate, unfed),
        found=np.asarray(solution.found, dtype=np.bool_),
        complete=np.asarray(solution.complete, dtype=np.bool_),
        certificate=certificate,
        outcomes={call: form.outcome(game, solution, call) for call in planned.outcomes},
        scales={call: form.scale(game, call) for call in planned.outcomes},
        flags=dict(solution.flags),
        steps=None if steps is None else np.asarray(steps, dtype=np.int64),
        method=solution.method,
    )


def _block_worlds(model: Model) -> int:
    """Worlds of one block: as many as the memory bound allows, at least 64."""
    entries = sum(model.size.values())
    return max(BLOCK_BYTES // (BYTES_PER_ENTRY * max(entries, 1)), 64)


def _joined(blocks: Sequence[SolvedJob]) -> SolvedJob:
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
        flags={
            name: np.concatenate([block.flags[name] for block in blocks]) for name in first.flags
        },
        steps=np.concatenate(steps) if steps else None,
        method=first.method,
    )


def _joined_scales(scales: Sequence[float | Array]) -> float | Array:
    """Scales of consecutive blocks: of a probability the one number that they all are."""
    arrays = [scale for scale in scales if isinstance(scale, np.ndarray)]
    return np.concatenate(arrays) if arrays else scales[0]
