"""A run folder -> `Material`: everything that the sections read, gathered once."""

from __future__ import annotations

import json
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from tenbin.figures.render import accessible, render_svg
from tenbin.figures.words import LANGUAGES, Words
from tenbin.report.distributions import read_outcomes
from tenbin.report.material import Material, ModelFacts, Picture
from tenbin.report.naming import titled
from tenbin.report.words import report_words, share_text
from tenbin.run import SolvedModel, policy_setting, read_manifest, solve_central
from tenbin.scenario.language import Setting
from tenbin.scenario.objects import Scenario
from tenbin.scenario.reading import load_scenario
from tenbin.worlds import draw_worlds

__all__ = ["gather"]

SHOWN_WORLDS = 1024
"""Worlds whose draws the histograms of uncertainties show."""


def gather(folder: Path) -> Material:
    """What a run folder holds, and its models solved in the central world.

    Raises
    ------
    ScenarioError
        If the copy of the scenario cannot be read any more.
    """
    manifest = read_manifest(folder)
    verdicts: dict[str, Any] = json.loads((folder / "verdicts.json").read_text(encoding="utf-8"))
    scenario = load_scenario(folder / manifest["scenario"])
    policy = next(iter(scenario.policies), None)
    setting = policy_setting(scenario, policy) if policy else Setting()
    solved = {name: solve_central(scenario, name, setting) for name in scenario.models}
    worlds = int(manifest["worlds"])
    return Material(
        scenario=scenario,
        verdicts=verdicts,
        manifest=manifest,
        outcomes=read_outcomes(folder, manifest, scenario),
        draws=draw_worlds(
            scenario,
            0,
            min(worlds, SHOWN_WORLDS),
            seed=int(manifest["seed"]),
            design=str(manifest["design"]),
            total=worlds,
        ),
        facts={
            name: ModelFacts(found.model.concept, found.model.size)
            for name, found in solved.items()
        },
        pictures={code: _pictures(scenario, solved, report_words(code)) for code in LANGUAGES},
        policy=policy,
    )


def _pictures(
    scenario: Scenario, solved: dict[str, SolvedModel], words: Words
) -> dict[str, tuple[Picture, ...]]:
    return {
        name: _model_pictures(scenario, name, found, words)
        for name, found in solved.items()
        if find_spec(f"tenbin.forms.{found.model.form}.draw") is not None
    }


def _model_pictures(
    scenario: Scenario, name: str, found: SolvedModel, words: Words
) -> tuple[Picture, ...]:
    """A model's drawings, by the room that knows its form."""
    room = import_module(f"tenbin.forms.{found.model.form}.draw")
    title = words("drawing.title", model=titled(scenario.models[name].title, name, words))
    pictures: list[Picture] = []
    for drawing in room.draw_model(scenario, found.game, found.solution, words.language):
        identifier = f"{words.language}-picture-{name}-{drawing.kind}"
        svg = accessible(
            render_svg(drawing.spec), identifier, title, drawing.spec.get("description", "")
        )
        pictures.append(Picture(svg, _caption(drawing, words)))
    return tuple(pictures)


def _caption(drawing: Any, words: Words) -> str:
    caption = words.count(
        "drawing." + drawing.kind,
        drawing.shown,
        ends=f"{drawing.ends:,}",
        covered=share_text(drawing.covered or 0.0),
    )
    return caption if drawing.solved else f"{words('drawing.unsolved')} {caption}"
