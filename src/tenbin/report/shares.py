"""What the shares of a verdict say: counted share, interval, and chance or coverage."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tenbin.figures.colours import SHARES
from tenbin.figures.words import Words
from tenbin.report.material import Material
from tenbin.report.words import share_text

__all__ = [
    "basis_counts",
    "counted_share",
    "has_shares",
    "interval_text",
    "policy_rows",
    "share_row",
]

Plain = Mapping[str, Any]


def counted_share(row: Plain, quantifier: str) -> float:
    """The share that the word rests on: `every`, `some` or `selected` equilibria."""
    if quantifier == "some":
        return float(row["holds"]) + float(row["mixed"])
    return float(row["selected" if quantifier == "selected" else "holds"])


def has_shares(entry: Plain) -> bool:
    """Whether a claim was judged over worlds; facts and stated purposes were not."""
    return bool(entry.get("worlds"))


def policy_rows(entry: Plain) -> dict[str, Plain]:
    """The verdicts by policy; one under `any` where all policies have the same.

    Most often such policies do not reach the claim's games at all.
    """
    rows: dict[str, Plain] = dict(entry["policies"])
    first = next(iter(rows.values()))
    if len(rows) > 1 and all(row == first for row in rows.values()):
        return {"any": first}
    return rows


def interval_text(interval: Any) -> str:
    """The interval in percent, empty where it has no width to speak of."""
    low, high = interval
    first, last = share_text(low).rstrip("%"), share_text(high)
    return f"{first}–{last}"


def share_row(row: Plain, quantifier: str, words: Words) -> dict[str, Any]:
    """One policy's verdict as a line of a table."""
    shares = {name: float(row[name]) for name in SHARES}
    written = {name: share_text(share) for name, share in shares.items()}
    return {
        **written,
        "word": row.get("word", ""),
        "shares": shares,
        "interval": row["interval"],
        "counted": share_text(counted_share(row, quantifier)),
        "range": interval_text(row["interval"]),
        "selected": share_text(float(row["selected"])),
        "ties": share_text(float(row["ties"])),
    }


def basis_counts(material: Material) -> tuple[int, int]:
    """How many claims have shares that are chances, and how many that are coverage of a box."""
    judged = [e for e in material.verdicts["claims"].values() if has_shares(e)]
    chance = sum(entry["reading"] == "chance" for entry in judged)
    return chance, len(judged) - chance
