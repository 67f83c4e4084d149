"""Chunks of solved worlds -> verdicts: counts are merged, worlds are never kept."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from tenbin.judge.counts import NOT_JUDGED, Averages, Codes, Counts, codes_of
from tenbin.judge.evaluate import Answer, judge_worlds, rival_gains
from tenbin.judge.premises import Premises
from tenbin.judge.propositions import Question, Ranking
from tenbin.judge.questions import questions_of
from tenbin.judge.reach import reaching_uncertainties, share_reading
from tenbin.judge.verdicts import fixed_entry, judged_entry, model_entry
from tenbin.run.chunk import Chunk
from tenbin.run.jobs import Job, Plan
from tenbin.run.summary import RunSummary
from tenbin.scenario.language import Numbers, Setting
from tenbin.scenario.objects import Claim, Scenario

__all__ = ["Tally"]

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class _Basis:
    """What a question rests on: the job of every outcome, and how many worlds all of them have.

    `groups` numbers the distinct jobs, one number per outcome; `pinned` are outcomes of jobs that
    feed another job of the question, or a number it reads: they are judged at their selected
    equilibrium, on which the others build.
    """

    jobs: tuple[Job, ...]
    groups: tuple[int, ...]
    pinned: tuple[bool, ...]
    worlds: int


class Tally:
    """Verdicts of a run, merged chunk by chunk.

    Parameters
    ----------
    scenario
        Whose claims are judged.
    plan
        Made from (at least) `claim_requests(scenario)`.
    seed
        Of the draws; only written into the verdicts.
    """

    def __init__(self, scenario: Scenario, plan: Plan, *, seed: int = 0) -> None:
        self._scenario = scenario
        self._plan = plan
        self._seed = seed
        self._questions: dict[Key, Question] = {
            (question.claim, question.policy): question
            for claim in scenario.claims.values()
            for question in questions_of(scenario, claim)[0]
        }
        self._bases = {key: self._basis(item) for key, item in self._questions.items()}
        self._counts: dict[Key, Counts] = {}
        self._averages: dict[Key, Averages] = {}
        for key, question in self._questions.items():
            average = _average_of(question)
            if average is None:
                self._counts[key] = Counts()
            else:
                self._averages[key] = Averages(average)
        self._premises = Premises(scenario, tuple(self._questions))
        self._summary = RunSummary(plan)
        self._incomplete: set[Job] = set()
        self._several: set[Job] = set()

    def add(self, chunk: Chunk) -> dict[Key, Codes]:
        """Judge the worlds of one chunk and merge the counts.

        Returns
        -------
        For every (claim, policy) one code per world of the chunk [W], see `counts.codes_of`. A
        claim about averages over worlds (`by=mean`) has no truth in one world and no codes.
        """
        codes: dict[Key, Codes] = {}
        worlds = chunk.stop - chunk.start
        for key, question in self._questions.items():
            rows = min(worlds, self._bases[key].worlds - chunk.start)
            if key in self._counts:
                codes[key] = self._judge(key, question, chunk, rows)
            elif rows > 0:
                self._average(key, question, chunk, rows)
        self._premises.add(codes)
        self._summary.add(chunk)
        self._note_equilibria(chunk)
        return codes

    def verdicts(self) -> dict[str, Any]:
        """What the worlds so far say: the content of `verdicts.json`, as plain data."""
        return {
            "scenario": _scenario_name(self._scenario),
            "digest": self._scenario.digest,
            "worlds": self._plan.worlds,
            "seed": self._seed,
            "claims": {name: self._entry(claim) for name, claim in self._scenario.claims.items()},
            "models": {
                name: model_entry(summary) for name, summary in self._summary.models().items()
            },
        }

    def _basis(self, question: Question) -> _Basis:
        jobs = [self._plan.job_of(atom.call, atom.setting) for atom in question.atoms]
        distinct = list(dict.fromkeys(jobs))
        feeding: set[Job] = {jobs[number] for number in question.linked}
        for job in distinct:
            feeding |= self._plan.upstream(job)
        for number in question.linked:
            feeding |= self._plan.upstream(jobs[number])
        return _Basis(
            tuple(jobs),
            tuple(distinct.index(job) for job in jobs),
            tuple(job in feeding for job in jobs),
            min((self._plan.worlds_of(job) for job in distinct), default=self._plan.worlds),
        )

    def _note_equilibria(self, chunk: Chunk) -> None:
        """Which jobs are not proved to have all equilibria found, and which have several."""
        for job, solved in chunk.solved.items():
            if not solved.complete.all():
                self._incomplete.add(job)
            if solved.found[:, 1:].any():
                self._several.add(job)

    def _is_complete(self, key: Key) -> bool:
        """Whether no equilibrium can have been missed, neither of a job nor of what feeds it."""
        used = set(self._bases[key].jobs)
        feeding = {upstream for job in used for upstream in self._plan.upstream(job)}
        return not (used | feeding) & self._incomplete and not feeding & self._several

    def _answers(self, key: Key, question: Question, chunk: Chunk, rows: int) -> list[Answer]:
        basis = self._bases[key]
        answers: list[Answer] = []
        for number, atom in enumerate(question.atoms):
            outcome = chunk.outcome(atom.call, atom.setting)
            answers.append(
                Answer(
                    outcome.values[:rows],
                    outcome.found[:rows],
                    outcome.status[:rows],
                    chunk.scale(atom.call, atom.setting)[:rows],
                    basis.groups[number],
                    basis.pinned[number],
                )
            )
        return answers

    def _judge(self, key: Key, question: Question, chunk: Chunk, rows: int) -> Codes:
        worlds = chunk.stop - chunk.start
        if rows <= 0:
            return np.full(worlds, NOT_JUDGED, dtype=np.int8)
        answers = self._answers(key, question, chunk, rows)
        numbers = partial(_numbers, chunk)
        judged = judge_worlds(question.proposition, answers, numbers, rows)
        self._counts[key].add(judged)
        return codes_of(judged, worlds)

    def _average(self, key: Key, question: Question, chunk: Chunk, rows: int) -> None:
        answers = self._answers(key, question, chunk, rows)
        ranking = self._averages[key].ranking
        gains = rival_gains(ranking, answers, partial(_numbers, chunk), rows)
        self._averages[key].add(*gains)

    def _entry(self, claim: Claim) -> dict[str, Any]:
        keys = [key for key in self._questions if key[0] == claim.id]
        if not keys:
            return fixed_entry(self._scenario, claim)
        reaching = reaching_uncertainties(self._scenario, claim.id, self._plan.resolver)
        return judged_entry(
            claim,
            {key[1]: self._row(key, claim) for key in keys},
            worlds=min(self._worlds_counted(key) for key in keys),
            complete=all(self._is_complete(key) for key in keys),
            reading=share_reading(self._scenario, reaching),
        )

    def _worlds_counted(self, key: Key) -> int:
        """How many worlds the verdict rests on so far."""
        counts = self._averages.get(key) or self._counts[key]
        return counts.worlds

    def _row(self, key: Key, claim: Claim) -> dict[str, Any]:
        vacuous = self._premises.are_nowhere(key)
        if key in self._averages:
            return self._averages[key].row(vacuous=vacuous)
        return self._counts[key].row(claim.equilibria, vacuous=vacuous)


def _average_of(question: Question) -> Ranking | None:
    """The ranking of a claim that is about averages over worlds; None for any other."""
    match question.proposition:
        case Ranking(by="mean") as ranking:
            return ranking
        case _:
            return None


def _numbers(chunk: Chunk, setting: Setting) -> Numbers:
    return chunk.numbers(setting)


def _scenario_name(scenario: Scenario) -> str:
    """The name of the scenario's folder or file; of one built in Python its title."""
    if scenario.path is None:
        return str(scenario.title)
    path = scenario.path.resolve()
    return path.parent.name if path.name == "scenario.yaml" else path.stem
