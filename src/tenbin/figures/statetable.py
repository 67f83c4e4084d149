"""The tableau of a conflict: a column per state, what is on in it, how each player ranks it.

The customary way to write a conflict down: options by their owners above, ranks below, and a dot
for each stability under which a state would be left by nobody.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tenbin.figures.colours import FAINT, GRID, INK, PAPER, tint
from tenbin.figures.lettering import shorten, text_width
from tenbin.figures.scene import Scene
from tenbin.figures.wrapping import wrapped

__all__ = ["StateTable", "TableRow", "TableSection", "table_spec"]

SIZE = 11.0
ROW, GAP, TOP = 20.0, 8.0, 22.0
LABELS = 34
HEAD_WIDTH, HEAD_LINES, HEAD_STEP = 86.0, 4, 14.0
"""Pixels and lines that the name of a state may take; the height of a line."""
BOLD = 1.08
SETTLED = "#01665e"


@dataclass(frozen=True, slots=True)
class TableRow:
    """A line of the table: its label, and a text, or a mark (True, False), for each state."""

    label: str
    cells: tuple[str | bool, ...]


@dataclass(frozen=True, slots=True)
class TableSection:
    """Lines that belong together, in one colour, under a title."""

    title: str
    colour: str
    rows: tuple[TableRow, ...]


@dataclass(frozen=True, slots=True)
class StateTable:
    """The columns' heads, which of them are settled and which is selected, and the sections."""

    heads: tuple[str, ...]
    settled: tuple[bool, ...]
    selected: int | None
    sections: tuple[TableSection, ...]


def table_spec(table: StateTable, description: str = "") -> dict[str, Any]:
    """The table as a Vega specification."""
    scene = Scene()
    left = _label_width(table)
    heads = [wrapped(head, HEAD_WIDTH, SIZE, HEAD_LINES) for head in table.heads]
    wide = [max(34.0, BOLD * max(text_width(h, SIZE) for h in its) + 12) for its in heads]
    top = TOP + HEAD_STEP * (max(map(len, heads)) - 1)
    middle = [left + sum(wide[:n]) + w / 2 for n, w in enumerate(wide)]
    rows = sum(len(section.rows) for section in table.sections)
    height = top + ROW * (rows + len(table.sections)) + GAP * len(table.sections) + 6
    for number, settled in enumerate(table.settled):
        x = middle[number] - wide[number] / 2
        if settled:
            line = 2.6 if number == table.selected else 1.0
            scene.box(
                x + 1, 3, wide[number] - 2, height - 6,
                fill=tint(SETTLED, 0.13), stroke=SETTLED, line=line, radius=4,
            )  # fmt: skip
        for row, line in enumerate(reversed(heads[number])):
            base = top - 5 - HEAD_STEP * row
            scene.text(middle[number], base, line, align="center", weight="bold")
    y, width = top, left + sum(wide) + 8
    for section in table.sections:
        y = _draw_section(scene, section, y, middle, width)
    return scene.spec(width, height, description)


def _label_width(table: StateTable) -> float:
    labels = [section.title for section in table.sections]
    labels += ["  " + row.label for section in table.sections for row in section.rows]
    return 20 + BOLD * max(text_width(shorten(label, LABELS), SIZE) for label in labels) + 12


def _draw_section(
    scene: Scene, section: TableSection, y: float, middle: list[float], width: float
) -> float:
    scene.path(f"M8,{y + 3:.0f}H{width - 4:.0f}", stroke=GRID)
    title = shorten(section.title, LABELS)
    scene.text(8, y + ROW - 2, title, fill=section.colour, weight="bold")
    y += ROW
    for row in section.rows:
        base = y + ROW - 5
        scene.text(20, base, shorten(row.label, LABELS), fill=section.colour)
        for x, cell in zip(middle, row.cells, strict=True):
            if isinstance(cell, str):
                scene.text(x, base, cell, align="center", fill=INK)
            elif cell:
                scene.dot(x, base - 4, fill=section.colour, size=62)
            else:
                scene.dot(x, base - 4, fill=FAINT, size=46)
                scene.dot(x, base - 4, fill=PAPER, size=26)
        y += ROW
    return y + GAP
