"""The argument map: no box on another, no arrow over a box, every claim a link."""

import re
from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenbin.figures.argumentlayout import MapLayout, place_claims
from tenbin.figures.argumentmap import (
    PLAIN,
    ArgumentMap,
    MapClaim,
    argument_svg,
    arrow_width,
    highlight_rules,
)
from tenbin.figures.colours import SYMBOLS, VERDICTS


@st.composite
def arguments(draw: st.DrawFn) -> tuple[dict[str, str], dict[str, list[str]], list[str]]:
    """Claims with their lanes and premises; a premise always has the smaller number."""
    size = draw(st.integers(1, 14))
    lanes = [f"L{n}" for n in range(draw(st.integers(1, 3)))]
    lane_of = {f"C{i}": draw(st.sampled_from(lanes)) for i in range(size)}
    needs = {
        f"C{i}": [f"C{j}" for j in range(i) if draw(st.integers(0, 3)) == 0] for i in range(size)
    }
    return lane_of, needs, lanes


def laid_out(lane_of: dict[str, str], needs: dict[str, list[str]], lanes: list[str]) -> MapLayout:
    texts = {key: f"{key} a title of some words" for key in lane_of}
    return place_claims(texts, lane_of, needs, lanes, stripe=26, size=11.5, line=14)


@given(arguments())
def test_boxes_lie_apart_and_in_their_lanes(argument):
    layout = laid_out(*argument)

    for a, b in combinations(layout.boxes.values(), 2):
        beside = a.x + a.width <= b.x or b.x + b.width <= a.x
        assert beside or a.y + a.height <= b.y or b.y + b.height <= a.y
    edges = {lane: (top, bottom) for lane, top, bottom in layout.lanes}
    for key, box in layout.boxes.items():
        top, bottom = edges[argument[0][key]]
        assert top <= box.y
        assert box.y + box.height <= bottom
        assert box.x + box.width <= layout.width


@given(arguments())
def test_arrows_run_between_boxes(argument):
    layout = laid_out(*argument)

    assert len(layout.routes) == sum(map(len, argument[1].values()))
    for route in layout.routes:
        for (x0, y0), (x1, y1) in pairwise(route.points):
            left, right, top, bottom = min(x0, x1), max(x0, x1), min(y0, y1), max(y0, y1)
            for box in layout.boxes.values():
                inside_x = left < box.x + box.width - 0.01 and right > box.x + 0.01
                inside_y = top < box.y + box.height - 0.01 and bottom > box.y + 0.01
                assert not (inside_x and inside_y)


@given(arguments())
def test_arrows_leave_the_premise_and_reach_the_claim(argument):
    layout = laid_out(*argument)

    for route in layout.routes:
        source, target = layout.boxes[route.source], layout.boxes[route.target]
        assert route.points[0] == (source.x + source.width, source.y + source.height / 2)
        assert route.points[-1][0] == target.x
        assert target.y <= route.points[-1][1] <= target.y + target.height


@given(arguments())
def test_upright_pieces_of_two_premises_do_not_lie_on_one_another(argument):
    layout = laid_out(*argument)
    pieces = [
        (route.source, x0, min(y0, y1), max(y0, y1), route.target)
        for route in layout.routes
        for (x0, y0), (x1, y1) in pairwise(route.points)
        if x0 == x1 and y0 != y1
    ]

    for a, b in combinations(pieces, 2):
        if a[0] != b[0] and a[4] != b[4]:
            assert a[1] != b[1] or a[3] <= b[2] or b[3] <= a[2]


def small_map(work: float | None = None) -> ArgumentMap:
    claims = (
        MapClaim("C1", "First <b>", "1", "supported", "C1 First <b>: supported", (), True),
        MapClaim("C2", "Second", "2", "mostly fails", "C2 Second: mostly fails", ("C1",)),
    )
    known = {} if work is None else {("C1", "C2"): work}
    return ArgumentMap(claims, {"1": "Section 1", "2": "Section 2"}, "Map", "What it is", known)


def test_every_claim_is_a_link_with_a_name():
    svg = argument_svg(small_map(), "map", "en-claim-")

    assert re.findall(r'<a class="node node-(\w+)" href="#en-claim-\1" aria-label="', svg) == [
        "C1",
        "C2",
    ]
    assert "<b>" not in svg
    assert 'aria-labelledby="map-title map-text"' in svg


@pytest.mark.parametrize("word", SYMBOLS)
def test_box_shows_symbol_and_colour_of_its_verdict(word: str):
    claim = MapClaim("C1", "Title", "", word, "C1")

    svg = argument_svg(ArgumentMap((claim,), {"": ""}, "Map", "Text"), "m", "")

    assert f'fill="{VERDICTS[word]}"' in svg
    full = {"holds", "mostly holds", "depends", "mostly fails", "fails"}
    assert ("<circle" in svg) if word in full else (f">{SYMBOLS[word]}</text>" in svg)


def test_arrow_is_the_wider_the_more_work_its_premise_does():
    assert arrow_width(0.0) < arrow_width(0.2) < arrow_width(1.0)
    assert arrow_width(-0.3) == arrow_width(0.0)
    assert arrow_width(None) == PLAIN
    assert "stroke-dasharray" not in argument_svg(small_map(), "m", "").split("way from")[1][:300]
    idle = argument_svg(small_map(work=0.0), "m", "").split("way from")[1][:300]
    assert "stroke-dasharray" in idle


def test_rules_name_the_panels_of_every_language():
    rules = highlight_rules(["C1"], ["en-claim-", "ja-claim-"])

    assert "#en-claim-C1, #ja-claim-C1" in rules
    assert ":is(.from-C1, .to-C1)" in rules
