"""What `explain.json` holds of a claim, as the objects that the sentences are made of.

The file keeps numbers and names of the scenario, never words. Its sections may be missing, each by
itself: what is missing is None here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from tenbin.explain import (
    Hinge,
    HingeBox,
    Index,
    Input,
    Region,
    Restriction,
    Sensitivity,
)
from tenbin.explain.boxes import Box, Score
from tenbin.scenario.objects import Scenario
from tenbin.scenario.texts import NO_TEXT

__all__ = ["read_explained", "stored_hinge", "stored_region", "stored_sensitivity"]

Plain = Mapping[str, Any]
FILE = "explain.json"


def read_explained(folder: Path) -> dict[str, Any]:
    """The file of a run folder; empty where the run was not explained."""
    path = folder / FILE
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def stored_hinge(scenario: Scenario, data: Plain | None) -> Hinge | None:
    """A hinge with its boxes and their counts; without its tree and its trajectory."""
    if not data:
        return None
    solved = int(data["worlds"]) - int(data["unsolved"])
    hits = round(float(data["base"]) * solved)
    return Hinge(
        claim=data["claim"],
        policy=data["policy"],
        side=data["side"],
        status=data["status"],
        together=_score(data, solved, hits),
        worlds=int(data["worlds"]),
        unsolved=int(data["unsolved"]),
        inputs=tuple(_input(scenario, name) for name in data.get("inputs", ())),
        method=data["method"],
        boxes=tuple(_box(scenario, item, solved, hits) for item in data["boxes"]),
    )


def _score(data: Plain, solved: int, hits: int) -> Score:
    inside = int(data["worlds_inside"])
    return Score(inside, round(float(data["density"]) * inside), solved, hits)


def _box(scenario: Scenario, data: Plain, solved: int, hits: int) -> HingeBox:
    score = _score(data, solved, hits)
    nowhere = Box(np.zeros((0, 0), dtype=np.bool_))
    return HingeBox(nowhere, tuple(_limit(scenario, r) for r in data["restrictions"]), score, score)


def _limit(scenario: Scenario, data: Plain) -> Restriction:
    return Restriction(
        _input(scenario, data["input"], data["unit"]),
        data["low"],
        data["high"],
        tuple(data["values"]),
        data["quasi_p"] or 0.0,
        data["found_again"],
    )


def _input(scenario: Scenario, name: str, unit: str = "", values: tuple[float, ...] = ()) -> Input:
    """A number as far as sentences and axes need to know it."""
    item = scenario.uncertainties.get(name) or scenario.derived.get(name)
    title = item.title if item is not None else NO_TEXT
    known = scenario.uncertainties.get(name)
    unit = unit or (known.unit if known is not None else "")
    return Input(name, "choice" if values else "range", title, unit, 0.0, 0.0, values=values)


def stored_sensitivity(scenario: Scenario, data: Plain | None) -> Sensitivity | None:
    """The indices, without the interactions."""
    if not data:
        return None
    return Sensitivity(
        claim=data["claim"],
        policy=data["policy"],
        status=data["status"],
        indices=tuple(
            Index(
                item["input"],
                item["first"],
                tuple(item["first_interval"]),
                item["total"],
                tuple(item["total_interval"]),
            )
            for item in data["indices"]
        ),
        interactions=(),
        unattributed=data["unattributed"],
        worlds=data["worlds"],
        interaction_worlds=data["interaction_worlds"],
        unsolved=data["unsolved"],
        correlated=data["correlated"],
        inputs=tuple(_input(scenario, item["input"]) for item in data["indices"]),
    )


def stored_region(scenario: Scenario, claim: str, data: Plain | None) -> Region | None:
    """The worlds by cell, over two numbers."""
    if not data or "x_edges" not in data:
        return None
    return Region(
        claim=claim,
        policy=str(data.get("policy", "")),
        x=_input(scenario, data["x"], values=tuple(data["x_values"])),
        y=_input(scenario, data["y"], values=tuple(data["y_values"])),
        x_edges=tuple(data["x_edges"]),
        y_edges=tuple(data["y_edges"]),
        worlds=np.asarray(data["worlds"], dtype=np.int64),
        holds=np.asarray(data["holds"], dtype=np.int64),
        unsolved=int(data["unsolved"]),
    )
