"""Some consecutive worlds of a run, all jobs solved in them."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tenbin.errors import ShapeError
from tenbin.forms.contract import Certificate
from tenbin.run.combinations import Axis, Slots
from tenbin.run.jobs import Job, Plan
from tenbin.run.settings import bare_call
from tenbin.run.solved import Outcome, SolvedJob
from tenbin.scenario.language import Array, Numbers, OutcomeCall, Setting
from tenbin.worlds import numbers_under, reached_numbers

__all__ = ["Chunk"]

REMEMBERED = 8
"""Settings whose numbers a chunk keeps at a time; a claim seldom reads more."""


@dataclass
class Chunk:
    """Worlds `start` to `stop`, W of them; emptied as soon as the next chunk is asked for.

    A job that is solved in fewer worlds than the run has arrays as long as its own worlds in this
    chunk, possibly of length 0. What is attached is stored with the chunk's outcomes.
    """

    plan: Plan
    start: int
    stop: int
    draws: Mapping[str, Array] = field(repr=False)
    solved: dict[Job, SolvedJob] = field(repr=False)
    attached: dict[str, NDArray[np.int8]] = field(default_factory=dict, repr=False)
    _numbers: dict[tuple[Setting, frozenset[str]], Numbers] = field(
        default_factory=dict, repr=False
    )

    @property
    def worlds(self) -> int:
        """W."""
        return self.stop - self.start

    def worlds_of(self, job: Job) -> int:
        """How many worlds of this chunk, from its first, a job is solved in."""
        return max(min(self.stop, self.plan.worlds_of(job)) - self.start, 0)

    def numbers(self, setting: Setting, names: Collection[str] | None = None) -> Numbers:
        """Numbers under a setting: floats, or arrays [W]; those named are there, by default all.

        A derived number that reads an outcome is there if the plan was made asking for it; it is
        NaN in worlds where the outcome is unsolved or not asked for.
        """
        scenario = self.plan.scenario
        wanted = frozenset(scenario.derived if names is None else names)
        key = (setting, wanted)
        if key not in self._numbers:
            calls = reached_numbers(scenario, wanted, dict(setting.values))[1]
            found = numbers_under(
                scenario, self.draws, setting, self._linked(calls, setting), names=wanted
            )
            while len(self._numbers) >= REMEMBERED:
                del self._numbers[next(iter(self._numbers))]
            self._numbers[key] = found
        return self._numbers[key]

    def numbers_along(
        self, setting: Setting, rows: NDArray[np.intp], slots: Mapping[Hashable, Slots]
    ) -> Numbers:
        """Numbers under a setting in some worlds [rows], outcomes in them read along a branch.

        `slots` [rows] are the equilibria of jobs; a job left out is at its selected one.
        """
        answered = self._answered(setting) if slots else []
        if not any(self.plan.job_of(call, setting) in slots for call in answered):
            whole = self.numbers(setting)
            return {
                name: value[rows] if isinstance(value, np.ndarray) else value
                for name, value in whole.items()
            }
        linked = {call: self._along(call, setting, rows, slots) for call in answered}
        draws = {name: values[rows] for name, values in self.draws.items()}
        return numbers_under(self.plan.scenario, draws, setting, linked)

    def outcome(self, call: OutcomeCall, setting: Setting) -> Outcome:
        """An outcome asked for under a setting, in the worlds that its job is solved in."""
        job = self.plan.job_of(call, setting)
        return self._solved(job).outcome(bare_call(call))

    def status(self, job: Job) -> NDArray[np.int8]:
        """What became of each world of a job, as `Status`."""
        return self._solved(job).status

    def certificate(self, job: Job) -> Certificate:
        """What the certifier found of a job."""
        return self._solved(job).certificate

    def axis(self, job: Job) -> Axis:
        """The equilibria of a job in its solved worlds, and what they rest on."""
        return self._solved(job).axis

    def scale(self, call: OutcomeCall, setting: Setting) -> Array:
        """What the tolerance of a comparison is relative to, see `Room.scale`.

        An array [W], or [W, K] where it differs between the branches of what feeds the job.
        """
        solved = self._solved(self.plan.job_of(call, setting))
        scale = solved.scales[bare_call(call)]
        if isinstance(scale, np.ndarray) and scale.ndim == 2:
            return scale
        return np.broadcast_to(scale, solved.status.shape)

    def attach(self, column: str, codes: NDArray[np.int8]) -> None:
        """Store a column of codes [W] with this chunk, if done before the next is asked for."""
        if codes.shape != (self.worlds,):
            raise ShapeError(f"column '{column}' has shape {codes.shape}, not ({self.worlds},)")
        self.attached[column] = codes

    def clear(self) -> None:
        """Let go of all arrays; the chunk cannot be asked any more."""
        self.draws, self.solved, self.attached, self._numbers = {}, {}, {}, {}

    def _solved(self, job: Job) -> SolvedJob:
        if job not in self.solved:
            raise ShapeError(
                f"job '{self.plan.planned(job).id}' is solved in none of the worlds "
                f"{self.start} to {self.stop}"
            )
        return self.solved[job]

    def _linked(self, calls: Iterable[OutcomeCall], setting: Setting) -> dict[OutcomeCall, Array]:
        """The selected outcomes [W] under a setting, of those calls that the plan answers."""
        return {
            call: self._padded(call, setting) for call in calls if self.plan.answers(call, setting)
        }

    def _answered(self, setting: Setting) -> list[OutcomeCall]:
        """The outcomes that derived numbers read under a setting, if the plan answers them."""
        scenario = self.plan.scenario
        calls = reached_numbers(scenario, scenario.derived, dict(setting.values))[1]
        return [call for call in calls if self.plan.answers(call, setting)]

    def _along(
        self,
        call: OutcomeCall,
        setting: Setting,
        rows: NDArray[np.intp],
        slots: Mapping[Hashable, Slots],
    ) -> Array:
        """An outcome [rows] at the slots given, at the selected equilibria of a job left out."""
        job = self.plan.job_of(call, setting)
        if job not in slots:
            return self._padded(call, setting)[rows]
        return self.outcome(call, setting).values[rows, slots[job]]

    def _padded(self, call: OutcomeCall, setting: Setting) -> Array:
        values = np.full(self.worlds, np.nan)
        job = self.plan.job_of(call, setting)
        if job in self.solved:
            selected = self.outcome(call, setting).selected
            values[: len(selected)] = selected
        return values
