"""One model in one world: the central one, or any other given by its numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tenbin.forms import room
from tenbin.forms.contract import Certificate, Model, Solution, SolverOptions
from tenbin.run.branches import Feed
from tenbin.run.combinations import Combinations, combine
from tenbin.run.jobs import Job, Plan, PlannedJob, make_plan
from tenbin.run.solved import SolvedJob
from tenbin.run.solving import bind_job, job_options, solve_job
from tenbin.scenario.language import Array, Setting
from tenbin.scenario.objects import Scenario
from tenbin.worlds import central_world

__all__ = ["SolvedModel", "bind_worlds", "solve_central", "solve_worlds"]


class SolvedModel(NamedTuple):
    """A model with its games, their solution and its certificate, nothing dropped.

    branches [W] is how many combinations are followed of the equilibria of the models that feed it;
    the games are those of one of them. capped [W] is where there are more.
    """

    model: Model
    game: Any
    solution: Solution
    certificate: Certificate
    branches: NDArray[np.intp]
    capped: NDArray[np.bool_]


def solve_central(
    scenario: Scenario,
    model: str,
    setting: Setting | None = None,
    options: SolverOptions | None = None,
    branch: int = 0,
) -> SolvedModel:
    """A model at the central world (axis W of length 1), fed by its upstream models there.

    Parameters
    ----------
    scenario
        Where the model stands.
    model
        Its name.
    setting
        By default nothing is set.
    options
        A concept or precision given here takes the place of the model's own; models that feed it
        keep theirs.
    branch
        Along which combination of the equilibria of the models that feed it; 0: the selected ones.
    """
    return solve_worlds(scenario, model, central_world(scenario), setting, options, branch)


def solve_worlds(
    scenario: Scenario,
    model: str,
    draws: Mapping[str, Array],
    setting: Setting | None = None,
    options: SolverOptions | None = None,
    branch: int = 0,
) -> SolvedModel:
    """As `solve_central`, in the worlds [W] whose uncertainties are given.

    A world with fewer combinations than `branch` is solved along the selected equilibria.
    """
    options = options or SolverOptions()
    planned, game, combinations = _bound(scenario, model, draws, setting, options, branch)
    own = job_options(scenario, planned, options)
    if options.concept:
        own = replace(own, concept=options.concept)
    if options.precision is not None:
        own = replace(own, precision=options.precision)
    form = room(planned.model.form)
    solution = form.solve(game, own)
    certificate = form.certify(game, solution, own)
    return SolvedModel(
        planned.model, game, solution, certificate, combinations.count, combinations.capped
    )


def bind_worlds(
    scenario: Scenario,
    model: str,
    draws: Mapping[str, Array],
    setting: Setting | None = None,
) -> Any:
    """The games of a model in the worlds [W] whose uncertainties are given, itself unsolved.

    Models that feed it are solved and give their selected equilibria.
    """
    return _bound(scenario, model, draws, setting, SolverOptions(), 0)[1]


def _bound(
    scenario: Scenario,
    model: str,
    draws: Mapping[str, Array],
    setting: Setting | None,
    options: SolverOptions,
    branch: int,
) -> tuple[PlannedJob, Any, Combinations]:
    worlds = max((len(values) for values in draws.values()), default=1)
    # Bounds on worlds belong to runs: here all the worlds given are solved.
    plan = make_plan(scenario, (), 1, jobs=[(model, setting or Setting())])
    target = plan.resolver.job(model, setting or Setting())
    upstream = _solve_upstream(plan, target, draws, worlds, options)
    planned = plan.planned(target)
    feed = Feed.of(planned, upstream, worlds)
    combinations = combine(feed.axes, ~feed.unfed())
    fed = feed.selected() if branch == 0 else feed.branch(combinations, branch)
    return planned, bind_job(scenario, planned, draws, fed, worlds), combinations


def _solve_upstream(
    plan: Plan, target: Job, draws: Mapping[str, Array], worlds: int, options: SolverOptions
) -> dict[Job, SolvedJob]:
    solved: dict[Job, SolvedJob] = {}
    for planned in plan.jobs:
        if planned.job != target:
            solved[planned.job] = solve_job(plan.scenario, planned, draws, solved, worlds, options)
    return solved
