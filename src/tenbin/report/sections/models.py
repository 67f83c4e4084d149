"""Each model drawn, with what happens in it in the central world."""

from __future__ import annotations

from typing import Any

from tenbin.figures.words import Words
from tenbin.report.material import Context, Material
from tenbin.report.naming import concept_name, policy_title, room_words, titled
from tenbin.scenario.objects import ModelEntry

__all__ = ["context"]


def context(material: Material, words: Words) -> Context | None:
    scenario = material.scenario
    if not scenario.models:
        return None
    policy = material.policy
    title = policy_title(scenario, policy, words) if policy else words("policy.default")
    return {
        "policy": title,
        "models": [_model(material, entry, words) for entry in scenario.models.values()],
    }


def _model(material: Material, entry: ModelEntry, words: Words) -> dict[str, Any]:
    known = material.facts[entry.name]
    pictures = material.pictures.get(words.language, {}).get(entry.name, ())
    own = room_words(entry.form, words)
    listed = [
        own("size." + name, count=f"{count:,}")
        for name, count in known.size.items()
        if own.has("size." + name)
    ]
    concept = concept_name(entry.form, known.concept, words)
    facts = words("models.form", form=own("form"), concept=concept)
    facts += " " + words("models.size", counts=words("models.and").join(listed)) if listed else ""
    return {
        "name": entry.name,
        "title": titled(entry.title, entry.name, words),
        "text": entry.text.in_language(words.language),
        "facts": facts,
        "pictures": [{"svg": picture.svg, "caption": picture.caption} for picture in pictures],
        "note": "" if pictures else words("models.no_picture"),
    }
