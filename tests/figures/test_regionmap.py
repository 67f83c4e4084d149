"""Region maps draw every cell that has worlds, and the line where the majority turns."""

from __future__ import annotations

import pytest

from tenbin.figures.regionmap import RegionAxis, RegionPicture, boundary_lines, region_spec
from tenbin.figures.render import render_svg


def picture(shares: tuple[tuple[float | None, ...], ...], **x: object) -> RegionPicture:
    wide, high = len(shares[0]), len(shares)
    return RegionPicture(
        x=RegionAxis("価値", tuple(float(k) for k in range(wide + 1)), **x),  # pyright: ignore
        y=RegionAxis("cost", tuple(float(10 * k) for k in range(high + 1))),
        shares=shares,
        worlds=tuple(tuple(5 for _ in row) for row in shares),
        share_title="share",
        boundary_title="majority",
        worlds_title="worlds",
        description="A map.",
    )


def test_line_runs_between_cells_of_different_majorities() -> None:
    lines = boundary_lines(picture(((0.9, 0.2), (0.9, 0.8))))

    assert sorted(lines) == [(1.0, 0.0, 1.0, 10.0), (1.0, 10.0, 2.0, 10.0)]


def test_line_stops_where_no_worlds_are() -> None:
    assert boundary_lines(picture(((0.9, None, 0.1),))) == []


def test_even_cells_count_as_holding() -> None:
    assert boundary_lines(picture(((0.5, 0.9),))) == []
    assert len(boundary_lines(picture(((0.5, 0.49),)))) == 1


def test_cells_without_worlds_are_left_out() -> None:
    spec = region_spec(picture(((0.9, None), (0.1, 0.4))))

    assert len(spec["layer"][0]["data"]["values"]) == 3


def test_map_renders_with_titles_and_legend() -> None:
    svg = render_svg(region_spec(picture(((0.9, 0.2), (0.9, 0.8)))))

    assert all(text in svg for text in ("価値", "cost", "share", "majority"))


def test_choices_are_labelled_in_the_middle_of_their_cells() -> None:
    svg = render_svg(region_spec(picture(((0.9, 0.2),), labels=("it's", "two"))))

    assert ">it's</text>" in svg.replace("&#39;", "'")
    assert ">two</text>" in svg


@pytest.mark.parametrize(("form", "shown"), [("d", ">2030</text>"), (",~r", ">2,030</text>")])
def test_numbers_are_written_as_asked(form: str, shown: str) -> None:
    axis = RegionAxis("year", (2026.0, 2028.0, 2034.0), format=form)
    base = picture(((0.9, 0.2),))
    dated = RegionPicture(axis, base.y, base.shares, base.worlds, "share", "majority", "worlds")

    assert shown in render_svg(region_spec(dated))
