"""The models of a scenario and what flows between them, found from structure: nothing is solved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tenbin.figures.colours import player_colours
from tenbin.figures.system import Flow, ModelBox, System
from tenbin.figures.words import Words
from tenbin.report.events import outcome_text
from tenbin.report.naming import room_words, short_player, titled
from tenbin.run.resolve import Resolver
from tenbin.scenario.language import OutcomeCall, Setting
from tenbin.scenario.objects import Scenario
from tenbin.worlds import reached_numbers

__all__ = ["ModelLink", "find_links", "models_of_claims", "system_of"]


@dataclass(frozen=True, slots=True)
class ModelLink:
    """An outcome that the numbers of a model read.

    `through` are the derived numbers by which it is read; none where the model's own expressions
    name the outcome.
    """

    target: str
    call: OutcomeCall
    through: tuple[str, ...] = ()

    @property
    def settings(self) -> str:
        """The policy and the replaced numbers under which the outcome is asked for."""
        parts = [f"policy = {self.call.policy}"] if self.call.policy else []
        parts += [f"{name} = {value.text}" for name, value in self.call.replaced]
        return ", ".join(parts)


def find_links(scenario: Scenario) -> tuple[ModelLink, ...]:
    """Every link between models as they stand under no policy, in the order of the file."""
    resolver = Resolver(scenario)
    found: list[ModelLink] = []
    for name in scenario.models:
        model = resolver.compiled(name, Setting())
        names, calls = reached_numbers(scenario, model.names)
        for call in dict.fromkeys((*model.links, *calls)):
            through = tuple(
                number
                for number, derived in scenario.derived.items()
                if number in names and call in derived.expression.calls
            )
            found.append(ModelLink(name, call, through))
    return tuple(found)


def models_of_claims(scenario: Scenario) -> dict[str, tuple[str, ...]]:
    """The claims that ask an outcome of each model, directly or through derived numbers."""
    found: dict[str, list[str]] = {name: [] for name in scenario.models}
    for claim in scenario.claims.values():
        if claim.holds is None:
            continue
        calls = (*claim.holds.calls, *reached_numbers(scenario, claim.holds.names)[1])
        for model in dict.fromkeys(call.model for call in calls):
            found[model].append(claim.id)
    return {name: tuple(claims) for name, claims in found.items()}


def system_of(scenario: Scenario, links: tuple[ModelLink, ...], words: Words) -> System:
    """The models as boxes, with the outcomes that each reads; in the language of the words."""
    claims = models_of_claims(scenario)
    players = tuple(scenario.players)
    boxes = tuple(
        ModelBox(
            key=entry.name,
            title=titled(entry.title, entry.name, words),
            form=room_words(entry.form, words)("form"),
            players=tuple(players.index(name) for name in _players_in(scenario, entry.body)),
            flows=tuple(_flows(entry.name, links, words)),
            note=words.count("system.claims", len(claims[entry.name]))
            if claims[entry.name]
            else "",
        )
        for entry in scenario.models.values()
    )
    return System(
        models=boxes,
        players=tuple(short_player(scenario, name, words) for name in players),
        colours=tuple(player_colours(players).values()),
    )


def _flows(model: str, links: tuple[ModelLink, ...], words: Words) -> Iterator[Flow]:
    """What a model reads: one flow per outcome, with all settings under which it is read."""
    calls: dict[tuple[str, str], list[ModelLink]] = {}
    for link in links:
        if link.target == model:
            calls.setdefault((link.call.model, outcome_text(link.call)), []).append(link)
    for (source, label), asked in calls.items():
        replaced = any(link.settings for link in asked)
        yield Flow(source, label, tuple(_told_together(asked, words)) if replaced else ())


def _told_together(links: Sequence[ModelLink], words: Words) -> list[str]:
    """The settings of links to one outcome; values of one replaced number stand in one line."""
    values: dict[str, list[str]] = {}
    for link in links:
        alone = link.call.policy is None and len(link.call.replaced) == 1
        if alone:
            name, value = link.call.replaced[0]
            values.setdefault(f"{name} = ", []).append(value.text)
        else:
            values.setdefault(link.settings or words("system.unchanged"), [])
    return [start + ", ".join(dict.fromkeys(given)) for start, given in values.items()]


def _players_in(scenario: Scenario, body: Mapping[str, Any]) -> list[str]:
    """The players that a model's body lists, else all that it names, in the scenario's order."""
    listed, text = body.get("players"), body.get("import")
    named = set(listed) if isinstance(listed, list) else set(_words_in(body))
    if isinstance(text, str):  # an imported game names its players in quotation marks
        for name, its in scenario.players.items():
            labels = (name, *its.title.languages.values())
            named.update(name for label in labels if f'"{label}"' in text)
    return [name for name in scenario.players if name in named]


def _words_in(value: Any) -> Iterator[str]:
    """Every key and text in plain data, but for what is written for readers."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, below in value.items():
            if key not in ("title", "text"):
                yield str(key)
                yield from _words_in(below)
    elif isinstance(value, list):
        for below in value:
            yield from _words_in(below)
