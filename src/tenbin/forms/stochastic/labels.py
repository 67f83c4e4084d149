"""What the things of a stochastic game are called in one language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tenbin.figures.colours import player_colours
from tenbin.figures.lettering import short_name
from tenbin.figures.words import Words, read_words
from tenbin.forms.stochastic.game import StochasticModel
from tenbin.scenario.objects import Scenario

__all__ = ["Labels", "labels_of"]

SHORT = 20
"""Terminal cells up to which a player's title is written out in a picture."""


@dataclass(frozen=True)
class Labels:
    """Titles of a model's players, states, actions and types, and the words around them."""

    model: StochasticModel
    language: str
    words: Words
    players: tuple[str, ...]
    colours: tuple[str, ...]

    def named(self, *path: str) -> str:
        """The title of what stands at a path, else its name with its underscores opened."""
        title = self.model.rules.titles.get(path)
        found = title.in_language(self.language) if title is not None else ""
        return found or path[-1].replace("_", " ")

    def joined(self, sentences: Sequence[str]) -> str:
        """Sentences one after another, as the language sets them."""
        return ("" if self.language == "ja" else " ").join(sentences)

    def types(self) -> tuple[str, ...]:
        """The informed player's types."""
        rules = self.model.rules
        if rules.informed is None:
            return ()
        player = rules.players[rules.informed]
        return tuple(self.named(player, name) for name in rules.types[rules.informed])


def labels_of(scenario: Scenario, model: StochasticModel, language: str) -> Labels:
    """Labels of one model; colours by the scenario's own order of players."""
    colours = player_colours(tuple(scenario.players))
    players = model.rules.players
    titles = [
        short_name(scenario.players[p].title.in_language(language), p, SHORT) for p in players
    ]
    return Labels(
        model,
        language,
        read_words("tenbin.forms.stochastic", language),
        tuple(titles),
        tuple(colours[player] for player in players),
    )
