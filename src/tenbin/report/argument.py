"""The claims of a run as the argument map shows them."""

from __future__ import annotations

from collections.abc import Sequence

from tenbin.figures.argumentmap import ArgumentMap, MapClaim
from tenbin.figures.words import Words
from tenbin.report.material import Material
from tenbin.report.naming import claim_title
from tenbin.report.reasons import Reasons
from tenbin.report.words import word_label
from tenbin.scenario.objects import Claim

__all__ = ["argument_map", "by_section", "section_title"]


def argument_map(material: Material, words: Words) -> ArgumentMap:
    """Claims that were judged, by section, with the work of their premises where it is known."""
    reasons = Reasons.of(material.scenario, material.verdicts)
    claims = [material.scenario.claims[key] for key in reasons.words]
    sections = by_section(claims)
    only_one = len(sections) == 1 and not next(iter(sections), "")
    lanes = {name: "" if only_one else section_title(name, words) for name in sections}
    return ArgumentMap(
        claims=tuple(
            _map_claim(claim, reasons, words) for members in sections.values() for claim in members
        ),
        lanes=lanes,
        title=words("section.argument"),
        description=words("argument.description"),
        work=_work(material, reasons),
    )


def _map_claim(claim: Claim, reasons: Reasons, words: Words) -> MapClaim:
    word, needs = reasons.words[claim.id], reasons.premises[claim.id]
    title = claim_title(claim, words)
    label = words("argument.label", id=claim.id, title=title, word=word_label(word, words))
    if needs:
        label += words("argument.label_needs", needs=words("join.comma").join(needs))
    return MapClaim(claim.id, title, claim.section, word, label, needs, claim.kind == "fact")


def _work(material: Material, reasons: Reasons) -> dict[tuple[str, str], float]:
    found: dict[tuple[str, str], float] = {}
    for key, premises in reasons.premises.items():
        work = (material.explained_claim(key).get("validity") or {}).get("work") or {}
        found |= {(p, key): float(work[p]) for p in premises if work.get(p) is not None}
    return found


def by_section(claims: Sequence[Claim]) -> dict[str, list[Claim]]:
    """Claims by the article's section: numbers in their order, then other names, then none."""
    found: dict[str, list[Claim]] = {}
    for claim in claims:
        found.setdefault(claim.section, []).append(claim)
    names = list(found)

    def place(section: str) -> tuple[int, float]:
        if section.isdecimal():
            return 0, float(section)
        return (1, float(names.index(section))) if section else (2, 0.0)

    return {section: found[section] for section in sorted(names, key=place)}


def section_title(section: str, words: Words) -> str:
    """What a section of the article is called."""
    if not section:
        return words("claims.no_section")
    return words("claims.section", section=section) if section.isdecimal() else section
