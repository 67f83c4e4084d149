"""One claim tried in worlds of our own choosing: solved, certified and judged as in a run."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tenbin.errors import TenbinError, nearest
from tenbin.explain.boundary import BEYOND, OWN, UNKNOWN, Box
from tenbin.explain.counterexample_merit import merit_of
from tenbin.explain.counterexample_play import event_requests
from tenbin.forms.contract import SolverOptions
from tenbin.judge import reaching_uncertainties
from tenbin.judge.counts import codes_of, counted, verdict_codes
from tenbin.judge.evaluate import TRUE, UNDEFINED, Verdict, judge_worlds
from tenbin.judge.propositions import Question, Ranking
from tenbin.judge.questions import questions_of
from tenbin.judge.views import View, answers_of, numbers_of, selected_choice
from tenbin.run import Chunk, Plan, Request, make_plan
from tenbin.run.solving import solve_job
from tenbin.scenario.language import ANY, Array, Event, Name, OutcomeCall, Setting
from tenbin.scenario.objects import Claim, Scenario, Uncertainty
from tenbin.worlds import central_value, central_world, quantile

__all__ = ["BATCH", "ClaimTrial", "Moves", "question_of"]

Sides = NDArray[np.int8]

BATCH = 512
"""Worlds solved together, at most."""
TAIL = 0.0005
"""Of a distribution without an end, what lies beyond this share is not tried."""


@dataclass(frozen=True, slots=True)
class Moves:
    """The numbers that may move, their centres and their half-widths, and how far they may.

    A half-width is half of a range, or of the central 90 % of a distribution. A range or a
    distribution with ends moves between them; a distribution without one up to a share of 0.0005.
    Correlations between distributions are left aside.
    """

    names: tuple[str, ...]
    centre: Array
    half: Array
    box: Box

    @classmethod
    def of(cls, scenario: Scenario, names: Collection[str]) -> Moves:
        """Of those uncertainties named that are no choices and have some width."""
        moving = [
            (item, float(_half_width(item)))
            for item in scenario.uncertainties.values()
            if item.name in names and item.kind != "choice" and _half_width(item) > 0.0
        ]
        centre = np.array([central_value(item) for item, _ in moving])
        half = np.array([width for _, width in moving])
        ends = np.array([_ends(item) for item, _ in moving]).reshape(-1, 2)
        box = Box((ends[:, 0] - centre) / half, (ends[:, 1] - centre) / half)
        return cls(tuple(item.name for item, _ in moving), centre, half, box)

    def numbers(self, points: Array) -> dict[str, Array]:
        """The numbers [N] by name at points [N, D]; the centre exactly where nothing is moved."""
        values = self.centre + points * self.half
        return {name: values[:, j] for j, name in enumerate(self.names)}

    def points(self, draws: Mapping[str, Array]) -> Array:
        """The points [W, D] of worlds given by their numbers [W]."""
        columns = [draws[name] for name in self.names]
        values = np.stack(columns, axis=1) if columns else np.zeros((0, 0))
        return (values - self.centre) / self.half


def _half_width(item: Uncertainty) -> float:
    if item.kind == "range":
        return 0.5 * (item.high - item.low)
    low, high = quantile(item, np.array([0.05, 0.95]))
    return 0.5 * float(high - low)


def _ends(item: Uncertainty) -> tuple[float, float]:
    low, high = (float(end) for end in quantile(item, np.array([TAIL, 1.0 - TAIL])))
    return (
        item.low if np.isfinite(item.low) else low,
        item.high if np.isfinite(item.high) else high,
    )


def question_of(scenario: Scenario, claim: Claim, policy: str | None = None) -> Question | None:
    """What a claim asks under a policy, by default its first; None if it has no truth in a world.

    Raises
    ------
    TenbinError
        If the claim is not judged under that policy.
    """
    questions = {question.policy: question for question in questions_of(scenario, claim)[0]}
    if not questions:
        return None
    if policy is not None and policy not in questions:
        guess = nearest(policy, tuple(questions))
        hint = f". Did you mean '{guess}'?" if guess else ""
        raise TenbinError(
            f"claim '{claim.id}' is not judged under '{policy}'; "
            f"allowed: {', '.join(questions)}{hint}"
        )
    question = questions[policy] if policy is not None else next(iter(questions.values()))
    match question.proposition:
        case Ranking(by="mean"):
            return None
        case _:
            return question


@dataclass
class ClaimTrial:
    """A claim under one policy, and the plan of all that judging it takes.

    `solved` counts the worlds solved so far.
    """

    scenario: Scenario
    claim: Claim
    question: Question
    options: SolverOptions = field(default_factory=SolverOptions)
    solved: int = 0
    _unbounded: Scenario = field(init=False, repr=False)
    _requests: list[Request] = field(init=False, repr=False)
    _plan: Plan = field(init=False, repr=False)

    def __post_init__(self) -> None:
        entries = {
            name: replace(entry, worlds=None) for name, entry in self.scenario.models.items()
        }
        # Bounds on worlds belong to runs: here all the worlds given are solved.
        self._unbounded = replace(self.scenario, models=entries)
        self._requests = [Request(atom.call, atom.setting) for atom in self.question.atoms]
        self._plan = make_plan(self._unbounded, self._requests, BATCH)

    @property
    def plan(self) -> Plan:
        return self._plan

    @cached_property
    def events(self) -> tuple[Request, ...]:
        """Whatever else can happen in the models that the claim asks."""
        return event_requests(self._unbounded, self.question, self._plan)

    @cached_property
    def whole_plan(self) -> Plan:
        """The plan, with the events."""
        return make_plan(self._unbounded, [*self._requests, *self.events], BATCH)

    @property
    def reaching(self) -> frozenset[str]:
        """The uncertainties that can change the claim's truth."""
        return reaching_uncertainties(self.scenario, self.claim.id, self._plan.resolver)

    def chunk(self, numbers: Mapping[str, Array], worlds: int, *, whole: bool = False) -> Chunk:
        """Worlds [W] in which some uncertainties have the numbers given, the rest their centre.

        With `whole` the chunk also answers what the events ask.
        """
        plan = self.whole_plan if whole else self._plan
        centre = central_world(self.scenario)
        draws = {
            name: np.asarray(numbers.get(name, np.repeat(value, worlds)), dtype=np.float64)
            for name, value in centre.items()
        }
        chunk = Chunk(plan, 0, worlds, draws, {})
        for planned in plan.jobs:
            chunk.solved[planned.job] = solve_job(
                plan.scenario, planned, draws, chunk.solved, worlds, self.options
            )
        self.solved += worlds
        return chunk

    def judge(self, chunk: Chunk) -> tuple[Sides, Array]:
        """What the claim does in each world of a chunk, by its own quantifier.

        Returns
        -------
        [W]: `OWN` where it holds, `BEYOND` where it does not, `UNKNOWN` where it is unsolved; and
        the margin by which it holds at the selected equilibria.
        """
        worlds = chunk.worlds
        answers = answers_of(self.question.atoms, chunk, worlds)
        judged = judge_worlds(self.question.proposition, answers, numbers_of(chunk), worlds)
        codes = codes_of(judged, worlds)
        unsolved = verdict_codes(codes) == Verdict.UNSOLVED
        if self.claim.equilibria == "selected":
            unsolved = judged.selected == UNDEFINED
        holds = counted(codes, self.claim.equilibria)
        sides = np.where(unsolved, UNKNOWN, np.where(holds, OWN, BEYOND)).astype(np.int8)
        view = View(answers, numbers_of(chunk), selected_choice(worlds))
        merit = np.array(merit_of(self.question.proposition, view))
        # A margin that contradicts the truth (another equilibrium decides) is no guide.
        agrees = np.where(judged.selected == TRUE, sides == OWN, sides == BEYOND)
        merit[~agrees | ~np.isfinite(merit)] = np.nan
        return sides, merit

    def tried(self, numbers: Mapping[str, Array], worlds: int) -> tuple[Sides, Array]:
        """As `judge`, in worlds given by their numbers, a batch at a time."""
        sides, merits = np.zeros(worlds, dtype=np.int8), np.full(worlds, np.nan)
        for start in range(0, worlds, BATCH):
            part = slice(start, min(start + BATCH, worlds))
            here = {name: values[part] for name, values in numbers.items()}
            chunk = self.chunk(here, part.stop - part.start)
            sides[part], merits[part] = self.judge(chunk)
        return sides, merits

    def outcomes(self, chunk: Chunk) -> dict[str, float | None]:
        """The outcomes that the claim reads, at the selected equilibrium of world 0."""
        found: dict[str, float | None] = {}
        for atom, name in zip(self.question.atoms, self._names(), strict=True):
            value = float(chunk.outcome(atom.call, atom.setting).selected[0])
            found[name] = value if np.isfinite(value) else None
        return found

    def _names(self) -> list[str]:
        """The outcomes as a claim writes them, with what is set beyond what all of them set."""
        settings = [_texts(atom.setting) for atom in self.question.atoms]
        common = set[tuple[str, str]].intersection(*settings) if settings else set()
        return [
            _written_call(atom.call, sorted(given - common))
            for atom, given in zip(self.question.atoms, settings, strict=True)
        ]


def _texts(setting: Setting) -> set[tuple[str, str]]:
    """What a setting sets, as texts."""
    return {(name, value.text) for name, value in setting.values} | set(setting.play)


def _written_call(call: OutcomeCall, given: Sequence[tuple[str, str]]) -> str:
    """A call as a file writes it, with what is set under it."""
    inside = [_written(argument, call.model) for argument in call.arguments]
    if call.given is not None:
        condition = call.given if call.given == ANY else _written(call.given, call.model)
        inside.append(f"given={condition}")
    inside += [f"{name}={value}" for name, value in (*call.options, *given)]
    return f"{call.function}({', '.join(inside)})"


def _written(argument: Event | float, model: str) -> str:
    """An event with its model's name before every name, or a number."""
    if not isinstance(argument, Event):
        return f"{argument:g}"
    parts = [
        f"{model}.{part}" if isinstance(part, Name) else _bracketed(part, model)
        for part in argument.operands
    ]
    if argument.operator == "name":
        return parts[0]
    if argument.operator == "not":
        return f"not {parts[0]}"
    return f" {argument.operator} ".join(parts)


def _bracketed(event: Event, model: str) -> str:
    text = _written(event, model)
    return f"({text})" if event.operator in ("and", "or") else text
