"""Sentences in several languages: gettext catalogues read from `.po` files, no compiling.

A message is a whole sentence with named placeholders, known by a key: `words("chance.of", name=x)`.
In Korean a particle depends on the last sound of what stands before it: `{name|을/를}` inserts the
name and the particle that fits; numbers and Latin letters are read as they are spoken.
"""

from __future__ import annotations

import ast
import gettext
import re
from functools import cache
from importlib.resources import files

__all__ = ["LANGUAGES", "Words", "particle", "picture_words", "read_catalogue"]

LANGUAGES = {"en": "English", "ja": "日本語", "ko": "한국어"}

_PLACEHOLDER = re.compile(r"\{(\w+)(?:\|([^}/]+)/([^}]+))?\}")
_ENTRY = re.compile(r'^(msgid_plural|msgid|msgstr(?:\[(\d)\])?)?\s*(".*")$')


class Catalogue(gettext.NullTranslations):
    """A gettext catalogue held in memory; plural messages by (key, form)."""

    def __init__(self, messages: dict[tuple[str, int], str]) -> None:
        super().__init__()
        self.messages = messages
        self._forms = 1 if "nplurals=1" in messages.get(("", 0), "") else 2

    def gettext(self, message: str) -> str:
        return self.messages[message, 0]

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        form = int(n != 1) if self._forms == 2 else 0
        return self.messages[msgid1, form]


def read_catalogue(text: str) -> Catalogue:
    """The catalogue in the text of a `.po` file (comments, plural forms, folded lines)."""
    messages: dict[tuple[str, int], str] = {}
    key, form, open_part = "", 0, ""
    for line in text.splitlines():
        entry = _ENTRY.match(line.strip())
        if entry is None:
            continue
        keyword, number, quoted = entry.groups()
        value: str = ast.literal_eval(quoted)
        if keyword:
            open_part, form = keyword.split("[")[0], int(number or 0)
            key = value if open_part == "msgid" else key
        elif open_part == "msgid":
            key += value
        if open_part == "msgstr":
            messages[key, form] = messages.get((key, form), "") + value
    return Catalogue(messages)


class Words:
    """The sentences of one language."""

    def __init__(self, language: str, catalogue: Catalogue) -> None:
        self.language = language
        self.catalogue = catalogue

    def __call__(self, key: str, **values: object) -> str:
        """The sentence of a key with its placeholders filled; `KeyError` for an unknown key."""
        return fill(self.catalogue.gettext(key), values)

    def count(self, key: str, count: int, **values: object) -> str:
        """The sentence of a key that has a plural; `{count}` is written with separators."""
        sentence = self.catalogue.ngettext(key, key, count)
        return fill(sentence, {"count": f"{count:,}", **values})

    def has(self, key: str) -> bool:
        return (key, 0) in self.catalogue.messages


def fill(sentence: str, values: dict[str, object]) -> str:
    """The sentence with its placeholders replaced, particles chosen by what they follow."""

    def insert(match: re.Match[str]) -> str:
        name, closed, opened = match.groups()
        value = str(values[name])
        return value if closed is None else value + particle(value, closed, opened)

    return _PLACEHOLDER.sub(insert, sentence)


@cache
def read_words(package: str, language: str) -> Words:
    """The catalogue `locales/<language>.po` of a package; English for languages we do not have."""
    known = language if language in LANGUAGES else "en"
    source = files(package).joinpath("locales", f"{known}.po")
    return Words(known, read_catalogue(source.read_text(encoding="utf-8")))


def picture_words(language: str) -> Words:
    """The words that stand inside pictures."""
    return read_words("tenbin.figures", language)


_NONE, _RIEUL, _OTHER, _UNKNOWN = "vowel", "rieul", "consonant", "unknown"
_DIGITS = dict(zip("0123456789", "crvcvvcrrv", strict=True))
_SOUNDS = {"c": _OTHER, "r": _RIEUL, "v": _NONE}
_SKIPPED = re.compile(r"[\s\"'’”」』)\]}»›.,:;!?…]+$")


def _last_sound(text: str) -> str:
    last = _SKIPPED.sub("", text)[-1:]
    if "가" <= last <= "힣":
        final = (ord(last) - ord("가")) % 28
        return _NONE if final == 0 else _RIEUL if final == 8 else _OTHER
    if last in _DIGITS:
        return _SOUNDS[_DIGITS[last]]
    if last.isascii() and last.isalpha():
        return _RIEUL if last in "lLR" else _OTHER if last in "mnMN" else _NONE
    return _NONE if last in {"%", "€"} else _UNKNOWN


def particle(text: str, closed: str, opened: str) -> str:
    """The Korean particle after `text`: `closed` after a final consonant, `opened` after a vowel.

    `으로/로` takes its open form after ㄹ as well. After a character whose sound is not known
    (a Chinese character, say) both forms are written, as is the custom: `을(를)`.
    """
    sound = _last_sound(text)
    if sound == _UNKNOWN:
        return f"{closed}({opened})"
    takes_open = sound == _NONE or (sound == _RIEUL and closed.startswith("으로"))
    return opened if takes_open else closed
