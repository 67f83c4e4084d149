"""Policies whose values are known functions of one number: what it is worth to know it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from tenbin.explain import explain_words
from tenbin.explain.levers import search_levers
from tenbin.explain.policies import Policies, find_policies
from tenbin.explain.policies_words import policy_sentences
from tenbin.explain.stored import StoredRun
from tenbin.figures.words import LANGUAGES
from toy_runs import stored_run

TEXT = """
uncertainties:
  x: {range: 0..1}
  y: {range: 0..1}
  z: {beta: [2, 2]}
levers:
  side: {default: 0, range: 0..1}
  height: {default: 0, range: 0..1}
policies: {left: {}, right: {side: 1}}
models:
  m:
    form: tree
    start: choose
    moves: {choose: {player: A, actions: {go: gone, stay: stayed}}}
    ends:
      gone: {A: side * x + (1 - side) * (1 - x) + 0.5 * y + 10}
      stayed: {A: 0}
  hill:
    form: tree
    start: choose
    moves: {choose: {player: A, actions: {go: gone, stay: stayed}}}
    ends:
      gone: {A: 10 - (height - 0.3) ** 2 - (side - 0.8) ** 2 + 0.1 * y}
      stayed: {A: 0}
  flat:
    form: tree
    start: choose
    moves: {choose: {player: A, actions: {go: gone, stay: stayed}}}
    ends:
      gone: {A: 1 + y}
      stayed: {A: 0}
  luck:
    form: tree
    start: choose
    moves: {choose: {player: A, actions: {go: gone, stay: stayed}}}
    ends:
      gone: {A: 1 + side * z}
      stayed: {A: 0}
claims:
  C: {says: Right is better, kind: causal, holds: "E(m.A, policy=right) > E(m.A, policy=left)"}
decision_maker: A
objectives:
  worth: {max: E(m.A)}
  cost: {min: side + 0 * E(flat.A)}
  hill: {max: E(hill.A)}
  luck: {max: E(luck.A)}
"""


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> StoredRun:
    return stored_run(tmp_path_factory.mktemp("policies"), TEXT, worlds=4096)


@pytest.fixture(scope="module")
def found(run: StoredRun) -> Policies:
    policies = find_policies(run)
    assert policies is not None
    return policies


def test_knowing_the_number_that_decides_is_worth_the_whole_regret(found: Policies) -> None:
    # E max(x, 1 - x) - 1/2 = 1/4 for x uniform on 0..1.
    worth = next(item for item in found.objectives if item.name == "worth")
    first = worth.resolving[0]

    assert first.name == "x"
    assert first.low < 0.25 < first.high
    assert first.value == pytest.approx(0.25, abs=0.01)
    assert first.share == pytest.approx(1.0, abs=0.03)
    assert worth.all_resolved == pytest.approx(0.25, abs=0.01)


def test_a_number_that_moves_all_policies_alike_is_worth_nothing(found: Policies) -> None:
    worth = next(item for item in found.objectives if item.name == "worth")
    other = next(item for item in worth.resolving if item.name == "y")

    assert other.value < 0.005
    assert other.low <= 0.0 <= other.high


def test_the_threshold_is_where_the_ranking_turns(found: Policies) -> None:
    worth = next(item for item in found.objectives if item.name == "worth")
    (turn,) = worth.thresholds

    assert (turn.name, turn.below, turn.above, turn.top) == ("x", "left", "right", True)
    assert turn.at == pytest.approx(0.5, abs=0.04)
    assert turn.low <= 0.5 <= turn.high


def test_the_front_has_the_cheap_policy_always_and_the_dear_one_where_it_is_better(
    tmp_path: Path,
) -> None:
    text = TEXT.replace("  hill: {max: E(hill.A)}\n  luck: {max: E(luck.A)}\n", "")
    found = find_policies(stored_run(tmp_path, text, worlds=4096))

    assert found is not None
    assert found.front.counts["left"] == found.front.worlds
    share = found.front.counts["right"] / found.front.worlds
    assert share == pytest.approx(0.5, abs=0.01)


def test_an_average_is_an_expected_value_only_of_distributions(found: Policies) -> None:
    readings = {item.name: item.as_data() for item in found.objectives}

    assert readings["worth"]["expected"] is None
    assert readings["luck"]["reading"] == "chance"
    assert readings["luck"]["expected"]["right"]["value"] == pytest.approx(1.5, abs=0.01)


def test_the_map_shows_each_policy_on_its_side(tmp_path: Path) -> None:
    text = TEXT.replace("side * x + (1 - side) * (1 - x)", "side * (x + y) + (1 - side)")
    found = find_policies(stored_run(tmp_path, text, worlds=4096))
    assert found is not None
    best = next(item for item in found.objectives if item.name == "worth").best

    assert best is not None
    assert {best.x, best.y} == {"x", "y"}
    corners = (best.best[0, 0], best.best[-1, -1])
    assert [best.policies[int(place)] for place in corners] == ["left", "right"]
    assert best.worlds.sum() == 4096


def test_means_are_those_of_the_stored_worlds(run: StoredRun, found: Policies) -> None:
    draws = run.draws(4096)
    worth = next(item for item in found.objectives if item.name == "worth")

    right = np.mean(draws["x"] + 0.5 * draws["y"] + 10)
    assert worth.means["right"][0] == pytest.approx(right, abs=1e-9)


def test_policies_are_plain_data(found: Policies) -> None:
    assert json.loads(json.dumps(found.as_data(), allow_nan=False))["policies"] == ["left", "right"]


def test_one_policy_is_not_weighed(tmp_path: Path) -> None:
    text = TEXT.replace("policies: {left: {}, right: {side: 1}}", "policies: {left: {}}").replace(
        '"E(m.A, policy=right) > E(m.A, policy=left)"', '"E(m.A) > 0"'
    )

    assert find_policies(stored_run(tmp_path, text, worlds=256)) is None


def test_levers_are_searched_to_the_top_of_the_hill(run: StoredRun) -> None:
    (best,) = search_levers(run.scenario, objectives=["hill"], worlds=16)

    assert best.status == "found"
    assert best.levers == {
        "side": pytest.approx(0.8, abs=0.08),
        "height": pytest.approx(0.3, abs=0.08),
    }
    assert best.mean is not None
    named = [value for value in best.named.values() if value is not None]
    assert best.mean > max(named)


def test_a_search_is_the_same_again(run: StoredRun) -> None:
    first, second = (
        search_levers(run.scenario, 3, objectives=["hill"], worlds=8)[0] for _ in range(2)
    )

    assert first == second


def test_an_objective_that_no_lever_reaches_is_not_searched(tmp_path: Path) -> None:
    text = TEXT.replace("side + 0 * E(flat.A)", "E(flat.A)")
    run = stored_run(tmp_path, text, worlds=64)

    (none,) = search_levers(run.scenario, objectives=["cost"])

    assert none.status == "none"
    assert none.candidates == 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_policies_are_said_in_every_language(
    run: StoredRun, found: Policies, language: str
) -> None:
    data = found.as_data()
    data["levers"] = [
        item.as_data() for item in search_levers(run.scenario, objectives=["hill"], worlds=8)
    ]

    sentences = policy_sentences(data, run.scenario, explain_words(language))

    assert len(sentences) > 4
    assert not any("{" in sentence for sentence in sentences)
