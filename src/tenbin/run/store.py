"""The run folder: parts written whole or not at all, a manifest, a log, a copy of the scenario.

No result holds a time: the same run gives the same bytes. Durations go to `log.jsonl`.
"""

from __future__ import annotations

import json
import os
import platform
import shutil
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tenbin import __version__
from tenbin.errors import ShapeError
from tenbin.forms import room
from tenbin.run.chunk import Chunk
from tenbin.run.columns import chunk_table, outcome_column
from tenbin.run.jobs import Plan, PlannedJob
from tenbin.run.options import RunOptions
from tenbin.run.settings import policy_setting
from tenbin.run.summary import RunSummary
from tenbin.scenario.language import OutcomeCall, Setting
from tenbin.scenario.objects import Scenario
from tenbin.worlds import sobol_dimensions

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["FORMAT", "RunFolder", "part_paths", "read_columns", "read_manifest"]

FORMAT = 1
"""Raised when a folder of before could be misread."""
MANIFEST = "manifest.json"
LOG = "log.jsonl"


@dataclass
class RunFolder:
    """A folder that a run writes into."""

    path: Path
    plan: Plan
    options: RunOptions
    _attached: list[str] = field(default_factory=list)

    @classmethod
    def create(cls, path: Path, plan: Plan, options: RunOptions) -> RunFolder:
        """The folder with the manifest and the scenario's files; parts of an earlier run go.

        Raises
        ------
        ShapeError
            If the path is a file.
        """
        if path.exists() and not path.is_dir():
            raise ShapeError(f"{path} is a file; a run needs a folder of its own")
        _refuse_foreign(path, plan.scenario)
        try:
            (path / "worlds").mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ShapeError(f"{path} cannot be a run folder: {error.strerror}") from None
        results = (path / name for name in (MANIFEST, LOG, "verdicts.json", "explain.json"))
        for old in (*results, *part_paths(path)):
            old.unlink(missing_ok=True)
        folder = cls(path, plan, options)
        _copy_scenario(plan.scenario, path / "scenario")
        folder._write_manifest({"complete": False})
        return folder

    def write_part(self, number: int, chunk: Chunk) -> None:
        """Store a chunk with what is attached to it."""
        table = chunk_table(chunk, self.options.keep_draws)
        self._attached = list(chunk.attached)
        _write_parquet(table, self.path / "worlds" / f"part-{number:05d}.parquet")

    def finish(self, summary: RunSummary, parts: int) -> None:
        """Complete the manifest with what became of the worlds."""
        jobs = {name: job.as_data() for name, job in summary.jobs.items()}
        methods = dict(sorted(summary.methods.items()))
        self._write_manifest(
            {
                "complete": True,
                "parts": parts,
                "attached": self._attached,
                "results": {"models": summary.models(), "jobs": jobs, "methods": methods},
            }
        )

    def log(self, event: str, **details: object) -> None:
        """Note an event with the time; the log is no result."""
        entry = {"at": datetime.now(UTC).isoformat(timespec="milliseconds"), "event": event}
        with (self.path / LOG).open("a", encoding="utf-8") as stream:
            stream.write(json.dumps({**entry, **details}, ensure_ascii=False) + "\n")

    def _write_manifest(self, further: dict[str, Any]) -> None:
        _write_text(self.path / MANIFEST, _json({**_manifest(self.plan, self.options), **further}))


def part_paths(folder: Path) -> list[Path]:
    """The parts of a run, in the order of their worlds."""
    return sorted((folder / "worlds").glob("part-*.parquet"))


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a run folder."""
    return json.loads((folder / MANIFEST).read_text(encoding="utf-8"))


def read_columns(folder: Path, columns: Iterable[str]) -> pa.Table:
    """Columns of all worlds of a run, in the order of the worlds.

    A column that only some parts have (a further equilibrium) is null elsewhere.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    wanted = list(columns)
    tables: list[pa.Table] = []
    for path in part_paths(folder):
        there = set(pq.read_schema(path).names)
        tables.append(pq.read_table(path, columns=[name for name in wanted if name in there]))
    return pa.concat_tables(tables, promote_options="default").select(wanted)


def _manifest(plan: Plan, options: RunOptions) -> dict[str, Any]:
    """Everything that results depend on; so neither threads nor the folder's path."""
    scenario = plan.scenario
    solver = asdict(options.solver)
    for key in ("threads", "concept", "precision"):
        del solver[key]
    manifest: dict[str, Any] = {
        "format": FORMAT,
        "scenario": _scenario_path(scenario),
        "digest": scenario.digest,
        "versions": _versions(),
        "worlds": plan.worlds,
        "seed": options.seed,
        "design": options.design,
        "solver": solver,
        "jobs": {planned.id: _job_entry(plan, planned) for planned in plan.jobs},
    }
    if options.design == "sobol":
        manifest["dimensions"] = sobol_dimensions(scenario.uncertainties)
    return manifest


def _versions() -> dict[str, str]:
    python = ".".join(platform.python_version_tuple()[:2])
    packages = ("numpy", "scipy", "numba", "pyarrow")
    return {
        "tenbin": __version__,
        "python": python,
        **{package: version(package) for package in packages},
    }


def _job_entry(plan: Plan, planned: PlannedJob) -> dict[str, Any]:
    scenario, setting = plan.scenario, planned.job.setting
    entry = scenario.models[planned.job.model]
    names = {item.job: item.id for item in plan.jobs}
    return {
        "model": planned.job.model,
        "form": planned.model.form,
        "concept": planned.model.concept,
        "precision": entry.precision,
        "worlds": planned.worlds,
        "size": planned.model.size,
        "values": {name: value.text for name, value in setting.values},
        "play": dict(setting.play),
        "policies": [name for name in scenario.policies if _is_under(plan, planned, name)],
        "fed_by": sorted({names[link.job] for link in planned.links.values()}),
        "outcomes": {
            outcome_column(planned, number): _outcome_entry(planned, call)
            for number, call in enumerate(planned.outcomes)
        },
    }


def _outcome_entry(planned: PlannedJob, call: OutcomeCall) -> dict[str, Any]:
    return {
        "text": call.text(),
        "function": call.function,
        "arguments": [str(argument) for argument in call.arguments],
        "given": None if call.given is None else str(call.given),
        "options": dict(call.options),
        "probability": room(planned.model.form).is_probability(call),
    }


def _is_under(plan: Plan, planned: PlannedJob, policy: str) -> bool:
    """Whether the job is what its model is under a policy, with nothing replaced."""
    setting: Setting = policy_setting(plan.scenario, policy)
    return plan.resolver.job(planned.job.model, setting) == planned.job


def _scenario_path(scenario: Scenario) -> str:
    """Where the copy stands in the run folder: a folder, or the one file it was."""
    if scenario.folder is None or scenario.path is None or scenario.path.is_dir():
        return "scenario"
    return f"scenario/{scenario.path.name}"


def _refuse_foreign(path: Path, scenario: Scenario) -> None:
    """Refuse a folder in which the copy of the scenario would take the place of something else."""
    copy = path / "scenario"
    source = scenario.folder
    if source is not None and source.resolve().is_relative_to(copy.resolve()):
        raise ShapeError(
            f"the scenario lies in {copy}, where the run keeps its copy: run elsewhere"
        )
    is_run = (path / MANIFEST).exists() or (path / "worlds").exists()
    if copy.exists() and not is_run:
        raise ShapeError(f"{path} is no run folder and holds a 'scenario' already: run elsewhere")


def _copy_scenario(scenario: Scenario, target: Path) -> None:
    """The files of the scenario as they are; one file of all its content if built in Python."""
    if target.exists():
        shutil.rmtree(target)
    target.mkdir()
    if scenario.folder is None:
        _write_text(target / "scenario.yaml", scenario.to_yaml())
        return
    for file in scenario.files:
        copy = target / file.relative_to(scenario.folder)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(file.read_bytes())


def _write_parquet(table: pa.Table, path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    floats = [item.name for item in table.schema if pa.types.is_floating(item.type)]
    codes = [item.name for item in table.schema if item.type == pa.int8()]
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    with temporary.open("wb") as stream:
        pq.write_table(
            table,
            stream,
            compression="zstd",
            compression_level=1,
            use_dictionary=codes,  # pyright: ignore[reportArgumentType]  columns, as documented
            use_byte_stream_split=floats,  # pyright: ignore[reportArgumentType]  likewise
        )
        stream.flush()
        os.fsync(stream.fileno())
    os.replace(temporary, path)


def _write_text(path: Path, text: str) -> None:
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    with temporary.open("w", encoding="utf-8", newline="\n") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    os.replace(temporary, path)


def _json(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True, allow_nan=False) + "\n"
