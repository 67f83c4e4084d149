"""Soundness: whether premises and claim are true as known; validity is another question."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from tenbin.explain.validity_premises import Premise
from tenbin.judge.words import share_word
from tenbin.scenario.expressions import parse_expression
from tenbin.scenario.language import Expression
from tenbin.scenario.objects import Scenario

__all__ = ["Soundness", "Truth", "claim_truth", "fact_truth", "known_figures", "soundness_of"]

Truth = Literal["true", "false", "unknown"]
SoundWord = Literal["sound", "unsound", "unknown"]

_TRUTH_OF_WORD: dict[str, Truth] = {"supported": "true", "contradicted": "false"}


@dataclass(frozen=True, slots=True)
class Soundness:
    """The word, and the truth as known of every premise and of the claim itself (`claim`)."""

    word: SoundWord
    truths: dict[str, str]
    claim: Truth


def claim_truth(share: float | None) -> Truth:
    """The truth as known of a claim judged in worlds: its word must be `holds` or `fails`."""
    if share is None:
        return "unknown"
    word = share_word(share)
    return "true" if word == "holds" else "false" if word == "fails" else "unknown"


def fact_truth(word: str) -> Truth:
    """The truth as known of a claim judged on facts; what is only in part so is not known."""
    return _TRUTH_OF_WORD.get(word, "unknown")


def soundness_of(premises: Mapping[str, Truth], claim: Truth) -> Soundness:
    """Sound if premises and claim are all true as known, unsound if one is false, else unknown."""
    truths = [*premises.values(), claim]
    if "false" in truths:
        return Soundness("unsound", dict(premises), claim)
    return Soundness("unknown" if "unknown" in truths else "sound", dict(premises), claim)


def known_figures(scenario: Scenario, premises: tuple[Premise, ...]) -> dict[str, Expression]:
    """What the fact table says of the uncertainties that premises assert, where it can be put in.

    A constant has its figure already. A row is put in if it is verified, has one value, in the
    number's own unit (where both say one), that can be drawn.
    """
    names = {name for item in premises for name in scenario.claims[item.claim].asserts}
    found: dict[str, Expression] = {}
    for name in sorted(names & scenario.uncertainties.keys()):
        item = scenario.uncertainties[name]
        row = scenario.facts.get(item.fact)
        if row is None or row.value is None or not row.verified:
            continue
        same_unit = not (row.unit and item.unit) or row.unit == item.unit
        if same_unit and item.low <= row.value <= item.high:
            expression, _ = parse_expression(row.value)
            assert expression is not None
            found[name] = expression
    return found
