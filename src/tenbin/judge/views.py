"""What a proposition reads: outcomes and numbers of some worlds, at one equilibrium per job."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tenbin.forms.contract import Status
from tenbin.judge.propositions import Atom
from tenbin.run.chunk import Chunk
from tenbin.run.combinations import Axis, Combinations, Slots, combine
from tenbin.run.jobs import Job
from tenbin.scenario.language import Array, Numbers, Setting

__all__ = [
    "NO_REASON",
    "Answer",
    "Choice",
    "Choices",
    "NumbersOf",
    "View",
    "answers_of",
    "numbers_of",
    "selected_choice",
    "unsolved_reason",
]

Bools = NDArray[np.bool_]

NO_REASON = int(Status.SOLVED)


@dataclass(frozen=True, slots=True)
class Answer:
    """One outcome in the worlds of a chunk.

    values [W, K] by equilibrium, NaN where the outcome is undefined; status [W]; scale [W] or
    [W, K] of which a millionth is the tolerance (1 for a probability, the payoff range for a
    value); `job` is whose outcome it is, and `axis` are the equilibria of that job.
    """

    values: Array
    status: NDArray[np.int8]
    scale: Array
    job: Hashable
    axis: Axis


@dataclass(frozen=True, slots=True)
class Choice:
    """Some worlds of a chunk, and the equilibrium chosen there for every job.

    rows [n] are the worlds; slots [n] by job, for those that are not at slot 0, the selected one.
    """

    rows: NDArray[np.intp]
    slots: Mapping[Hashable, Slots]


NumbersOf = Callable[[Setting, Choice], Numbers]
"""Where the numbers of a setting come from; arrays are over the worlds of the choice [n]."""


class View:
    """Some worlds of a chunk with one equilibrium chosen for every job."""

    def __init__(self, answers: list[Answer], numbers: NumbersOf, choice: Choice) -> None:
        self._answers = answers
        self._numbers = numbers
        self._choice = choice
        self._read: dict[Setting, Numbers] = {}
        self.size = len(choice.rows)
        self.tie = np.zeros(self.size, dtype=np.bool_)

    def value(self, atom: int) -> Array:
        """The outcome at the chosen equilibrium [rows]."""
        return self._chosen(self._answers[atom], self._answers[atom].values)

    def scale(self, atom: int) -> Array:
        """The scale of the outcome's tolerance [rows]."""
        answer = self._answers[atom]
        if answer.scale.ndim == 2:
            return self._chosen(answer, answer.scale)
        return answer.scale[self._choice.rows]

    def numbers(self, setting: Setting) -> Numbers:
        """The numbers under a setting, arrays over these rows."""
        if setting not in self._read:
            self._read[setting] = self._numbers(setting, self._choice)
        return self._read[setting]

    def _chosen(self, answer: Answer, values: Array) -> Array:
        slots = self._choice.slots.get(answer.job)
        if slots is None:
            return values[self._choice.rows, 0]
        return values[self._choice.rows, slots]


@dataclass(frozen=True, slots=True)
class Choices:
    """The combinations of one equilibrium per job, of those worlds that have several.

    rows [n] are these worlds; capped [W] is where not all combinations are there.
    """

    rows: NDArray[np.intp]
    combinations: Combinations | None
    capped: Bools

    @classmethod
    def of(cls, answers: list[Answer], usable: Bools) -> Choices:
        """The combinations over all jobs of the answers, in the worlds [W] that are usable."""
        axes = _told_apart(answers)
        several = usable & False
        capped = usable & False
        for axis in axes.values():
            if axis.found.shape[1] > 1:
                several |= usable & axis.found[:, 1:].any(axis=1)
            if axis.capped is not None:
                capped |= usable & axis.capped
        rows = np.flatnonzero(several)
        if len(rows) == 0:
            return cls(rows, None, capped)
        here = {job: axis.at(rows) for job, axis in axes.items()}
        combinations = combine(here, usable[rows])
        capped[rows] |= combinations.capped
        return cls(rows, combinations, capped)

    def further(self) -> Iterator[Choice]:
        """Every combination but the selected one, each with the worlds that have so many."""
        if self.combinations is None:
            return
        count = self.combinations.count
        for number in range(1, int(count.max(initial=1))):
            here = np.flatnonzero(count > number)
            slots = {job: chosen[here, number] for job, chosen in self.combinations.slots.items()}
            yield Choice(self.rows[here], slots)


def _told_apart(answers: list[Answer]) -> dict[Hashable, Axis]:
    """The equilibria of every job, without those that answer all that is asked as slot 0 does.

    What is asked may be the same at every equilibrium (whether a state is stable): then one stands
    for all, however many there are. Jobs that rest on one another keep theirs.
    """
    axes = {answer.job: answer.axis for answer in answers}
    bound = {job for axis in axes.values() for job in axis.rests}
    for job, axis in axes.items():
        if axis.has_several and not axis.rests and job not in bound:
            asked = [answer for answer in answers if answer.job == job]
            differs = np.zeros(axis.found.shape, dtype=np.bool_)
            for answer in asked:
                differs |= _differs(answer.values)
                if answer.scale.ndim == 2:
                    differs |= _differs(answer.scale)
            differs[:, 0] = True
            axes[job] = Axis(axis.found & differs, axis.rests, axis.capped)
    return axes


def _differs(values: Array) -> Bools:
    """Where [W, K] a value is another than that at slot 0; undefined is like undefined."""
    first = values[:, :1]
    return (values != first) & ~(np.isnan(values) & np.isnan(first))


def selected_choice(worlds: int) -> Choice:
    """The selected equilibria of the first W worlds."""
    return Choice(np.arange(worlds, dtype=np.intp), {})


def unsolved_reason(answers: list[Answer], worlds: int) -> NDArray[np.int8]:
    """The status of the first job unsolved in each world; an undefined outcome is no such job."""
    reason = np.full(worlds, NO_REASON, dtype=np.int8)
    for answer in answers:
        status = np.where(answer.status == Status.UNDEFINED, NO_REASON, answer.status)
        reason = np.where(reason == NO_REASON, status, reason).astype(np.int8)
    return reason


def answers_of(atoms: Iterable[Atom], chunk: Chunk, worlds: int) -> list[Answer]:
    """What the first W worlds of a chunk answer to a question's outcomes."""
    first = slice(worlds)
    answers: list[Answer] = []
    axes: dict[Job, Axis] = {}
    for atom in atoms:
        job = chunk.plan.job_of(atom.call, atom.setting)
        if job not in axes:
            axes[job] = chunk.axis(job).at(first)
        outcome = chunk.outcome(atom.call, atom.setting)
        scale = chunk.scale(atom.call, atom.setting)
        answers.append(
            Answer(outcome.values[first], outcome.status[first], scale[first], job, axes[job])
        )
    return answers


def numbers_of(chunk: Chunk) -> NumbersOf:
    """Where the numbers of the worlds of a chunk come from."""
    return lambda setting, choice: chunk.numbers_along(setting, choice.rows, choice.slots)
