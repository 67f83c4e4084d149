"""What changed between two runs, as text for a person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tenbin.commands.words import command_words
from tenbin.figures.words import Words
from tenbin.report.words import report_words, word_label

__all__ = ["diff_text"]


def diff_text(changes: Mapping[str, Any], language: str = "en") -> str:
    """The answer of `judge.diff.diff_runs` in words.

    Parameters
    ----------
    changes
        `changes`, `differences` and `same_verdicts`, as plain data.
    language
        Language of the reader.
    """
    words = command_words(language)
    rows, same = changes["changes"], changes["same_verdicts"]
    head = (
        words("diff.some", changed=len(rows), same=same) if rows else words("diff.none", same=same)
    )
    lines = [head]
    for row in rows:
        lines += _change(row, words)
    if changes["differences"]:
        lines.append(words("diff.causes"))
    for name, (before, after) in changes["differences"].items():
        lines.append(words("diff.cause", name=name, before=before, after=after))
    return "\n".join(lines)


def _change(row: Mapping[str, Any], words: Words) -> list[str]:
    before, after = (_label(word, words) for word in row["word"])
    policy = words("diff.all") if row["policy"] == "all" else row["policy"]
    lines = [words("diff.row", claim=row["claim"], policy=policy, before=before, after=after)]
    for name, (old, new) in row["shares"].items():
        share = words(f"share.{name}")
        lines.append(words("diff.share", name=share, before=f"{old:.1%}", after=f"{new:.1%}"))
    if not row["beyond_sampling"]:
        lines.append(words("diff.sampling"))
    return lines


def _label(word: str, words: Words) -> str:
    if word == "absent":
        return words("diff.absent")
    return word_label(word, report_words(words.language))
