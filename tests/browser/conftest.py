"""A report opened in a real browser, where Playwright and a Chromium are there."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from report.explained import KNOWN
from tenbin.judge import Tally, claim_requests
from tenbin.report.html import write_report
from tenbin.run import RunOptions, execute, make_plan
from tenbin.scenario.reading import load_scenario

WORLDS = 64
SCENARIO = Path(__file__).parents[1] / "report" / "weighed"
CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@dataclass
class Opened:
    """A page with what it said on the console and what it asked of the network."""

    page: Any
    address: str
    complaints: list[str] = field(default_factory=list[str])
    requests: list[str] = field(default_factory=list[str])


@pytest.fixture(scope="session")
def report_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of a small run that was explained, opening in English."""
    scenario = load_scenario(SCENARIO)
    folder = tmp_path_factory.mktemp("browsed")
    plan = make_plan(scenario, claim_requests(scenario), WORLDS)
    tally = Tally(scenario, plan, seed=7)
    for chunk in execute(scenario, plan, RunOptions(worlds=WORLDS, seed=7, out=folder)):
        tally.add(chunk)
    verdicts = json.dumps(tally.verdicts(), ensure_ascii=False)
    (folder / "verdicts.json").write_text(verdicts, encoding="utf-8")
    (folder / "explain.json").write_text(json.dumps(KNOWN), encoding="utf-8")
    return write_report(folder, "en")


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    path = next((found for name in CHROMIUMS if (found := shutil.which(name))), None)
    if path is None:
        pytest.skip(f"no Chromium on this machine (looked for {', '.join(CHROMIUMS)})")
    with playwright.sync_playwright() as started:
        opened = started.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield opened
        opened.close()


def open_report(browser: Any, report_file: Path, *, scripts: bool = True) -> Opened:
    """A new page that shows the report."""
    page = browser.new_page(
        viewport={"width": 1280, "height": 900}, java_script_enabled=scripts, bypass_csp=False
    )
    opened = Opened(page, report_file.as_uri())
    page.on("console", lambda message: opened.complaints.append(f"{message.type} {message.text}"))
    page.on("pageerror", lambda error: opened.complaints.append(str(error)))
    page.on("request", lambda request: opened.requests.append(request.url))
    page.goto(opened.address)
    return opened


@pytest.fixture
def opened(browser: Any, report_file: Path) -> Iterator[Opened]:
    found = open_report(browser, report_file)
    yield found
    found.page.close()


@pytest.fixture
def without_scripts(browser: Any, report_file: Path) -> Iterator[Opened]:
    found = open_report(browser, report_file, scripts=False)
    yield found
    found.page.close()
