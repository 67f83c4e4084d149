"""How the models were solved: shares solved and certified, the worst residual, what to do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tenbin.figures.words import Words
from tenbin.report.material import Context, Material
from tenbin.report.naming import concept_name, room_words, titled
from tenbin.report.sections.claims import advice, reason_name
from tenbin.report.shares import interval_text
from tenbin.report.words import share_text

__all__ = ["context", "residual_text", "solving_counts"]

Plain = Mapping[str, Any]
MARGIN = "0.05"
"""The quantile of the margins that is shown."""
EXTRA = ("margin", "flags", "complete", "equilibria", "units")


def context(material: Material, words: Words) -> Context | None:
    models: Mapping[str, Plain] = material.verdicts["models"]
    if not models:
        return None
    counts: Mapping[str, Plain] = material.manifest.get("results", {}).get("models", {})
    rows = [_row(material, name, entry, counts.get(name), words) for name, entry in models.items()]
    return {
        "extra": [key for key in EXTRA if any(row["extra"][key] for row in rows)],
        "rows": rows,
        "advices": _advices(models, words),
    }


def _row(
    material: Material, name: str, entry: Plain, counts: Plain | None, words: Words
) -> dict[str, Any]:
    model = material.scenario.models[name]
    return {
        "name": name,
        "title": titled(model.title, name, words),
        "form": room_words(entry["form"], words)("form"),
        "concept": concept_name(entry["form"], entry["concept"], words),
        "solved": share_text(float(entry["solved"])),
        "unsolved": share_text(float(entry["unsolved"])),
        "residual": residual_text(entry["worst_residual"]),
        "extra": solving_counts(entry["form"], counts or {}, words),
    }


def solving_counts(form: str, counts: Plain, words: Words) -> dict[str, str]:
    """What the manifest counts of a model beyond solved and unsolved; empty where it does not.

    `margin` is the 5 % quantile of the margins, `flags` the shares of worlds that carry a remark,
    `complete` the share in which all equilibria are proved found, `equilibria` how many were found,
    `units` the share in which another one is selected if payoffs are in the players' own units.
    """
    worlds = max(int(counts.get("worlds", 0)), 1)
    margin = counts.get("margin_quantiles", {}).get(MARGIN)
    flags = [
        words("solving.flag", flag=_flag_name(form, name, words), share=share_text(count / worlds))
        for name, count in counts.get("flags", {}).items()
        if count
    ]
    complete, mean = counts.get("complete"), counts.get("mean_equilibria")
    return {
        "margin": residual_text(margin) if margin is not None else "",
        "flags": words("models.and").join(flags),
        "complete": share_text(complete / worlds) if complete is not None else "",
        "equilibria": _equilibria(float(mean), int(counts["several"]) / worlds, words)
        if mean is not None
        else "",
        "units": _units(counts["units"], words) if "units" in counts else "",
    }


def _equilibria(mean: float, several: float, words: Words) -> str:
    number = f"{mean:.3g}"
    if several == 0.0:
        return number
    return words("solving.several", mean=number, share=share_text(several))


def _units(units: Plain, words: Words) -> str:
    if not units["worlds"]:
        return ""
    share, interval = share_text(float(units["share"])), interval_text(units["interval"])
    return words("solving.units", share=share, range=interval, worlds=f"{units['worlds']:,}")


def _flag_name(form: str, name: str, words: Words) -> str:
    """A remark of a solver in words: the room's own, else the report's, else its name."""
    own, key = room_words(form, words), "flag." + name
    if own.has(key):
        return own(key)
    return words(key) if words.has(key) else name.replace("_", " ")


def residual_text(residual: float | None) -> str:
    """A residual in one significant digit; a dash where there is none."""
    return "–" if residual is None else "0" if residual == 0 else f"{residual:.0e}"


def _advices(models: Mapping[str, Plain], words: Words) -> list[str]:
    seen: dict[str, float] = {}
    for entry in models.values():
        for reason, share in entry.get("reasons", {}).items():
            seen[reason] = max(seen.get(reason, 0.0), float(share))
    return [
        words("solving.reason", reason=reason_name(reason, words), share=share_text(share))
        + " "
        + advice(reason, words)
        for reason, share in seen.items()
    ]
