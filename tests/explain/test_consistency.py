"""Contradictions planted in claims about one number, found from verdict bits alone."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy.stats import hypergeom

from tenbin.explain import explain_words
from tenbin.explain.consistency import Consistency, find_consistency
from tenbin.explain.consistency_bits import chance_of_none
from tenbin.explain.consistency_words import (
    consistency_picture,
    consistency_sentences,
    contradiction_sentences,
)
from tenbin.explain.stored import StoredRun
from tenbin.figures.words import LANGUAGES
from toy_runs import MODEL, stored_run

NUMBERS = """
uncertainties:
  kind: {choice: {1: 0.34, 2: 0.33, 3: 0.33}}
  gain: {range: 0..2}
  cost: {range: 0..2}
  idle: {range: 0..1}
"""

CLAIMS = """
claims:
  not_one: {says: Not one, kind: causal, holds: kind != 1}
  not_two: {says: Not two, kind: causal, holds: kind != 2}
  not_three: {says: Not three, kind: causal, holds: kind != 3}
  war: {says: War, kind: causal, holds: P(crisis.war) > 0.5}
  peace: {says: Peace, kind: causal, holds: P(crisis.war) < 0.5}
  idle_top: {says: Idle is near one, kind: causal, holds: idle > 0.99}
  gain_top: {says: Gain is near two, kind: causal, holds: gain > 1.98 and idle < 0.5}
  never: {says: Nothing, kind: causal, holds: gain > 3}
"""


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> StoredRun:
    return stored_run(tmp_path_factory.mktemp("consistency"), NUMBERS + MODEL + CLAIMS)


@pytest.fixture(scope="module")
def found(run: StoredRun) -> Consistency:
    return find_consistency(run)


def sets(found: Consistency, size: int) -> set[frozenset[str]]:
    return {frozenset(c.claims) for c in found.contradictions if len(c.claims) == size}


def test_three_claims_that_agree_two_by_two_are_found_together(found: Consistency) -> None:
    assert sets(found, 3) == {frozenset({"not_one", "not_two", "not_three"})}


def test_two_claims_that_exclude_each_other_are_found(found: Consistency) -> None:
    assert frozenset({"war", "peace"}) in sets(found, 2)


def test_rare_claims_that_miss_each_other_by_chance_are_not_reported(found: Consistency) -> None:
    assert frozenset({"idle_top", "gain_top"}) not in sets(found, 2)
    assert found.hidden > 0


def test_a_claim_that_holds_nowhere_is_said_once_and_contradicts_nothing(
    found: Consistency,
) -> None:
    assert found.nowhere == ("never",)
    assert not any("never" in item.claims for item in found.contradictions)


def test_the_bound_is_the_rule_of_three(found: Consistency) -> None:
    apart = next(c for c in found.contradictions if set(c.claims) == {"war", "peace"})

    assert apart.worlds == 2048
    assert apart.bound == pytest.approx(3 / 2048, rel=0.01)
    assert apart.expected == pytest.approx(512, rel=0.05)


def test_one_equilibrium_per_world_leaves_no_equilibrium_with_both(found: Consistency) -> None:
    assert all(item.in_equilibria for item in found.contradictions)


def test_the_nearest_world_has_all_but_one(run: StoredRun, found: Consistency) -> None:
    apart = next(c for c in found.contradictions if set(c.claims) == {"war", "peace"})
    near = apart.nearest

    assert near is not None
    assert near.partner is not None
    draws = run.draws(2048)
    holds = draws["gain"] > draws["cost"]
    assert holds[near.world] != holds[near.partner]
    assert near.distance is not None
    assert near.distance < 0.2


def test_shares_are_those_of_worlds(run: StoredRun, found: Consistency) -> None:
    draws = run.draws(2048)
    place = {claim: i for i, claim in enumerate(found.claims)}
    both = np.mean((draws["kind"] != 1) & (draws["kind"] != 2))

    assert found.shares[place["not_one"], place["not_two"]] == pytest.approx(both)
    assert found.association[place["war"], place["peace"]] == pytest.approx(-1.0, abs=0.01)


def test_the_chance_of_no_overlap_is_hypergeometric() -> None:
    worlds, first, second = (np.array([n]) for n in (100, 20, 10))

    assert chance_of_none(worlds, first, second) == pytest.approx(hypergeom(100, 20, 10).pmf(0))
    assert chance_of_none(worlds, np.array([60]), np.array([41])) == pytest.approx(0.0)


def test_parts_of_a_run_give_the_counts_of_the_whole(
    run: StoredRun, found: Consistency, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tenbin.explain.consistency_bits._WORLDS_AT_ONCE", 100)

    again = find_consistency(run)

    assert again.as_data() == found.as_data()


@pytest.mark.parametrize("language", LANGUAGES)
def test_contradictions_are_said_in_every_language(
    run: StoredRun, found: Consistency, language: str
) -> None:
    words, data = explain_words(language), found.as_data()

    sentences = consistency_sentences(data, words)
    for item in data["contradictions"]:
        sentences += contradiction_sentences(item, run.scenario, words)
    picture = consistency_picture(data, run.scenario, words)

    assert len(sentences) > 3
    assert not any("{" in sentence for sentence in sentences)
    assert set(picture.claims) == set(found.claims)


def test_a_run_in_which_nothing_clashes_finds_nothing(tmp_path: Path) -> None:
    claims = """
claims:
  war: {says: War, kind: causal, holds: P(crisis.war) > 0.5}
  idle: {says: Idle, kind: causal, holds: idle > 0.5}
"""
    found = find_consistency(stored_run(tmp_path, NUMBERS + MODEL + claims))

    assert found.contradictions == ()
    assert found.hidden == 0
