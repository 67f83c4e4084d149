"""The truth of claims with numbers imposed: from a run's own verdicts, or solved again.

What a premise imposes may not reach a claim at all: then the stored verdicts are its truth. Else
the claim is judged again in the first worlds of the run, all of them together in one plan.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from tenbin.explain.stored import Key, StoredRun
from tenbin.judge.counts import NOT_JUDGED, Codes, codes_of
from tenbin.judge.evaluate import judge_worlds
from tenbin.judge.propositions import Question
from tenbin.judge.questions import MINOR_WORLDS, questions_of
from tenbin.judge.reach import question_numbers
from tenbin.judge.requests import question_requests
from tenbin.judge.views import answers_of, numbers_of
from tenbin.run import Chunk, Plan, RunOptions, execute, make_plan
from tenbin.run.jobs import Job
from tenbin.run.settings import settled
from tenbin.scenario.language import Expression, Setting

__all__ = ["Asked", "Imposed", "Truths"]

Imposed = tuple[tuple[str, Expression], ...]
"""Names with the value imposed, sorted by name."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One claim under one policy with numbers imposed."""

    claim: str
    policy: str
    imposed: Imposed = ()

    @property
    def key(self) -> Key:
        return self.claim, self.policy


@dataclass
class Truths:
    """Verdict codes [W] of claims with numbers imposed.

    First `want` everything, then `solve` once, then ask for `codes`. What reads a model that states
    in how many worlds it can be afforded (`worlds:`) is not solved again; `refused` names it.
    """

    run: StoredRun
    _names: dict[Key, frozenset[str]] = field(default_factory=dict[Key, frozenset[str]])
    _questions: dict[Asked, Question] = field(default_factory=dict[Asked, Question])
    _found: dict[Asked, Codes] = field(default_factory=dict[Asked, Codes])
    _refused: dict[Asked, str] = field(default_factory=dict[Asked, str])
    _base: dict[Key, Question] | None = None

    def reduced(self, claim: str, policy: str, imposed: Mapping[str, Expression]) -> Asked:
        """A claim with only those of the numbers imposed that can change its truth."""
        scenario = self.run.scenario
        wanted = {
            name: value for name, value in imposed.items() if name in self._reaching(claim, policy)
        }
        setting = settled(scenario, Setting(tuple(sorted(wanted.items(), key=lambda i: i[0]))))
        return Asked(claim, policy, setting.values)

    def want(self, asked: Asked) -> None:
        """Ask for a truth that is to be solved."""
        if not asked.imposed or asked in self._questions or asked in self._refused:
            return
        question = self._question(asked)
        heavy = self._heavy_model(question)
        if heavy is not None:
            self._refused[asked] = heavy
        else:
            self._questions[asked] = question

    def refused(self, asked: Asked) -> str | None:
        """The model on whose account a truth is not solved again; None where it is there."""
        return self._refused.get(asked)

    def solve(self, told: Callable[[float], None] | None = None) -> int:
        """Solve all that was wanted; how many jobs that took."""
        waiting = {asked: q for asked, q in self._questions.items() if asked not in self._found}
        if not waiting:
            return 0
        scenario = self.run.scenario
        worlds = min(max(map(self.worlds_of, waiting)), self.run.worlds)
        requests = [
            replace(request, worlds=self.worlds_of(asked))
            for asked, question in waiting.items()
            for request in question_requests(question)
        ]
        plan = make_plan(scenario, requests, worlds)
        options = RunOptions(worlds=worlds, seed=self.run.seed, design=self.run.design)
        parts: dict[Asked, list[Codes]] = {asked: [] for asked in waiting}
        for chunk in execute(scenario, plan, options):
            for asked, question in waiting.items():
                parts[asked].append(_judged(question, chunk, plan))
            if told is not None:
                told(chunk.stop / worlds)
        self._found |= {asked: np.concatenate(codes) for asked, codes in parts.items()}
        return len(plan.jobs)

    def worlds_of(self, asked: Asked) -> int:
        """In how many worlds a claim with numbers imposed is judged, if solved again."""
        return self.run.scenario.claims[asked.claim].worlds or MINOR_WORLDS

    def codes(self, asked: Asked) -> Codes:
        """The codes [W], of all worlds of the run where nothing imposed reaches the claim."""
        return self._found[asked] if asked.imposed else self.run.codes[asked.key]

    def _reaching(self, claim: str, policy: str) -> frozenset[str]:
        key = (claim, policy)
        if key not in self._names:
            question = self._base_questions()[key]
            reached = question_numbers(self.run.scenario, question, self.run.plan.resolver)
            self._names[key] = frozenset(reached)
        return self._names[key]

    def _base_questions(self) -> dict[Key, Question]:
        if self._base is None:
            claims = dict.fromkeys(claim for claim, _ in self.run.keys)
            self._base = {
                (question.claim, question.policy): question
                for claim in claims
                for question in questions_of(self.run.scenario, self.run.scenario.claims[claim])[0]
            }
        return self._base

    def _question(self, asked: Asked) -> Question:
        scenario = self.run.scenario
        questions, problems = questions_of(
            scenario, scenario.claims[asked.claim], dict(asked.imposed)
        )
        assert not problems, problems
        return next(question for question in questions if question.policy == asked.policy)

    def _heavy_model(self, question: Question) -> str | None:
        """A model that states in how many worlds it can be afforded, and that a question reads."""
        scenario, resolver = self.run.scenario, self.run.plan.resolver
        waiting = [resolver.asked(atom.call, atom.setting) for atom in question.atoms]
        seen: set[Job] = set()
        while waiting:
            job = waiting.pop()
            if job in seen:
                continue
            seen.add(job)
            if scenario.models[job.model].worlds is not None:
                return job.model
            waiting.extend(resolver.asked(call, job.setting) for call in resolver.links(job))
        return None


def _judged(question: Question, chunk: Chunk, plan: Plan) -> Codes:
    """The codes [W] of a question in a chunk; worlds past those that it is asked for not judged."""
    jobs = (plan.job_of(atom.call, atom.setting) for atom in question.atoms)
    last = min((plan.worlds_of(job) for job in jobs), default=plan.worlds)
    rows = min(chunk.worlds, last - chunk.start)
    if rows <= 0:
        nothing: NDArray[np.int8] = np.full(chunk.worlds, NOT_JUDGED, dtype=np.int8)
        return nothing
    answers = answers_of(question.atoms, chunk, rows)
    return codes_of(
        judge_worlds(question.proposition, answers, numbers_of(chunk), rows), chunk.worlds
    )
