"""An `explain.json` for the small scenario of the tests, as explaining a run would write it."""

from __future__ import annotations

from typing import Any

SCORE = {
    "coverage": 0.9,
    "coverage_interval": [0.8, 0.95],
    "density": 0.85,
    "density_interval": [0.7, 0.9],
    "base": 0.25,
    "worlds_inside": 20,
}


def explanation_of(claim: str, number: str, premises: tuple[str, ...]) -> dict[str, Any]:
    """One claim that hangs on one number, whose first premise does all the work."""
    limit = {
        "input": number,
        "unit": "",
        "low": None,
        "high": 0.8,
        "values": [],
        "quasi_p": 0.001,
        "found_again": 1.0,
    }
    flip = {
        "changes": [{"name": number, "from": 1.0, "to": 0.7, "unit": "", "moved": -0.5}],
        "distance": 0.5,
        "verified": True,
        "before": {"P(deterrence: war)": 0.02, "E(deterrence: US)": None},
        "after": {"P(deterrence: war)": 0.31, "E(deterrence: US)": -1.25},
        "events": [{"model": "deterrence", "event": "war", "from": 0.02, "to": 0.31}],
    }
    work = {premise: 1.0 if place == 0 else 0.0 for place, premise in enumerate(premises)}
    return {
        "policy": "status_quo",
        "hinge": {
            "claim": claim,
            "policy": "status_quo",
            "side": "fails",
            "status": "found",
            "method": "prim",
            "worlds": 64,
            "unsolved": 0,
            **SCORE,
            "boxes": [{**SCORE, "restrictions": [limit]}],
            "tree": None,
            "trajectory": [],
        },
        "sensitivity": {
            "claim": claim,
            "policy": "status_quo",
            "status": "found",
            "worlds": 64,
            "interaction_worlds": 64,
            "unsolved": 0,
            "correlated": False,
            "unattributed": 0.1,
            "indices": [
                {
                    "input": number,
                    "first": 0.4,
                    "first_interval": [0.3, 0.5],
                    "total": 0.6,
                    "total_interval": [0.5, 0.8],
                }
            ],
            "interactions": [],
        },
        "region": {
            "claim": claim,
            "policy": "status_quo",
            "x": number,
            "y": number,
            "x_edges": [0.5, 1.0, 1.5],
            "y_edges": [0.5, 1.0, 1.5],
            "x_values": [],
            "y_values": [],
            "worlds": [[16, 16], [16, 0]],
            "holds": [[2, 15], [16, 0]],
            "unsolved": 0,
        },
        "counterexample": {
            "status": "found",
            "holds_at_centre": True,
            "nearest": flip,
            "fewest": {**flip, "distance": 0.9},
        },
        "validity": {
            "per_value": [
                {
                    "asserts": {},
                    "share": 0.75,
                    "low": 0.7,
                    "high": 0.8,
                    "worlds": 128,
                    "of": 128,
                    "unsolved": 0,
                    "reason": None,
                }
            ],
            "clash": None,
            "as_it_is": {"share": 0.4, "low": 0.3, "high": 0.5, "worlds": 64},
            "as_known": {"share": 0.5},
            "figures": {number: "1"},
            "chain": [{"claim": premise, "needs": []} for premise in premises],
            "sound": "unsound",
            "how": "imposed",
            "work": work,
            "idle": [premise for premise, done in work.items() if done == 0.0],
            "regardless": False,
        },
    }


KNOWN: dict[str, Any] = {
    "worlds": 64,
    "seed": 7,
    "claims": {"C2": explanation_of("C2", "stake", ("C1",)), "C1": None},
    "consistency": {
        "worlds": 64,
        "claims": ["C2", "C3"],
        "together": [[0.5, 0.0], [0.0, 0.4]],
        "association": [[1.0, -0.8], [-0.8, 1.0]],
        "contradictions": [
            {
                "claims": ["C2", "C3"],
                "together": 0,
                "worlds": 64,
                "expected": 12.8,
                "chance": 1e-6,
                "bound": 0.05,
                "in_no_equilibrium": True,
                "nearest_world": None,
                "nearest": None,
            }
        ],
        "tensions": [],
        "nowhere": [],
        "by_chance": 0,
        "largest_set": 2,
    },
}
"""The whole file: one claim explained, one pair that cannot stand together."""
