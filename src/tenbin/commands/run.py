"""One run end to end: from a scenario's path to a run folder with its report."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console

from tenbin.commands.early import EarlyVerdicts
from tenbin.commands.progress import ProgressShown
from tenbin.commands.words import command_words
from tenbin.errors import ScenarioError
from tenbin.explain.whole import explain_run
from tenbin.figures.words import Words
from tenbin.judge import Tally, claim_requests
from tenbin.judge.check import check_scenario
from tenbin.judge.searched import SearchedVerdicts
from tenbin.report.html import write_report
from tenbin.report.naming import room_words
from tenbin.report.terminal import verdict_table
from tenbin.report.words import badge, report_words
from tenbin.run import RunOptions, Setting, execute, make_plan, policy_setting, read_manifest
from tenbin.run.jobs import Plan
from tenbin.run.preparing import compile_rooms, uncompiled_rooms
from tenbin.scenario import Scenario
from tenbin.scenario.fixing import with_numbers

__all__ = ["RunRequest", "run_scenario"]


@dataclass(frozen=True)
class RunRequest:
    """What `tenbin run` was asked for; `replaced` fixes numbers of the scenario in every world."""

    path: Path
    out: Path
    worlds: int = 10_000
    seed: int = 0
    design: str = "sobol"
    replaced: Mapping[str, float] = field(default_factory=dict)
    search: int | None = None
    """Worlds searched for all equilibria; None: as many as the scenario says."""
    explain: bool = False
    threads: int = 0
    language: str = "en"


def run_scenario(request: RunRequest, *, to_json: bool = False) -> dict[str, Any]:
    """Draw the worlds, solve every job in each, judge the claims, write the run folder.

    Parameters
    ----------
    request
        What to run and where to.
    to_json
        Whether `verdicts.json` also goes to standard output, instead of the table.

    Returns
    -------
    What `verdicts.json` holds.

    Raises
    ------
    ScenarioError
        If the scenario has errors, with all of them.
    """
    words = command_words(request.language)
    with ProgressShown(words) as shown:
        shown.say(words("run.reading", path=request.path))
        scenario = _read(request, shown)
        options = RunOptions(
            worlds=request.worlds,
            seed=request.seed,
            design=request.design,
            out=request.out,
            threads=request.threads,
        )
        plan = make_plan(scenario, claim_requests(scenario), request.worlds, jobs=_jobs(scenario))
        sizes = {"jobs": len(plan.jobs), "models": len(scenario.models)}
        shown.say(words("run.plan", worlds=f"{request.worlds:,}", **sizes))
        _compile(scenario, plan, options, shown, words)
        tally = Tally(scenario, plan, seed=request.seed)
        search = scenario.search if request.search is None else request.search
        searched = SearchedVerdicts.of(scenario, plan, options, search)
        if searched is not None:
            shown.say(words("run.search", worlds=f"{searched.plan.worlds:,}"))
        for chunk in execute(scenario, plan, options, shown.update):
            if searched is not None:
                searched.add(chunk)
            for (claim, policy), codes in tally.add(chunk).items():
                chunk.attach(f"{claim}|{policy}", codes)
            if chunk.start == 0 and chunk.stop < request.worlds:
                shown.say(_first_verdicts(tally.verdicts(), chunk.stop, words))
        verdicts = tally.verdicts()
        if searched is not None:
            verdicts["search"] = searched.section()
        _write_json(request.out / "verdicts.json", verdicts)
        if request.explain:
            shown.say(words("run.explain"))
            explain_run(request.out, progress=shown.explaining)
        shown.say(words("run.report"))
        report = write_report(request.out, request.language)
    _show(scenario, verdicts, report, request.language, to_json=to_json)
    return verdicts


def _read(request: RunRequest, shown: ProgressShown) -> Scenario:
    scenario, problems = check_scenario(request.path)
    errors = [problem for problem in problems if not problem.warning]
    if scenario is None or errors:
        raise ScenarioError(errors)
    for problem in problems:
        shown.say(str(problem))
    return with_numbers(scenario, request.replaced) if request.replaced else scenario


def _compile(
    scenario: Scenario, plan: Plan, options: RunOptions, shown: ProgressShown, words: Words
) -> None:
    """Compile what is not yet, and give verdicts on what is ready while the rest compiles."""
    needed = uncompiled_rooms(plan)
    if not needed:
        return
    named = ", ".join(room_words(form, words)("form") for form in sorted(needed))
    shown.say(words("run.compiling", forms=named))
    early = EarlyVerdicts(scenario, plan, options)
    missing = set(needed)
    for form in compile_rooms(needed, options.threads):
        missing.discard(form)
        found = early.without(missing) if missing else None
        if found is not None:
            shown.say(_first_verdicts(found.verdicts, found.worlds, words))


def _jobs(scenario: Scenario) -> list[tuple[str, Setting]]:
    """Every model under every policy, whether a claim asks for it or not."""
    settings = [policy_setting(scenario, name) for name in scenario.policies] or [Setting()]
    return [(model, setting) for model in scenario.models for setting in settings]


def _first_verdicts(verdicts: Mapping[str, Any], worlds: int, words: Words) -> str:
    """One line: how many of the claims judged have which word after the first worlds."""
    counts = Counter(entry["word"] for entry in verdicts["claims"].values())
    report = report_words(words.language)
    said = ", ".join(f"{badge(word, report)} {count}" for word, count in counts.most_common())
    return words("run.first", claims=counts.total(), worlds=f"{worlds:,}", words=said)


def _write_json(path: Path, value: object) -> None:
    text = json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True, allow_nan=False)
    path.write_text(text + "\n", encoding="utf-8")


def _show(
    scenario: Scenario, verdicts: Mapping[str, Any], report: Path, language: str, *, to_json: bool
) -> None:
    if to_json:
        sys.stdout.write((report.parent / "verdicts.json").read_text("utf-8"))
        return
    console = Console()
    counts = read_manifest(report.parent)["results"]["models"]
    console.print(verdict_table(scenario, verdicts, language, console.width, counts))
    console.print(f"{report}", highlight=False, markup=False, soft_wrap=True)
