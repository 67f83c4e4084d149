"""How many bargaining worlds a second: bind, solve and certify, each by itself, in CPU time.

Run `python benchmarks/bargaining.py [worlds]`. The bar is 1,000,000 worlds of alternating offers
with outside options and ratification in under 2 s for `bind` and `solve` together.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from tenbin.forms.bargaining.room import ROOM
from tenbin.forms.contract import SolverOptions
from tenbin.scenario import Scenario

PIE: dict[str, Any] = {"players": ["A", "B"], "issues": {"pie": {}}}
PACKAGE: dict[str, Any] = {
    "players": ["A", "B"],
    "issues": {
        f"i{n}": {"values": {"A": [0, f"{1 + n} * u"], "B": [0, f"{n - 1.5} * v"]}}
        for n in range(4)
    },
    "disagreement": {"A": "0.2 * u", "B": "0.1 * v"},
}
OFFERS = {"concept": "rubinstein", "discount": {"A": "d1", "B": "d2"}}
CASES: dict[str, tuple[dict[str, Any], int]] = {
    "rubinstein, outside option, ratification": (
        {**PIE, **OFFERS, "outside": {"B": "u"}, "ratify": [{"player": "A", "floor": "v"}]},
        1_000_000,
    ),
    "rubinstein, package of four": ({**PACKAGE, **OFFERS}, 1_000_000),
    "nash, package of four": (PACKAGE, 1_000_000),
    "kalai-smorodinsky, curved": (
        {**PIE, "concept": "kalai_smorodinsky", "curvature": {"A": "u", "B": "d1"}},
        100_000,
    ),
    "ultimatum, private cost (normal)": (
        {
            **PIE,
            "concept": "ultimatum",
            "war": {"win": {"A": "u"}, "cost": {"A": "0.1 * v", "B": {"normal": [0.2, 0.1]}}},
        },
        100_000,
    ),
    "nash, package of four, two unknown floors": (
        {
            **PACKAGE,
            "ratify": [
                {"player": "A", "issue": "i0", "at_least": {"uniform": [0, 0.8]}},
                {"player": "B", "issue": "i2", "floor": {"normal": ["0.2 * v", 0.1]}},
            ],
        },
        10_000,
    ),
}


def timed(work: Callable[[], Any]) -> tuple[Any, float]:
    """What the work gives, and the CPU seconds of this process that it took."""
    before = time.process_time()
    result = work()
    return result, time.process_time() - before


def measure(name: str, body: dict[str, Any], worlds: int) -> None:
    """Print the CPU seconds of one case."""
    rng = np.random.default_rng(0)
    drawn = {key: rng.uniform(0.1, 0.95, worlds) for key in ("u", "v", "d1", "d2")}
    scenario = Scenario.from_dict(
        {
            "tenbin": 1,
            "title": name,
            "players": {"A": "A", "B": "B"},
            "uncertainties": dict.fromkeys(drawn, "0.1..0.95"),
            "models": {"m": {"form": "bargaining", **body}},
        }
    )
    model, options = ROOM.compile(scenario, "m", {}), SolverOptions()
    few = ROOM.bind(model, {key: values[:8] for key, values in drawn.items()}, {}, 8)
    ROOM.certify(few, ROOM.solve(few, options), options)
    game, binding = timed(lambda: ROOM.bind(model, drawn, {}, worlds))
    solution, solving = timed(lambda: ROOM.solve(game, options))
    certificate, certifying = timed(lambda: ROOM.certify(game, solution, options))
    share = certificate.certified.mean()
    print(f"{name:44} {worlds:>9,} {binding:7.2f} {solving:7.2f} {certifying:8.2f} {share:9.1%}")


def main() -> None:
    print(f"{'CPU seconds':44} {'worlds':>9} {'bind':>7} {'solve':>7} {'certify':>8} certified")
    most = int(sys.argv[1]) if len(sys.argv) > 1 else None
    for name, (body, worlds) in CASES.items():
        measure(name, body, min(worlds, most or worlds))


if __name__ == "__main__":
    main()
