"""Every objective under every policy in the worlds of a run, at the selected equilibria."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from tenbin.explain.stored import StoredRun
from tenbin.judge.propositions import Atom, Comparison, Quantity, Question, Score
from tenbin.judge.questions import objective_score, policy_settings
from tenbin.judge.reach import question_numbers, share_reading
from tenbin.judge.reads import reads_of
from tenbin.run.chunk import Chunk
from tenbin.run.jobs import Job
from tenbin.scenario.expressions import evaluate_tree
from tenbin.scenario.language import Array

__all__ = ["WORLDS", "ObjectiveValues", "objective_values"]

WORLDS = 2**17
"""Worlds in which policies are weighed again, the first of the run."""
_TOLERANCE = 1e-6


@dataclass(frozen=True, eq=False)
class ObjectiveValues:
    """One objective: values [L, W], more is better, NaN where unsolved; `known` [W] where all are.

    `sign` is -1 where the file wants little of it, and the values here are its negative.
    `tolerance` is what two values must differ by: a millionth of the spread of all of them.
    `reaching` are the uncertainties that can change it under some policy; `reading` says whether an
    average over worlds is an expected value (`chance`) or one over the stated box (`coverage`).
    """

    name: str
    sign: Literal[1, -1]
    policies: tuple[str, ...]
    values: Array
    known: NDArray[np.bool_]
    tolerance: float
    reaching: tuple[str, ...]
    reading: Literal["chance", "coverage"]

    @property
    def worlds(self) -> int:
        """In how many worlds all policies have a value."""
        return int(self.known.sum())


def objective_values(run: StoredRun) -> list[ObjectiveValues]:
    """The objectives of a run's scenario, as the run solved them."""
    scenario = run.scenario
    scores = {
        (objective, policy): objective_score(scenario, scenario.objectives[objective], setting)
        for objective in scenario.objectives
        for policy, setting in policy_settings(scenario).items()
    }
    jobs: set[Job] = set()
    for _, atoms in scores.values():
        jobs |= {run.plan.job_of(atom.call, atom.setting) for atom in atoms}
    chunk = run.chunk(min(run.worlds, WORLDS), jobs)
    return [_objective(run, name, scores, chunk) for name in scenario.objectives]


def _objective(
    run: StoredRun,
    name: str,
    scores: dict[tuple[str, str], tuple[Score, tuple[Atom, ...]]],
    chunk: Chunk,
) -> ObjectiveValues:
    scenario = run.scenario
    policies = tuple(policy_settings(scenario))
    rows: list[Array] = []
    reached: set[str] = set()
    for policy in policies:
        score, atoms = scores[name, policy]
        rows.append(score.sign * _values(score.quantity, atoms, chunk))
        # An objective has no truth; a comparison with itself reads the same numbers.
        proposition = Comparison("==", score.quantity, score.quantity)
        question = Question(name, policy, proposition, atoms, (None,) * len(atoms))
        reached |= question_numbers(scenario, question, run.plan.resolver)
    values = np.stack(rows)
    known: NDArray[np.bool_] = np.logical_and.reduce(np.isfinite(values))
    spread = float(np.ptp(values[:, known])) if known.any() else 0.0
    reaching = tuple(item for item in scenario.uncertainties if item in reached)
    return ObjectiveValues(
        name,
        scores[name, policies[0]][0].sign,
        policies,
        values,
        known,
        _TOLERANCE * spread,
        reaching,
        share_reading(scenario, reaching),
    )


def _values(quantity: Quantity, atoms: tuple[Atom, ...], chunk: Chunk) -> Array:
    """A quantity [W]; NaN in worlds that an outcome is not solved in."""
    outcomes = {call: _selected(atoms[number], chunk) for call, number in quantity.atoms}
    numbers = chunk.numbers(quantity.setting, reads_of(quantity.tree)[0])
    value = np.asarray(evaluate_tree(quantity.tree, numbers, outcomes), dtype=np.float64)
    value = np.broadcast_to(value, (chunk.worlds,)).copy()
    for atom in atoms:
        value[np.isnan(_selected(atom, chunk))] = np.nan
    return value


def _selected(atom: Atom, chunk: Chunk) -> Array:
    """An outcome [W] at the selected equilibria; NaN past the worlds that its job is solved in."""
    values = np.full(chunk.worlds, np.nan)
    selected = chunk.outcome(atom.call, atom.setting).selected
    values[: len(selected)] = selected
    return values
