"""Pictures of conflicts: what they show and say, in three languages."""

from __future__ import annotations

import re
from importlib.resources import files
from io import StringIO
from typing import Any

import pytest
from rich.console import Console

from forms.conflict.scenarios import TRIANGLE, scenario
from tenbin.figures.render import render_svg
from tenbin.figures.words import read_catalogue
from tenbin.forms.conflict.draw import MOST, MOST_COLUMNS
from tenbin.forms.conflict.room import ROOM
from tenbin.forms.conflict.tables import CONCEPTS
from tenbin.forms.contract import Drawing
from tenbin.run import solve_central
from tenbin.scenario.objects import Scenario

LARGE = """
options: {a: US, b: US, c: US, d: DPRK, e: DPRK, f: China}
start: [a]
states: {all_on: [a, b, c, d, e, f]}
preferences:
  US: {weights: {a and d: w, b: v, c iff e: 0.3}}
  DPRK: {weights: {d: w, e and f: 0.4, a: -1}}
  China: {weights: {f if a: 1, d: -0.2}}
"""


def drawn(of: Scenario, language: str = "en") -> list[Drawing]:
    found = solve_central(of, "m")
    return ROOM.draw(of, found.game, found.solution, language)


def texts(drawing: Drawing) -> list[str]:
    data: list[dict[str, Any]] = drawing.spec["data"]
    return [row["text"] for table in data if table["name"] == "texts" for row in table["values"]]


def test_graph_shows_every_state_with_what_is_taken_and_marks_the_start():
    graph, _ = drawn(scenario(TRIANGLE))

    assert graph.kind == "graph"
    assert {"1", "2", "3", "6", "deal", "help", "start", "Align with the US"} <= {*texts(graph)}
    assert texts(graph).count("start") == 1


def test_tableau_gives_every_rank_and_stability():
    found = solve_central(scenario(TRIANGLE), "m")
    _, table = drawn(scenario(TRIANGLE))

    shown = texts(table)
    for rank in found.game.game.ranks:
        assert {str(value) for value in rank[0]} <= {*shown}
    assert {"Nash", "SMR", "GMR", "SEQ"} <= {*shown}


def test_large_conflict_is_cut_to_what_matters_and_says_so():
    graph, table = drawn(scenario(LARGE))

    boxes = [text for text in texts(graph) if re.fullmatch(r"\d+|all on", text)]
    assert 0 < len(boxes) <= MOST
    assert "all on" in boxes
    assert "The 64 states" in graph.caption
    assert f"The {len(boxes)} states that matter most are shown" in graph.caption
    heads = [text for text in texts(table) if text.endswith("▸") or text == "all on"]
    assert len(heads) == 2
    assert MOST <= MOST_COLUMNS


def test_conflict_without_a_start_is_drawn_without_one():
    body = "{states: [a, b], moves: {US: {a: b}}, preferences: {US: {ranking: [b, a]}}}"

    graph, table = drawn(scenario(body))

    assert "start" not in texts(graph)
    assert "nearest to the start" not in texts(graph)
    assert "columns" not in graph.caption
    assert {"a", "b"} <= {*texts(table)}


def test_world_without_an_equilibrium_is_drawn_and_says_so():
    body = """
    concept: nash
    options: {head: US, tail: DPRK}
    preferences: {US: {statements: [head iff tail]}, DPRK: {statements: [not head iff tail]}}
    """

    graph, _ = drawn(scenario(body))

    assert "no equilibrium under Nash" in graph.caption


@pytest.mark.parametrize("language", ["en", "ja", "ko"])
def test_pictures_are_rendered_in_the_language(language):
    for drawing in drawn(scenario(TRIANGLE), language):
        assert render_svg(drawing.spec).startswith("<svg")
        assert drawing.caption.isascii() == (language == "en")


@pytest.mark.parametrize("language", ["en", "ja", "ko"])
def test_terminal_table_has_a_line_for_every_state(language):
    of = scenario(TRIANGLE)
    found = solve_central(of, "m")
    console = Console(file=StringIO(), width=120)

    console.print(ROOM.text(of, found.game, found.solution, language))

    printed = console.file.getvalue()  # pyright: ignore[reportAttributeAccessIssue]
    assert all(name in printed for name in ("deal", "help", "relax", "Align with the US"))


def catalogue(language: str) -> set[str]:
    source = files("tenbin.forms.conflict").joinpath("locales", f"{language}.po")
    return {key for key, _ in read_catalogue(source.read_text("utf-8")).messages}


@pytest.mark.parametrize("language", ["ja", "ko"])
def test_catalogues_have_the_same_keys(language):
    assert catalogue(language) == catalogue("en")


def test_every_concept_has_a_name():
    assert {f"concept.{name}" for name in CONCEPTS} <= catalogue("en")
    assert {f"short.{name}" for name in CONCEPTS} <= catalogue("en")
