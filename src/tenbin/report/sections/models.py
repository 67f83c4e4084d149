"""All models as one picture, then each drawn with what happens in it in the central world."""

from __future__ import annotations

from typing import Any

from tenbin.figures.render import is_wide
from tenbin.figures.words import Words
from tenbin.report.events import call_title, outcome_text
from tenbin.report.material import Context, Material
from tenbin.report.naming import concept_name, policy_title, room_words, titled
from tenbin.report.system import models_of_claims
from tenbin.scenario.objects import ModelEntry, Scenario

__all__ = ["context"]


def context(material: Material, words: Words) -> Context | None:
    scenario = material.scenario
    if not scenario.models:
        return None
    policy = material.policy
    title = policy_title(scenario, policy, words) if policy else words("policy.default")
    return {
        "system": _system(material, words) if len(scenario.models) > 1 else None,
        "policy": title,
        "models": [_model(material, entry, words) for entry in scenario.models.values()],
    }


def _system(material: Material, words: Words) -> dict[str, Any]:
    """The picture of all models, and its links as lines of a table."""
    scenario, picture = material.scenario, material.system[words.language]
    return {
        "svg": picture.svg,
        "caption": picture.caption,
        "summary": words.count("system.list", len(material.links)),
        "links": [
            {
                "target": link.target,
                "source": link.call.model,
                "target_title": _model_title(scenario, link.target, words),
                "source_title": _model_title(scenario, link.call.model, words),
                "title": call_title(scenario, link.call, words),
                "text": outcome_text(link.call),
                "settings": link.settings,
                "through": ", ".join(
                    titled(scenario.derived[name].title, name, words) for name in link.through
                ),
            }
            for link in material.links
        ],
    }


def _model_title(scenario: Scenario, model: str, words: Words) -> str:
    return titled(scenario.models[model].title, model, words)


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
    verdicts = material.verdicts["claims"]
    asking = [name for name in models_of_claims(material.scenario)[entry.name] if name in verdicts]
    return {
        "name": entry.name,
        "title": titled(entry.title, entry.name, words),
        "claims": [{"id": name, "word": verdicts[name]["word"]} for name in asking],
        "text": entry.text.in_language(words.language),
        "facts": facts,
        "pictures": [
            {"svg": picture.svg, "caption": picture.caption, "wide": is_wide(picture.svg)}
            for picture in pictures
        ],
        "note": "" if pictures else words("models.no_picture"),
    }
