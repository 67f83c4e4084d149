"""How the figures came about: concepts, worlds, limits, versions, and how to get them again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tenbin.figures.words import Words
from tenbin.report.material import Context, Material
from tenbin.report.naming import concept_name, room_words, titled

__all__ = ["context"]

SENTENCES = ("worlds", "equilibria", "certificate", "shares", "words")


def context(material: Material, words: Words) -> Context:
    manifest: Mapping[str, Any] = material.manifest
    seed, worlds = material.verdicts["seed"], material.worlds
    identity = [
        (words("methods.scenario"), manifest["digest"]),
        (words("methods.seed"), seed),
        (words("methods.worlds"), f"{worlds:,}"),
        (words("methods.design"), manifest["design"]),
    ]
    versions = manifest["versions"]
    identity += [(name, versions[name]) for name in sorted(versions)]
    explain = " --explain" if material.explained else ""
    return {
        "sentences": [words("methods.text_" + name) for name in SENTENCES],
        "concepts": _concepts(material, words),
        "limits": _limits(material, words),
        "command": (
            f"tenbin run {manifest['scenario']} --worlds {worlds} --seed {seed} "
            f"--design {manifest['design']}{explain}"
        ),
        "identity": identity,
    }


def _concepts(material: Material, words: Words) -> list[dict[str, str]]:
    """Each game with its form, its concept, the most worlds of any of its jobs, and how many."""
    jobs: Mapping[str, Mapping[str, Any]] = material.manifest["jobs"]
    found: list[dict[str, str]] = []
    for name, entry in material.scenario.models.items():
        own = [job for job in jobs.values() if job["model"] == name]
        if own:
            concepts = dict.fromkeys(concept_name(entry.form, j["concept"], words) for j in own)
            found.append(
                {
                    "name": name,
                    "title": titled(entry.title, name, words),
                    "form": room_words(entry.form, words)("form"),
                    "concept": words("join.comma").join(concepts),
                    "worlds": f"{max(int(job['worlds']) for job in own):,}",
                    "settings": f"{len(own):,}",
                }
            )
    return found


def _limits(material: Material, words: Words) -> list[str]:
    solver: Mapping[str, Any] = material.manifest["solver"]
    found = [
        words(
            "methods.limit_tolerance",
            tolerance=f"{solver['tolerance']:g}",
            precision=f"{solver['precision_end']:,.0f}",
            steps=f"{solver['max_steps']:,}",
        )
    ]
    if material.links:
        found.append(words("methods.limit_links"))
    jobs = material.manifest["jobs"].values()
    if any(int(job["worlds"]) < material.worlds for job in jobs):
        found.append(words("methods.limit_fewer"))
    if material.explained:
        found.append(words("methods.limit_explained"))
    return [*found, words("methods.limit_model")]
