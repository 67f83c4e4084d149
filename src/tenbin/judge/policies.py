"""Policies side by side: what each does for the objectives of the decision maker."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenbin.judge.evaluate import TRUE, Measured, gain_of, measure, meets
from tenbin.judge.propositions import Atom, Score
from tenbin.judge.questions import objective_score, policy_settings
from tenbin.judge.spread import Spread
from tenbin.judge.views import (
    NO_REASON,
    Choices,
    View,
    answers_of,
    numbers_of,
    selected_choice,
    unsolved_reason,
)
from tenbin.judge.words import wilson_interval
from tenbin.run.chunk import Chunk
from tenbin.run.jobs import Plan
from tenbin.scenario.language import Array
from tenbin.scenario.objects import Scenario

__all__ = ["PolicyTable"]

Bools = NDArray[np.bool_]

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
WORST = 0.95
"""The quantile of regret that is given beside its mean."""


@dataclass
class _Row:
    """An objective under one policy, in the worlds so far."""

    worlds: int = 0
    value: Spread = field(default_factory=Spread)
    low: Spread = field(default_factory=Spread)
    high: Spread = field(default_factory=Spread)
    regret: Spread = field(default_factory=Spread)
    best: int = 0
    satisfied: int = 0

    def plain(self, has_threshold: bool) -> dict[str, Any]:
        """The row as plain data."""
        worlds = max(self.worlds, 1)
        satisfied = self.satisfied if has_threshold else None
        interval = None
        if satisfied is not None:
            interval = list(wilson_interval(satisfied, self.worlds))
        return {
            "worlds": self.worlds,
            "unsolved": (self.worlds - self.value.count) / worlds,
            "mean": self.value.mean,
            "low": self.low.mean,
            "high": self.high.mean,
            "quantiles": {str(share): self.value.quantile(share) for share in QUANTILES},
            "compared": self.regret.count / worlds,
            "regret_mean": self.regret.mean,
            "regret_95": self.regret.quantile(WORST),
            "best_share": self.best / worlds,
            "satisfied_share": None if satisfied is None else satisfied / worlds,
            "interval": interval,
        }


@dataclass(frozen=True, slots=True)
class _Scored:
    """An objective under one policy in W worlds, at the selected equilibria.

    measured and view are its value and where it was read; known [W] is where it has one; low and
    high [W] are its extremes over combinations of equilibria; enough [W] is where it is good
    enough.
    """

    score: Score
    measured: Measured
    view: View
    known: Bools
    low: Array
    high: Array
    enough: Bools


class PolicyTable:
    """Every policy by every objective, merged chunk by chunk.

    Parameters
    ----------
    scenario
        Whose policies and objectives are weighed.
    plan
        Made from (at least) `claim_requests(scenario)`.
    """

    def __init__(self, scenario: Scenario, plan: Plan) -> None:
        self._scenario = scenario
        self._scores: dict[str, dict[str, tuple[Score, tuple[Atom, ...]]]] = {
            name: {
                policy: objective_score(scenario, objective, setting)
                for policy, setting in policy_settings(scenario).items()
            }
            for name, objective in scenario.objectives.items()
        }
        self._worlds = {name: _worlds_of(plan, each) for name, each in self._scores.items()}
        self._rows = {
            name: {policy: _Row() for policy in scores} for name, scores in self._scores.items()
        }
        self._joint_worlds = 0
        self._joint = dict.fromkeys(policy_settings(scenario), 0)

    def add(self, chunk: Chunk) -> None:
        """Weigh the policies in the worlds of one chunk."""
        enough: dict[str, list[Bools]] = {policy: [] for policy in self._joint}
        for name, scores in self._scores.items():
            worlds = min(chunk.worlds, self._worlds[name] - chunk.start)
            if worlds <= 0:
                continue
            scored = {
                policy: _scored(score, atoms, chunk, worlds)
                for policy, (score, atoms) in scores.items()
            }
            self._add_rows(name, scored, worlds)
            for policy, one in scored.items():
                if one.score.threshold is not None:
                    enough[policy].append(one.enough)
        self._add_joint(enough)

    def section(self) -> dict[str, Any] | None:
        """The content of `policies` in `verdicts.json`; None where no objective is stated."""
        if not self._scores:
            return None
        return {
            "decision_maker": self._scenario.decision_maker,
            "objectives": {name: self._objective(name) for name in self._scores},
            "joint": {
                policy: count / self._joint_worlds if self._joint_worlds else None
                for policy, count in self._joint.items()
            },
        }

    def _add_rows(self, name: str, scored: Mapping[str, _Scored], worlds: int) -> None:
        compared: Bools = np.logical_and.reduce([one.known for one in scored.values()])
        values = [one.score.sign * one.measured.value[compared] for one in scored.values()]
        best: Array = np.maximum.reduce(values)
        for (policy, one), own in zip(scored.items(), values, strict=True):
            row = self._rows[name][policy]
            row.worlds += worlds
            row.value.add(one.measured.value[one.known])
            row.low.add(one.low[one.known])
            row.high.add(one.high[one.known])
            row.regret.add(best - own)
            rivals = [rival for rival in scored.values() if rival is not one]
            row.best += int(np.count_nonzero(compared & ~_beaten(one, rivals)))
            row.satisfied += int(np.count_nonzero(one.enough))

    def _add_joint(self, enough: Mapping[str, list[Bools]]) -> None:
        """Worlds in which all objectives are good enough, as far as all of them are solved."""
        objectives = self._scenario.objectives.values()
        stated = sum(objective.threshold is not None for objective in objectives)
        lengths = [len(each) for parts in enough.values() for each in parts]
        if not stated or len(lengths) < stated * len(enough):
            return
        worlds = min(lengths)
        self._joint_worlds += worlds
        for policy, parts in enough.items():
            met = np.logical_and.reduce([part[:worlds] for part in parts])
            self._joint[policy] += int(np.count_nonzero(met))

    def _objective(self, name: str) -> dict[str, Any]:
        objective = self._scenario.objectives[name]
        threshold = objective.threshold
        entry: dict[str, Any] = {"direction": objective.direction}
        if threshold is not None:
            entry["threshold"] = threshold.text
        rows = self._rows[name].items()
        entry["rows"] = {policy: row.plain(threshold is not None) for policy, row in rows}
        return entry


def _worlds_of(plan: Plan, scores: Mapping[str, tuple[Score, tuple[Atom, ...]]]) -> int:
    """In how many worlds all jobs of an objective are solved, whatever the policy."""
    jobs = {plan.job_of(atom.call, atom.setting) for _, atoms in scores.values() for atom in atoms}
    return min((plan.worlds_of(job) for job in jobs), default=plan.worlds)


def _scored(score: Score, atoms: tuple[Atom, ...], chunk: Chunk, worlds: int) -> _Scored:
    answers, numbers = answers_of(atoms, chunk, worlds), numbers_of(chunk)
    view = View(answers, numbers, selected_choice(worlds))
    measured = measure(score.quantity, view)
    solved = unsolved_reason(answers, worlds) == NO_REASON
    known = solved & np.isfinite(measured.value)
    enough = np.zeros(worlds, dtype=np.bool_)
    if score.threshold is not None:
        enough = known & (meets(score, measured, view) == TRUE)
    low, high = measured.value.copy(), measured.value.copy()
    for choice in Choices.of(answers, solved).further():
        value = measure(score.quantity, View(answers, numbers, choice)).value
        finite = np.isfinite(value)
        rows, seen = choice.rows[finite], value[finite]
        low[rows] = np.fmin(low[rows], seen)
        high[rows] = np.fmax(high[rows], seen)
    return _Scored(score, measured, view, known, low, high, enough)


def _beaten(own: _Scored, rivals: list[_Scored]) -> Bools:
    """Where some rival does better by more than the tolerance [W]."""
    beaten = np.zeros(len(own.known), dtype=np.bool_)
    for rival in rivals:
        better, _ = gain_of(own.score, own.measured, rival.measured, own.view)
        beaten |= better == TRUE
    return beaten
