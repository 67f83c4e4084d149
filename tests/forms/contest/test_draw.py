"""Pictures and lines of text of a contest: drawn in every language, with the right shapes."""

from __future__ import annotations

import json
import re
from io import StringIO

import numpy as np
import pytest
from rich.console import Console

from forms.contest.small import scenario, solve
from tenbin.figures.render import render_svg
from tenbin.figures.words import LANGUAGES, read_words
from tenbin.forms.contest.room import ROOM

RACE = {"concept": "richardson", "react": {"A": {"B": 2}, "B": {"A": 2}}, "fatigue": 1}
BODIES = {
    "two": {"values": {"A": 3, "B": 2}},
    "three": {"values": {"A": 3, "B": 2, "C": 0.5}},
    "race": {**RACE, "grievance": -1},
    "floored": {**RACE, "grievance": -1, "negative": False},
    "alliance": {"concept": "alliance", "weights": {"A": 3, "B": 2}, "taste": 0.6},
    "allies": {"concept": "alliance", "weights": {"A": 9, "B": 2, "C": 1}, "taste": 0.3},
    "attrition": {"concept": "attrition", "values": {"A": 3, "B": 2}},
    "private": {"concept": "attrition", "players": ["A", "B"], "values": {"normal": [1, 0.5]}},
}
KINDS = {
    "two": "replies",
    "three": "efforts",
    "race": "replies",
    "floored": "replies",
    "alliance": "replies",
    "allies": "efforts",
    "attrition": "lasting",
    "private": "lasting",
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", BODIES)
def test_pictures_are_drawn_in_every_language(name, language):
    found = solve(BODIES[name], players="ABC")

    given = scenario(BODIES[name], "ABC")
    (drawing,) = ROOM.draw(given, found.bound, found.solution, language)

    json.dumps(drawing.spec)
    assert drawing.kind == KINDS[name]
    assert "<svg" in render_svg(drawing.spec)
    assert drawing.caption
    assert drawing.spec["description"]


def test_drawn_replies_meet_at_the_equilibrium():
    found = solve(BODIES["two"], players="ABC")

    (drawing,) = ROOM.draw(scenario(BODIES["two"], "ABC"), found.bound, found.solution, "en")
    curves = [
        np.array([[row["x"], row["y"]] for row in layer["data"]["values"]])
        for layer in drawing.spec["layer"]
        if layer["mark"]["type"] == "line"
    ]

    at = found.solution.effort[0, 0]
    for curve in curves:
        assert np.abs(curve - at).max(axis=1).min() < 0.02


def test_unsolved_world_is_drawn_as_such():
    body = {"values": {"A": 1, "B": 1}, "decisiveness": 3}
    found = solve(body)

    (drawing,) = ROOM.draw(scenario(body), found.bound, found.solution, "en")

    assert drawing.kind == "unsolved"
    assert "<svg" in render_svg(drawing.spec)


@pytest.mark.parametrize("name", BODIES)
def test_text_names_everybody(name):
    found = solve(BODIES[name], players="ABC")
    console = Console(width=120, record=True, file=StringIO())

    console.print(ROOM.text(scenario(BODIES[name], "ABC"), found.bound, found.solution, "en"))
    told = console.export_text()

    assert all(player in told for player in found.bound.model.players)


def test_sentences_have_the_same_placeholders_in_all_languages():
    catalogues = {code: read_words("tenbin.forms.contest", code).catalogue for code in LANGUAGES}
    for key, sentence in catalogues["en"].messages.items():
        wanted = sorted(re.findall(r"\{(\w+)", sentence))
        for catalogue in catalogues.values():
            assert sorted(re.findall(r"\{(\w+)", catalogue.messages[key])) == wanted, key
