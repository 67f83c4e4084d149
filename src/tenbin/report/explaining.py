"""What explains one claim, in the words of the reader: hinge, validity, counterexample."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tenbin.explain import (
    Input,
    explain_words,
    hinge_sentences,
    region_picture,
    sensitivity_sentences,
)
from tenbin.explain.hinge_words import value_text
from tenbin.explain.validity_words import validity_sentences
from tenbin.figures.regiontile import TILE_SIZE, tile_shapes
from tenbin.figures.strips import index_strip
from tenbin.figures.words import Words
from tenbin.report.events import call_title, event_title
from tenbin.report.material import Material
from tenbin.report.naming import titled
from tenbin.report.shares import interval_text
from tenbin.report.stored import stored_hinge, stored_region, stored_sensitivity
from tenbin.report.words import share_text
from tenbin.scenario.objects import Claim, Scenario

__all__ = ["explanation", "region_tiles", "validity_text"]

Plain = Mapping[str, Any]
SHOWN_INDICES = 5
SHOWN_EVENTS = 6
FEWEST_WORLDS = 100
LEAST_INDEX = 0.01
"""A smaller total index is not drawn."""
SAME = 1e-6


def explanation(material: Material, claim: Claim, words: Words) -> dict[str, Any]:
    """Everything of the panel that `explain.json` brings; empty where it has nothing."""
    entry: Plain = material.explained_claim(claim.id)
    if not entry:
        return {}
    scenario, own = material.scenario, explain_words(words.language)
    hinge = stored_hinge(scenario, entry.get("hinge"))
    sensitivity = stored_sensitivity(scenario, entry.get("sensitivity"))
    return {
        "hinge": hinge_sentences(hinge, own) if hinge else (),
        "indices": _indices(scenario, entry.get("sensitivity"), words),
        "sensitivity": sensitivity_sentences(sensitivity, own) if sensitivity else (),
        "region": _region(scenario, claim.id, entry.get("region"), words),
        "validity": validity_sentences(entry.get("validity"), scenario, own),
        "counter": _counterexample(scenario, claim, entry.get("counterexample"), words),
    }


def _name(scenario: Scenario, name: str, words: Words) -> str:
    for group in (scenario.uncertainties, scenario.derived, scenario.levers, scenario.constants):
        if name in group:
            return titled(group[name].title, name, words)
    return name.replace("_", " ")


def _indices(scenario: Scenario, data: Plain | None, words: Words) -> list[dict[str, str]]:
    """Total indices as bars: the largest first."""
    if not data or data["status"] != "found":
        return []
    shown = [item for item in data["indices"] if item["total"] >= LEAST_INDEX][:SHOWN_INDICES]
    return [
        {
            "name": _name(scenario, item["input"], words),
            "strip": index_strip(item["first"], item["total"], item["total_interval"]),
            "first": share_text(item["first"]),
            "total": share_text(item["total"]),
            "range": interval_text(item["total_interval"]),
        }
        for item in shown
    ]


def _region(
    scenario: Scenario, claim: str, data: Plain | None, words: Words
) -> dict[str, Any] | None:
    region = stored_region(scenario, claim, data)
    if region is None:
        return None
    picture = region_picture(region, explain_words(words.language))
    return {
        "x": picture.x.title,
        "y": picture.y.title,
        "label": picture.description,
        "width": TILE_SIZE[0],
        "height": TILE_SIZE[1],
    }


def region_tiles(material: Material) -> dict[str, str]:
    """The drawing of every region map by claim, without words: pages in all languages share it."""
    found: dict[str, str] = {}
    words = explain_words("en")
    for claim in material.verdicts["claims"]:
        data = material.explained_claim(claim).get("region")
        region = stored_region(material.scenario, claim, data)
        if region is not None:
            ends = (_ends(region.x, region.x_edges, words), _ends(region.y, region.y_edges, words))
            found[claim] = tile_shapes(region_picture(region, words), *ends)
    return found


def _ends(item: Input, edges: Sequence[float], words: Words) -> tuple[str, str]:
    """What stands at the two ends of an axis: numbers without their unit."""
    first, last = (item.values[0], item.values[-1]) if item.values else (edges[0], edges[-1])
    return value_text(first, "", words), value_text(last, "", words)


def _validity_range(data: Plain | None) -> tuple[float, float] | None:
    """The least and the largest validity, which differ where premises clash; None if not known.

    What rests on fewer than a hundred worlds is left to the panel, which says how many they are.
    """
    rows: Sequence[Plain] = (data or {}).get("per_value") or []
    known = [r["share"] for r in rows if r["share"] is not None and r["worlds"] >= FEWEST_WORLDS]
    return (min(known), max(known)) if known else None


def validity_text(data: Plain | None, words: Words) -> str:
    """The validity in a few words."""
    found = _validity_range(data)
    if found is None:
        return ""
    low, high = map(share_text, found)
    return low if low == high else words("answer.span", low=low, high=high)


def _counterexample(
    scenario: Scenario, claim: Claim, data: Plain | None, words: Words
) -> dict[str, Any] | None:
    if not data:
        return None
    status = str(data["status"])
    key = "counter." + status
    holds = data.get("holds_at_centre")
    opening = words(key, worlds=f"{int(data.get('worlds') or 0):,}") if words.has(key) else ""
    if status == "found":
        opening = words("counter.holds" if holds else "counter.fails")
    flips = [
        _flip(scenario, claim, data[kind], kind, words)
        for kind in ("nearest", "fewest")
        if data.get(kind) and not (kind == "fewest" and data["fewest"] == data.get("nearest"))
    ]
    return {"opening": opening, "flips": flips}


def _flip(scenario: Scenario, claim: Claim, flip: Plain, kind: str, words: Words) -> dict[str, Any]:
    changes: Sequence[Plain] = flip["changes"]
    own = explain_words(words.language)
    heading = words.count("counter." + kind, len(changes), distance=f"{flip['distance']:.2g}")
    return {
        "heading": heading if flip.get("verified", True) else heading + words("counter.unverified"),
        "changes": [
            {
                "name": _name(scenario, item["name"], words),
                "before": value_text(item["from"], item["unit"] or "", own),
                "after": value_text(item["to"], item["unit"] or "", own),
                "moved": f"{item['moved']:+.2g}".replace("-", "−"),
            }
            for item in changes
        ],
        "play": _play(scenario, claim, flip, words),
    }


def _play(scenario: Scenario, claim: Claim, flip: Plain, words: Words) -> list[dict[str, str]]:
    """What the claim reads, before and after."""
    before: Mapping[str, float | None] = flip.get("before") or {}
    after: Mapping[str, float | None] = flip.get("after") or {}
    events: Sequence[Plain] = flip.get("events") or []
    read = [
        {
            "title": _outcome_title(scenario, claim, text, words),
            "text": text,
            "before": _figure(value, text),
            "after": _figure(after.get(text), text),
        }
        for text, value in before.items()
    ]
    return read + [
        {
            "title": event_title(scenario, item["model"], item["event"], words),
            "text": "",
            "before": share_text(item["from"]),
            "after": share_text(item["to"]),
        }
        for item in events[:SHOWN_EVENTS]
    ]


def _outcome_title(scenario: Scenario, claim: Claim, text: str, words: Words) -> str:
    """The words for an outcome that is known by its text, with or without replaced numbers."""
    calls = claim.holds.calls if claim.holds is not None else ()
    found = (c for c in calls if text.startswith(c.text()[:-1]) and text.endswith(")"))
    call = max(found, key=lambda call: len(call.text()), default=None)
    return call_title(scenario, call, words) if call is not None else ""


def _figure(value: float | None, text: str) -> str:
    if value is None:
        return "–"
    if text.startswith(("P(", "B(")) and -SAME <= value <= 1 + SAME:
        return share_text(min(max(value, 0.0), 1.0))
    return f"{value:.3g}".replace("-", "−")
