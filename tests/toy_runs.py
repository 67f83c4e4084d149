"""Small runs whose answers are known by hand."""

from __future__ import annotations

from pathlib import Path

from tenbin.explain.stored import StoredRun
from tenbin.judge import Tally, claim_requests
from tenbin.run import RunOptions, execute, make_plan, policy_setting
from tenbin.scenario import load_scenario

HEAD = """
tenbin: 1
title: toy
players: {A: A}
"""

MODEL = """
models:
  crisis:
    form: tree
    start: choose
    moves: {choose: {player: A, actions: {attack: war, wait: peace}}}
    ends:
      war: {A: gain - cost + 0.0001 * idle}
      peace: {A: 0}
"""


def stored_run(folder: Path, text: str, worlds: int = 2048, facts: str = "") -> StoredRun:
    """A run of a scenario, stored in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "toy.yaml"
    path.write_text(HEAD + text, encoding="utf-8")
    if facts:
        (folder / "facts.csv").write_text(facts, encoding="utf-8")
    scenario = load_scenario(path)
    settings = [policy_setting(scenario, name) for name in scenario.policies]
    jobs = [(model, setting) for model in scenario.models for setting in settings]
    plan = make_plan(scenario, claim_requests(scenario), worlds, jobs=jobs)
    tally = Tally(scenario, plan)
    for chunk in execute(scenario, plan, RunOptions(worlds=worlds, out=folder / "run")):
        for (claim, policy), codes in tally.add(chunk).items():
            chunk.attach(f"{claim}|{policy}", codes)
    return StoredRun.read(folder / "run")
