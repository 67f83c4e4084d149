"""Each claim by itself: what it says, how it was read, what it rests on, what the run says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tenbin.figures.colours import SHARES
from tenbin.figures.words import Words
from tenbin.forms.contract import Status
from tenbin.report.material import Context, Material
from tenbin.report.naming import claim_title, fact_value, policy_title
from tenbin.report.shares import has_shares, policy_rows, share_row
from tenbin.report.words import share_text
from tenbin.scenario.objects import Claim, Scenario

__all__ = ["advice", "context"]

Plain = Mapping[str, Any]


def context(material: Material, words: Words) -> Context:
    claims = material.verdicts["claims"]
    return {
        "shares": tuple(SHARES),
        "claims": [
            _panel(material, material.scenario.claims[identifier], entry, words)
            for identifier, entry in claims.items()
        ],
    }


def _panel(material: Material, claim: Claim, entry: Plain, words: Words) -> dict[str, Any]:
    scenario, language = material.scenario, words.language
    judged = has_shares(entry)
    return {
        "id": claim.id,
        "title": claim_title(claim, words) if claim.title else "",
        "word": entry["word"],
        "says": claim.says.in_language(language),
        "sentences": _sentences(claim, entry, words),
        "reading": claim.reading.in_language(language),
        "holds": claim.holds.text if claim.holds else "",
        "asserts": ", ".join(f"{name} = {value.text}" for name, value in claim.asserts.items()),
        "needs": [
            {"id": need, "word": material.verdicts["claims"].get(need, {}).get("word", "")}
            for need in claim.needs
        ],
        "caption": words.count("claim.caption", int(entry.get("worlds") or 0)) if judged else "",
        "rows": _rows(scenario, entry, words) if judged else [],
        "reasons": _reasons(scenario, entry, words) if judged else [],
        "facts": _facts(scenario, claim, words),
    }


def _sentences(claim: Claim, entry: Plain, words: Words) -> list[str]:
    sentences = [words("kind." + claim.kind)]
    if has_shares(entry):
        sentences.append(words("claim.basis_" + entry["reading"]))
        sentences.append(words("quantifier." + entry["quantifier"]))
        if not entry.get("complete", True):
            sentences.append(words("claim.incomplete"))
    if claim.because is not None:
        sentences.append(claim.because.sentence.in_language(words.language))
    if claim.stated is not None:
        sentences.append(claim.stated.in_language(words.language))
    return [" ".join(sentences)] if claim.because is None and claim.stated is None else sentences


def _rows(scenario: Scenario, entry: Plain, words: Words) -> list[dict[str, Any]]:
    return [
        {
            **share_row(row, entry["quantifier"], words),
            "policy": policy_title(scenario, policy, words),
            "word": row.get("word", entry["word"]),
        }
        for policy, row in policy_rows(entry).items()
    ]


def _reasons(scenario: Scenario, entry: Plain, words: Words) -> list[str]:
    """Why worlds are unsolved: one sentence per reason and policy, with advice."""
    sentences: list[str] = []
    for policy, row in policy_rows(entry).items():
        for reason, share in row.get("reasons", {}).items():
            where = policy_title(scenario, policy, words)
            said = words("claim.unsolved", share=share_text(float(share)), policy=where)
            sentences.append(f"{said} {advice(reason, words)}")
    return sentences


def advice(reason: str, words: Words) -> str:
    """The sentence of advice for a status, in the reader's language."""
    key = "advice." + reason
    return words(key) if words.has(key) else Status[reason.upper()].name.lower()


def _facts(scenario: Scenario, claim: Claim, words: Words) -> list[dict[str, str]]:
    rows = dict.fromkeys((*claim.facts, *(claim.because.rows if claim.because else ())))
    return [
        {
            "id": fact.id,
            "quantity": fact.quantity,
            "value": fact_value(fact),
            "date": fact.date,
            "source": fact.source,
            "verified": words("fact.verified" if fact.verified else "fact.unverified"),
        }
        for fact in (scenario.facts.get(row) for row in rows)
        if fact is not None
    ]
