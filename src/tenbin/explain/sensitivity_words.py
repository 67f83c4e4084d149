"""Sensitivity in words: which numbers matter most, and what is left unexplained."""

from __future__ import annotations

from tenbin.explain.sensitivity import Index, Sensitivity
from tenbin.figures.words import Words

__all__ = ["percent_text", "sensitivity_sentences"]

SAID = 3
"""Numbers named, those of the largest total index."""
_LITTLE = 0.02
"""What need not be said: a smaller total index, or a smaller share that is not attributed."""


def sensitivity_sentences(sensitivity: Sensitivity, words: Words) -> tuple[str, ...]:
    """Whole sentences, the number that matters most first; none where nothing was estimated."""
    if sensitivity.status != "found":
        return ()
    titles = {
        item.name: item.title.in_language(words.language) or item.name.replace("_", " ")
        for item in sensitivity.inputs
    }
    sentences: list[str] = []
    for index in sensitivity.indices[:SAID]:
        if index.total >= _LITTLE:
            sentences += _about(index, titles.get(index.name, index.name), words)
    if sensitivity.unattributed >= _LITTLE:
        share = percent_text(sensitivity.unattributed)
        sentences.append(words("sensitivity.unattributed", share=share))
    if sensitivity.correlated:
        sentences.append(words("sensitivity.correlated"))
    return tuple(sentences)


def _about(index: Index, title: str, words: Words) -> list[str]:
    low, high = (percent_text(end) for end in index.first_interval)
    alone = percent_text(index.first)
    sentences = [words("sensitivity.first", name=title, first=alone, low=low, high=high)]
    if index.total >= index.first + _LITTLE:
        low, high = (percent_text(end) for end in index.total_interval)
        total = percent_text(index.total)
        sentences.append(words("sensitivity.total", name=title, total=total, low=low, high=high))
    return sentences


def percent_text(share: float) -> str:
    """A share in percent, with a digit after the point where it is small."""
    return f"{100 * share:.1f}%" if 0.0 < share < 0.1 else f"{100 * share:.0f}%"
