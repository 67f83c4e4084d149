"""How far a run is, and how long the rest may take."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from time import perf_counter

from tenbin.run.jobs import Plan

__all__ = ["Progress", "ProgressCallback", "Stopwatch"]


@dataclass(frozen=True, slots=True)
class Progress:
    """A moment of a run: worlds done and wanted by job, and the time that may be left.

    `job` is the id of the job at work; `seconds_left` None until every job was timed once.
    """

    job: str
    done: dict[str, int]
    total: dict[str, int]
    seconds_left: float | None

    @property
    def share(self) -> float:
        """The share of the worlds of all jobs that is done, in [0, 1]."""
        return sum(self.done.values()) / max(sum(self.total.values()), 1)


ProgressCallback = Callable[[Progress], None]


@dataclass
class Stopwatch:
    """Worlds and seconds by job.

    Jobs differ a thousandfold in what a world takes, so nothing is said before each has been timed
    in the first worlds. From then on these rates say how the work left compares with the work
    done, and the clock how long that took; so neither the overhead of small blocks nor jobs that
    run side by side lead astray.
    """

    plan: Plan
    clock: Callable[[], float] = perf_counter
    done: dict[str, int] = field(default_factory=dict)
    _rates: dict[str, float] = field(default_factory=dict)
    _begun: tuple[float, float] | None = None
    """The time when all jobs had been timed, and the work that had been done."""

    def __post_init__(self) -> None:
        self.done = {planned.id: 0 for planned in self.plan.jobs}

    def add(self, job: str, worlds: int, seconds: float) -> None:
        """A job has done further worlds in so many seconds."""
        self.done[job] += worlds
        self._rates.setdefault(job, seconds / max(worlds, 1))
        if self._begun is None and len(self._rates) == len(self.done):
            self._begun = self.clock(), self._work(self.done)

    def expected(self, job: str, worlds: int) -> float:
        """How long so many worlds of a job would take at the rate of its first; 0 if unknown."""
        return self._rates.get(job, 0.0) * worlds

    def moment(self, job: str) -> Progress:
        """How far the run is, with this job at work."""
        total = {planned.id: planned.worlds for planned in self.plan.jobs}
        return Progress(job, dict(self.done), total, self._seconds_left(total))

    def _work(self, worlds: dict[str, int]) -> float:
        return sum(self.expected(job, count) for job, count in worlds.items())

    def _seconds_left(self, total: dict[str, int]) -> float | None:
        if self._begun is None:
            return None
        began, before = self._begun
        now = self._work(self.done)
        left = max(self._work(total) - now, 0.0)
        done, passed = now - before, self.clock() - began
        return left * passed / done if done > 0.0 else left
