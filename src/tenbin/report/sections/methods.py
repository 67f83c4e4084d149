"""How the figures came about, and how to get them again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tenbin.figures.words import Words
from tenbin.report.material import Context, Material

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
    return {
        "sentences": [words("methods.text_" + name) for name in SENTENCES],
        "command": (
            f"tenbin run {manifest['scenario']} --worlds {worlds} --seed {seed} "
            f"--design {manifest['design']}"
        ),
        "identity": identity,
    }
