"""Indices match those known in closed form, and noise has none."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from tenbin.explain import (
    Sensitivity,
    explain_words,
    find_sensitivity,
    read_evidence,
    sensitivity_of,
    sensitivity_sentences,
)
from tenbin.explain.evidence import binned_arrays
from tenbin.explain.sensitivity import Index, sensitivity_indices
from tenbin.figures.words import LANGUAGES
from tenbin.scenario import Scenario

Array = NDArray[np.float64]
Ran = tuple[Path, Scenario]

WEIGHTS = np.array([0.0, 1.0, 4.5, 9.0, 99.0, 99.0, 99.0, 99.0])


def ishigami(x: Array) -> Array:
    """Ishigami and Homma (1990), a = 7 and b = 0.1."""
    angle = np.pi * (2 * x - 1)
    first, second, third = angle.T
    return np.sin(first) + 7 * np.sin(second) ** 2 + 0.1 * third**4 * np.sin(first)


def g_function(x: Array) -> Array:
    """Sobol's g-function with the weights of Saltelli and others (2010)."""
    return np.prod((np.abs(4 * x - 2) + WEIGHTS) / (1 + WEIGHTS), axis=1)


def cube(x: Array) -> Array:
    """One where three numbers are all below a half."""
    return (x[:, :3] < 0.5).all(axis=1).astype(np.float64)


def g_indices() -> tuple[Array, Array]:
    alone = 1 / (3 * (1 + WEIGHTS) ** 2)
    variance = np.prod(1 + alone) - 1
    others = np.prod(1 + alone) / (1 + alone)
    return alone / variance, alone * others / variance


KNOWN: dict[str, tuple[Callable[[Array], Array], Array, Array]] = {
    "ishigami": (
        ishigami,
        np.array([0.3139, 0.4424, 0.0]),
        np.array([0.5576, 0.4424, 0.2437]),
    ),
    "g": (g_function, *g_indices()),
    "cube": (cube, np.array([1 / 7] * 3 + [0.0] * 5), np.array([4 / 7] * 3 + [0.0] * 5)),
}


def indices_of(name: str, worlds: int, seed: int = 0) -> tuple[dict[str, Index], float]:
    function, first, _ = KNOWN[name]
    x = np.random.default_rng(seed).random((worlds, len(first)))
    binned = binned_arrays(x, np.zeros(worlds, dtype=bool))
    values = np.split(function(x), np.cumsum([len(b.truth) for b in binned.blocks])[:-1])
    names = [str(j) for j in range(len(first))]
    indices, _, left = sensitivity_indices(binned, values, names)
    return {item.name: item for item in indices}, left


@pytest.mark.parametrize("name", KNOWN)
def test_first_order_indices_are_the_analytic_ones(name: str) -> None:
    found, _ = indices_of(name, 100_000)

    for j, truth in enumerate(KNOWN[name][1]):
        assert found[str(j)].first == pytest.approx(truth, abs=0.01)


@pytest.mark.parametrize("name", KNOWN)
def test_total_indices_are_the_analytic_ones(name: str) -> None:
    found, left = indices_of(name, 100_000)

    for j, truth in enumerate(KNOWN[name][2]):
        assert found[str(j)].total == pytest.approx(truth, abs=0.015)
    assert left < 0.02


@pytest.mark.parametrize("name", KNOWN)
def test_intervals_cover_the_analytic_indices(name: str) -> None:
    _, first, total = KNOWN[name]
    covered = []
    for seed in range(8):
        found, _ = indices_of(name, 5000, seed)
        for j in range(len(first)):
            item = found[str(j)]
            covered.append(
                item.first_interval[0] - 0.01 <= first[j] <= item.first_interval[1] + 0.01
            )
            covered.append(
                item.total_interval[0] - 0.01 <= total[j] <= item.total_interval[1] + 0.01
            )

    assert np.mean(covered) >= 0.93


@pytest.mark.parametrize("name", KNOWN)
def test_indices_are_never_negative_and_lie_in_their_intervals(name: str) -> None:
    found, left = indices_of(name, 1000)

    for item in found.values():
        assert 0.0 <= item.first <= item.total <= 1.0
        assert item.first_interval[0] <= item.first <= item.first_interval[1]
        assert item.total_interval[0] <= item.total <= item.total_interval[1]
    assert 0.0 <= left <= 1.0


def test_indices_are_the_same_however_worlds_are_cut() -> None:
    x = np.random.default_rng(0).random((5000, 3))
    y = ishigami(x)
    found = []
    for block in (5000, 700):
        binned = binned_arrays(x, np.zeros(5000, dtype=bool), block=block)
        values = [y[start : start + block] for start in range(0, 5000, block)]
        found.append(sensitivity_indices(binned, values, "abc"))

    assert [i.name for i in found[0][0]] == [i.name for i in found[1][0]]
    for one, other in zip(found[0][0], found[1][0], strict=True):
        assert one.total == pytest.approx(other.total, abs=1e-12)


def test_noise_has_no_interactions() -> None:
    generator = np.random.default_rng(0)
    x = generator.random((4000, 20))
    binned = binned_arrays(x, np.zeros(4000, dtype=bool))

    indices, interactions, left = sensitivity_indices(
        binned, [generator.normal(size=4000)], [str(j) for j in range(20)]
    )

    assert interactions == ()
    assert max(item.first for item in indices) < 0.02
    assert left > 0.9


def test_an_effect_is_not_seen_again_in_a_pair_that_tells_it() -> None:
    """As in a digital design: the halves of two numbers together tell that of a third."""
    generator = np.random.default_rng(0)
    halves = generator.integers(0, 2, (8000, 2))
    halves = np.column_stack([halves, halves.sum(axis=1) % 2])
    x = (halves + generator.random((8000, 3))) / 2
    binned = binned_arrays(x, np.zeros(8000, dtype=bool))

    indices, interactions, _ = sensitivity_indices(binned, [halves[:, 2].astype(float)], "abc")

    assert interactions == ()
    assert {item.name: round(item.total, 2) for item in indices} == {"c": 1.0, "a": 0.0, "b": 0.0}


def test_claim_of_a_box_has_the_indices_of_the_box(ran: Ran) -> None:
    found = sensitivity_of(*ran, "W", "quo")

    by_name = {item.name: item for item in found.indices}
    # A product of two bits with shares p and q: S_1 = (1 - p) q / (1 - p q).
    p, q = 0.4, 0.5
    assert by_name["gain"].first == pytest.approx((1 - p) * q / (1 - p * q), abs=0.03)
    assert by_name["cost"].first == pytest.approx((1 - q) * p / (1 - p * q), abs=0.03)
    assert by_name["gain"].total == pytest.approx((1 - p) / (1 - p * q), abs=0.05)
    assert by_name["idle"].first < 0.01
    assert set(by_name) == {"gain", "cost", "idle"}


def test_choice_has_all_of_its_claim(ran: Ran) -> None:
    (first, *others) = sensitivity_of(*ran, "K").indices

    assert (first.name, round(first.first, 3)) == ("kind", 1.0)
    assert all(item.total < 0.02 for item in others)


def test_constant_claims_have_no_indices(ran: Ran) -> None:
    found = sensitivity_of(*ran, "F")

    assert (found.status, found.indices) == ("constant", ())
    assert sensitivity_sentences(found, explain_words("en")) == ()


def test_sensitivity_is_plain_data(ran: Ran) -> None:
    data = sensitivity_of(*ran, "W", "quo").as_data()

    assert json.loads(json.dumps(data, allow_nan=False)) == data


@pytest.mark.parametrize("language", LANGUAGES)
def test_sentences_name_what_matters_most(ran: Ran, language: str) -> None:
    found: Sensitivity = find_sensitivity(read_evidence(*ran, "W", "quo"))

    sentences = sensitivity_sentences(found, explain_words(language))

    title = ran[1].uncertainties["gain"].title.in_language(language)
    assert title.lower() in sentences[0].lower()
    assert "%" in sentences[0]
    assert all("{" not in sentence for sentence in sentences)
