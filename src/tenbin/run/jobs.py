"""What is to be solved: outcomes asked for -> distinct jobs in the order they feed each other."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from tenbin.errors import NOWHERE, ScenarioError, ShapeError
from tenbin.forms.contract import Model
from tenbin.run.resolve import Job, Resolver
from tenbin.run.settings import bare_call
from tenbin.scenario.language import OutcomeCall, Setting
from tenbin.scenario.objects import Scenario

__all__ = ["Job", "Link", "Plan", "PlannedJob", "Request", "make_plan"]


@dataclass(frozen=True, slots=True)
class Request:
    """An outcome asked for under a setting, in the first `worlds` worlds; None: in all."""

    call: OutcomeCall
    setting: Setting = field(default_factory=Setting)
    worlds: int | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """Where a number of a job comes from: an outcome (policy and replaced numbers taken off)."""

    job: Job
    call: OutcomeCall


@dataclass(frozen=True, slots=True)
class PlannedJob:
    """A job of a plan.

    `links` tells for every outcome that the job's numbers read, as the file writes it, where it
    comes from. `outcomes` are what others want of it, `worlds` in how many worlds.
    """

    id: str
    job: Job
    model: Model
    links: dict[OutcomeCall, Link]
    outcomes: tuple[OutcomeCall, ...]
    worlds: int


@dataclass(frozen=True)
class Plan:
    """The jobs of a run, each after those that feed it, and who answers which outcome."""

    scenario: Scenario
    worlds: int
    jobs: tuple[PlannedJob, ...]
    resolver: Resolver = field(repr=False)
    _planned: dict[Job, PlannedJob] = field(init=False, repr=False)
    _answering: dict[tuple[OutcomeCall, Setting], Job] = field(
        init=False, repr=False, default_factory=dict
    )

    def __post_init__(self) -> None:
        object.__setattr__(self, "_planned", {planned.job: planned for planned in self.jobs})

    def job_of(self, call: OutcomeCall, setting: Setting) -> Job:
        """The job that answers a call asked under a setting.

        Raises
        ------
        ShapeError
            If the plan was made without asking for it.
        """
        key = (call, setting)
        if key not in self._answering:
            job = self.resolver.asked(call, setting)
            if job not in self._planned or bare_call(call) not in self._planned[job].outcomes:
                raise ShapeError(f"the plan was made without asking for {call.text()}")
            self._answering[key] = job
        return self._answering[key]

    def answers(self, call: OutcomeCall, setting: Setting) -> bool:
        """Whether the plan was made asking for this outcome under this setting."""
        job = self.resolver.asked(call, setting)
        return job in self._planned and bare_call(call) in self._planned[job].outcomes

    def planned(self, job: Job) -> PlannedJob:
        """What the plan holds of a job."""
        return self._planned[job]

    def worlds_of(self, job: Job) -> int:
        """In how many worlds, the first of the sequence, a job is solved."""
        return self._planned[job].worlds

    def upstream(self, job: Job) -> frozenset[Job]:
        """Every job that feeds this one, directly or through others."""
        direct = {link.job for link in self._planned[job].links.values()}
        return frozenset(direct.union(*(self.upstream(feeding) for feeding in direct)))


def make_plan(
    scenario: Scenario,
    requests: Iterable[Request],
    worlds: int,
    jobs: Iterable[tuple[str, Setting]] = (),
) -> Plan:
    """The jobs that answer the requests, each distinct job once.

    A model's own `worlds` bounds its jobs, and every job that one of them feeds.

    Parameters
    ----------
    scenario
        Where the models stand.
    requests
        Outcomes asked for.
    worlds
        The number of worlds of the run, at least 1.
    jobs
        Models with a setting to be solved even if no outcome of them is asked for.

    Raises
    ------
    ScenarioError
        If models feed each other in a circle, or a model cannot be compiled or answer a call.
    """
    if worlds < 1:
        raise ShapeError(f"a run needs at least one world, not {worlds}")
    planner = _Planner(scenario, worlds)
    for request in requests:
        planner.ask(request)
    for model, setting in jobs:
        planner.want(planner.resolver.job(model, setting), worlds)
    return planner.plan()


class _Planner:
    """Collects jobs in an order in which each stands after those that feed it."""

    def __init__(self, scenario: Scenario, worlds: int) -> None:
        self.resolver = Resolver(scenario)
        self._scenario = scenario
        self._worlds = worlds
        self._links: dict[Job, dict[OutcomeCall, Link]] = {}
        self._wanted: dict[Job, int] = {}
        self._bound: dict[Job, int] = {}
        self._outcomes: dict[Job, dict[OutcomeCall, None]] = {}

    def ask(self, request: Request) -> None:
        job = self.resolver.asked(request.call, request.setting)
        self.want(job, self._worlds if request.worlds is None else request.worlds)
        self._outcomes[job][bare_call(request.call)] = None

    def want(self, job: Job, worlds: int) -> None:
        self._visit(job)
        self._wanted[job] = max(self._wanted[job], min(worlds, self._bound[job]))

    def _visit(self, job: Job) -> None:
        if job in self._links:
            return
        links = {
            call: Link(self.resolver.asked(call, job.setting), bare_call(call))
            for call in self.resolver.links(job)
        }
        for link in links.values():
            self._visit(link.job)
        own = self._scenario.models[job.model].worlds
        bounds = [self._bound[link.job] for link in links.values()]
        self._bound[job] = min([self._worlds, own or self._worlds, *bounds])
        self._links[job] = links
        self._wanted[job] = 0
        self._outcomes[job] = {}

    def plan(self) -> Plan:
        for job, links in reversed(self._links.items()):
            for link in links.values():
                self._wanted[link.job] = max(self._wanted[link.job], self._wanted[job])
                self._outcomes[link.job][link.call] = None
        counts: dict[str, int] = {}
        planned: list[PlannedJob] = []
        for job, links in self._links.items():
            number = counts.setdefault(job.model, 0)
            counts[job.model] += 1
            planned.append(
                PlannedJob(
                    id=f"{job.model}_{number}",
                    job=job,
                    model=self.resolver.compiled(job.model, job.setting),
                    links=links,
                    outcomes=tuple(sorted(self._outcomes[job], key=OutcomeCall.text)),
                    worlds=self._wanted[job],
                )
            )
        problems = [
            replace(problem, place=call.place if problem.place == NOWHERE else problem.place)
            for item in planned
            for call in item.outcomes
            for problem in self.resolver.problems(item.job, call)
        ]
        if problems:
            raise ScenarioError(list(dict.fromkeys(problems)))
        return Plan(self._scenario, self._worlds, tuple(planned), self.resolver)
