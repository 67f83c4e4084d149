"""Pictures and words of bargaining, in every language."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from rich.console import Console

from forms.bargaining.made import OFFERS, ONCE, PIE, Solved, package, scenario_of
from tenbin.figures.render import render_svg
from tenbin.figures.words import LANGUAGES
from tenbin.forms.bargaining.draw_package import frontier_of, outline_of
from tenbin.forms.bargaining.room import ROOM
from tenbin.forms.bargaining.scene import see

NUMBERS = {"a0": 2.0, "a1": -1.0, "b0": -2.0, "b1": 3.0, "d1": 0.9, "d2": 0.8}
MODELS: dict[str, dict[str, Any]] = {
    "range": {**OFFERS, "outside": {"A": 0.1}, "ratify": [{"player": "B", "floor": 0.2}]},
    "no_range": {**PIE, "disagreement": {"A": 0.8, "B": 0.7}},
    "secret": {**PIE, **ONCE, "outside": {"B": {"uniform": [0, 1]}}},
    "package": {**package(2), "outside": {"A": 0.3}, "ratify": [{"player": "B", "floor": 0.1}]},
}


def solved_of(name: str) -> tuple[Any, Solved]:
    body = MODELS[name]
    numbers = {k: v for k, v in NUMBERS.items() if k in str(body)}
    return scenario_of(body, numbers), Solved(body, **numbers)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", MODELS)
def test_picture_and_words_are_there(name: str, language: str) -> None:
    scenario, solved = solved_of(name)
    console = Console(width=80, record=True, quiet=True)

    (drawing,) = ROOM.draw(scenario, solved.game, solved.solution, language)
    console.print(ROOM.text(scenario, solved.game, solved.solution, language))

    assert "<svg" in render_svg(drawing.spec)
    assert drawing.kind == ("frontier" if name == "package" else "range")
    assert drawing.caption


def test_unsolved_world_has_no_picture() -> None:
    scenario = scenario_of({**PIE, "disagreement": {"A": "x"}}, ["x"])
    solved = Solved({**PIE, "disagreement": {"A": "x"}}, x=np.nan)

    assert ROOM.draw(scenario, solved.game, solved.solution, "en") == []


def test_frontier_lies_on_the_outline_of_all_packages() -> None:
    _, solved = solved_of("package")
    seen = see(solved.game, solved.solution, 0)

    outline = {tuple(np.round(point, 9)) for point in outline_of(seen)}
    frontier = [tuple(np.round(point, 9)) for point in frontier_of(seen)]

    assert set(frontier) <= outline
    assert frontier == [(-1.0, 3.0), (1.0, 1.0), (2.0, -2.0)]


def test_description_gives_agreement_results_and_payoffs() -> None:
    solved = Solved(OFFERS, d1=0.5, d2=0.5)

    (found,) = ROOM.describe(solved.game, solved.solution, solved.certificate, 0)

    assert found["profile"]["agreement"]["pie"] == pytest.approx(2 / 3)
    assert found["profile"]["B offers"]["pie"] == pytest.approx(1 / 3)
    assert found["profile"]["result"] == {"agreed": 1.0, "ratified": 1.0}
    assert found["payoffs"]["B"] == pytest.approx(1 / 3)
