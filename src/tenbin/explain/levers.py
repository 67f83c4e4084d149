"""Levers with ranges, searched: is there a better setting than the policies that are named?

Differential evolution [storn1997] as SciPy has it, seeded, every generation solved as one batch of
worlds; the same worlds for every candidate, so that differences are not sampling. What is found is
solved again in other worlds and set beside the named policies there, for a search looks best in the
worlds that it searched.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from tenbin.forms.contract import SolverOptions
from tenbin.judge.evaluate import measure
from tenbin.judge.propositions import Atom, Comparison, Question, Score
from tenbin.judge.questions import objective_score, policy_settings
from tenbin.judge.reach import question_numbers
from tenbin.judge.views import (
    NO_REASON,
    View,
    answers_of,
    numbers_of,
    selected_choice,
    unsolved_reason,
)
from tenbin.run import Chunk, Job, Plan, Request, Setting, SolvedJob, make_plan
from tenbin.run.solved import joined
from tenbin.run.solving import solve_job
from tenbin.scenario.language import Array
from tenbin.scenario.objects import Lever, Objective, Scenario
from tenbin.worlds import draw_worlds, reached_numbers

__all__ = ["LeverSearch", "search_levers"]

WORLDS = 128
"""Worlds in which candidates are compared, the first of the run."""
CHECKED = 1024
"""Worlds after those in which what was found is set beside the named policies."""
POPULATION = 5
"""Candidates per lever and generation, about (SciPy rounds up to a power of two)."""
GENERATIONS = 10
"""Generations at most; fewer where the candidates agree."""
_UNSOLVED = 1e12
"""What a candidate costs that is solved in no world."""


@dataclass(frozen=True, slots=True)
class LeverSearch:
    """The best setting found of the levers that reach an objective, under one policy's moves.

    `levers` is empty where `status` is `none`: no lever with a range reaches the objective, or
    `dear`: a model that it reads states in how many worlds it can be afforded. `mean` is in the
    objective's own unit over `worlds` worlds not used in the search, `named` the mean of each named
    policy in the same worlds; `candidates` is how many settings were solved.
    """

    objective: str
    moves: str
    status: str
    levers: dict[str, float]
    mean: float | None
    low: float | None
    high: float | None
    named: dict[str, float | None]
    worlds: int
    candidates: int

    def as_data(self) -> dict[str, Any]:
        return {
            "objective": self.objective,
            "moves_of": self.moves,
            "status": self.status,
            "levers": dict(self.levers),
            "mean": self.mean,
            "low": self.low,
            "high": self.high,
            "named": dict(self.named),
            "worlds": self.worlds,
            "candidates": self.candidates,
        }


def search_levers(
    scenario: Scenario,
    seed: int = 0,
    *,
    objectives: Sequence[str] | None = None,
    policy: str | None = None,
    worlds: int = WORLDS,
) -> list[LeverSearch]:
    """Search the levers with ranges for each objective's best mean over the worlds.

    Parameters
    ----------
    scenario
        With objectives and levers.
    seed
        Of the worlds and of the search.
    objectives
        Which; by default all.
    policy
        Whose committed moves hold; by default the first policy's. Its levers are searched anew.
    worlds
        In how many worlds candidates are compared.
    """
    names = tuple(scenario.objectives) if objectives is None else tuple(objectives)
    settings = policy_settings(scenario)
    moves = next(iter(settings)) if policy is None else policy
    return [
        _searched(scenario, scenario.objectives[name], moves, settings, seed, worlds)
        for name in names
    ]


def _searched(
    scenario: Scenario,
    objective: Objective,
    moves: str,
    settings: Mapping[str, Setting],
    seed: int,
    worlds: int,
) -> LeverSearch:
    from scipy.optimize import differential_evolution

    free = Setting((), settings[moves].play)
    means = _Means(scenario, objective, free, seed)
    levers = means.levers()
    status = "dear" if means.is_dear() else "found" if levers else "none"
    if status != "found":
        return LeverSearch(objective.name, moves, status, {}, None, None, None, {}, 0, 0)
    first = means.draws(0, worlds)
    asked = 0

    def cost(points: Array) -> Array:
        nonlocal asked
        candidates = points.T if points.ndim == 2 else points[None, :]
        asked += len(candidates)
        scored = -means.score.sign * means.of(levers, candidates, first, worlds)
        return np.where(np.isfinite(scored), scored, _UNSOLVED)

    result = differential_evolution(
        cost,
        bounds=[(lever.low, lever.high) for lever in levers],
        popsize=POPULATION,
        maxiter=GENERATIONS,
        init="sobol",
        polish=False,
        updating="deferred",
        vectorized=True,
        rng=seed,
    )
    chosen = np.asarray(result.x, dtype=np.float64)
    fresh = means.draws(worlds, worlds + CHECKED)
    values = means.values(levers, chosen[None, :], fresh, CHECKED)[0]
    solved = values[np.isfinite(values)]
    mean = float(solved.mean()) if len(solved) else None
    half = 1.96 * float(solved.std(ddof=1)) / float(np.sqrt(len(solved))) if len(solved) > 1 else 0
    return LeverSearch(
        objective=objective.name,
        moves=moves,
        status=status,
        levers={lever.name: float(x) for lever, x in zip(levers, chosen, strict=True)},
        mean=mean,
        low=None if mean is None else mean - half,
        high=None if mean is None else mean + half,
        named={
            name: _Means(scenario, objective, setting, seed).plain(fresh, CHECKED)
            for name, setting in settings.items()
        },
        worlds=CHECKED,
        candidates=asked,
    )


@dataclass
class _Means:
    """The mean of an objective over worlds, with levers given world by world."""

    scenario: Scenario
    objective: Objective
    setting: Setting
    seed: int

    def __post_init__(self) -> None:
        entries = {
            name: replace(entry, worlds=None) for name, entry in self.scenario.models.items()
        }
        # Bounds on worlds belong to runs: here all the worlds given are solved.
        unbounded = replace(self.scenario, models=entries)
        found: tuple[Score, tuple[Atom, ...]] = objective_score(
            unbounded, replace(self.objective, threshold=None), self.setting
        )
        self.score, self.atoms = found
        requests = [Request(atom.call, atom.setting) for atom in self.atoms]
        self.plan: Plan = make_plan(unbounded, requests, 2**31)
        self._kept_for: Mapping[str, Array] | None = None
        self._kept: dict[Job, SolvedJob] = {}

    def is_dear(self) -> bool:
        """Whether a model that is read states in how many worlds it can be afforded."""
        return any(
            self.scenario.models[planned.job.model].worlds is not None for planned in self.plan.jobs
        )

    def levers(self) -> list[Lever]:
        """The levers with a range that reach the objective."""
        proposition = Comparison("==", self.score.quantity, self.score.quantity)
        question = Question("", "", proposition, self.atoms, (None,) * len(self.atoms))
        reached = question_numbers(self.scenario, question, self.plan.resolver)
        return [
            lever
            for lever in self.scenario.levers.values()
            if lever.name in reached and lever.high > lever.low
        ]

    def draws(self, start: int, stop: int) -> dict[str, Array]:
        return draw_worlds(self.scenario, start, stop, seed=self.seed)

    def of(
        self, levers: Sequence[Lever], candidates: Array, draws: Mapping[str, Array], worlds: int
    ) -> Array:
        """The mean [S] over the worlds that are solved, of every candidate [S, levers]."""
        values = self.values(levers, candidates, draws, worlds)
        known = np.isfinite(values)
        count = known.sum(axis=1)
        total = np.where(known, values, 0.0).sum(axis=1)
        return np.where(count > 0, total / np.maximum(count, 1), np.nan)

    def values(
        self, levers: Sequence[Lever], candidates: Array, draws: Mapping[str, Array], worlds: int
    ) -> Array:
        """The objective [S, W] of every candidate in every world; NaN where unsolved."""
        size = len(candidates)
        together = {name: np.tile(values, size) for name, values in draws.items()}
        # A lever given beside the draws takes the place of its default, world by world.
        together |= {
            lever.name: np.repeat(candidates[:, place], worlds)
            for place, lever in enumerate(levers)
        }
        fixed = self._fixed(levers, draws, worlds)
        tiled = {job: joined([solved] * size) for job, solved in fixed.items()}
        return self._solved(together, size * worlds, tiled).reshape(size, worlds)

    def _fixed(
        self, levers: Sequence[Lever], draws: Mapping[str, Array], worlds: int
    ) -> dict[Job, SolvedJob]:
        """The jobs that no lever reaches, solved once for all candidates."""
        if self._kept_for is not draws:
            names = {lever.name for lever in levers}
            solved: dict[Job, SolvedJob] = {}
            for planned in self.plan.jobs:
                if self._hangs_on(planned.job, names):
                    continue
                solved[planned.job] = solve_job(
                    self.plan.scenario, planned, draws, solved, worlds, SolverOptions()
                )
            self._kept_for, self._kept = draws, solved
        return self._kept

    def _hangs_on(self, job: Job, names: set[str]) -> bool:
        """Whether a job, or one that feeds it, reads one of the names."""
        for one in (job, *self.plan.upstream(job)):
            given = dict(one.setting.values)
            read = self.plan.planned(one).model.names
            reached = reached_numbers(self.scenario, read, given)[0]
            written = {name for known in reached & given.keys() for name in given[known].names}
            if names & ((reached - given.keys()) | reached_numbers(self.scenario, written)[0]):
                return True
        return False

    def plain(self, draws: Mapping[str, Array], worlds: int) -> float | None:
        """The mean under the setting as it is."""
        values = self._solved(dict(draws), worlds)
        known = values[np.isfinite(values)]
        return float(known.mean()) if len(known) else None

    def _solved(
        self, draws: dict[str, Array], worlds: int, known: Mapping[Job, SolvedJob] | None = None
    ) -> Array:
        chunk = Chunk(self.plan, 0, worlds, draws, dict(known or {}))
        for planned in self.plan.jobs:
            if planned.job not in chunk.solved:
                chunk.solved[planned.job] = solve_job(
                    self.plan.scenario, planned, draws, chunk.solved, worlds, SolverOptions()
                )
        answers = answers_of(self.atoms, chunk, worlds)
        view = View(answers, numbers_of(chunk), selected_choice(worlds))
        value = np.array(measure(self.score.quantity, view).value)
        value[unsolved_reason(answers, worlds) != NO_REASON] = np.nan
        return value
