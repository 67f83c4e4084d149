"""Jobs times worlds in chunks: drawn, solved, certified, stored, handed out one at a time."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from itertools import pairwise
from threading import Lock
from time import perf_counter

from tenbin.errors import ShapeError
from tenbin.run.chunk import Chunk
from tenbin.run.jobs import Job, Plan, PlannedJob
from tenbin.run.options import RunOptions
from tenbin.run.progress import ProgressCallback, Stopwatch
from tenbin.run.solved import SolvedJob
from tenbin.run.solving import solve_job
from tenbin.run.store import RunFolder
from tenbin.run.summary import RunSummary
from tenbin.run.units import UnitCheck
from tenbin.scenario.objects import Scenario
from tenbin.worlds import draw_worlds

__all__ = ["FIRST_CHUNK", "chunk_bounds", "execute"]

FIRST_CHUNK = 64
"""Worlds of the first chunk: the first verdicts come early, and rest on a block of the design."""
SMALLEST_CHUNK = 1024
"""Worlds of any other, at least."""
LARGEST_CHUNK = 16_384
CHUNK_BYTES = 2**27
"""Memory that the outcomes of one chunk may take, roughly."""
JOB_COLUMNS = 8
"""Columns that a chunk holds of a job beside its outcomes (certificate, status, flags)."""


def chunk_bounds(plan: Plan) -> list[tuple[int, int]]:
    """The chunks of a run: the first 64 worlds, then blocks whose size follows from the plan.

    Up to twice as many worlds are one chunk: their verdicts come early enough.
    The size never follows from the machine, so that parts are the same everywhere. Blocks begin at
    multiples of their size, but for the one that the first chunk cuts.
    """
    columns = sum(len(planned.outcomes) + JOB_COLUMNS for planned in plan.jobs)
    size = LARGEST_CHUNK
    while size > SMALLEST_CHUNK and size * columns * 8 > CHUNK_BYTES:
        size //= 2
    if plan.worlds <= 2 * FIRST_CHUNK:
        return [(0, plan.worlds)]
    ends = [FIRST_CHUNK, *range(size, plan.worlds, size), plan.worlds]
    cuts = sorted({0, *(min(end, plan.worlds) for end in ends)})
    return list(pairwise(cuts))


def execute(
    scenario: Scenario,
    plan: Plan,
    options: RunOptions,
    progress: ProgressCallback | None = None,
) -> Iterator[Chunk]:
    """Solve a plan chunk by chunk.

    A chunk is stored when the next one is asked for, with what was attached to it until then, and
    emptied; so never keep one. When the last has been stored the manifest is completed.

    Parameters
    ----------
    scenario
        The plan's scenario.
    plan
        Made by `make_plan` for as many worlds as the options say.
    options
        Seed, design, solver, where to store.
    progress
        Called before every job of every chunk and after every block of its worlds; by one thread
        at a time, but not always the same.

    Raises
    ------
    ShapeError
        If the plan was made for another number of worlds.
    """
    if plan.worlds != options.worlds:
        raise ShapeError(f"a plan for {plan.worlds} worlds cannot run in {options.worlds}")
    bounds = chunk_bounds(plan)
    folder = RunFolder.create(options.out, plan, options) if options.out is not None else None
    engine = _Engine(scenario, plan, options, Stopwatch(plan), progress, folder)
    summary, units = RunSummary(plan), UnitCheck(plan, options)
    for number, (start, stop) in enumerate(bounds):
        chunk = engine.chunk(start, stop)
        summary.add(chunk)
        yield chunk
        if folder is not None:
            units.add(chunk)
            folder.write_part(number, chunk)
        chunk.clear()
    if folder is not None:
        summary.units = units.as_data()
        folder.finish(summary, len(bounds))


@dataclass(frozen=True, slots=True)
class _Engine:
    """What solving a chunk needs beside its bounds.

    Jobs that do not feed each other are solved side by side, a thread each: the end of a block of
    worlds then leaves no thread idle. No result depends on it.
    """

    scenario: Scenario
    plan: Plan
    options: RunOptions
    stopwatch: Stopwatch
    progress: ProgressCallback | None
    folder: RunFolder | None
    _lock: Lock = field(default_factory=Lock)

    def chunk(self, start: int, stop: int) -> Chunk:
        """The worlds `start` to `stop`, every job solved."""
        options = self.options
        draws = draw_worlds(
            self.scenario,
            start,
            stop,
            seed=options.seed,
            design=options.design,
            total=options.worlds,
        )
        chunk = Chunk(self.plan, start, stop, draws, {})
        waiting = [planned for planned in self.plan.jobs if chunk.worlds_of(planned.job)]
        order = [planned.job for planned in waiting]
        self._solve_all(chunk, waiting)
        chunk.solved = {job: chunk.solved[job] for job in order}
        return chunk

    def _solve_all(self, chunk: Chunk, waiting: list[PlannedJob]) -> None:
        """Solve jobs as soon as those that feed them are, the longest first."""
        threads = self.options.threads or self.options.solver.threads or os.cpu_count() or 1
        waiting.sort(key=lambda item: -self._expected(item, chunk))
        running: dict[Future[SolvedJob], Job] = {}
        with ThreadPoolExecutor(threads) as pool:
            while waiting or running:
                ready = [item for item in waiting if _is_fed(item, chunk)]
                each = max(threads // max(len(ready) + len(running), 1), 1)
                for planned in ready[: threads - len(running)]:
                    waiting.remove(planned)
                    future = pool.submit(self._solve, planned, chunk, each)
                    running[future] = planned.job
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    chunk.solved[running.pop(future)] = future.result()

    def _expected(self, planned: PlannedJob, chunk: Chunk) -> float:
        return self.stopwatch.expected(planned.id, chunk.worlds_of(planned.job))

    def _solve(self, planned: PlannedJob, chunk: Chunk, threads: int) -> SolvedJob:
        begun = last = perf_counter()
        done, worlds = 0, chunk.worlds_of(planned.job)
        self._tell(planned)

        def after_block(now_done: int) -> None:
            nonlocal last, done
            now = perf_counter()
            with self._lock:
                self.stopwatch.add(planned.id, now_done - done, now - last)
            last, done = now, now_done
            self._tell(planned)

        solver = replace(self.options.solver, threads=threads)
        solved = solve_job(
            self.scenario, planned, chunk.draws, chunk.solved, worlds, solver, after_block
        )
        if self.folder is not None:
            with self._lock:
                self.folder.log(
                    "job", job=planned.id, start=chunk.start, stop=chunk.start + worlds,
                    seconds=round(perf_counter() - begun, 6), threads=threads,
                )  # fmt: skip
        return solved

    def _tell(self, planned: PlannedJob) -> None:
        if self.progress is not None:
            with self._lock:
                self.progress(self.stopwatch.moment(planned.id))


def _is_fed(planned: PlannedJob, chunk: Chunk) -> bool:
    """Whether all that feeds a job is solved."""
    return all(link.job in chunk.solved for link in planned.links.values())
