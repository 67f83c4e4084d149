"""Panels bring what explains a claim: hinge, indices, region, validity, counterexample."""

from dataclasses import replace
from pathlib import Path

import pytest

from report.explained import KNOWN, explanation_of
from tenbin.figures.words import LANGUAGES
from tenbin.report.explaining import explanation, region_tiles, validity_text
from tenbin.report.html import page
from tenbin.report.material import Material
from tenbin.report.sections import claims, consistency, verdicts
from tenbin.report.stored import read_explained
from tenbin.report.words import report_words

WORDS = report_words("en")


def test_run_that_was_not_explained_has_empty_explanations(material: Material, tmp_path: Path):
    given = replace(material, explained={})

    assert read_explained(tmp_path) == {}
    assert explanation(given, material.scenario.claims["C2"], WORDS) == {}


def test_hinge_is_said_with_the_titles_of_the_scenario(material: Material):
    found = explanation(material, material.scenario.claims["C2"], WORDS)

    assert found["hinge"][0] == "Holds unless the prize is below 0.8."


def test_indices_have_bars_and_intervals(material: Material):
    (row,) = explanation(material, material.scenario.claims["C2"], WORDS)["indices"]

    assert (row["name"], row["first"], row["total"], row["range"]) == (
        "the prize",
        "40%",
        "60%",
        "50–80%",
    )


def test_validity_names_what_works_and_what_is_idle(material: Material):
    sentences = explanation(material, material.scenario.claims["C2"], WORDS)["validity"]

    text = " ".join(sentences)
    assert "75%" in sentences[0]
    assert "C1" in text
    assert len(sentences) >= 4
    assert validity_text(KNOWN["claims"]["C2"]["validity"], WORDS) == "75%"


def test_clash_gives_validity_once_per_value(material: Material):
    entry = explanation_of("C2", "stake", ("C1",))
    row = entry["validity"]["per_value"][0]
    entry["validity"]["per_value"] = [
        {**row, "share": 0.2, "asserts": {"stake": "0.5"}},
        {**row, "share": 0.9, "asserts": {"stake": "1.5"}},
    ]
    entry["validity"]["clash"] = {
        "stake": [{"claim": "C1", "value": "0.5"}, {"claim": "C3", "value": "1.5"}]
    }
    given = replace(material, explained={"claims": {"C2": entry}})

    text = " ".join(explanation(given, given.scenario.claims["C2"], WORDS)["validity"])

    assert "the prize = 0.5" in text
    assert "the prize = 1.5" in text
    assert "C3" in text
    assert validity_text(entry["validity"], WORDS) == "20% to 90%"


def test_validity_from_few_worlds_is_said_in_the_panel_alone(material: Material):
    entry = explanation_of("C2", "stake", ("C1",))
    entry["validity"]["per_value"][0]["worlds"] = 7
    given = replace(material, explained={"claims": {"C2": entry}})

    assert validity_text(entry["validity"], WORDS) == ""
    assert "7 worlds" in explanation(given, given.scenario.claims["C2"], WORDS)["validity"][0]


def test_counterexample_shows_play_before_and_after(material: Material):
    counter = explanation(material, material.scenario.claims["C2"], WORDS)["counter"]

    nearest, fewest = counter["flips"]
    assert counter["opening"].startswith("In the central world it holds.")
    assert nearest["changes"] == [
        {"name": "the prize", "before": "1", "after": "0.7", "moved": "−0.5"}
    ]
    war, payoff, event = nearest["play"]
    assert (event["title"], event["before"], event["after"]) == ("War", "2%", "31%")
    assert (war["title"], war["before"], war["after"]) == ("Probability: War", "2%", "31%")
    assert (payoff["before"], payoff["after"]) == ("–", "−1.25")
    assert "0.9 half-widths" in fewest["heading"]


@pytest.mark.parametrize("status", ["none_found", "unsolved_at_centre", "not_world_by_world"])
def test_search_without_a_counterexample_says_so(material: Material, status: str):
    entry = {**explanation_of("C2", "stake", ()), "counterexample": {"status": status}}
    given = replace(material, explained={"claims": {"C2": entry}})

    counter = explanation(given, given.scenario.claims["C2"], WORDS)["counter"]

    assert counter["opening"]
    assert counter["flips"] == []


def test_regions_are_drawn_once_for_all_languages(material: Material):
    html = page(material, "en")

    assert list(region_tiles(material)) == ["C2"]
    assert html.count('<symbol id="region-C2">') == 1
    assert html.count('<use href="#region-C2"/>') == len(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_panels_are_whole_in_every_language(material: Material, language: str):
    words = report_words(language)

    parts = claims.context(material, words)["parts"]
    (panel,) = [p for part in parts for p in part["claims"] if p["id"] == "C2"]
    assert all(panel["why"][key] for key in ("hinge", "indices", "region", "validity", "counter"))
    assert verdicts.context(material, words)["validity"]


def test_contradictions_are_listed_with_their_verdicts(material: Material):
    (row,) = consistency.context(material, WORDS)["rows"]

    assert [claim["id"] for claim in row["claims"]] == ["C2", "C3"]
    assert "64" in row["said"][0]
    assert consistency.context(replace(material, explained={}), WORDS) is None
