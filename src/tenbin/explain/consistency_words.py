"""Which claims cannot stand together, in words and as a picture."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tenbin.explain.hinge_words import value_text
from tenbin.explain.validity_words import number_title
from tenbin.figures.matrix import MatrixPicture
from tenbin.figures.words import Words
from tenbin.scenario.objects import Scenario

__all__ = ["consistency_picture", "consistency_sentences", "contradiction_sentences"]

Plain = Mapping[str, Any]


def consistency_sentences(data: Plain, words: Words) -> tuple[str, ...]:
    """How many sets of claims cannot stand together, and how large they are."""
    found = data["contradictions"]
    pairs = sum(len(item["claims"]) == 2 for item in found)
    sentences = [words.count("consistency.pairs", pairs)]
    if len(found) > pairs:
        sentences.append(words.count("consistency.triples", len(found) - pairs))
    if data["tensions"]:
        sentences.append(words.count("consistency.tensions", len(data["tensions"])))
    if data["nowhere"]:
        listed = words("join.items").join(data["nowhere"])
        sentences.append(words("consistency.nowhere", claims=listed))
    return tuple(sentences)


def contradiction_sentences(item: Plain, scenario: Scenario, words: Words) -> tuple[str, ...]:
    """One contradiction: in how many worlds, how sure, and where it comes closest to standing."""
    *first, last = item["claims"]
    claims = words("consistency.and", first=words("join.items").join(first), last=last)
    sentences = [
        words(
            "consistency.apart",
            claims=claims,
            worlds=f"{item['worlds']:,}",
            expected=f"{item['expected']:,.0f}",
            bound=_bound_text(item["bound"]),
        ),
        words("consistency.no_equilibrium" if item["in_no_equilibrium"] else "consistency.some"),
    ]
    near: Plain | None = item["nearest"]
    if near is not None and near["state"] == "fails":
        changes = words("join.items").join(
            _change(change, scenario, words) for change in near["changes"]
        )
        sentences.append(
            words(
                "consistency.nearest",
                world=f"{near['world']:,}",
                missing=near["missing"],
                partner=f"{near['partner']:,}",
                changes=changes,
            )
        )
    elif near is not None:
        world = f"{near['world']:,}"
        sentences.append(words("consistency.nearly", world=world, missing=near["missing"]))
    return tuple(sentences)


def consistency_picture(data: Plain, scenario: Scenario, words: Words) -> MatrixPicture:
    """What the matrix shows, in the language of the reader."""
    claims = tuple(data["claims"])
    titles = tuple(_title(scenario, claim, words) for claim in claims)
    pairs = [tuple(item["claims"]) for item in data["contradictions"] if len(item["claims"]) == 2]
    tense = [tuple(item["claims"]) for item in data["tensions"]]
    return MatrixPicture(
        claims=claims,
        titles=titles,
        association=tuple(tuple(row) for row in data["association"]),
        together=tuple(tuple(row) for row in data["together"]),
        apart=tuple((first, second) for first, second in pairs),
        tense=tuple((first, second) for first, second in tense),
        association_title=words("consistency.association"),
        ends=(words("consistency.seldom"), words("consistency.often")),
        together_title=words("consistency.together"),
        apart_title=words("consistency.mark_apart"),
        tense_title=words("consistency.mark_tense"),
        description=words("consistency.description", claims=f"{len(claims):,}"),
    )


def _bound_text(share: float) -> str:
    return f"{100 * share:.1g}%" if share < 0.01 else f"{100 * share:.0f}%"


def _title(scenario: Scenario, claim: str, words: Words) -> str:
    entry = scenario.claims[claim]
    text = entry.title.in_language(words.language) or entry.says.in_language(words.language)
    return f"{claim} {text}" if text else claim


def _change(change: Plain, scenario: Scenario, words: Words) -> str:
    name = change["name"]
    unit = scenario.uncertainties[name].unit
    here, there = (value_text(change[end], unit, words) for end in ("from", "to"))
    return words(
        "consistency.change", name=number_title(scenario, name, words), here=here, there=there
    )
