"""The global game of Morris and Shin: its threshold, several roots, limits."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.special import ndtr, ndtri

from forms.cascade.small import solve

PRIOR = {
    "concept": "global",
    "cost": "c",
    "noise": "s",
    "prior": {"mean": "y", "precision": "a"},
}


def draws(worlds: int, seed: int = 0) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(seed)
    return {
        "c": rng.uniform(0.05, 0.95, worlds),
        "s": rng.uniform(0.02, 1.5, worlds),
        "y": rng.uniform(-0.5, 1.5, worlds),
        "a": rng.uniform(0.0, 60.0, worlds),
    }


def test_diffuse_prior_falls_below_one_minus_cost():
    # Morris and Shin (2003): theta* = 1 - c for any noise.
    numbers = draws(200)
    body = {"concept": "global", "cost": "c", "noise": "s"}

    solved = solve(body, {k: numbers[k] for k in ("c", "s")})

    assert solved.ask("cutoff(m.state)")[:, 0] == pytest.approx(1 - numbers["c"], abs=1e-15)
    assert solved.certificate.certified[:, 0].all()


def test_small_prior_precision_tends_to_the_diffuse_case():
    numbers = {**draws(200), "a": np.full(200, 1e-9)}

    solved = solve(PRIOR, numbers)

    assert solved.ask("cutoff(m.state)")[:, 0] == pytest.approx(1 - numbers["c"], abs=1e-8)


def test_number_of_equilibria_is_that_of_sign_changes():
    numbers = draws(100, seed=1)
    solved = solve(PRIOR, numbers)
    a, b = numbers["a"][:, None], numbers["s"][:, None] ** -2.0
    u = np.linspace(-160, 160, 300_001)[None]

    for world in range(100):
        level = np.sqrt(a[world] + b[world]) * ndtri(numbers["c"][world])
        excess = a[world] * (ndtr(u) - numbers["y"][world]) - np.sqrt(b[world]) * u - level
        roots = int((np.diff(np.sign(excess[0])) != 0).sum())
        assert solved.solution.found[world].sum() == max(roots, 1)


def test_one_equilibrium_where_signals_are_precise_enough():
    # sqrt(2 pi b) >= a is sufficient (Morris and Shin 2003, proposition 3.1).
    numbers = draws(2000, seed=2)
    unique = np.sqrt(2 * np.pi) / numbers["s"] >= numbers["a"]

    solved = solve(PRIOR, numbers)

    assert solved.solution.found[unique].sum(axis=1).max() == 1
    assert solved.solution.found[~unique].sum(axis=1).max() == 3


def test_least_attack_comes_first():
    solved = solve(PRIOR, draws(2000, seed=3))
    several = solved.solution.found[:, 1]
    least, greatest, between = solved.solution.cutoff[several, :, 0].T

    assert several.any()
    assert (least < between).all()
    assert (between < greatest).all()


@pytest.mark.parametrize(
    ("state", "share"),
    [({"uniform": [0, 1]}, 0.7), ({"normal": [0.7, 0.2]}, 0.5), (0.69, 1.0), (0.71, 0.0)],
)
def test_regime_falls_where_the_state_lies_below(state, share):
    body = {"concept": "global", "cost": 0.3, "noise": 0.1, "state": state}

    assert solve(body).ask("P(m.falls)")[0, 0] == pytest.approx(share, abs=1e-12)


@pytest.mark.parametrize("state", [{"uniform": [-0.3, 1.4]}, {"normal": [0.4, 0.3]}, 0.6])
def test_mean_attack_is_that_of_a_simulation(state):
    body = {"concept": "global", "cost": 0.3, "noise": 0.2, "state": state}
    rng = np.random.default_rng(0)
    if isinstance(state, dict):
        kind, (a, b) = next(iter(state.items()))
        drawn = getattr(rng, kind)(a, b, 400_000)
    else:
        drawn = np.full(400_000, state)

    solved = solve(body)
    signal = solved.ask("cutoff(m.signal)")[0, 0]
    attacks = (drawn + rng.normal(0, 0.2, 400_000) <= signal).mean()

    assert solved.ask("E(m.attack)")[0, 0] == pytest.approx(attacks, abs=4e-3)


def test_wrong_threshold_is_not_certified():
    solved = solve(PRIOR, draws(50, seed=4))
    cutoff = solved.solution.cutoff.copy()
    cutoff[:, 0, 0] += 1e-4

    certificate = solved.certify(replace(solved.solution, cutoff=cutoff))

    assert not certificate.certified[:, 0].any()
