"""Each claim by itself: what it says, how it was read, what it rests on, what the run says.

They stand in the order of the article, section by section, behind an index in the same order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tenbin.figures.colours import SHARES, VERDICTS
from tenbin.figures.words import Words
from tenbin.forms.contract import Status
from tenbin.report.argument import by_section, section_title
from tenbin.report.explaining import explanation
from tenbin.report.material import Context, Material
from tenbin.report.naming import claim_title, fact_value, policy_title, titled
from tenbin.report.searched import searched_rows
from tenbin.report.shares import has_shares, policy_rows, share_row
from tenbin.report.system import models_of_claims
from tenbin.report.words import share_text
from tenbin.scenario.objects import Claim, Scenario

__all__ = ["advice", "context", "reason_name"]

Plain = Mapping[str, Any]
KINDS = ("fact", "causal", "prediction", "normative", "option")


def context(material: Material, words: Words) -> Context:
    verdicts: Mapping[str, Plain] = material.verdicts["claims"]
    claims = [claim for claim in material.scenario.claims.values() if claim.id in verdicts]
    rests, asked = _resting_on(claims), models_of_claims(material.scenario)
    games = {
        claim.id: [model for model, asking in asked.items() if claim.id in asking]
        for claim in claims
    }
    return {
        "shares": tuple(SHARES),
        "in_sections": any(claim.section for claim in claims),
        "parts": [
            {
                "title": section_title(section, words),
                "claims": [
                    {
                        **_panel(material, claim, verdicts[claim.id], words),
                        "needed_by": [
                            _linked(material, other, words) for other in rests.get(claim.id, ())
                        ],
                        "games": [_game(material, name, words) for name in games[claim.id]],
                    }
                    for claim in members
                ],
            }
            for section, members in by_section(claims).items()
        ],
        "kinds": _choices([claim.kind for claim in claims], KINDS, words, "kind_name."),
        "words": _choices(
            [verdicts[claim.id]["word"] for claim in claims], tuple(VERDICTS), words, "word."
        ),
    }


def _resting_on(claims: Sequence[Claim]) -> dict[str, list[str]]:
    """The claims that name each claim as a premise."""
    found: dict[str, list[str]] = {}
    for claim in claims:
        for need in claim.needs:
            found.setdefault(need, []).append(claim.id)
    return found


def _choices(
    given: Sequence[str], order: Sequence[str], words: Words, prefix: str
) -> list[dict[str, Any]]:
    """What the claims can be filtered by: names that occur, with how often."""
    counts = {name: given.count(name) for name in order if name in given}
    return [
        {
            "name": name.replace(" ", "-"),
            "label": words(
                "claims.option",
                label=words(prefix + name.replace(" ", "_")),
                count=count,
            ),
        }
        for name, count in counts.items()
    ]


def _panel(material: Material, claim: Claim, entry: Plain, words: Words) -> dict[str, Any]:
    scenario, language = material.scenario, words.language
    judged = has_shares(entry)
    return {
        "id": claim.id,
        "title": claim_title(claim, words) if claim.title else "",
        "short": claim_title(claim, words),
        "kind": claim.kind,
        "kind_name": words("kind_name." + claim.kind),
        "word": entry["word"],
        "says": claim.says.in_language(language),
        "sentences": _sentences(claim, entry, words),
        "reading": claim.reading.in_language(language),
        "holds": claim.holds.text if claim.holds else "",
        "asserts": ", ".join(f"{name} = {value.text}" for name, value in claim.asserts.items()),
        "needs": [_linked(material, need, words) for need in claim.needs],
        "caption": words.count("claim.caption", int(entry.get("worlds") or 0)) if judged else "",
        "rows": _rows(scenario, entry, words) if judged else [],
        "reasons": _reasons(scenario, entry, words) if judged else [],
        "facts": _facts(scenario, claim, words),
        "searched": searched_rows(material, claim.id, words),
        "why": explanation(material, claim, words),
    }


def _game(material: Material, name: str, words: Words) -> dict[str, str]:
    """A game that a claim asks something of."""
    return {"name": name, "title": titled(material.scenario.models[name].title, name, words)}


def _linked(material: Material, identifier: str, words: Words) -> dict[str, str]:
    """Another claim with its verdict, for a line that leads to it."""
    claim = material.scenario.claims[identifier]
    word = material.verdicts["claims"].get(identifier, {}).get("word", "")
    title = claim.title.in_language(words.language)
    return {"id": identifier, "title": title, "word": word}


def _sentences(claim: Claim, entry: Plain, words: Words) -> list[str]:
    sentences: list[str] = []
    if has_shares(entry):
        sentences.append(words("claim.basis_" + entry["reading"]))
        sentences.append(words("quantifier." + entry["quantifier"]))
        if not entry.get("complete", True):
            sentences.append(words("claim.incomplete"))
    found = [" ".join(sentences)] if sentences else []
    if claim.because is not None:
        found.append(claim.because.sentence.in_language(words.language))
    if claim.stated is not None:
        found.append(claim.stated.in_language(words.language))
    return found


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


def reason_name(reason: str, words: Words) -> str:
    """What a status is called, in the reader's language."""
    key = "reason." + reason
    return words(key) if words.has(key) else reason.replace("_", " ")


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
