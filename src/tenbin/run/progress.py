"""How far a run is, and how long the rest may take."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from tenbin.run.jobs import Plan

__all__ = ["Progress", "ProgressCallback", "Stopwatch"]


@dataclass(frozen=True, slots=True)
class Progress:
    """A moment of a run: worlds done and wanted by job, and the time that may be left.

    `job` is the id of the job at work; `seconds_left` None until something was measured.
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
    """Worlds and seconds by job. A job not yet begun is taken to be as slow as those that were.

    The first world of a job may pay for compiling; so once a job has been timed twice, its first
    time no longer counts.
    """

    plan: Plan
    done: dict[str, int] = field(default_factory=dict)
    _first: dict[str, tuple[int, float]] = field(default_factory=dict)
    _later: dict[str, tuple[int, float]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.done = {planned.id: 0 for planned in self.plan.jobs}

    def add(self, job: str, worlds: int, seconds: float) -> None:
        """A job has done further worlds in so many seconds."""
        self.done[job] += worlds
        if job not in self._first:
            self._first[job] = (worlds, seconds)
            return
        before, spent = self._later.get(job, (0, 0.0))
        self._later[job] = (before + worlds, spent + seconds)

    def moment(self, job: str) -> Progress:
        """How far the run is, with this job at work."""
        total = {planned.id: planned.worlds for planned in self.plan.jobs}
        return Progress(job, dict(self.done), total, self._seconds_left(total))

    def _seconds_left(self, total: dict[str, int]) -> float | None:
        rates = {
            job: seconds / worlds
            for job, (worlds, seconds) in {**self._first, **self._later}.items()
            if worlds
        }
        if not rates:
            return None
        usual = sum(rates.values()) / len(rates)
        return sum((total[job] - self.done[job]) * rates.get(job, usual) for job in total)
