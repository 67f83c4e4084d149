"""The consistency matrix and the trade-off of policies: what they show, and that they render."""

from __future__ import annotations

import pytest

from tenbin.figures.matrix import SMALLEST_CELL, MatrixPicture, matrix_spec
from tenbin.figures.render import render_svg
from tenbin.figures.tradeoff import TradeoffPanel, TradeoffPicture, TradeoffRow, tradeoff_spec


def matrix(count: int) -> MatrixPicture:
    names = tuple(f"C{number:02d}" for number in range(count))
    rows = tuple(
        tuple(None if i == 3 else (i - j) / count for j in range(count)) for i in range(count)
    )
    return MatrixPicture(
        claims=names,
        titles=tuple(f"{name} 主張" for name in names),
        association=rows,
        together=rows,
        apart=(("C02", "C00"),),
        tense=(("C01", "C02"),),
        association_title="correlation",
        ends=("never", "always"),
        together_title="share",
        apart_title="no world",
        tense_title="seldom",
    )


def test_only_the_lower_half_is_drawn_without_what_is_unknown() -> None:
    cells = matrix_spec(matrix(6))["layer"][0]["data"]["values"]

    assert len(cells) == 6 * 5 // 2 - 3
    assert all(cell["first"] > cell["second"] for cell in cells)


def test_marks_stand_in_the_lower_half_too() -> None:
    marks = matrix_spec(matrix(6))["layer"][1]["data"]["values"]

    assert [(mark["first"], mark["second"], mark["mark"]) for mark in marks] == [
        ("C02", "C00", "no world"),
        ("C02", "C01", "seldom"),
    ]


@pytest.mark.parametrize("count", [4, 56, 86])
def test_every_claim_has_its_label(count: int) -> None:
    spec = matrix_spec(matrix(count))

    svg = render_svg(spec)

    assert spec["width"] >= SMALLEST_CELL * count
    assert all(svg.count(f">C{number:02d}<") == 2 for number in range(count))


def test_a_matrix_without_marks_renders() -> None:
    bare = matrix(4)
    spec = matrix_spec(
        MatrixPicture(
            bare.claims, bare.titles, bare.association, bare.together, (), (),
            "correlation", ("never", "always"), "share", "no world", "seldom",
        )
    )  # fmt: skip

    assert "<svg" in render_svg(spec)


def test_every_objective_has_its_panel_and_every_policy_its_line() -> None:
    rows = tuple(
        TradeoffRow(name, mean, (mean - 1, mean + 1), (mean - 2, mean + 2), name == "stay")
        for name, mean in (("stay", 3.0), ("떠나다", 2.0))
    )
    panels = (
        TradeoffPanel("war", "less is better", rows, threshold=2.5),
        TradeoffPanel("cost", "less is better", rows),
    )

    svg = render_svg(tradeoff_spec(TradeoffPicture(panels, "best", "mean", "dashed: enough")))

    assert svg.count(">stay<") == 2
    assert svg.count(">떠나다<") == 2
    assert svg.count(">dashed: enough<") == 1
