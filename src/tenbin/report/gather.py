"""A run folder -> `Material`: everything that the sections read, gathered once."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from tenbin.figures.render import accessible, render_svg
from tenbin.figures.system import system_spec
from tenbin.figures.words import LANGUAGES, Words, picture_words
from tenbin.forms import room
from tenbin.report.charts import charts_of
from tenbin.report.distributions import read_outcomes
from tenbin.report.material import Material, ModelFacts, Picture
from tenbin.report.naming import titled
from tenbin.report.stored import read_explained
from tenbin.report.system import ModelLink, find_links, system_of
from tenbin.report.words import report_words
from tenbin.run import SolvedModel, policy_setting, read_manifest, solve_worlds
from tenbin.scenario.language import Array, Setting
from tenbin.scenario.objects import Scenario
from tenbin.scenario.reading import load_scenario
from tenbin.worlds import central_world, draw_worlds

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
    verdicts = _in_file_order(scenario, verdicts)
    policy = next(iter(scenario.policies), None)
    setting = policy_setting(scenario, policy) if policy else Setting()
    worlds = int(manifest["worlds"])
    draws = draw_worlds(
        scenario,
        0,
        min(worlds, SHOWN_WORLDS),
        seed=int(manifest["seed"]),
        design=str(manifest["design"]),
        total=worlds,
    )
    links = find_links(scenario)
    explained = read_explained(folder)
    solved = {
        name: _solved_for_pictures(scenario, name, setting, draws) for name in scenario.models
    }
    return Material(
        scenario=scenario,
        verdicts=verdicts,
        manifest=manifest,
        outcomes=read_outcomes(folder, manifest, scenario),
        draws=draws,
        facts={
            name: ModelFacts(found.model.concept, found.model.size)
            for name, found in solved.items()
        },
        pictures={code: _pictures(scenario, solved, report_words(code)) for code in LANGUAGES},
        policy=policy,
        links=links,
        system={code: _system_picture(scenario, links, report_words(code)) for code in LANGUAGES},
        charts={code: charts_of(scenario, verdicts, explained, code) for code in LANGUAGES},
        explained=explained,
    )


def _system_picture(scenario: Scenario, links: tuple[ModelLink, ...], words: Words) -> Picture:
    """All models as one picture."""
    spec = system_spec(system_of(scenario, links, words), picture_words(words.language))
    identifier = f"{words.language}-picture-of-the-system"
    title, text = words("system.title"), str(spec["description"])
    svg = accessible(render_svg(spec), identifier, title, text)
    return Picture(svg, words("system.caption"))


def _in_file_order(scenario: Scenario, verdicts: Mapping[str, Any]) -> dict[str, Any]:
    """The verdicts with claims, their policies and the models as the scenario orders them."""
    claims: dict[str, Any] = {}
    for name, entry in _ordered(verdicts["claims"], scenario.claims).items():
        rows = entry.get("policies")
        policies = {"policies": _ordered(rows, scenario.policies)} if rows else {}
        claims[name] = {**entry, **policies}
    models = _ordered(verdicts["models"], scenario.models)
    return {**verdicts, "claims": claims, "models": models}


def _ordered(given: Mapping[str, Any], order: Iterable[str]) -> dict[str, Any]:
    """A mapping in another order; what the order does not name comes first."""
    named = [name for name in order if name in given]
    return {name: given[name] for name in (*(n for n in given if n not in named), *named)}


def _pictures(
    scenario: Scenario, solved: dict[str, SolvedModel], words: Words
) -> dict[str, tuple[Picture, ...]]:
    return {name: _model_pictures(scenario, name, found, words) for name, found in solved.items()}


def _model_pictures(
    scenario: Scenario, name: str, found: SolvedModel, words: Words
) -> tuple[Picture, ...]:
    """A model's drawings, by the room that knows its form."""
    form = room(found.model.form)
    title = words("drawing.title", model=titled(scenario.models[name].title, name, words))
    pictures: list[Picture] = []
    for drawing in form.draw(scenario, found.game, found.solution, words.language):
        identifier = f"{words.language}-picture-{name}-{drawing.kind}"
        svg = accessible(
            render_svg(drawing.spec), identifier, title, drawing.spec.get("description", "")
        )
        pictures.append(Picture(svg, drawing.caption))
    return tuple(pictures)


def _solved_for_pictures(
    scenario: Scenario, name: str, setting: Setting, draws: Mapping[str, Array]
) -> SolvedModel:
    """A model in the central world, and in as many of the run's as its pictures want for bands."""
    wanted = room(scenario.models[name].form).sample
    central = central_world(scenario)
    worlds = {
        uncertainty: np.concatenate([middle, draws[uncertainty][:wanted]])
        for uncertainty, middle in central.items()
    }
    return solve_worlds(scenario, name, worlds, setting)
