"""The sentences that the commands say, in every language."""

from __future__ import annotations

from tenbin.figures.words import Words, read_words

__all__ = ["command_words"]


def command_words(language: str) -> Words:
    """The catalogue `locales/<language>.po`."""
    return read_words("tenbin.commands", language)
