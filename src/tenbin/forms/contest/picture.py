"""What pictures and lines of text of a contest share: names, colours, figures."""

from __future__ import annotations

from tenbin.figures.colours import player_colours
from tenbin.figures.words import Words, read_words
from tenbin.scenario.objects import Scenario

__all__ = ["contest_words", "figure", "player_colour", "player_title"]


def contest_words(language: str) -> Words:
    """The words of this room."""
    return read_words("tenbin.forms.contest", language)


def figure(number: float) -> str:
    """A number as pictures show it."""
    return f"{number:.3g}".replace("-", "−")


def player_title(scenario: Scenario, name: str, language: str) -> str:
    """A player's title without what stands in brackets."""
    title = scenario.players[name].title.in_language(language)
    return title.partition("(")[0].partition("（")[0].strip() or name.replace("_", " ")


def player_colour(scenario: Scenario, name: str) -> str:
    """A player's colour, by the scenario's own order."""
    return player_colours(tuple(scenario.players))[name]
