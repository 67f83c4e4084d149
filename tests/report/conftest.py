"""One small run of a scenario in three languages, with texts that try to be markup."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from report.explained import KNOWN
from tenbin.judge import Tally, claim_requests
from tenbin.report.gather import gather
from tenbin.report.html import write_report
from tenbin.report.material import Material
from tenbin.run import RunOptions, execute, make_plan
from tenbin.scenario.reading import load_scenario

WORLDS = 64

SCENARIO = Path(__file__).parent / "weighed"


@pytest.fixture(scope="session")
def run_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run folder as `tenbin run` leaves it, with its report in Japanese."""
    scenario = load_scenario(SCENARIO)
    folder = tmp_path_factory.mktemp("run")
    plan = make_plan(scenario, claim_requests(scenario), WORLDS)
    tally = Tally(scenario, plan, seed=7)
    for chunk in execute(scenario, plan, RunOptions(worlds=WORLDS, seed=7, out=folder)):
        tally.add(chunk)
    verdicts = json.dumps(tally.verdicts(), ensure_ascii=False)
    (folder / "verdicts.json").write_text(verdicts, encoding="utf-8")
    (folder / "explain.json").write_text(json.dumps(KNOWN), encoding="utf-8")
    write_report(folder, "ja")
    return folder


@pytest.fixture(scope="session")
def html(run_folder: Path) -> str:
    return (run_folder / "report.html").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def material(run_folder: Path) -> Material:
    return gather(run_folder)
