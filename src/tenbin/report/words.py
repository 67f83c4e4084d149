"""The report's own sentences, in every language that it is written in."""

from __future__ import annotations

from math import floor

from tenbin.figures.colours import SYMBOLS
from tenbin.figures.words import LANGUAGES, Words, read_words

__all__ = ["LANGUAGES", "at_least_text", "badge", "report_words", "share_text", "word_label"]


def report_words(language: str) -> Words:
    """The catalogue `locales/<language>.po`."""
    return read_words("tenbin.report", language)


def word_label(word: str, words: Words) -> str:
    """A verdict's word in the language of the reader."""
    return words("word." + word.replace(" ", "_"))


def badge(word: str, words: Words) -> str:
    """Symbol and word of a verdict."""
    return f"{SYMBOLS[word]} {word_label(word, words)}"


def share_text(share: float) -> str:
    """A share in whole percent, with a decimal only where that would say none or all."""
    if 0.0 < share < 0.0005:
        return "<0.1%"
    if 0.9995 < share < 1.0:
        return ">99.9%"
    if share < 0.005 or 0.995 <= share < 1.0:
        return f"{100 * share:.1f}%" if share else "0%"
    return f"{100 * share:.0f}%"


def at_least_text(share: float) -> str:
    """A share rounded down to a tenth of a percent, for sentences that say at least."""
    return f"{floor(1000 * share + 1e-9) / 10:g}%"
