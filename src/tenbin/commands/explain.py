"""Why a claim's verdict is what it is, and what happens in one world, in sentences."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tenbin.errors import ScenarioError, ShapeError, TenbinError, nearest
from tenbin.explain import (
    explain_words,
    find_hinge,
    find_sensitivity,
    hinge_sentences,
    judged_policies,
    read_evidence,
    sensitivity_sentences,
)
from tenbin.explain.counterexample import find_counterexample
from tenbin.explain.counterexample_words import counterexample_sentences
from tenbin.explain.stored import StoredRun
from tenbin.explain.validity import find_validity
from tenbin.explain.validity_words import validity_sentences
from tenbin.explain.world import WorldPlace, walk_claim, walk_models
from tenbin.explain.world_words import world_lines
from tenbin.judge import Tally, claim_requests
from tenbin.judge.check import check_scenario
from tenbin.report.events import event_title
from tenbin.report.naming import claim_title, policy_title
from tenbin.report.words import badge, report_words
from tenbin.run import RunOptions, execute, make_plan, read_manifest
from tenbin.scenario import Scenario, load_scenario

__all__ = ["ExplainRequest", "explain", "explanation_data", "explanation_text"]

FEW_WORLDS = 512
"""Worlds in which a verdict is made anew where no run is given."""

Answer = dict[str, Any]


@dataclass(frozen=True)
class ExplainRequest:
    """What `tenbin explain` was asked for.

    `path` is a run folder or a scenario; without a claim all are explained. `world` is a number of
    the run (of a scenario: of the runs with this seed), and `walk` asks for the central one.
    """

    path: Path
    claim: str | None = None
    policy: str | None = None
    world: int | None = None
    hold: tuple[str, ...] = ()
    seed: int = 0
    language: str = "en"


def explain(request: ExplainRequest) -> Answer:
    """What was asked, as plain data: one world under `walk`, or claims by name under `claims`.

    Raises
    ------
    ScenarioError
        If the scenario has errors.
    TenbinError
        If there is no such claim, policy, uncertainty or world.
    """
    is_run = (request.path / "manifest.json").is_file()
    scenario = _stored(request.path) if is_run else _checked(request.path)
    if request.claim is not None:
        _known("claim", request.claim, tuple(scenario.claims))
    if request.world is not None:
        return {"walk": _walk(scenario, request, is_run=is_run)}
    claims = (request.claim,) if request.claim is not None else tuple(scenario.claims)
    with _run_folder(request, scenario, claims, is_run=is_run) as name:
        return {"claims": {claim: _claim(Path(name), scenario, claim, request) for claim in claims}}


def explanation_text(answer: Answer, request: ExplainRequest) -> str:
    """An answer of `explain` as sentences for a person, in the language of the request."""
    is_run = (request.path / "manifest.json").is_file()
    scenario = _stored(request.path) if is_run else load_scenario(request.path)
    words, report = explain_words(request.language), report_words(request.language)

    def titled(model: str, event: str) -> str:
        return event_title(scenario, model, event, report)

    if "walk" in answer:
        return "\n".join(world_lines(answer["walk"], scenario, words, titled))
    lines: list[str] = []
    for claim, entry in answer["claims"].items():
        lines += _claim_lines(claim, entry, scenario, request.language, titled)
    return "\n".join(lines).rstrip()


def explanation_data(answer: Answer) -> Answer:
    """An answer of `explain` without its sentences, for other programs."""
    if "walk" in answer:
        return answer
    return {
        "claims": {
            claim: {key: value for key, value in entry.items() if key != "said"}
            for claim, entry in answer["claims"].items()
        }
    }


def _claim_lines(
    claim: str,
    entry: Mapping[str, Any],
    scenario: Scenario,
    language: str,
    titled: Callable[[str, str], str],
) -> list[str]:
    words, report = explain_words(language), report_words(language)
    item = scenario.claims[claim]
    lines = [
        f"{claim}  {claim_title(item, report)}",
        f"  {item.says.in_language(language)}",
        f"  {badge(entry['word'], report)}",
    ]
    if entry["policy"] is None:
        return [*lines, ""]
    if entry["policy"] in scenario.policies:
        lines[-1] += f" ({policy_title(scenario, entry['policy'], report)})"
    told = [
        *entry["said"],
        *validity_sentences(entry["validity"], scenario, words),
        *counterexample_sentences(entry["counterexample"], scenario, words, titled),
    ]
    return [*lines, *(f"  {sentence}" for sentence in told), ""]


def _claim(folder: Path, scenario: Scenario, claim: str, request: ExplainRequest) -> Answer:
    """One claim, as far as it can be explained."""
    verdict = _verdict(folder, claim)
    policies = judged_policies(folder, scenario, claim)
    if not policies:
        return {"word": verdict["word"], "policy": None}
    policy = policies[0] if request.policy is None else request.policy
    _known("policy", policy, policies)
    evidence = read_evidence(folder, scenario, claim, policy)
    hinge, sensitivity = find_hinge(evidence), find_sensitivity(evidence)
    counterexample = find_counterexample(scenario, claim, policy, folder=folder, hold=request.hold)
    return {
        "word": verdict["policies"][policy]["word"],
        "policy": policy,
        "verdict": verdict["policies"][policy],
        "hinge": hinge.as_data(),
        "sensitivity": sensitivity.as_data(),
        "validity": _validity_data(folder, claim, policy),
        "counterexample": counterexample.as_data(),
        "said": [
            *hinge_sentences(hinge, explain_words(request.language)),
            *sensitivity_sentences(sensitivity, explain_words(request.language)),
        ],
    }


def _verdict(folder: Path, claim: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "verdicts.json").read_text("utf-8"))
    return found["claims"][claim]


def _validity_data(folder: Path, claim: str, policy: str) -> dict[str, Any] | None:
    """Validity of a claim of a whole run; None where it has no premises, or the run is in part."""
    try:
        found = find_validity(StoredRun.read(folder), [claim], {claim: policy})
    except ShapeError:
        return None
    return found[claim].as_data() if claim in found else None


def _walk(scenario: Scenario, request: ExplainRequest, *, is_run: bool) -> Answer:
    """The world asked for: of the run, else of the runs with the seed of the request."""
    place = WorldPlace(request.world, request.seed)
    if is_run:
        manifest = read_manifest(request.path)
        place = WorldPlace(
            request.world, int(manifest["seed"]), str(manifest["design"]), int(manifest["worlds"])
        )
    if request.claim is None:
        return walk_models(scenario, place, request.policy)
    return walk_claim(scenario, request.claim, place, request.policy)


def _run_folder(
    request: ExplainRequest, scenario: Scenario, claims: Sequence[str], *, is_run: bool
) -> AbstractContextManager[str]:
    """The run given, or one made anew in a few worlds of the claims and what they rest on."""
    if is_run:
        return nullcontext(str(request.path))
    folder = tempfile.TemporaryDirectory(prefix="tenbin-explain-")
    _judge_anew(Path(folder.name), scenario, claims, request.seed)
    return folder


def _judge_anew(folder: Path, scenario: Scenario, claims: Sequence[str], seed: int) -> None:
    wanted: dict[str, None] = {}
    waiting = list(claims)
    while waiting:
        claim = waiting.pop()
        if claim not in wanted:
            wanted[claim] = None
            waiting.extend(scenario.claims[claim].needs)
    kept = {name: claim for name, claim in scenario.claims.items() if name in wanted}
    part = replace(scenario, claims=kept, objectives={}, decision_maker=None)
    plan = make_plan(part, claim_requests(part), FEW_WORLDS)
    tally = Tally(part, plan, seed=seed)
    for chunk in execute(part, plan, RunOptions(worlds=FEW_WORLDS, seed=seed, out=folder)):
        for (claim, policy), codes in tally.add(chunk).items():
            chunk.attach(f"{claim}|{policy}", codes)
    (folder / "verdicts.json").write_text(json.dumps(tally.verdicts()), encoding="utf-8")


def _stored(folder: Path) -> Scenario:
    return load_scenario(folder / str(read_manifest(folder)["scenario"]))


def _checked(path: Path) -> Scenario:
    scenario, problems = check_scenario(path)
    errors = [problem for problem in problems if not problem.warning]
    if scenario is None or errors:
        raise ScenarioError(errors)
    return scenario


def _known(what: str, given: str, allowed: Sequence[str]) -> None:
    if given not in allowed:
        guess = nearest(given, allowed)
        hint = f". Did you mean '{guess}'?" if guess else ""
        raise TenbinError(f"unknown {what} '{given}'; allowed: {', '.join(allowed)}{hint}")
