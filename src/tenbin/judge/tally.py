"""Chunks of solved worlds -> verdicts: counts are merged, worlds are never kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from tenbin.judge.counts import NOT_JUDGED, Averages, Codes, Counts, codes_of
from tenbin.judge.evaluate import judge_worlds, rival_gains
from tenbin.judge.policies import PolicyTable
from tenbin.judge.premises import Premises
from tenbin.judge.propositions import Question, Ranking
from tenbin.judge.questions import questions_of
from tenbin.judge.reach import reaching_uncertainties, share_reading
from tenbin.judge.verdicts import fixed_entry, judged_entry, model_entry
from tenbin.judge.views import answers_of, numbers_of
from tenbin.run.chunk import Chunk
from tenbin.run.jobs import Job, Plan
from tenbin.run.summary import RunSummary
from tenbin.scenario.objects import Claim, Scenario

__all__ = ["Tally"]

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class _Basis:
    """What a question rests on: the job of every outcome, and how many worlds all of them have."""

    jobs: tuple[Job, ...]
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
        self._policies = PolicyTable(scenario, plan)
        self._incomplete: set[Job] = set()

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
        self._policies.add(chunk)
        self._summary.add(chunk)
        self._incomplete.update(
            job for job, solved in chunk.solved.items() if not solved.complete.all()
        )
        return codes

    def verdicts(self) -> dict[str, Any]:
        """What the worlds so far say: the content of `verdicts.json`, as plain data."""
        policies = self._policies.section()
        return {
            "scenario": _scenario_name(self._scenario),
            "digest": self._scenario.digest,
            "worlds": self._plan.worlds,
            "seed": self._seed,
            "claims": {name: self._entry(claim) for name, claim in self._scenario.claims.items()},
            "models": {
                name: model_entry(summary) for name, summary in self._summary.models().items()
            },
            **({} if policies is None else {"policies": policies}),
        }

    def models(self) -> dict[str, dict[str, Any]]:
        """Counts by model over the worlds so far, as the manifest has them."""
        return self._summary.models()

    def jobs_of(self, claim: str) -> frozenset[Job]:
        """The jobs whose outcomes a claim reads, under all policies that it is judged under."""
        bases = (basis for key, basis in self._bases.items() if key[0] == claim)
        return frozenset(job for basis in bases for job in basis.jobs)

    def _basis(self, question: Question) -> _Basis:
        jobs = [self._plan.job_of(atom.call, atom.setting) for atom in question.atoms]
        worlds = (self._plan.worlds_of(job) for job in jobs)
        return _Basis(tuple(jobs), min(worlds, default=self._plan.worlds))

    def _is_complete(self, key: Key) -> bool:
        """Whether no equilibrium can have been missed, neither of a job nor of what feeds it."""
        used = set(self._bases[key].jobs)
        feeding = {upstream for job in used for upstream in self._plan.upstream(job)}
        return not (used | feeding) & self._incomplete

    def _judge(self, key: Key, question: Question, chunk: Chunk, rows: int) -> Codes:
        worlds = chunk.stop - chunk.start
        if rows <= 0:
            return np.full(worlds, NOT_JUDGED, dtype=np.int8)
        answers = answers_of(question.atoms, chunk, rows)
        judged = judge_worlds(question.proposition, answers, numbers_of(chunk), rows)
        self._counts[key].add(judged)
        return codes_of(judged, worlds)

    def _average(self, key: Key, question: Question, chunk: Chunk, rows: int) -> None:
        answers = answers_of(question.atoms, chunk, rows)
        ranking = self._averages[key].ranking
        gains = rival_gains(ranking, answers, numbers_of(chunk), rows)
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


def _scenario_name(scenario: Scenario) -> str:
    """The name of the scenario's folder or file; of one built in Python its title."""
    if scenario.path is None:
        return str(scenario.title)
    path = scenario.path.resolve()
    return path.parent.name if path.name == "scenario.yaml" else path.stem
