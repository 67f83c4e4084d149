"""Verdicts on the claims whose kernels are compiled, while others still are compiling."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from typing import Any

from tenbin.judge import Tally, claim_requests
from tenbin.run import RunOptions, execute, make_plan
from tenbin.run.jobs import Plan
from tenbin.scenario import Scenario

__all__ = ["Early", "EarlyVerdicts"]


@dataclass(frozen=True, slots=True)
class Early:
    """Verdicts (as in `verdicts.json`) of some claims, and the number of worlds they rest on."""

    verdicts: dict[str, Any]
    worlds: int


@dataclass
class EarlyVerdicts:
    """Judges what can be judged of a scenario in the first worlds of its run; stores nothing."""

    scenario: Scenario
    plan: Plan
    options: RunOptions
    _forms: dict[str, frozenset[str]] = field(init=False)
    _judged: set[str] = field(init=False, default_factory=set)

    def __post_init__(self) -> None:
        own = {name: self._own_forms(name) for name in self.scenario.claims}
        self._forms = {
            name: own[name].union(*(own[need] for need in claim.needs if need in own))
            for name, claim in self.scenario.claims.items()
        }

    def without(self, missing: Collection[str]) -> Early | None:
        """Verdicts of the claims that no missing form is needed for; None where none is new."""
        ready = {name for name, forms in self._forms.items() if not forms & set(missing)}
        ready = {name for name in ready if self._forms[name]}
        if ready <= self._judged:
            return None
        self._judged = ready
        scenario = self._with(ready)
        plan = make_plan(scenario, claim_requests(scenario), self.options.worlds)
        tally = Tally(scenario, plan, seed=self.options.seed)
        options = replace(self.options, out=None)
        chunk = next(execute(scenario, plan, options))
        tally.add(chunk)
        return Early(tally.verdicts(), chunk.stop)

    def _with(self, claims: Collection[str]) -> Scenario:
        """The scenario with some of its claims, and no policies to compare."""
        kept = {name: claim for name, claim in self.scenario.claims.items() if name in claims}
        return replace(self.scenario, claims=kept, objectives={})

    def _own_forms(self, claim: str) -> frozenset[str]:
        """The forms of the models that a claim asks, and of those that feed them."""
        asked = claim_requests(self._with([claim]))
        jobs = {self.plan.job_of(request.call, request.setting) for request in asked}
        feeding = {upstream for job in jobs for upstream in self.plan.upstream(job)}
        return frozenset(self.plan.planned(job).model.form for job in jobs | feeding)
