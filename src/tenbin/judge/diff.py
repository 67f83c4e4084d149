"""Two runs side by side: which verdicts changed, by how much, and what the runs differ in."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from tenbin.errors import TenbinError

__all__ = ["Difference", "VerdictChange", "diff_manifests", "diff_runs", "diff_verdicts"]

Plain = Mapping[str, Any]

ABSENT = "absent"
RESULTS = ("attached", "complete", "parts", "results")
"""Entries of a manifest that follow from the others."""
_SHARES = ("holds", "fails", "mixed", "unsolved", "selected", "ties")


@dataclass(frozen=True, slots=True)
class VerdictChange:
    """One claim under one policy whose verdict is not the same in both runs.

    `shares` holds (before, after) of every share that differs; empty where the claim is in one
    run only. `beyond_sampling` is whether the intervals of the counted share do not overlap, so
    that drawing other worlds does not explain the change.
    """

    claim: str
    policy: str
    word_before: str
    word_after: str
    shares: dict[str, tuple[float, float]]
    beyond_sampling: bool

    @property
    def word_changed(self) -> bool:
        return self.word_before != self.word_after

    def plain(self) -> dict[str, Any]:
        """The same as plain data, for JSON."""
        return {
            "claim": self.claim,
            "policy": self.policy,
            "word": [self.word_before, self.word_after],
            "shares": {name: list(pair) for name, pair in self.shares.items()},
            "beyond_sampling": self.beyond_sampling,
        }


@dataclass(frozen=True, slots=True)
class Difference:
    """One entry of the manifests that differs; `key` is its dotted path."""

    key: str
    before: Any
    after: Any


def diff_runs(first: Path, second: Path) -> dict[str, Any]:
    """What changed from one run folder to another, as plain data.

    Returns
    -------
    `changes`: one entry per changed verdict (`claim`, `policy`, `word`, `shares`, each as before
    and after; `beyond_sampling`), changed words first; `differences`: entries of the manifests
    that differ, by dotted path, as before and after; `same_verdicts`: how many did not change.

    Raises
    ------
    TenbinError
        If a folder holds no finished run.
    """
    changes, same = diff_verdicts(_read(first, "verdicts.json"), _read(second, "verdicts.json"))
    differences = diff_manifests(_read(first, "manifest.json"), _read(second, "manifest.json"))
    return {
        "changes": [change.plain() for change in changes],
        "differences": {item.key: [item.before, item.after] for item in differences},
        "same_verdicts": same,
    }


def diff_verdicts(before: Plain, after: Plain) -> tuple[tuple[VerdictChange, ...], int]:
    """The verdicts that differ between two `verdicts.json`, and the number of those that do not.

    Claims keep the order of the second run; claims that are only in the first come last.
    """
    rows_before, rows_after = _rows(before), _rows(after)
    changes: list[VerdictChange] = []
    same = 0
    for key in [*rows_after, *(key for key in rows_before if key not in rows_after)]:
        change = _change(key, rows_before.get(key), rows_after.get(key))
        if change is None:
            same += 1
        else:
            changes.append(change)
    return tuple(sorted(changes, key=lambda change: not change.word_changed)), same


def diff_manifests(before: Plain, after: Plain) -> tuple[Difference, ...]:
    """The entries in which two manifests differ, by dotted path; results are no causes."""
    first, second = _flat(_causes(before)), _flat(_causes(after))
    keys = [*first, *(key for key in second if key not in first)]
    pairs = ((key, first.get(key, ABSENT), second.get(key, ABSENT)) for key in keys)
    return tuple(Difference(key, old, new) for key, old, new in pairs if old != new)


def _rows(verdicts: Plain) -> dict[tuple[str, str], Plain]:
    rows: dict[tuple[str, str], Plain] = {}
    for claim, entry in verdicts["claims"].items():
        for policy, row in entry["policies"].items():
            rows[claim, policy] = {**row, "word": row.get("word", entry["word"])}
    return rows


def _change(
    key: tuple[str, str], before: Plain | None, after: Plain | None
) -> VerdictChange | None:
    claim, policy = key
    if before is None or after is None:
        old = ABSENT if before is None else before["word"]
        new = ABSENT if after is None else after["word"]
        return VerdictChange(claim, policy, old, new, {}, True)
    shares = {name: (before[name], after[name]) for name in _SHARES if before[name] != after[name]}
    if not shares and before["word"] == after["word"]:
        return None
    (low_before, high_before), (low_after, high_after) = before["interval"], after["interval"]
    apart = high_before < low_after or high_after < low_before
    return VerdictChange(claim, policy, before["word"], after["word"], shares, apart)


def _causes(manifest: Plain) -> Plain:
    return {key: value for key, value in manifest.items() if key not in RESULTS}


def _flat(plain: Plain, prefix: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, value in plain.items():
        if isinstance(value, dict):
            flat |= _flat(cast(Plain, value), f"{prefix}{key}.")
        else:
            flat[f"{prefix}{key}"] = value
    return flat


def _read(folder: Path, name: str) -> Plain:
    path = folder / name
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise TenbinError(
            f"{path}: not there, so this folder holds no finished run. "
            "Give the folder that `tenbin run --out` wrote."
        ) from error
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise TenbinError(f"{path}: not readable as JSON ({error}). Run again.") from error
