"""The games of a scenario: all as one system, then each with its play in the central world."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console

from tenbin.commands.names import choose
from tenbin.figures.render import render_svg
from tenbin.figures.system import system_spec
from tenbin.figures.systemtext import system_text
from tenbin.figures.words import picture_words
from tenbin.forms import room
from tenbin.forms.contract import Drawing
from tenbin.report.system import find_links, system_of
from tenbin.report.words import report_words
from tenbin.run import Setting, policy_setting, solve_central
from tenbin.scenario import Scenario

__all__ = ["show_scenario"]


def show_scenario(
    scenario: Scenario,
    model: str | None = None,
    policy: str | None = None,
    svg: Path | None = None,
    language: str = "en",
) -> None:
    """Draw one model or all: on standard output, or as SVG files into a folder.

    All of them begin with the picture of how they feed one another, for which nothing is solved.

    Parameters
    ----------
    scenario
        A scenario without errors.
    model
        Which; None draws every model.
    policy
        The policy under which the game is played; None sets nothing.
    svg
        The folder for the pictures; None draws on the terminal.
    language
        Language of titles and words.

    Raises
    ------
    TenbinError
        If there is no such model or policy.
    """
    names = [choose("model", model, tuple(scenario.models))] if model else list(scenario.models)
    setting = Setting()
    if policy is not None:
        setting = policy_setting(scenario, choose("policy", policy, tuple(scenario.policies)))
    console = Console()
    if model is None:
        _show_system(scenario, svg, language, console)
    for name in names:
        found = solve_central(scenario, name, setting)
        form = room(found.model.form)
        title = scenario.models[name].title.in_language(language) or name
        if svg is None:
            console.print(f"\n{title} ({name})", style="bold", markup=False)
            console.print(form.text(scenario, found.game, found.solution, language))
        else:
            drawings = form.draw(scenario, found.game, found.solution, language)
            _write(svg, name, drawings, console)


def _show_system(scenario: Scenario, folder: Path | None, language: str, console: Console) -> None:
    """The models and what flows between them."""
    said, words = report_words(language), picture_words(language)
    system = system_of(scenario, find_links(scenario), said)
    if folder is None:
        console.print(said("system.title"), style="bold", markup=False)
        console.print(said("system.levels"), style="dim", markup=False)
        console.print(system_text(system, words))
        return
    drawing = Drawing("system", system_spec(system, words), said("system.caption"))
    _write(folder, "", [drawing], console)


def _write(folder: Path, name: str, drawings: list[Drawing], console: Console) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for drawing in drawings:
        path = folder / (f"{name}-{drawing.kind}.svg" if name else f"{drawing.kind}.svg")
        path.write_text(render_svg(drawing.spec), encoding="utf-8")
        console.print(str(path), highlight=False, markup=False, soft_wrap=True)
