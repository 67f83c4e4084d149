"""Whether the equilibria that are selected hang on the units of the players' payoffs.

The principal branch weighs all players' payoffs by one precision, so that the equilibrium which it
selects may be another if a player's payoffs are written in another unit. Some worlds of every model
are therefore solved again with each player's payoffs divided by that player's own range, and
counted where what happens is visibly another thing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from tenbin.forms import room
from tenbin.numerics.shares import wilson_interval
from tenbin.run.branches import Feed
from tenbin.run.chunk import Chunk
from tenbin.run.jobs import Plan, PlannedJob
from tenbin.run.options import RunOptions
from tenbin.run.settings import policy_setting
from tenbin.run.solving import bind_job, job_options
from tenbin.scenario.language import Setting

__all__ = ["LARGE", "UNIT_WORLDS", "VISIBLE", "UnitCheck", "UnitCounts"]

UNIT_WORLDS = (1024, 256)
"""The first worlds that are solved again, of a small model and of a large one."""
LARGE = 512
"""What a large model has more of than this: terminal nodes, infosets and unknowns together."""
VISIBLE = 1e-3
"""A selection has changed where more than this probability lies on other ends.

It is what a solution and its witness may differ by; where nothing changed the shift of the korea
scenario is below a hundredth of this in nearly every world.
"""


@dataclass
class UnitCounts:
    """How many worlds of a model select another equilibrium in the players' own units.

    `worlds` are those in which both are certified, `unsolved` the others that were tried.
    """

    worlds: int = 0
    changed: int = 0
    unsolved: int = 0

    def as_data(self) -> dict[str, Any]:
        """Plain data for the manifest; the interval is Wilson's of 95 %."""
        return {
            "worlds": self.worlds,
            "changed": self.changed,
            "unsolved": self.unsolved,
            "share": self.changed / self.worlds if self.worlds else None,
            "interval": list(wilson_interval(self.changed, self.worlds)),
        }


class UnitCheck:
    """Solves the first worlds of a run again in the players' own units, chunk by chunk.

    Of every model whose concept may select by units it looks at the job under the default policy:
    the one in which nothing is set, else that of the scenario's first policy.
    """

    def __init__(self, plan: Plan, options: RunOptions) -> None:
        self._plan = plan
        self._options = replace(options.solver, threads=options.threads or options.solver.threads)
        self._jobs = _default_jobs(plan)
        self.counts = {planned.job.model: UnitCounts() for planned in self._jobs}

    def add(self, chunk: Chunk) -> None:
        """Count the worlds of a chunk as far as they are looked at."""
        for planned in self._jobs:
            bound = UNIT_WORLDS[_is_large(planned)]
            worlds = min(chunk.worlds_of(planned.job), bound - chunk.start)
            if worlds > 0:
                self._count(planned, chunk, worlds)

    def as_data(self) -> Mapping[str, dict[str, Any]]:
        """Plain data by model."""
        return {model: counts.as_data() for model, counts in self.counts.items()}

    def _count(self, planned: PlannedJob, chunk: Chunk, worlds: int) -> None:
        scenario = self._plan.scenario
        feed = Feed.of(planned, chunk.solved, worlds).at(slice(0, worlds))
        draws = {name: values[:worlds] for name, values in chunk.draws.items()}
        game = bind_job(scenario, planned, draws, feed.selected(), worlds)
        options = job_options(scenario, planned, self._options)
        shift = room(planned.model.form).unit_shift(game, options)
        known = ~np.isnan(shift) & ~feed.unfed()
        counts = self.counts[planned.job.model]
        counts.worlds += int(np.count_nonzero(known))
        counts.changed += int(np.count_nonzero(known & (shift > VISIBLE)))
        counts.unsolved += int(np.count_nonzero(~known))


def _default_jobs(plan: Plan) -> list[PlannedJob]:
    policies = [policy_setting(plan.scenario, name) for name in plan.scenario.policies]
    found: list[PlannedJob] = []
    by_job = {planned.job: planned for planned in plan.jobs}
    for model in dict.fromkeys(planned.job.model for planned in plan.jobs):
        settings = [plan.resolver.job(model, setting) for setting in (Setting(), *policies[:1])]
        planned = next((by_job[job] for job in settings if job in by_job), None)
        if planned and planned.model.concept in room(planned.model.form).unit_concepts:
            found.append(planned)
    return found


def _is_large(planned: PlannedJob) -> bool:
    return sum(planned.model.size.values()) > LARGE
