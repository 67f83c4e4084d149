"""How wide a text is, and how to shorten it: Chinese characters, kana and hangul are two wide."""

from __future__ import annotations

import unicodedata

__all__ = ["FONTS", "cells", "fonts_for", "short_name", "shorten", "text_width"]

_LATIN = "'Noto Sans', 'Segoe UI', 'Helvetica Neue', Arial, 'DejaVu Sans'"
_JAPANESE = "'Noto Sans JP', 'Noto Sans CJK JP', 'Hiragino Sans', 'Yu Gothic', Meiryo"
_KOREAN = "'Noto Sans KR', 'Noto Sans CJK KR', 'Apple SD Gothic Neo', 'Malgun Gothic'"
FONTS = f"{_LATIN}, {_JAPANESE}, {_KOREAN}, sans-serif"
"""Families named for each system, then whatever the reader has."""


def fonts_for(text: str) -> str:
    """Families for one text, those that have its script first.

    Renderers that look no further than the first family they have fall back on any font at all
    for characters missing in it, a serif one included.
    """
    if any("가" <= character <= "힣" for character in text):
        return f"{_KOREAN}, {_JAPANESE}, sans-serif"
    if any(unicodedata.east_asian_width(character) in "WF" for character in text):
        return f"{_JAPANESE}, {_KOREAN}, sans-serif"
    return FONTS


_NARROW = frozenset("iljtfrI.,:;'|!()[] ")
_BROAD = frozenset("mwMW@%")


def cells(text: str) -> int:
    """Terminal cells that the text takes."""
    return sum(_cell(character) for character in text)


def _cell(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def text_width(text: str, size: float) -> float:
    """About how wide the text is in pixels, at a font size in pixels; rather too wide."""
    return size * sum(_em(character) for character in text)


def _em(character: str) -> float:
    if _cell(character) != 1:
        return 1.0 * (_cell(character) == 2)
    if character in _NARROW:
        return 0.34
    if character in _BROAD:
        return 0.92
    return 0.68 if character.isupper() else 0.58


def short_name(title: str, name: str, width: int) -> str:
    """A title without what stands in brackets; past `width` cells the name, underscores opened."""
    bare = title.partition("(")[0].partition("（")[0].strip()
    return bare if bare and cells(bare) <= width else name.replace("_", " ")


def shorten(text: str, width: int) -> str:
    """The text in at most `width` cells, ending in an ellipsis where it was cut."""
    if cells(text) <= width:
        return text
    kept = ""
    for character in text:
        if cells(kept + character) > width - 1:
            break
        kept += character
    return kept.rstrip() + "…"
