"""Texts in several languages, with a fallback that never leaves a reader without words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

__all__ = ["LANGUAGE", "NO_TEXT", "TEXT_KEY", "Text", "is_language", "is_text_key"]

LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
"""A language tag, such as `en`, `ja`, `ko` or `zh-Hant`."""
TEXT_KEY = re.compile(r"\$[A-Za-z_][\w.-]*")
"""A key into the files `texts/<language>.yaml`."""


def is_language(text: str) -> bool:
    """Whether a text is a language tag."""
    return LANGUAGE.fullmatch(text) is not None


def is_text_key(value: object) -> bool:
    """Whether a value stands for a text kept in `texts/<language>.yaml`."""
    return isinstance(value, str) and TEXT_KEY.fullmatch(value) is not None


@dataclass(frozen=True, slots=True)
class Text:
    """What a reader sees, by language; empty and false where the file gives none."""

    languages: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, raw: Any) -> Text:
        """The text that plain data stand for: one in English, or a mapping of languages."""
        if raw is None:
            return cls()
        if isinstance(raw, Mapping):
            return cls({str(key): str(value) for key, value in raw.items()})
        return cls({"en": str(raw)})

    def in_language(self, language: str) -> str:
        """The text in a language, else in English, else in any; empty where there is none."""
        found = self.languages.get(language) or self.languages.get("en")
        return found or next(iter(self.languages.values()), "")

    def or_name(self, name: str) -> Text:
        """This text, or the name itself where there is none."""
        return self if self.languages else Text({"en": name})

    def __str__(self) -> str:
        return self.in_language("en")

    def __bool__(self) -> bool:
        return any(self.languages.values())

    def __hash__(self) -> int:
        return hash(tuple(sorted(self.languages.items())))


NO_TEXT = Text()
"""What stands where the file gives no text."""
