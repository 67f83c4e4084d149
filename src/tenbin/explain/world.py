"""One world walked through: its numbers, what is played in it, and why, as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from tenbin.errors import TenbinError, nearest
from tenbin.explain.boundary import BEYOND, OWN
from tenbin.explain.counterexample_trial import ClaimTrial, question_of
from tenbin.explain.world_tree import tree_decisions
from tenbin.forms import room
from tenbin.forms.contract import SolverOptions, Status
from tenbin.forms.tree.bind import BoundTree
from tenbin.forms.tree.tables import TreeSolution
from tenbin.judge.questions import policy_settings
from tenbin.run import Chunk, Setting, SolvedModel, solve_worlds
from tenbin.run.solving import world_status
from tenbin.scenario.language import Array
from tenbin.scenario.objects import Scenario
from tenbin.worlds import central_value, central_world, draw_worlds

__all__ = ["WorldPlace", "walk_claim", "walk_models"]

LIKELY = 0.005
"""Probability from which on an event is told."""


@dataclass(frozen=True, slots=True)
class WorldPlace:
    """Which world: `number` of a run with this seed and design, None for the central one."""

    number: int | None = None
    seed: int = 0
    design: str = "sobol"
    total: int | None = None

    def draws(self, scenario: Scenario) -> dict[str, Array]:
        """The uncertainties of the world [1]."""
        if self.number is None:
            return central_world(scenario)
        if self.number < 0 or (self.total is not None and self.number >= self.total):
            raise TenbinError(f"there is no world {self.number}: the run has {self.total}")
        return draw_worlds(
            scenario,
            self.number,
            self.number + 1,
            seed=self.seed,
            design=self.design,
            total=self.total if self.design == "latin" else None,
        )


def walk_claim(
    scenario: Scenario,
    claim: str,
    place: WorldPlace,
    policy: str | None = None,
    *,
    threads: int = 0,
) -> dict[str, Any]:
    """One world as one claim sees it.

    Returns
    -------
    `verdict` (holds, fails or unsolved, by the claim's quantifier), `outcomes` (what the claim
    reads), `numbers` (the uncertainties that reach the claim: value, centre, unit) and `models`, as
    `walk_models` gives them, each under the first setting that the claim asks it under.

    Raises
    ------
    TenbinError
        If there is no such claim, policy or world, or the claim has no truth in one world.
    """
    if claim not in scenario.claims:
        guess = nearest(claim, tuple(scenario.claims))
        hint = f". Did you mean '{guess}'?" if guess else ""
        raise TenbinError(f"unknown claim '{claim}'; allowed: {', '.join(scenario.claims)}{hint}")
    question = question_of(scenario, scenario.claims[claim], policy)
    if question is None:
        raise TenbinError(f"claim '{claim}' is not judged world by world")
    options = SolverOptions(threads=threads)
    trial = ClaimTrial(scenario, scenario.claims[claim], question, options)
    draws = place.draws(scenario)
    chunk = trial.chunk(draws, 1, whole=True)
    side = int(trial.judge(chunk)[0][0])
    settings: dict[str, Setting] = {}
    for atom in question.atoms:
        settings.setdefault(atom.call.model, atom.setting)
    return {
        "world": place.number,
        "claim": claim,
        "policy": question.policy,
        "verdict": {OWN: "holds", BEYOND: "fails"}.get(side, "unsolved"),
        "outcomes": trial.outcomes(chunk),
        "numbers": _numbers(scenario, trial.reaching, draws),
        "models": [
            _walked(scenario, model, setting, draws, options, _events(trial, chunk, model))
            for model, setting in settings.items()
        ],
    }


def walk_models(
    scenario: Scenario,
    place: WorldPlace,
    policy: str | None = None,
    *,
    threads: int = 0,
) -> dict[str, Any]:
    """One world of the whole scenario: all its numbers and every model under one policy.

    Returns
    -------
    `numbers` as `walk_claim` gives them, and `models`: of each its `status`, `play` (events that
    happen, with their probability, where known), `payoffs`, `profile`, and of a tree `decisions`.
    """
    settings = policy_settings(scenario)
    if policy is not None and policy not in settings:
        raise TenbinError(f"unknown policy '{policy}'; allowed: {', '.join(settings)}")
    name = policy or next(iter(settings), None)
    setting = settings[name] if name is not None else Setting()
    draws = place.draws(scenario)
    options = SolverOptions(threads=threads)
    return {
        "world": place.number,
        "claim": None,
        "policy": name,
        "numbers": _numbers(scenario, frozenset(scenario.uncertainties), draws),
        "models": [
            _walked(scenario, model, setting, draws, options, {}) for model in scenario.models
        ],
    }


def _numbers(
    scenario: Scenario, names: frozenset[str], draws: Mapping[str, Array]
) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "value": float(draws[name][0]),
            "centre": central_value(item),
            "unit": item.unit,
        }
        for name, item in scenario.uncertainties.items()
        if name in names
    ]


def _events(trial: ClaimTrial, chunk: Chunk, model: str) -> dict[str, float]:
    """What happens in a model, with its probability: the likeliest first."""
    found = {
        str(request.call.arguments[0]): float(
            chunk.outcome(request.call, request.setting).selected[0]
        )
        for request in trial.events
        if request.call.model == model
    }
    likely = {name: value for name, value in found.items() if value >= LIKELY}
    return dict(sorted(likely.items(), key=lambda item: -item[1]))


def _walked(
    scenario: Scenario,
    model: str,
    setting: Setting,
    draws: Mapping[str, Array],
    options: SolverOptions,
    play: dict[str, float],
) -> dict[str, Any]:
    """One model in one world, at its selected equilibrium."""
    solved = solve_worlds(scenario, model, draws, setting, options)
    form = room(solved.model.form)
    codes = world_status(solved.solution, solved.certificate, np.zeros(1, dtype=np.bool_))
    found = form.describe(solved.game, solved.solution, solved.certificate, 0)
    first = found[0] if found else {}
    return {
        "model": model,
        "form": solved.model.form,
        "concept": solved.model.concept,
        "status": Status(int(codes[0])).name.lower(),
        "equilibria": len(found),
        "complete": bool(solved.solution.complete[0]),
        "play": play,
        "payoffs": dict(first.get("payoffs", {})),
        "profile": dict(first.get("profile", {})),
        "decisions": _decisions(solved) if found else [],
    }


def _decisions(solved: SolvedModel) -> list[dict[str, Any]]:
    """Of a tree, every decision that is reached; nothing of other forms."""
    game, solution = solved.game, solved.solution
    if not (isinstance(game, BoundTree) and isinstance(solution, TreeSolution)):
        return []
    return [item.as_data() for item in tree_decisions(game.game, solution.profile[0, 0])]
