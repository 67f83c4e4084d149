"""A run as one table: a row per world and policy, numbers and outcomes by the names of the file.

Columns of a table, in this order:

- `world`, `policy`;
- every uncertainty and every lever, by its name;
- `status(MODEL)`: what became of the model under the policy; null where it is not solved by plan;
- outcomes at the selected equilibria, as a claim writes them: `P(deterrence.war)`; NaN where the
  condition is impossible, null where there is no equilibrium. What was asked with numbers replaced
  says so, `P(deterrence.war, troops=0)`, and is the same in the rows of all policies;
- `claim(CLAIM)`: what the claim does in the world; null where it is not judged.

Uncertainties that the run did not keep are drawn again: a world is a function of the seed. Work
goes part by part, so memory does not grow with the number of worlds.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tenbin.errors import ShapeError, nearest
from tenbin.forms.contract import Status
from tenbin.judge.counts import NOT_JUDGED, verdict_codes, verdict_column
from tenbin.run import part_paths, policy_setting, read_manifest
from tenbin.scenario import Scenario, load_scenario
from tenbin.scenario.language import Array
from tenbin.worlds import draw_worlds, numbers_under

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["CLAIM_WORDS", "STATUS_WORDS", "Block", "RunColumns", "run_tables"]

STATUS_WORDS = tuple(status.name.lower() for status in Status)
"""The words of a status column, by code."""

CLAIM_WORDS = ("holds", "fails", "mixed", "unsolved")
"""The words of a claim column, by code (`tenbin.judge.evaluate.Verdict`)."""

Codes = NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class Block:
    """The worlds [W] of one part under one policy, by column.

    Codes of `statuses` and `claims` are -1 where there is nothing; `absent` says where an outcome
    is null (its value is then NaN).
    """

    policy: str
    worlds: NDArray[np.int64]
    uncertainties: dict[str, Array]
    levers: dict[str, Array]
    statuses: dict[str, Codes]
    outcomes: dict[str, Array]
    absent: dict[str, NDArray[np.bool_]]
    claims: dict[str, Codes]
    """Stored codes of `tenbin.judge.counts`, not yet taken apart."""


class RunColumns:
    """What a run folder holds, by the names that its file gives to things.

    Parameters
    ----------
    folder
        A run folder; of a run that was stopped, the parts that are there are read.
    policies
        Only these, in this order; by default all of the scenario, in the order of the file.
    models
        Only outcomes of these; by default of all.

    Raises
    ------
    ShapeError
        If a policy or a model is unknown, the folder's copy of the scenario was changed, or an
        uncertainty has the name of another column.
    """

    def __init__(
        self,
        folder: str | Path,
        policies: Sequence[str] | None = None,
        models: Sequence[str] | None = None,
    ) -> None:
        self.folder = Path(folder)
        self.manifest = read_manifest(self.folder)
        self.scenario = load_scenario(self.folder / self.manifest["scenario"])
        if self.scenario.digest != self.manifest["digest"]:
            raise ShapeError(f"the scenario in {folder} is not the one that was run any more")
        self.policies = _chosen("policy", policies, tuple(self.scenario.policies))
        self.models = _chosen("model", models, tuple(self.scenario.models))
        self._paths = part_paths(self.folder)
        self._stored = _stored_columns(self._paths)
        self._statuses, self._outcomes = _columns_by_policy(self)
        self.outcomes = _all_names(self._outcomes)
        self.statuses = _all_names(self._statuses)
        self.claims = _judged_claims(self.scenario, self._stored)
        _refuse_clashes(self)

    def blocks(self) -> Iterator[Block]:
        """Every part under every policy, part by part."""
        for path in self._paths:
            part = _Part.read(path, self._needed())
            draws = self._draws(part)
            for policy in self.policies:
                yield self._block(part, draws, policy)

    @property
    def worlds(self) -> int:
        """How many worlds the parts hold."""
        import pyarrow.parquet as pq

        return sum(pq.read_metadata(path).num_rows for path in self._paths)

    def judged_column(self, claim: str, policy: str) -> str | None:
        """The stored column of a claim under a policy; None where it is not judged."""
        names = (verdict_column(claim, asked) for asked in (policy, "all", "any"))
        return next((name for name in names if name in self._stored), None)

    def _needed(self) -> list[str]:
        columns = {column for found in self._outcomes.values() for column in found.values()}
        columns |= {column for found in self._statuses.values() for column in found.values()}
        for policy in self.policies:
            columns |= {self.judged_column(claim, policy) or "" for claim in self.claims}
        columns |= {f"draw_{name}" for name in self.scenario.uncertainties}
        return ["world", *sorted(columns & self._stored)]

    def _draws(self, part: _Part) -> dict[str, Array]:
        """The uncertainties: as stored where all are, else drawn again."""
        names = tuple(self.scenario.uncertainties)
        if all(f"draw_{name}" in self._stored for name in names):
            return {name: part.numbers(f"draw_{name}")[0] for name in names}
        worlds = part.worlds
        return draw_worlds(
            self.scenario,
            int(worlds[0]),
            int(worlds[-1]) + 1,
            seed=int(self.manifest["seed"]),
            design=str(self.manifest["design"]),
            total=int(self.manifest["worlds"]),
        )

    def _block(self, part: _Part, draws: dict[str, Array], policy: str) -> Block:
        size = len(part.worlds)
        given = numbers_under(self.scenario, draws, policy_setting(self.scenario, policy), names=())
        outcomes, absent = dict[str, Array](), dict[str, NDArray[np.bool_]]()
        for name in self.outcomes:
            column = self._outcomes[policy].get(name)
            outcomes[name], absent[name] = part.numbers(column)
        claims = {name: part.codes(self.judged_column(name, policy)) for name in self.claims}
        return Block(
            policy,
            part.worlds,
            draws,
            {
                name: np.broadcast_to(np.asarray(given[name], dtype=float), (size,))
                for name in self.scenario.levers
            },
            {name: part.codes(self._statuses[policy].get(name)) for name in self.statuses},
            outcomes,
            absent,
            claims,
        )


def run_tables(
    folder: str | Path,
    *,
    policies: Sequence[str] | None = None,
    models: Sequence[str] | None = None,
) -> Iterator[pa.Table]:
    """A run as Arrow tables: every part of it under every policy, all with the same columns.

    Parameters
    ----------
    folder, policies, models
        As `RunColumns` takes them.

    Returns
    -------
    Tables one after the other; words (`policy`, `status(..)`, `claim(..)`) are dictionary-encoded.
    """
    columns = RunColumns(folder, policies, models)
    return (_arrow(columns, block) for block in columns.blocks())


def _arrow(columns: RunColumns, block: Block) -> pa.Table:
    import pyarrow as pa

    def words(codes: Codes, known: Iterable[str]) -> pa.DictionaryArray:
        return pa.DictionaryArray.from_arrays(
            pa.array(codes, mask=codes < 0), pa.array(known, pa.string())
        )

    policy = np.full(len(block.worlds), columns.policies.index(block.policy), dtype=np.int16)
    numbers = {**block.uncertainties, **block.levers}
    return pa.table(
        {
            "world": pa.array(block.worlds),
            "policy": pa.DictionaryArray.from_arrays(
                pa.array(policy), pa.array(columns.policies, pa.string())
            ),
            **{name: pa.array(values) for name, values in numbers.items()},
            **{name: words(codes, STATUS_WORDS) for name, codes in block.statuses.items()},
            **{
                name: pa.array(values, mask=block.absent[name])
                for name, values in block.outcomes.items()
            },
            **{
                f"claim({name})": words(verdict_codes(codes), CLAIM_WORDS)
                for name, codes in block.claims.items()
            },
        }
    )


@dataclass(frozen=True, slots=True)
class _Part:
    """The columns read of one part."""

    table: pa.Table
    worlds: NDArray[np.int64]

    @classmethod
    def read(cls, path: Path, columns: Sequence[str]) -> _Part:
        import pyarrow.parquet as pq

        there = set(pq.read_schema(path).names)
        table = pq.read_table(path, columns=[name for name in columns if name in there])
        return cls(table, table["world"].to_numpy())

    def numbers(self, name: str | None) -> tuple[Array, NDArray[np.bool_]]:
        """A column of numbers, NaN where it is null, and where that is."""
        if name is None or name not in self.table.column_names:
            size = len(self.worlds)
            return np.full(size, np.nan), np.ones(size, dtype=np.bool_)
        column = self.table[name]
        absent = column.is_null().to_numpy()
        return column.to_numpy().astype(float, copy=False), absent.astype(np.bool_, copy=False)

    def codes(self, name: str | None) -> Codes:
        """A column of codes, -1 where it is null."""
        if name is None or name not in self.table.column_names:
            return np.full(len(self.worlds), NOT_JUDGED, dtype=np.int8)
        return self.table[name].fill_null(NOT_JUDGED).to_numpy().astype(np.int8, copy=False)


def _chosen(what: str, given: Sequence[str] | None, known: tuple[str, ...]) -> tuple[str, ...]:
    for name in given or ():
        if name not in known:
            guess = nearest(name, known)
            hint = f" Did you mean '{guess}'?" if guess else ""
            raise ShapeError(f"the run has no {what} '{name}': {', '.join(known)}.{hint}")
    return known if given is None else tuple(dict.fromkeys(given))


def _stored_columns(paths: Iterable[Path]) -> frozenset[str]:
    import pyarrow.parquet as pq

    return frozenset(name for path in paths for name in pq.read_schema(path).names)


def _all_names(by_policy: Mapping[str, Mapping[str, str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for found in by_policy.values() for name in found))


def _judged_claims(scenario: Scenario, stored: frozenset[str]) -> tuple[str, ...]:
    judged = {name.partition("|")[0] for name in stored if "|" in name}
    return tuple(name for name in scenario.claims if name in judged)


def _columns_by_policy(run: RunColumns) -> tuple[dict[str, dict[str, str]], ...]:
    """The columns of statuses and of outcomes by policy and by name."""
    statuses: dict[str, dict[str, str]] = {policy: {} for policy in run.policies}
    outcomes: dict[str, dict[str, str]] = {policy: {} for policy in run.policies}
    jobs = [(name, job) for name, job in run.manifest["jobs"].items() if job["model"] in run.models]
    for name, job in sorted(jobs, key=lambda item: not item[1]["policies"]):
        replaced = "" if job["policies"] else _replaced_text(job)
        for policy in run.policies:
            if job["policies"] and policy not in job["policies"]:
                continue
            statuses[policy][f"status({job['model']}{replaced})"] = f"{name}_status"
            for column, entry in job["outcomes"].items():
                outcomes[policy][_call_text(job["model"], entry, replaced)] = column
    return statuses, outcomes


def _replaced_text(job: Mapping[str, Any]) -> str:
    """What is set in a job that no policy leads to: `, name=value` for each."""
    return "".join(f", {key}={value}" for key, value in {**job["play"], **job["values"]}.items())


def _call_text(model: str, entry: Mapping[str, Any], replaced: str) -> str:
    """An outcome of the manifest as a claim writes it."""
    inside = [_dotted(model, argument) for argument in entry["arguments"]]
    inside += [
        f"'{value}'" if key.isdigit() else f"{key}={value}"
        for key, value in entry["options"].items()
    ]
    if entry["given"] is not None:
        given = entry["given"]
        inside.append(f"given={given if given == 'any' else _dotted(model, given)}")
    return f"{entry['function']}({', '.join(inside)}{replaced})"


def _dotted(model: str, event: str) -> str:
    """An event with every name led by its model, `war and US.firm` as `m.war and m.US.firm`."""
    return ast.unparse(_Leading(model).visit(ast.parse(event, mode="eval")))


class _Leading(ast.NodeTransformer):
    def __init__(self, model: str) -> None:
        self._model = model

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return ast.Attribute(ast.Name(self._model, ast.Load()), node.id, ast.Load())


def _refuse_clashes(run: RunColumns) -> None:
    for name in (*run.scenario.uncertainties, *run.scenario.levers):
        if name in ("world", "policy", "scenario", "model"):
            raise ShapeError(f"a table has a column '{name}' of its own; rename the number")
