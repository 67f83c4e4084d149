"""Texts broken into lines: Latin and Korean at spaces, Chinese characters and kana anywhere."""

from __future__ import annotations

import re
import unicodedata

from tenbin.figures.lettering import text_width

__all__ = ["wrapped"]

_NEVER_FIRST = frozenset(
    "、。，．,.:;!?！？）」』】〕］｝)]}・ー〜…ぁぃぅぇぉっゃゅょァィゥェォッャュョ々"
)
_NEVER_LAST = frozenset("（「『【〔［｛([{")
_WORD = re.compile(r"\S+\s*")


def wrapped(text: str, width: float, size: float, lines: int = 0) -> list[str]:
    """The text in lines of at most `width` pixels at a font size in pixels.

    Where `lines` is given there are at most so many, and the last ends in an ellipsis if the text
    goes on. A word that is wider than a line is broken.
    """
    found: list[str] = []
    line = ""
    for piece in _pieces(text):
        if not line or text_width((line + piece).rstrip(), size) <= width:
            line += piece
        else:
            found.append(line.rstrip())
            line = piece
        while text_width(line.rstrip(), size) > width and len(line) > 1:
            head = _head(line, width, size)
            found.append(head)
            line = line[len(head) :]
    if line.strip():
        found.append(line.rstrip())
    if lines and len(found) > lines:
        found = [*found[: lines - 1], _cut("".join(found[lines - 1 :]), width, size)]
    return found


def _pieces(text: str) -> list[str]:
    """What stays together on a line: words, and in Japanese single characters with their signs."""
    found: list[str] = []
    for word in _WORD.findall(text.strip()):
        piece = ""
        for character in word:
            if piece and _may_break(piece[-1], character):
                found.append(piece)
                piece = ""
            piece += character
        found.append(piece)
    return found


def _may_break(before: str, after: str) -> bool:
    if after in _NEVER_FIRST or before in _NEVER_LAST or after.isspace():
        return False
    return _is_ideographic(before) or _is_ideographic(after)


def _is_ideographic(character: str) -> bool:
    """Whether a line may be broken beside it: wide, and no Korean."""
    wide = unicodedata.east_asian_width(character) in "WF"
    return wide and not "가" <= character <= "힣"


def _head(line: str, width: float, size: float) -> str:
    """As many characters from the start as fit, at least one."""
    kept = line[0]
    for character in line[1:]:
        if text_width(kept + character, size) > width:
            break
        kept += character
    return kept


def _cut(text: str, width: float, size: float) -> str:
    kept = text
    while kept and text_width(kept + "…", size) > width:
        kept = kept[:-1]
    return kept.rstrip() + "…"
