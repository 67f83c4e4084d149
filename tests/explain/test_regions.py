"""Region maps count every world once, and show the line where the majority turns."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from tenbin.errors import TenbinError
from tenbin.explain import explain_words, find_region, read_evidence, region_of, region_picture
from tenbin.figures.regionmap import boundary_lines, region_spec
from tenbin.figures.render import render_svg
from tenbin.figures.words import LANGUAGES
from tenbin.scenario import Scenario
from tenbin.worlds import draw_worlds

Ran = tuple[Path, Scenario]


def test_cells_count_what_the_draws_say(ran: Ran) -> None:
    folder, scenario = ran
    draws = draw_worlds(scenario, 0, 4096)

    found = region_of(folder, scenario, "W", "quo", x="gain", y="cost", bins=8)

    edges = (found.y_edges, found.x_edges)
    worlds, _, _ = np.histogram2d(draws["cost"], draws["gain"], bins=edges)
    war = (draws["gain"] > 1.2) & (draws["cost"] < 0.5)
    holds, _, _ = np.histogram2d(draws["cost"][war], draws["gain"][war], bins=edges)
    assert found.worlds.tolist() == worlds.tolist()
    assert found.holds.tolist() == holds.tolist()
    assert found.worlds.sum() == 4096


def test_axes_left_out_are_what_matters_most(ran: Ran) -> None:
    found = region_of(*ran, "W", "quo")

    assert {found.x.name, found.y.name} == {"gain", "cost"}


def test_one_axis_may_be_given(ran: Ran) -> None:
    found = region_of(*ran, "W", "quo", y="idle")

    assert (found.x.name, found.y.name) == ("gain", "idle")


def test_choices_have_a_cell_per_value(ran: Ran) -> None:
    found = region_of(*ran, "K", x="kind", y="gain", bins=5)

    assert found.worlds.shape == (5, 3)
    assert found.shares.tolist() == [[0.0, 1.0, 0.0]] * 5
    assert found.x_edges == (0.0, 1.0, 2.0, 3.0)


def test_unknown_axes_are_said(ran: Ran) -> None:
    with pytest.raises(TenbinError, match=r"unknown input 'gian'.*Did you mean 'gain'"):
        region_of(*ran, "W", x="gian")


def test_region_is_plain_data(ran: Ran) -> None:
    data = region_of(*ran, "W", "quo").as_data()

    assert json.loads(json.dumps(data, allow_nan=False)) == data


def test_boundary_runs_where_the_majority_turns(ran: Ran) -> None:
    region = region_of(*ran, "W", "quo", x="gain", y="cost", bins=10)

    lines = boundary_lines(region_picture(region, explain_words("en")))

    upright = {x for x, _, x2, _ in lines if x == x2}
    level = {y for _, y, _, y2 in lines if y == y2}
    assert list(upright) == [pytest.approx(1.2, abs=0.01)]
    assert list(level) == [pytest.approx(0.5, abs=0.01)]


def test_a_claim_with_one_input_has_no_map(ran: Ran) -> None:
    with pytest.raises(TenbinError, match="a map needs two"):
        region_of(*ran, "F")


@pytest.mark.parametrize("language", LANGUAGES)
def test_picture_says_what_it_shows_in_every_language(ran: Ran, language: str) -> None:
    region = region_of(*ran, "W", "quo", x="gain", y="cost")
    words = explain_words(language)

    picture = region_picture(region, words)
    svg = render_svg(region_spec(picture))

    gain = ran[1].uncertainties["gain"].title.in_language(language)
    assert picture.x.title.startswith(gain)
    assert words("region.boundary") in svg
    assert "4,096" in picture.description


def test_picture_of_a_choice_has_its_values_as_labels(ran: Ran) -> None:
    region = region_of(*ran, "K", x="kind", y="gain", bins=4)

    svg = render_svg(region_spec(region_picture(region, explain_words("en"))))

    assert all(f">{value}</text>" in svg for value in ("1", "2", "4"))


def test_map_without_a_boundary_is_drawn(ran: Ran) -> None:
    region = find_region(read_evidence(*ran, "W", "alert"), x="gain", y="cost")

    picture = region_picture(region, explain_words("en"))

    assert boundary_lines(picture) == []
    assert picture.boundary_title not in render_svg(region_spec(picture))
