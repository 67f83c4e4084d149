"""The certifier rejects what is not an equilibrium, and an end that is not the end."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from forms.cascade.small import LETTERS, random_network, solve

PRIVATE = {
    "gain": "g",
    "influence": "w",
    "cost": {"A": {"uniform": [0, 1]}, "B": {"normal": [0.6, 0.3]}, "C": 0.7},
}


def private(worlds: int = 60) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(2)
    return {"g": rng.uniform(0, 0.4, worlds), "w": rng.uniform(0, 0.6, worlds)}


def test_every_flipped_player_is_noticed():
    rng = np.random.default_rng(1)
    body, numbers = random_network(rng, 5, worlds=100)
    numbers = {k: v + 0.1 * (k[0] == "t") for k, v in numbers.items()}  # no ties
    solved = solve(body, numbers, LETTERS[:5])

    for player in range(5):
        joins = solved.solution.joins.copy()
        joins[:, :, player] = 1.0 - joins[:, :, player]
        certificate = solved.certify(replace(solved.solution, joins=joins))
        assert not certificate.certified.any()


@pytest.mark.parametrize("change", [1e-4, -1e-4])
def test_a_shifted_cutoff_is_noticed(change):
    solved = solve(PRIVATE, private())
    inside = (solved.solution.joins[:, 0, 1] > 0.01) & (solved.solution.joins[:, 0, 1] < 0.99)
    cutoff = solved.solution.cutoff.copy()
    cutoff[:, 0, 1] += change

    certificate = solved.certify(replace(solved.solution, cutoff=cutoff))

    assert inside.any()
    assert not certificate.certified[inside, 0].any()


def test_probabilities_must_follow_from_cutoffs():
    solved = solve(PRIVATE, private())
    joins = solved.solution.joins.copy()
    joins[:, 0, 0] = np.clip(joins[:, 0, 0] - 1e-6, 0, 1)

    certificate = solved.certify(replace(solved.solution, joins=joins))

    assert not certificate.certified[:, 0].any()


def test_the_greatest_equilibrium_does_not_pass_as_the_least():
    solved = solve({"thresholds": {"A": 1, "B": 1, "C": 2}})
    swapped = replace(
        solved.solution,
        joins=solved.solution.joins[:, ::-1],
        cutoff=solved.solution.cutoff[:, ::-1],
    )

    certificate = solved.certify(swapped)

    assert solved.certificate.certified.all()
    assert not certificate.certified.any()
    assert certificate.residual.max() == 0.0
    assert certificate.witness_gap.min() == 1.0


def test_a_private_greatest_equilibrium_does_not_pass_as_the_least():
    body = {"influence": 2, "cost": {"normal": [1, 0.3]}, "players": ["A", "B"]}
    solved = solve(body)
    s = solved.solution
    swapped = replace(s, joins=s.joins[:, ::-1], cutoff=s.cutoff[:, ::-1])

    assert s.found.all()
    assert solved.certificate.certified.all()
    assert not solved.certify(swapped).certified.any()


def test_margin_is_the_distance_to_a_tie():
    # B joins with 0.5 to spare, C stays out by 0.25; the range is that of C: 2.25 + 2.
    solved = solve({"thresholds": {"A": 0, "B": 0.5, "C": 2.25}})
    tied = solve({"thresholds": {"A": 0, "B": 1, "C": 2.25}})

    assert solved.certificate.margin[0, 0] == pytest.approx(0.25 / 4.25)
    assert tied.certificate.margin[0, 0] == 0.0
    assert tied.solution.flags["tie"].tolist() == [True]
