"""A run folder as what explanations read: its scenario, its plan, its verdict codes and draws."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from tenbin.errors import ShapeError
from tenbin.explain.evidence import judged_policies
from tenbin.forms.contract import Certificate, Status
from tenbin.judge import claim_requests
from tenbin.judge.counts import NOT_JUDGED, Codes, verdict_column
from tenbin.judge.questions import policy_settings
from tenbin.judge.reads import is_factual
from tenbin.judge.verdicts import fixed_entry
from tenbin.run import (
    Chunk,
    Plan,
    PlannedJob,
    Setting,
    SolvedJob,
    make_plan,
    part_paths,
    policy_setting,
    read_manifest,
)
from tenbin.run.columns import outcome_column
from tenbin.run.jobs import Job
from tenbin.scenario import Scenario, load_scenario
from tenbin.scenario.language import Array
from tenbin.worlds import draw_worlds

__all__ = ["CodesOf", "Key", "StoredRun"]

Key = tuple[str, str]
"""Claim and policy."""
CodesOf = dict[Key, Codes]


@dataclass(frozen=True, eq=False)
class StoredRun:
    """A run that was stored.

    Raises
    ------
    ShapeError
        When its plan is asked for, if this version of tenbin plans other jobs than the run had.
    """

    folder: Path
    scenario: Scenario
    manifest: dict[str, Any] = field(repr=False)

    @classmethod
    def read(cls, folder: Path) -> StoredRun:
        """The run of a folder, with the scenario as copied there."""
        manifest = read_manifest(folder)
        return cls(folder, load_scenario(folder / manifest["scenario"]), manifest)

    @property
    def worlds(self) -> int:
        return int(self.manifest["worlds"])

    @property
    def seed(self) -> int:
        return int(self.manifest["seed"])

    @property
    def design(self) -> str:
        return str(self.manifest["design"])

    @cached_property
    def plan(self) -> Plan:
        """The plan that the run had."""
        scenario = self.scenario
        settings = [policy_setting(scenario, name) for name in scenario.policies] or [Setting()]
        jobs = [(model, setting) for model in scenario.models for setting in settings]
        plan = make_plan(scenario, claim_requests(scenario), self.worlds, jobs=jobs)
        if not {planned.id for planned in plan.jobs} <= self.manifest["jobs"].keys():
            raise ShapeError(f"{self.folder} was made with other jobs: run the scenario again")
        return plan

    @cached_property
    def keys(self) -> tuple[Key, ...]:
        """Every claim judged world by world, with each of its policies in the file's order."""
        return tuple(
            (claim, policy)
            for claim in self.scenario.claims
            for policy in judged_policies(self.folder, self.scenario, claim)
        )

    @cached_property
    def fixed_words(self) -> dict[str, str]:
        """The word of every claim that no world changes, judged on facts or only stated."""
        return {
            claim.id: str(fixed_entry(self.scenario, claim)["word"])
            for claim in self.scenario.claims.values()
            if claim.holds is None or is_factual(self.scenario, claim)
        }

    @property
    def policies(self) -> tuple[str, ...]:
        """The policies that the run was made under, in the order of the file."""
        return tuple(policy_settings(self.scenario))

    def policies_of(self, claim: str) -> tuple[str, ...]:
        """The policies under which a claim was judged world by world."""
        return tuple(policy for name, policy in self.keys if name == claim)

    def parts(self, keys: Iterable[Key]) -> Iterator[tuple[int, CodesOf]]:
        """The stored codes [W] part by part, each with the number of its first world."""
        import pyarrow.parquet as pq

        wanted = {verdict_column(*key): key for key in keys}
        start = 0
        for path in part_paths(self.folder):
            table = pq.read_table(path, columns=list(wanted))
            yield start, {key: table[name].to_numpy() for name, key in wanted.items()}
            start += table.num_rows

    @cached_property
    def codes(self) -> CodesOf:
        """The stored codes [W] of every claim in all worlds."""
        found: dict[Key, list[Codes]] = {key: [] for key in self.keys}
        for _, part in self.parts(self.keys):
            for key, codes in part.items():
                found[key].append(codes)
        nothing = np.full(0, NOT_JUDGED, dtype=np.int8)
        return {key: np.concatenate([nothing, *parts]) for key, parts in found.items()}

    def draws(self, stop: int, names: Collection[str] | None = None) -> dict[str, Array]:
        """The uncertainties in the worlds from 0 to `stop`."""
        return draw_worlds(
            self.scenario,
            0,
            stop,
            seed=self.seed,
            design=self.design,
            total=self.worlds,
            names=names,
        )

    def chunk(self, stop: int, jobs: Collection[Job]) -> Chunk:
        """The worlds from 0 to `stop` with some jobs as they were solved.

        Only the selected equilibria are there, and no scales: what is read is `numbers` and the
        selected outcomes.
        """
        wanted = [planned for planned in self.plan.jobs if planned.job in jobs]
        stored = self._outcomes([name for item in wanted for name in _columns(item)], stop)
        solved = {item.job: _solved(item, stored, min(stop, item.worlds)) for item in wanted}
        return Chunk(self.plan, 0, stop, self.draws(stop), solved)

    def _outcomes(self, names: list[str], stop: int) -> dict[str, Array]:
        """Stored numbers [W]; NaN where there is nothing."""
        import pyarrow.parquet as pq

        found: dict[str, list[Array]] = {name: [] for name in names}
        worlds = 0
        for path in part_paths(self.folder):
            if worlds >= stop:
                break
            table = pq.read_table(path, columns=names)
            worlds += table.num_rows
            for name in names:
                values = table[name].to_numpy().astype(np.float64)
                found[name].append(values)
        return {name: np.concatenate(parts)[:stop] for name, parts in found.items()}


def _columns(planned: PlannedJob) -> list[str]:
    outcomes = [outcome_column(planned, number) for number in range(len(planned.outcomes))]
    return [f"{planned.id}_status", *outcomes]


def _solved(planned: PlannedJob, stored: dict[str, Array], worlds: int) -> SolvedJob:
    """A job at its selected equilibria, from the columns that a run stored."""
    status = np.nan_to_num(stored[f"{planned.id}_status"][:worlds], nan=float(Status.UPSTREAM))
    found = (status == Status.SOLVED)[:, None]
    nothing = np.full((worlds, 1), np.nan)
    return SolvedJob(
        status=status.astype(np.int8),
        found=found,
        complete=found[:, 0],
        certificate=Certificate(nothing, nothing, nothing, found),
        outcomes={
            call: stored[outcome_column(planned, number)][:worlds, None]
            for number, call in enumerate(planned.outcomes)
        },
        scales={},
        flags={},
        steps=None,
        method="stored",
    )
