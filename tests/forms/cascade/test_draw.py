"""Pictures and lines of text of a cascade: they say who joins, and are drawn in every language."""

from __future__ import annotations

import json
import re
from io import StringIO

import numpy as np
import pytest
from rich.console import Console

from forms.cascade.small import scenario, solve
from tenbin.figures.render import render_svg
from tenbin.figures.words import LANGUAGES, read_words
from tenbin.forms.cascade.room import ROOM

NETWORK = {
    "seed": ["A"],
    "thresholds": {"B": 1, "C": 2, "D": 9},
    "influence": {"B": {"A": 1, "C": 0.5}, "C": {"A": 1, "B": 1}, "D": {"A": 1}},
}
BODIES = {
    "network": NETWORK,
    "private": {"influence": 0.4, "cost": {n: {"normal": [0.5, 0.3]} for n in "ABCD"}},
    "several": {"thresholds": {"A": 1, "B": 1, "C": 3}},
    "crowd": {"actors": {"count": 30, "thresholds": "where(i == 9, 11, i)"}},
    "regime": {"concept": "global", "cost": 0.4, "noise": 0.2, "state": 0.5},
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_pictures_are_drawn_in_every_language(body, language):
    solved = solve(body, players="ABCD")

    drawings = ROOM.draw(scenario(body, "ABCD"), solved.bound, solved.solution, language)

    for drawing in drawings:
        json.dumps(drawing.spec)
        assert "<svg" in render_svg(drawing.spec)
        assert drawing.caption
        assert drawing.spec["description"]


def test_columns_of_the_network_are_steps():
    solved = solve(NETWORK, players="ABCD")

    (drawing,) = ROOM.draw(scenario(NETWORK, "ABCD"), solved.bound, solved.solution, "en")
    texts = {row["text"]: row["x"] for row in drawing.spec["data"][3]["values"]}

    assert texts["A"] < texts["B"] < texts["C"] < texts["D"]
    assert texts["from the start"] < texts["step 1"] < texts["step 2"] < texts["stays out"]
    assert "★ tipping player" in texts


def test_lines_are_as_thick_as_their_weight():
    solved = solve(NETWORK, players="ABCD")

    (drawing,) = ROOM.draw(scenario(NETWORK, "ABCD"), solved.bound, solved.solution, "en")
    widths = sorted({row["strokeWidth"] for row in drawing.spec["data"][0]["values"]})

    assert len(widths) == 2
    assert widths[1] > 1.5 * widths[0]


def test_text_names_everybody_and_the_other_equilibrium():
    body = BODIES["several"]
    solved = solve(body, players="ABCD")
    console = Console(width=120, record=True, file=StringIO())

    console.print(ROOM.text(scenario(body, "ABCD"), solved.bound, solved.solution, "en"))
    told = console.export_text()

    assert all(name in told for name in "ABC")
    assert "Another equilibrium exists" in told
    assert "joins in the other equilibrium" in told


def test_unsolved_world_is_drawn_as_such():
    body = {"thresholds": {"A": "1 / x", "B": 1}}

    solved = solve(body, {"x": np.array([0.0])})
    (drawing,) = ROOM.draw(scenario(body, "ABC", ("x",)), solved.bound, solved.solution, "en")

    assert drawing.caption.startswith("The central world is not solved")
    assert "<svg" in render_svg(drawing.spec)


def test_sentences_have_the_same_placeholders_in_all_languages():

    catalogues = {code: read_words("tenbin.forms.cascade", code).catalogue for code in LANGUAGES}
    for key, sentence in catalogues["en"].messages.items():
        wanted = sorted(re.findall(r"\{(\w+)", sentence))
        for catalogue in catalogues.values():
            assert sorted(re.findall(r"\{(\w+)", catalogue.messages[key])) == wanted, key
