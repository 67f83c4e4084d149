"""One model in one world: the central one, or any other given by its numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from tenbin.forms import room
from tenbin.forms.contract import Certificate, Model, Solution, SolverOptions
from tenbin.run.jobs import Job, Plan, make_plan
from tenbin.run.solved import SolvedJob, bind_job, job_options, solve_job
from tenbin.scenario.language import Array, Setting
from tenbin.scenario.objects import Scenario
from tenbin.worlds import central_world

__all__ = ["SolvedModel", "solve_central", "solve_worlds"]


class SolvedModel(NamedTuple):
    """A model with its games, their solution and its certificate, nothing dropped."""

    model: Model
    game: Any
    solution: Solution
    certificate: Certificate


def solve_central(
    scenario: Scenario,
    model: str,
    setting: Setting | None = None,
    options: SolverOptions | None = None,
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
    """
    return solve_worlds(scenario, model, central_world(scenario), setting, options)


def solve_worlds(
    scenario: Scenario,
    model: str,
    draws: Mapping[str, Array],
    setting: Setting | None = None,
    options: SolverOptions | None = None,
) -> SolvedModel:
    """As `solve_central`, in the worlds [W] whose uncertainties are given."""
    options = options or SolverOptions()
    worlds = max((len(values) for values in draws.values()), default=1)
    # Bounds on worlds belong to runs: here all the worlds given are solved.
    plan = make_plan(scenario, (), 1, jobs=[(model, setting or Setting())])
    target = plan.resolver.job(model, setting or Setting())
    upstream = _solve_upstream(plan, target, draws, worlds, options)
    planned = plan.planned(target)
    fed = {
        call: upstream[link.job].outcome(link.call).selected for call, link in planned.links.items()
    }
    game = bind_job(scenario, planned, draws, fed, worlds)
    own = job_options(scenario, planned, options)
    if options.concept:
        own = replace(own, concept=options.concept)
    if options.precision is not None:
        own = replace(own, precision=options.precision)
    form = room(planned.model.form)
    solution = form.solve(game, own)
    return SolvedModel(planned.model, game, solution, form.certify(game, solution, own))


def _solve_upstream(
    plan: Plan, target: Job, draws: Mapping[str, Array], worlds: int, options: SolverOptions
) -> dict[Job, SolvedJob]:
    solved: dict[Job, SolvedJob] = {}
    for planned in plan.jobs:
        if planned.job != target:
            solved[planned.job] = solve_job(plan.scenario, planned, draws, solved, worlds, options)
    return solved
