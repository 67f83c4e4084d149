"""The claims once more, over all equilibria that a search finds in the first worlds of a run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tenbin.judge.requests import claim_requests
from tenbin.judge.tally import Tally
from tenbin.run.chunk import Chunk
from tenbin.run.jobs import Plan, make_plan
from tenbin.run.options import RunOptions
from tenbin.run.searching import Search, searched_scenario
from tenbin.scenario.objects import Scenario

__all__ = ["SearchedVerdicts"]


@dataclass(frozen=True)
class SearchedVerdicts:
    """Verdicts over all equilibria found, merged chunk by chunk like those of the run itself."""

    plan: Plan
    search: Search
    tally: Tally

    @classmethod
    def of(
        cls, scenario: Scenario, plan: Plan, options: RunOptions, worlds: int
    ) -> SearchedVerdicts | None:
        """For a run with this plan, in the first worlds; None without any, or if none differs."""
        worlds = min(worlds, plan.worlds)
        if worlds == 0:
            return None
        searched = searched_scenario(scenario)
        own = make_plan(searched, claim_requests(searched), worlds)
        search = Search(own, plan, options)
        if not search.changed:
            return None
        return cls(own, search, Tally(searched, own, seed=options.seed))

    def add(self, chunk: Chunk) -> None:
        """Search the worlds of one chunk of the run, as far as they are to be searched."""
        found = self.search.chunk(chunk)
        if found is not None:
            self.tally.add(found)
            found.clear()

    def section(self) -> dict[str, Any]:
        """What `verdicts.json` holds of it: claims and models that the search bears upon."""
        verdicts = self.tally.verdicts()
        changed = self.search.changed
        models = {job.model for job in changed}
        return {
            "worlds": self.plan.worlds,
            "claims": {
                name: {key: entry[key] for key in ("word", "complete", "worlds", "policies")}
                for name, entry in verdicts["claims"].items()
                if self.tally.jobs_of(name) & changed
            },
            "models": {
                name: entry for name, entry in self.tally.models().items() if name in models
            },
        }
