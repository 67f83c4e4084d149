"""Validity, soundness and work in words, from what `explain.json` holds of a claim."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tenbin.explain.sensitivity_words import percent_text
from tenbin.figures.words import Words
from tenbin.scenario.objects import Scenario

__all__ = ["chain_text", "validity_sentences"]

Plain = Mapping[str, Any]

_TELLING = 0.01
"""Work that need not be said is smaller."""


def validity_sentences(data: Plain | None, scenario: Scenario, words: Words) -> tuple[str, ...]:
    """Whole sentences: with the premises, on the figures, what does the work; none without data."""
    if not data:
        return ()
    sentences = [_granted(row, scenario, words) for row in data["per_value"]]
    for name, sides in (data["clash"] or {}).items():
        listed = words("join.items").join(
            words("validity.side", claim=side["claim"], value=side["value"]) for side in sides
        )
        title = number_title(scenario, name, words)
        sentences.append(words("validity.clash", name=title, sides=listed))
    sentences.append(words("validity.as_it_is", share=percent_text(data["as_it_is"]["share"] or 0)))
    if data["figures"] and data["as_known"] is not None:
        listed = _values(data["figures"], scenario, words)
        share = percent_text(data["as_known"]["share"] or 0)
        sentences.append(words("validity.as_known", values=listed, share=share))
    sentences.append(words(f"validity.is_{data['sound']}"))
    sentences += _work(data, words)
    if data["regardless"]:
        sentences.append(words("validity.regardless"))
    return tuple(sentences)


def chain_text(data: Plain, words: Words) -> str:
    """The way from facts to the claim in one line: what needs nothing first."""
    steps = [
        words("validity.step", claim=step["claim"], needs=words("join.items").join(step["needs"]))
        if step["needs"]
        else step["claim"]
        for step in data["chain"]
    ]
    return words("validity.chain", steps=" → ".join(steps))


def number_title(scenario: Scenario, name: str, words: Words) -> str:
    """What a number is called, in the language of the words."""
    for group in (scenario.uncertainties, scenario.constants, scenario.derived, scenario.levers):
        if name in group:
            return group[name].title.in_language(words.language) or name.replace("_", " ")
    return name.replace("_", " ")


def _granted(row: Plain, scenario: Scenario, words: Words) -> str:
    if row["share"] is None:
        if row["reason"] == "rare":
            return words("validity.rare")
        return words("validity.dear", model=str(row["reason"]))
    values = {
        "share": percent_text(row["share"]),
        "low": percent_text(row["low"]),
        "high": percent_text(row["high"]),
        "worlds": f"{row['worlds']:,}",
    }
    if not row["asserts"]:
        return words("validity.granted", **values)
    listed = _values(row["asserts"], scenario, words)
    return words("validity.granted_with", values=listed, **values)


def _values(values: Mapping[str, str], scenario: Scenario, words: Words) -> str:
    return words("join.items").join(
        f"{number_title(scenario, name, words)} = {value}" for name, value in values.items()
    )


def _work(data: Plain, words: Words) -> list[str]:
    """Who does the work, who works against the claim, who does none."""
    told: Sequence[tuple[str, float]] = sorted(
        ((name, value) for name, value in data["work"].items() if value is not None),
        key=lambda pair: -abs(pair[1]),
    )
    sentences: list[str] = []
    for name, value in told:
        if abs(value) < _TELLING:
            continue
        key = "validity.work" if value > 0 else "validity.against"
        sentences.append(words(key, claim=name, share=_points(value)))
    if data["idle"]:
        listed = words("join.items").join(data["idle"])
        sentences.append(words.count("validity.idle", len(data["idle"]), claims=listed))
    return sentences


def _points(value: float) -> str:
    return f"{100 * abs(value):.0f}" if abs(value) >= 0.095 else f"{100 * abs(value):.1f}"
