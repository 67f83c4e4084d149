"""The entries of `verdicts.json`: what a run says of each claim, as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tenbin.forms.contract import Status
from tenbin.judge.facts import because_word, fact_word
from tenbin.judge.questions import ALL
from tenbin.judge.words import DEPENDS, STATED
from tenbin.scenario.expressions import evaluate
from tenbin.scenario.objects import Claim, Scenario
from tenbin.worlds import reached_numbers

__all__ = ["fixed_entry", "judged_entry", "model_entry", "overall_word"]

Row = dict[str, Any]

_SHARE_OF_WORD = {
    "supported": "holds",
    "contradicted": "fails",
    "partly": "mixed",
    "unverified": "unsolved",
    STATED: "unsolved",
}


def judged_entry(
    claim: Claim, rows: Mapping[str, Row], *, worlds: int, complete: bool, reading: str
) -> dict[str, Any]:
    """The entry of a claim that was judged in worlds; `rows` are its verdicts by policy."""
    return {
        **_head(claim),
        "word": overall_word([str(row["word"]) for row in rows.values()]),
        "quantifier": claim.equilibria,
        "complete": complete,
        "worlds": worlds,
        "reading": reading,
        "policies": dict(rows),
    }


def fixed_entry(scenario: Scenario, claim: Claim) -> dict[str, Any]:
    """The entry of a claim that no world changes: judged on the fact table, or only stated."""
    word = _fixed_word(scenario, claim)
    entry: dict[str, Any] = {
        **_head(claim),
        "word": word,
        "quantifier": claim.equilibria,
        "complete": True,
        "worlds": 0,
        "reading": "facts" if word != STATED else STATED,
        "policies": {ALL: _fixed_row(word)},
    }
    reason = claim.because.sentence if claim.because else claim.stated
    if reason is not None:
        entry["reason"] = dict(reason.languages)
    return entry


def model_entry(summary: Mapping[str, Any]) -> dict[str, Any]:
    """The entry of a model: shares over the worlds of all its jobs, from a run's summary."""
    worlds = max(int(summary["worlds"]), 1)
    solved = int(summary["solved"])
    return {
        "form": summary["form"],
        "concept": summary["concept"],
        "solved": solved / worlds,
        "unsolved": (worlds - solved) / worlds,
        "worst_residual": summary["worst_residual"] if solved else None,
        "jobs": summary["jobs"],
        "reasons": {
            name: count / worlds
            for name, count in sorted(summary["statuses"].items())
            if name != Status.SOLVED.name.lower()
        },
    }


def overall_word(words: list[str]) -> str:
    """The word of all policies together: theirs where they agree, else `depends`."""
    return words[0] if len(set(words)) == 1 else DEPENDS


def _head(claim: Claim) -> dict[str, Any]:
    return {
        "title": dict(claim.title.languages),
        "says": dict(claim.says.languages),
        "section": claim.section,
        "kind": claim.kind,
        "needs": list(claim.needs),
    }


def _fixed_word(scenario: Scenario, claim: Claim) -> str:
    if claim.holds is not None:
        return fact_word(claim.holds.tree, scenario.facts, _fixed_numbers(scenario, claim))
    if claim.because is not None:
        return because_word(claim.because.word, claim.because.rows, scenario.facts)
    return STATED


def _fixed_numbers(scenario: Scenario, claim: Claim) -> dict[str, float]:
    """The constants that a factual proposition reads, and derived numbers made of them."""
    assert claim.holds is not None
    numbers = {name: constant.value for name, constant in scenario.constants.items()}
    waiting = set(reached_numbers(scenario, claim.holds.names)[0]) - numbers.keys()
    while waiting:
        ready = {
            name for name in waiting if scenario.derived[name].expression.names <= numbers.keys()
        }
        for name in ready:
            numbers[name] = float(evaluate(scenario.derived[name].expression, numbers))
        waiting -= ready
    return numbers


def _fixed_row(word: str) -> Row:
    share = _SHARE_OF_WORD[word]
    low = 1.0 if share == "holds" else 0.0
    high = 1.0 if share in ("holds", "unsolved") else 0.0
    return {
        "word": word,
        **{name: float(name == share) for name in ("holds", "fails", "mixed", "unsolved")},
        "selected": float(share == "holds"),
        "ties": 0.0,
        "interval": [low, high],
        "reasons": {word: 1.0} if share == "unsolved" else {},
    }
