"""Worlds per second of the cascade room: both ends found, and certified, timed apart.

Run `python benchmarks/cascade.py`; times are CPU seconds of this process.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import process_time
from typing import Any

import numpy as np

from tenbin.forms.cascade.room import ROOM
from tenbin.forms.contract import SolverOptions
from tenbin.scenario.objects import Scenario

WORLDS = 100_000
PLAYERS = "ABCDEFGH"


@dataclass(frozen=True)
class Case:
    """A model, its numbers between two ends, and how many worlds it is timed in."""

    name: str
    body: dict[str, Any]
    spans: dict[str, tuple[float, float]]
    worlds: int = WORLDS


def costs(kind: str, count: int) -> dict[str, Any]:
    """Private costs of some players, each between or around numbers of its own."""
    return {name: {kind: [f"m{name}", f"m{name} + s{name}"]} for name in PLAYERS[:count]}


def spans(count: int) -> dict[str, tuple[float, float]]:
    found = {f"m{name}": (0.0, 1.0) for name in PLAYERS[:count]}
    found |= {f"s{name}": (0.1, 1.0) for name in PLAYERS[:count]}
    return {**found, "w": (0.0, 1.0), "g": (0.0, 0.5)}


CASES = (
    Case(
        "thresholds, 8 players",
        {"thresholds": {name: f"m{name} * 4" for name in PLAYERS}, "influence": "w"},
        {**{f"m{name}": (0.0, 1.0) for name in PLAYERS}, "w": (0.0, 1.0)},
    ),
    Case("uniform costs, 3 players", {"gain": "g", "influence": "w", "cost": costs("uniform", 3)},
         spans(3)),
    Case("normal costs, 3 players", {"gain": "g", "influence": "w", "cost": costs("normal", 3)},
         spans(3)),
    Case("normal costs, 8 players", {"gain": "g", "influence": "w / 3",
         "cost": costs("normal", 8)}, spans(8)),
    Case("crowd of 100", {"actors": {"count": 100, "thresholds": "i * w"}}, {"w": (0.5, 1.5)},
         5_000),
    Case("global game with a prior", {"concept": "global", "cost": "c", "noise": "n",
         "prior": {"mean": 0.5, "precision": "a"}},
         {"c": (0.1, 0.9), "n": (0.05, 1.0), "a": (0.0, 40.0)}),
)  # fmt: skip


def timed(work: Callable[[], Any]) -> tuple[Any, float]:
    start = process_time()
    return work(), process_time() - start


def measure(case: Case) -> str:
    """One line of the table: worlds per CPU second of solving and of certifying."""
    unknown = {"range": "0..1", "source": "judgement"}
    scenario = Scenario.from_dict(
        {
            "tenbin": 1,
            "title": case.name,
            "players": {name: name for name in PLAYERS},
            "uncertainties": dict.fromkeys(case.spans, unknown),
            "models": {"m": {"form": "cascade", **case.body}},
        }
    )
    rng = np.random.default_rng(0)
    numbers = {name: rng.uniform(*span, case.worlds) for name, span in case.spans.items()}
    model = ROOM.compile(scenario, "m", {})
    game = ROOM.bind(model, numbers, {}, case.worlds)
    options = SolverOptions()
    solution, solving = timed(lambda: ROOM.solve(game, options))
    certificate, certifying = timed(lambda: ROOM.certify(game, solution, options))
    share = (certificate.certified | ~solution.found).all(axis=1).mean()
    several = solution.found[:, 1].mean()
    return (
        f"{case.name:26} {case.worlds:8,d} {case.worlds / solving:14,.0f} "
        f"{case.worlds / certifying:14,.0f} {100 * several:9.1f} % {100 * share:9.3f} %"
    )


def main() -> None:
    print(f"{'case':26} {'worlds':>8} {'solved per s':>14} {'certified per s':>14} "
          f"{'several':>11} {'certified':>11}")  # fmt: skip
    for case in CASES:
        print(measure(case))


if __name__ == "__main__":
    main()
