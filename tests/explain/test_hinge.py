"""The hinge of a claim is the box in which it holds, said in words; noise has none."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tenbin.explain import (
    Evidence,
    explain_words,
    find_hinge,
    hinge_of,
    hinge_sentences,
    read_evidence,
)
from tenbin.explain.boxes import Binned
from tenbin.explain.evidence import Input, binned_arrays
from tenbin.explain.hinge_search import search_boxes
from tenbin.explain.hinge_words import figure_text, value_text
from tenbin.figures.words import LANGUAGES
from tenbin.scenario import Scenario, Text

Ran = tuple[Path, Scenario]


def evidence_of(binned: Binned) -> Evidence:
    edges = tuple(np.linspace(0.0, 1.0, 257).tolist())
    inputs = tuple(
        Input(f"x{j}", "range", Text({"en": f"x{j}"}), "", 0.0, 1.0, edges)
        for j in range(binned.dimensions)
    )
    worlds = sum(len(block.truth) for block in binned.blocks)
    return Evidence("C", "p", "every", inputs, binned, worlds, 0)


def test_hinge_is_the_box_of_the_game(ran: Ran) -> None:
    found = hinge_of(*ran, "W", "quo")

    assert (found.status, found.side) == ("found", "holds")
    assert len(found.boxes) == 1
    limits = {item.input.name: (item.low, item.high) for item in found.boxes[0].restrictions}
    assert limits["gain"] == (pytest.approx(1.2, abs=0.01), None)
    assert limits["cost"] == (None, pytest.approx(0.5, abs=0.01))
    assert set(limits) == {"gain", "cost"}
    assert found.together.coverage > 0.95
    assert found.together.density > 0.95


def test_the_rarer_side_is_looked_at(ran: Ran) -> None:
    peace, war = hinge_of(*ran, "N", "quo"), hinge_of(*ran, "W", "quo")

    assert peace.side == "fails"
    assert peace.together == war.together


def test_a_choice_is_found_by_its_value(ran: Ran) -> None:
    (box,) = hinge_of(*ran, "K").boxes

    assert [(item.input.name, item.values) for item in box.restrictions] == [("kind", (2.0,))]
    assert (box.score.coverage, box.score.density) == (1.0, 1.0)


def test_a_derived_number_decides_where_it_says_more_than_those_it_is_made_of(ran: Ran) -> None:
    (box,) = hinge_of(*ran, "B").boxes

    assert [item.input.name for item in box.restrictions] == ["excess"]
    assert box.restrictions[0].found_again == 1.0
    assert box.restrictions[0].quasi_p < 1e-9


@pytest.mark.parametrize(
    ("claim", "policy", "side"), [("F", "all", "fails"), ("W", "alert", "holds")]
)
def test_a_claim_that_is_the_same_everywhere_has_no_hinge(
    ran: Ran, claim: str, policy: str, side: str
) -> None:
    found = hinge_of(*ran, claim, policy)

    assert (found.status, found.side, found.boxes) == ("constant", side, ())


def test_few_worlds_have_no_hinge() -> None:
    x = np.random.default_rng(0).random((1000, 3))

    found = find_hinge(evidence_of(binned_arrays(x, x[:, 0] < 0.01)))

    assert found.status == "too few"


@pytest.mark.parametrize("share", [0.05, 0.5])
def test_noise_has_no_hinge(share: float) -> None:
    found = 0
    for seed in range(12):
        generator = np.random.default_rng(seed)
        x = generator.random((2000, 25))
        binned = binned_arrays(x, generator.random(2000) < share)
        found += bool(search_boxes(binned, repeats=0).boxes)

    # Each search is wrong in about one case in a hundred: two of twelve would be no accident.
    assert found <= 1


def test_two_boxes_are_found_where_there_are_two() -> None:
    x = np.random.default_rng(0).random((20_000, 8))
    truth = ((x[:, 0] < 0.3) & (x[:, 1] < 0.4)) | ((x[:, 5] > 0.8) & (x[:, 6] > 0.5))

    found = find_hinge(evidence_of(binned_arrays(x, truth)), repeats=0)

    names = [{item.input.name for item in box.restrictions} for box in found.boxes]
    assert sorted(map(sorted, names)) == [["x0", "x1"], ["x5", "x6"]]
    assert found.together.coverage > 0.97
    assert found.together.density > 0.97


def test_hinge_is_the_same_however_worlds_are_cut() -> None:
    x = np.random.default_rng(0).random((6000, 6))
    truth = (x[:, 0] < 0.4) & (x[:, 1] < 0.6) ^ (x[:, 2] < 0.05)

    whole, cut = (
        find_hinge(evidence_of(binned_arrays(x, truth, block=block))).as_data()
        for block in (2**16, 333)
    )

    assert whole == cut


def test_held_out_worlds_say_the_same_as_all() -> None:
    x = np.random.default_rng(0).random((20_000, 10))
    noise = np.random.default_rng(1).random(len(x)) < 0.1
    truth = ((x[:, 0] < 0.5) & (x[:, 1] < 0.5)) ^ noise

    (box,) = find_hinge(evidence_of(binned_arrays(x, truth)), repeats=0).boxes

    assert box.held_out.density == pytest.approx(0.9, abs=0.02)
    assert box.score.density == pytest.approx(box.held_out.density, abs=0.02)


def test_hinge_is_plain_data(ran: Ran) -> None:
    data = hinge_of(*ran, "W", "quo").as_data()

    assert json.loads(json.dumps(data, allow_nan=False)) == data
    assert data["boxes"][0]["restrictions"][0]["input"] in ("gain", "cost")
    assert data["tree"]["children"]


def test_hinge_in_english(ran: Ran) -> None:
    sentences = hinge_sentences(hinge_of(*ran, "N", "quo"), explain_words("en"))

    gain, cost = "gain of war is at least 1.2 trillion won a year", "cost of war is below 0.5"
    assert sentences[0] in (f"Holds unless {gain} and {cost}.", f"Holds unless {cost} and {gain}.")
    assert sentences[1].startswith("This covers ")


def test_hinge_in_japanese_and_korean(ran: Ran) -> None:
    found = hinge_of(*ran, "W", "quo")

    japanese, korean = (hinge_sentences(found, explain_words(code))[0] for code in ("ja", "ko"))

    assert "戦争の利得が年1.2兆ウォン以上" in japanese
    assert japanese.endswith("である場合を除き、成り立たない。")
    assert "전쟁의 이득이 연 1.2조 원 이상" in korean
    assert "전쟁의 비용이 0.5 미만" in korean
    assert korean.endswith("인 경우를 제외하면 성립하지 않는다.")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("claim", "policy"), [("F", "all"), ("W", "alert"), ("K", "all")])
def test_every_outcome_has_its_sentence(ran: Ran, claim: str, policy: str, language: str) -> None:
    sentences = hinge_sentences(hinge_of(*ran, claim, policy), explain_words(language))

    assert all(sentence and "{" not in sentence for sentence in sentences)


@pytest.mark.parametrize("language", LANGUAGES)
def test_weak_hinges_and_none_and_few_are_said_as_such(language: str) -> None:
    words = explain_words(language)
    x = np.random.default_rng(0).random((20_000, 3))
    luck = np.random.default_rng(1).random(len(x))
    weak = luck < np.where(x[:, 0] < 0.5, 0.2, 0.1)
    said = [
        hinge_sentences(find_hinge(evidence_of(binned_arrays(x, truth)), repeats=0), words)
        for truth in (weak, luck < 0.3, luck < 0.0005)
    ]

    leaning = words("hinge.leans.holds", condition="@").partition("@")
    assert said[0][0].startswith(leaning[0])
    assert said[0][0].endswith(leaning[2])
    assert "x0" in said[0][0]
    assert said[1][0] == words("hinge.none", count="3")
    assert said[2][0] == words(
        "hinge.too_few.holds", count=f"{int((luck < 0.0005).sum())}", worlds="20,000"
    )


def test_unsolved_worlds_are_said(ran: Ran) -> None:
    found = replace(hinge_of(*ran, "W", "quo"), unsolved=7)

    assert hinge_sentences(found, explain_words("en"))[-1] == (
        "7 worlds are unsolved and left out."
    )


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.79999, "0.8"), (-0.0371, "−0.0371"), (28_512.3, "28,500"), (-1234.0, "−1,230"), (0, "0")],
)
def test_figures_have_three_digits(value: float, text: str) -> None:
    assert figure_text(value) == text


def test_years_are_written_in_full_and_unknown_units_as_they_are() -> None:
    words = explain_words("ko")

    assert value_text(2029.6, "year", words) == "2030"
    assert value_text(3.0, "USD/kg", words) == "3 USD/kg"
    assert value_text(3.1, "trn KRW", words) == "3.1조 원"


def test_numbers_of_the_run_are_all_there(ran: Ran) -> None:
    evidence = read_evidence(*ran, "W", "quo")
    found = find_hinge(evidence, repeats=0)

    assert found.together.all_worlds == evidence.solved
    assert found.together.all_hits == evidence.holds
    assert all(item.found_again is None for box in found.boxes for item in box.restrictions)
