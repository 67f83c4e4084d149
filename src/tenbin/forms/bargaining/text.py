"""One world in words: what is agreed, how talks end, what both get."""

from __future__ import annotations

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from tenbin.figures.colours import player_colours
from tenbin.figures.gametree import figure, percent
from tenbin.figures.words import read_words
from tenbin.forms.bargaining.bind import BoundBargaining
from tenbin.forms.bargaining.describe import World
from tenbin.forms.bargaining.outcomes import bargaining_range
from tenbin.forms.bargaining.tables import BargainingSolution
from tenbin.scenario.objects import Scenario

__all__ = ["issue_title", "player_title", "text_bargaining"]


def issue_title(bound: BoundBargaining, number: int, language: str) -> str:
    """An issue in the reader's language, else by its name with underscores opened."""
    issue = bound.model.issues[number]
    return issue.title.in_language(language) or issue.name.replace("_", " ")


def player_title(scenario: Scenario, name: str, language: str) -> str:
    """A player in the reader's language, without what stands in brackets."""
    title = scenario.players[name].title.in_language(language) or name
    return title.partition("(")[0].partition("（")[0].strip() or title


def text_bargaining(
    scenario: Scenario,
    bound: BoundBargaining,
    solution: BargainingSolution,
    language: str,
    world: int = 0,
) -> RenderableType:
    """The agreement by issue with its bargaining range, results and payoffs."""
    words = read_words("tenbin.forms.bargaining", language)
    if not solution.found[world, 0]:
        return Text(words("unsolved"), style="dim")
    model, seen = bound.model, World(bound, solution, world)
    secret = model.hidden is not None or (model.war is not None and model.war.private is not None)
    table = Table(box=box.SIMPLE, show_edge=False, pad_edge=False)
    table.add_column(words("issue"))
    table.add_column(words("agreement"), justify="right")
    table.add_column("" if secret else words("range"), style="dim")
    for number, issue in enumerate(model.issues):
        agreed = "–" if seen.agreement is None else figure(float(seen.agreement[number]))
        agreed += f" {issue.unit}" if issue.unit and seen.agreement is not None else ""
        ends = [] if secret else [float(e[world]) for e in bargaining_range(bound, number)]
        known = ends and ends[0] == ends[0]
        between = words("from_to", low=figure(ends[0]), high=figure(ends[1])) if known else ""
        table.add_row(issue_title(bound, number, language), agreed, between)
    results = Text()
    for name, chance in seen.results.items():
        if chance > 0 and not (name == "ratified" and chance == seen.results["agreed"]):
            results.append("  " if results.plain else "")
            results.append(f"{words('result.' + name)} {percent(chance)}")
    payoffs = Text()
    colours = player_colours(tuple(scenario.players))
    for name, payoff in zip(model.players, seen.payoffs, strict=True):
        payoffs.append("  " if payoffs.plain else "")
        payoffs.append(f"{player_title(scenario, name, language)} ", style=colours[name])
        payoffs.append(figure(float(payoff)), style="bold")
    return Group(table, results, payoffs)
