"""One world in words: its numbers, what is played, what everybody gets, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tenbin.explain.counterexample_words import (
    EventTitle,
    model_title,
    number_title,
    plain_title,
    probability_text,
)
from tenbin.explain.hinge_words import figure_text, value_text
from tenbin.figures.words import Words
from tenbin.scenario.objects import Scenario

__all__ = ["world_lines"]

EVENTS = 8
"""Events of one model that are named, the likeliest."""

Data = Mapping[str, Any]


def world_lines(
    data: Data, scenario: Scenario, words: Words, event_title: EventTitle | None = None
) -> tuple[str, ...]:
    """A world walked through, line by line; lines that belong to a model are indented.

    Parameters
    ----------
    data
        As `walk_claim` or `walk_models` gives it.
    scenario
        Where things have their titles.
    words
        The catalogue of this package in some language.
    event_title
        What events, moves and actions are called; by default their own names.
    """
    teller = _Teller(scenario, words, event_title or plain_title)
    return (*teller.head(data), *teller.numbers(data), *teller.models(data))


class _Teller:
    def __init__(self, scenario: Scenario, words: Words, titled: EventTitle) -> None:
        self.scenario = scenario
        self.words = words
        self.titled = titled

    def head(self, data: Data) -> Iterator[str]:
        """Which world it is, and what the claim does in it."""
        if data["world"] is None:
            yield self.words("world.central")
        else:
            yield self.words("world.numbered", world=f"{data['world']:,}")
        if data["claim"] is None:
            return
        claim = self.scenario.claims[data["claim"]]
        said = claim.says.in_language(self.words.language)
        yield self.words(f"world.{data['verdict']}", claim=claim.id, says=said)
        read = [
            self.words("world.reads_one", outcome=name, value=_figure(value))
            for name, value in data["outcomes"].items()
        ]
        if read:
            yield self.words("world.reads", outcomes=self.words("counter.list").join(read))

    def numbers(self, data: Data) -> Iterator[str]:
        """Every number with its unit, and where its centre is."""
        yield self.words("world.numbers")
        for item in data["numbers"]:
            value, centre = (
                value_text(item[key], item["unit"], self.words) for key in ("value", "centre")
            )
            key = "world.number" if value != centre else "world.number_central"
            title = number_title(self.scenario, item["name"], self.words)
            yield "  " + self.words(key, name=title, value=value, centre=centre)

    def models(self, data: Data) -> Iterator[str]:
        """Model by model: what happens, who gets what, and why."""
        for item in data["models"]:
            yield ""
            yield model_title(self.scenario, item["model"], self.words)
            yield from ("  " + line for line in self._model(item))

    def _model(self, item: Data) -> Iterator[str]:
        if item["status"] != "solved":
            yield self.words("world.unsolved_model", status=item["status"].replace("_", " "))
            return
        if not item["equilibria"]:
            yield self.words("world.no_equilibrium")
            return
        if item["equilibria"] > 1:
            yield self.words.count("world.several", item["equilibria"])
        events = [
            self.words(
                "world.event",
                event=self.titled(item["model"], name),
                value=probability_text(value),
            )
            for name, value in list(item["play"].items())[:EVENTS]
        ]
        if events:
            yield self.words("world.play", events=self.words("counter.list").join(events))
        payoffs = [
            self.words("world.payoff", player=self._player(name), value=figure_text(value))
            for name, value in item["payoffs"].items()
        ]
        if payoffs:
            yield self.words("world.payoffs", payoffs=self.words("counter.list").join(payoffs))
        if item["decisions"]:
            for decision in item["decisions"]:
                yield from self._decision(item["model"], decision)
        else:
            yield from self._profile(item)

    def _decision(self, model: str, decision: Data) -> Iterator[str]:
        """What is done at one information set, and what else would cost."""
        move, *known = str(decision["infoset"]).split("|")
        taken = [
            self._action(model, move, name, value)
            for name, value in decision["actions"].items()
            if value >= 5e-4
        ]
        key = "world.decision_knowing" if known else "world.decision"
        yield self.words(
            key,
            player=self._player(decision["player"]),
            move=self.titled(model, move),
            known=self.words("world.and").join(self._known(model, decision["player"], known)),
            probability=probability_text(decision["probability"]),
            actions=self.words("world.and").join(taken),
        )
        if len(taken) > 1:
            yield "  " + self.words("world.mixes")
        if decision["deviation"] is not None:
            yield "  " + self._cost(model, move, decision)

    def _cost(self, model: str, move: str, decision: Data) -> str:
        cost = float(decision["cost"])
        size = max((abs(value) for value in decision["values"].values()), default=0.0)
        action = self.titled(model, f"{move}.{decision['deviation']}")
        action = action.rpartition(": ")[2]
        if cost <= 1e-9 * size:
            return self.words("world.as_good", action=action)
        return self.words("world.cost", action=action, cost=figure_text(cost))

    def _action(self, model: str, move: str, name: str, value: float) -> str:
        title = self.titled(model, f"{move}.{name}").rpartition(": ")[2]
        if value > 1.0 - 5e-4:
            return self.words("world.does", action=title)
        return self.words("world.does_with", action=title, value=probability_text(value))

    def _known(self, model: str, player: str, known: list[str]) -> list[str]:
        """What the mover knows: its type, and what it has seen."""
        kinds = self.scenario.models[model].body.get("types", {}).get(player, {})
        found: list[str] = []
        for name in (one for part in known for one in part.split(",")):
            title = self.titled(model, f"{player}.{name}" if name in kinds else name)
            found.append(title.rpartition(": ")[2])
        return found

    def _profile(self, item: Data) -> Iterator[str]:
        """What is done, as far as the form says: by player, state or issue."""
        for name, chosen in item["profile"].items():
            told = [
                self.words(
                    "world.part",
                    name=self._own(item["model"], str(part)),
                    value=figure_text(float(value)),
                )
                for part, value in chosen.items()
            ]
            if told:
                whole = self.words("counter.list").join(told)
                yield self.words("world.profile", name=self._own(item["model"], name), parts=whole)

    def _own(self, model: str, name: str) -> str:
        return self.titled(model, name) if name.isidentifier() else name

    def _player(self, name: str) -> str:
        player = self.scenario.players.get(name)
        title = player.title.in_language(self.words.language) if player is not None else ""
        return title or name


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.4g}".replace("-", "−")
