"""A counterexample in words: change these numbers by so much, and this is what is then played."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tenbin.explain.hinge_words import value_text
from tenbin.figures.words import Words
from tenbin.scenario.objects import Scenario

__all__ = [
    "change_text",
    "counterexample_sentences",
    "number_title",
    "plain_title",
    "probability_text",
]

SAID = 4
"""Numbers of one flip that are named, those that move farthest."""
EVENTS = 4
"""Events of one flip that are named."""

Data = Mapping[str, Any]
EventTitle = Callable[[str, str], str]
"""Model and dotted event -> what it is called."""


def counterexample_sentences(
    data: Data, scenario: Scenario, words: Words, event_title: EventTitle | None = None
) -> tuple[str, ...]:
    """The smallest change that flips a claim, as whole sentences whose subject is the claim.

    Parameters
    ----------
    data
        As `Counterexample.as_data` gives it, and `explain.json` holds it.
    scenario
        Where the numbers have their titles.
    words
        The catalogue of this package in some language.
    event_title
        What events are called; by default their own names.
    """
    if data["status"] in ("not_world_by_world", "unsolved_at_centre"):
        return (words(f"counter.{data['status']}"),)
    side = "holds" if data["holds_at_centre"] else "fails"
    sentences = _held(data, scenario, words)
    if data["nearest"] is None:
        sentences.append(words.count(f"counter.none.{side}", data["worlds"]))
        if data["known"]:
            sentences.append(words.count("counter.known", data["known"]))
        return tuple(sentences)
    titled = event_title or plain_title
    sentences += _flip(data, scenario, words, side, titled)
    sentences.append(words.count("counter.effort", data["worlds"]))
    if data["bounded"]:
        sentences.append(words("counter.bounded"))
    return tuple(sentences)


def plain_title(model: str, event: str) -> str:
    """An event's own name, its underscores opened."""
    del model
    return event.replace("_", " ")


def _held(data: Data, scenario: Scenario, words: Words) -> list[str]:
    names = [number_title(scenario, name, words) for name in data["held"]]
    return [words("counter.held", names=words("counter.list").join(names))] if names else []


def _flip(data: Data, scenario: Scenario, words: Words, side: str, titled: EventTitle) -> list[str]:
    near, few = data["nearest"], data["fewest"]
    sentences = [
        words(
            f"counter.nearest.{side}",
            changes=_changes(near["changes"], scenario, words),
            distance=_distance(near["distance"]),
        )
    ]
    told = near
    if few is not None and len(few["changes"]) < len(near["changes"]):
        told = few
        sentences.append(
            words.count(
                "counter.fewest",
                len(few["changes"]),
                changes=_changes(few["changes"], scenario, words),
                distance=_distance(few["distance"]),
            )
        )
    sentences += _play(told, scenario, words, titled)
    if not (near["verified"] and told["verified"]):
        sentences.append(words("counter.unverified"))
    return sentences


def _changes(changes: Sequence[Data], scenario: Scenario, words: Words) -> str:
    """The numbers that move farthest, and how many more there are."""
    said = [change_text(item, scenario, words) for item in changes[:SAID]]
    rest = changes[SAID:]
    if rest:
        moved = _distance(abs(rest[0]["moved"]))
        said.append(words.count("counter.more", len(rest), moved=moved))
    return words("counter.list").join(said)


def change_text(change: Data, scenario: Scenario, words: Words) -> str:
    """One change as a phrase: which number, from what to what."""
    unit = change["unit"]
    before, after = _apart(change["from"], change["to"], unit, words)
    title = number_title(scenario, change["name"], words)
    return words("counter.change", name=title, before=before, after=after)


def _apart(before: float, after: float, unit: str, words: Words) -> tuple[str, str]:
    """Two numbers to three digits, or to as many as it takes to tell them apart."""
    first, second = value_text(before, unit, words), value_text(after, unit, words)
    if first != second or before == after:
        return first, second
    digits = 4
    while digits < 12 and f"{before:.{digits}g}" == f"{after:.{digits}g}":
        digits += 1
    return f"{before:.{digits}g}", f"{after:.{digits}g}"


def _play(flip: Data, scenario: Scenario, words: Words, titled: EventTitle) -> list[str]:
    """What is played before and after; where no event changes, the outcomes read."""
    events = flip["events"][:EVENTS]
    if events:
        told = [
            words(
                "counter.event",
                event=titled(item["model"], item["event"]),
                model=model_title(scenario, item["model"], words),
                before=probability_text(item["from"]),
                after=probability_text(item["to"]),
            )
            for item in events
        ]
        return [words("counter.play", events=words("counter.list").join(told))]
    read = [
        words("counter.outcome", outcome=name, before=_figure(value), after=_figure(then))
        for name, value in flip["before"].items()
        if (then := flip["after"].get(name)) != value
    ]
    if not read:
        return []
    return [words("counter.reads", outcomes=words("counter.list").join(read[:EVENTS]))]


def number_title(scenario: Scenario, name: str, words: Words) -> str:
    """What a number is called, else its name with the underscores opened."""
    known = (scenario.uncertainties, scenario.constants, scenario.levers, scenario.derived)
    item = next((kind[name] for kind in known if name in kind), None)
    title = item.title.in_language(words.language) if item is not None else ""
    return title or name.replace("_", " ")


def model_title(scenario: Scenario, name: str, words: Words) -> str:
    """What a model is called."""
    return scenario.models[name].title.in_language(words.language) or name.replace("_", " ")


def probability_text(value: float) -> str:
    """A probability in percent, to as many digits as it needs not to seem certain."""
    if 0.0 < value < 0.005 or 0.995 < value < 1.0:
        return f"{100 * value:.2g}%" if value < 0.5 else f"{100 * value:.4g}%"
    return f"{100 * value:.0f}%"


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.4g}".replace("-", "−")


def _distance(value: float) -> str:
    return f"{value:.2g}"
