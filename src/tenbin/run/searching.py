"""The first worlds of a run again, over all equilibria that a search finds."""

from __future__ import annotations

from dataclasses import replace

from tenbin.forms import room
from tenbin.run.chunk import Chunk
from tenbin.run.jobs import Job, Plan
from tenbin.run.options import RunOptions
from tenbin.run.progress import ProgressCallback, Stopwatch
from tenbin.run.solved import SolvedJob
from tenbin.run.solving import solve_job
from tenbin.scenario.objects import ModelEntry, Scenario

__all__ = ["Search", "searched_scenario"]


def searched_scenario(scenario: Scenario) -> Scenario:
    """The same scenario, its models under the concept that looks for all equilibria."""
    models = {name: _searched(entry) for name, entry in scenario.models.items()}
    return replace(scenario, models=models)


def _searched(entry: ModelEntry) -> ModelEntry:
    form = room(entry.form)
    concept = entry.concept or form.concepts[0]
    return replace(entry, concept=form.searches.get(concept, concept))


class Search:
    """Solves what changes when all equilibria are looked for, and takes the rest from the run.

    Parameters
    ----------
    plan
        Made for `searched_scenario(scenario)` with the requests of the run's own plan, in as many
        worlds as are searched.
    of
        The run's own plan.
    options
        As given to the run.
    """

    def __init__(self, plan: Plan, of: Plan, options: RunOptions) -> None:
        self._plan = plan
        self._options = options
        self._stopwatch = Stopwatch(plan)
        self._changed: set[Job] = set()
        for planned in plan.jobs:
            feeding = {link.job for link in planned.links.values()}
            concept = of.planned(planned.job).model.concept
            if planned.model.concept != concept or feeding & self._changed:
                self._changed.add(planned.job)

    @property
    def changed(self) -> frozenset[Job]:
        """The jobs that are solved anew."""
        return frozenset(self._changed)

    def chunk(self, of: Chunk, progress: ProgressCallback | None = None) -> Chunk | None:
        """The searched worlds of a chunk of the run; None where it has none of them."""
        stop = min(of.stop, self._plan.worlds)
        if stop <= of.start:
            return None
        draws = {name: values[: stop - of.start] for name, values in of.draws.items()}
        chunk = Chunk(self._plan, of.start, stop, draws, {})
        for planned in self._plan.jobs:
            worlds = chunk.worlds_of(planned.job)
            if not worlds:
                continue
            if planned.job in self._changed:
                chunk.solved[planned.job] = self._solve(planned.job, chunk, worlds, progress)
            else:
                chunk.solved[planned.job] = of.solved[planned.job].first(worlds)
        return chunk

    def _solve(
        self, job: Job, chunk: Chunk, worlds: int, progress: ProgressCallback | None
    ) -> SolvedJob:
        planned = self._plan.planned(job)
        if progress is not None:
            progress(self._stopwatch.moment(planned.id))
        threads = self._options.threads or self._options.solver.threads
        solver = replace(self._options.solver, threads=threads)
        return solve_job(self._plan.scenario, planned, chunk.draws, chunk.solved, worlds, solver)
