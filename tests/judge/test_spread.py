"""How numbers are spread: against sorting them."""

from __future__ import annotations

import numpy as np
import pytest

from tenbin.judge.spread import RATIO, Spread

EXACT = (RATIO - 1.0) / (RATIO + 1.0)
"""The relative error that [masson2019] proves for classes of this ratio."""


def spread_of(*parts: object) -> Spread:
    spread = Spread()
    for part in parts:
        spread.add(np.asarray(part, dtype=np.float64))
    return spread


def sample(kind: str, size: int = 4001) -> np.ndarray:
    rng = np.random.default_rng(11)
    return {
        "uniform": rng.uniform(0.0, 1.0, size),
        "signed": rng.normal(0.0, 3.0, size),
        "heavy": np.exp(rng.normal(0.0, 6.0, size)),
        "lumps": rng.choice([-2.0, 0.0, 0.25, 7.0], size),
    }[kind]


@pytest.mark.parametrize("kind", ["uniform", "signed", "heavy", "lumps"])
@pytest.mark.parametrize("share", [0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 1.0])
def test_quantile_is_exact_to_one_per_cent_of_itself(kind: str, share: float) -> None:
    values = sample(kind)
    rank = max(int(np.ceil(share * len(values))), 1)
    exact = np.sort(values)[rank - 1]

    found = spread_of(values).quantile(share)

    assert found == pytest.approx(exact, rel=EXACT * 1.0001, abs=0.0)
    assert EXACT < 0.01


def test_parts_merge_in_any_order_to_what_the_whole_gives() -> None:
    values = sample("signed")
    whole, parts = spread_of(values), spread_of(values[1500:], values[:1500])

    assert [whole.quantile(q) for q in (0.1, 0.9)] == [parts.quantile(q) for q in (0.1, 0.9)]
    assert (whole.count, whole.least, whole.most) == (parts.count, parts.least, parts.most)
    assert parts.mean == pytest.approx(values.mean())


def test_quantile_of_one_value_is_that_value() -> None:
    assert spread_of([0.4]).quantile(0.95) == 0.4
    assert spread_of([-3e20]).quantile(0.5) == -3e20


def test_nothing_has_no_mean_and_no_quantile() -> None:
    assert spread_of([]).mean is None
    assert spread_of([]).quantile(0.5) is None
