"""One job solved: bound, solved, certified and asked for its outcomes, block by block."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenbin.forms import room
from tenbin.forms.contract import Certificate, Model, Solution, SolverOptions, Status
from tenbin.run.branches import Feed, along_branches
from tenbin.run.combinations import MAX_COMBINATIONS
from tenbin.run.jobs import Job, PlannedJob
from tenbin.run.solved import SolvedJob, joined
from tenbin.scenario.language import Array, OutcomeCall
from tenbin.scenario.objects import Scenario
from tenbin.worlds import numbers_under

__all__ = ["bind_job", "job_options", "solve_job", "world_status"]

BLOCK_BYTES = 2**27
"""Memory that the games and profiles of one block of worlds may take, roughly."""
BYTES_PER_ENTRY = 64
"""Payoffs of the players, profile, witness and temporaries of one terminal node or unknown."""


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

    Where jobs that feed it have several equilibria it is solved once for every combination of
    them, the selected ones first.

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
    feed = Feed.of(planned, upstream, worlds)
    chosen = job_options(scenario, planned, options)
    blocks: list[SolvedJob] = []
    step = _block_worlds(planned.model, branches=MAX_COMBINATIONS if feed.axes else 1)
    for start in range(0, worlds, step):
        part = slice(start, min(start + step, worlds))
        here = feed.at(part)
        own = {name: values[part] for name, values in draws.items()}

        def solve(
            rows: NDArray[np.intp] | slice,
            fed: Mapping[OutcomeCall, Array],
            unfed: NDArray[np.bool_],
            own: Mapping[str, Array] = own,
        ) -> SolvedJob:
            there = {name: values[rows] for name, values in own.items()}
            game = bind_job(scenario, planned, there, fed, len(unfed))
            return _solve_block(planned, game, unfed, chosen)

        block = solve(slice(None), here.selected(), here.unfed())
        blocks.append(along_branches(block, here, solve, step) if here.axes else block)
        if after_block is not None:
            after_block(part.stop)
    return joined(blocks)


def world_status(
    solution: Solution, certificate: Certificate, unfed: NDArray[np.bool_]
) -> NDArray[np.int8]:
    """What became of each world [W], the certificate having the last word.

    A world is solved where every equilibrium found is certified, whatever the method said of its
    own end, or where it is certified that there is none to find; not where a number is not finite,
    or where `unfed` [W] says that a feeding job failed.
    """
    found = solution.found
    none = np.asarray(solution.complete) & certificate.certified[:, 0]
    certified = np.where(found.any(axis=1), (certificate.certified | ~found).all(axis=1), none)
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
    status = world_status(solution, certificate, unfed)
    found = np.array(solution.found, dtype=np.bool_)
    found[:, 0] |= status == Status.SOLVED
    return SolvedJob(
        status=status,
        found=found,
        complete=np.asarray(solution.complete, dtype=np.bool_),
        certificate=certificate,
        outcomes={call: form.outcome(game, solution, call) for call in planned.outcomes},
        scales={call: form.scale(game, call) for call in planned.outcomes},
        flags=dict(solution.flags),
        steps=None if steps is None else np.asarray(steps, dtype=np.int64),
        method=solution.method,
    )


def _block_worlds(model: Model, branches: int) -> int:
    """Worlds of one block: as many as the memory bound allows over all branches, at least 64."""
    entries = sum(model.size.values()) * branches
    return max(BLOCK_BYTES // (BYTES_PER_ENTRY * max(entries, 1)), 64)
