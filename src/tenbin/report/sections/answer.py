"""The opening: the answer in five sentences."""

from __future__ import annotations

from tenbin.figures.words import Words
from tenbin.report.answer import answer_sentences
from tenbin.report.material import Context, Material

__all__ = ["context"]


def context(material: Material, words: Words) -> Context | None:
    if not material.verdicts["claims"]:
        return None
    return {
        "sentences": answer_sentences(material, words),
        "explained": bool(material.explained),
    }
