"""The picture of all models for a terminal: upstream first, each with what it reads."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.text import Text
from rich.tree import Tree as Lines

from tenbin.figures.system import Flow, ModelBox, System, levels
from tenbin.figures.words import Words

__all__ = ["system_text"]


def system_text(system: System, words: Words) -> RenderableType:
    """The models in the order in which they feed one another, each with the outcomes it reads.

    The number before a model is its level: one more than the most models that feed it in a row.
    """
    level = levels(system)
    titles = {box.key: box.title for box in system.models}
    ordered = sorted(system.models, key=lambda box: level[box.key])
    return Group(*(_model_lines(system, box, level[box.key] + 1, titles, words) for box in ordered))


def _model_lines(
    system: System, box: ModelBox, level: int, titles: dict[str, str], words: Words
) -> Lines:
    head = Text(f"{level} ", style="dim")
    head.append(box.title, style="bold")
    head.append(f" ({box.key})")
    facts = Text("  ")
    facts.append(box.form, style="dim")
    for place, player in enumerate(box.players):
        facts.append(" · " if place == 0 else ", ", style="dim")
        facts.append(system.players[player], style=system.colours[player])
    facts.append(f" · {box.note}" if box.note else "", style="dim")
    lines = Lines(Text("\n").join([head, facts]), guide_style="dim")
    for flow in box.flows:
        lines.add(_flow_line(flow, titles, words))
    return lines


def _flow_line(flow: Flow, titles: dict[str, str], words: Words) -> Text:
    line = Text("← ")
    line.append(flow.label, style="bold")
    line.append(f" {words('from_model', source=titles[flow.source])}")
    if flow.settings:
        line.append(f" {words('under', settings='; '.join(flow.settings))}", style="dim")
    return line
