"""Sections say what the run found, in whole sentences."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from tenbin.figures.words import LANGUAGES
from tenbin.forms.contract import Status
from tenbin.report.argument import by_section
from tenbin.report.events import event_title, setting_title
from tenbin.report.material import Material
from tenbin.report.naming import number, values_in_words
from tenbin.report.sections import (
    claims,
    methods,
    models,
    outcomes,
    policies,
    scenario,
    solving,
    summary,
)
from tenbin.report.sections.claims import advice
from tenbin.report.sections.solving import residual_text
from tenbin.report.shares import counted_share, policy_rows
from tenbin.report.words import at_least_text, report_words, share_text

WORDS = report_words("en")


def panels_of(material: Material) -> dict[str, dict[str, Any]]:
    """The panels of all claims by their names."""
    parts = claims.context(material, WORDS)["parts"]
    return {panel["id"]: panel for part in parts for panel in part["claims"]}


def test_summary_counts_claims_by_word(material: Material):
    context = summary.context(material, WORDS)

    counted = {row["word"]: row["claims"] for row in context["words"]}
    assert counted["stated"] == ["C7"]
    assert counted["unverified"] == ["C6"]
    assert counted["supported"] == ["C5"]
    assert "8 claims were weighed in 64 sampled worlds" in context["sentences"][0]


def test_chances_and_coverage_are_told_apart(material: Material):
    sentences = summary.context(material, WORDS)["sentences"]
    panels = panels_of(material)

    assert any(sentence.startswith("For 1 claim the share is a chance") for sentence in sentences)
    assert any(sentence.startswith("For 4 claims the share is coverage") for sentence in sentences)
    assert "The share is a chance." in panels["C8"]["sentences"][0]
    assert "coverage of the stated ranges, not a chance" in panels["C2"]["sentences"][0]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("stake", "0.5 to 1.5 (range)"),
        ("luck", "beta with shapes 4 and 2, from 0 to 1"),
        ("cost", "lognormal with median 1.2 and standard deviation of the logarithm 0.2 "
            "within 0.5 and 3"),
        ("shock", "0 with probability 30%, 1 with probability 70%"),
    ],
)  # fmt: skip
def test_uncertainties_in_words(material: Material, name: str, words: str):
    assert values_in_words(material.scenario.uncertainties[name], WORDS) == words


def test_scenario_tells_sources_levers_and_policies(material: Material):
    context = scenario.context(material, WORDS)

    assert context["uncertainties"][0]["source"] == "judgement; fact F1"
    assert context["uncertainties"][1]["source"] == "no source given"
    assert context["numbers"][-1]["source"] == "lever, 0 to 1"
    assert context["policies"][0]["sets"] == "Nothing is changed."
    assert context["policies"][2]["sets"] == "commits deterrence.response to resist"


def test_policies_in_korean_have_their_particles(material: Material):
    context = scenario.context(material, report_words("ko"))

    assert context["policies"][2]["sets"] == "deterrence.response를 resist로 고정"


def test_models_are_drawn_with_their_size(material: Material):
    model = models.context(material, WORDS)["models"][0]

    assert "sequential equilibrium" in model["facts"]
    assert "8 ends" in model["facts"]
    assert len(model["pictures"]) == 1
    assert model["pictures"][0]["caption"].startswith("The whole game: 8 ends.")


def test_claim_panels_name_premises_facts_and_reading(material: Material):
    panels = panels_of(material)

    assert panels["C2"]["needs"][0]["id"] == "C1"
    assert [fact["id"] for fact in panels["C1"]["facts"]] == ["F1", "F2"]
    assert panels["C1"]["facts"][0]["value"] == "5 (4.5…5.5) bn"
    assert panels["C1"]["facts"][1]["value"] == "–"
    assert panels["C1"]["reading"] == "Less probable than today."
    assert panels["C6"]["sentences"][-1] == "See the row."
    assert panels["C7"]["rows"] == []


def test_outcomes_are_shown_by_policy_with_all_their_worlds(material: Material):
    (model,) = outcomes.context(material, WORDS)["models"]
    war = next(item for item in model["outcomes"] if item["text"] == "P(war)")

    assert war["title"] == "Probability: War"
    assert [row["setting"] for row in war["rows"]][:2] == ["Status quo", "Redeployment"]
    assert all(row["worlds"].startswith("64") for row in war["rows"])


def test_distributions_count_every_world(material: Material):
    for outcome in material.outcomes:
        for row in outcome.rows:
            assert sum(row.counts) == row.worlds - row.missing


def test_settings_with_replaced_numbers_are_limited(material: Material):
    troops = next(item for item in material.outcomes if item.arguments == ("troops_left",))

    assert sum(not row.policies for row in troops.rows) == 4
    assert troops.left_out > 0


def test_solving_lists_models_and_residuals(material: Material):
    context = solving.context(material, WORDS)

    assert [row["name"] for row in context["rows"]] == ["deterrence"]
    assert context["rows"][0]["solved"] == "100%"


def test_solving_shows_what_the_manifest_counts():
    counts = {
        "worlds": 200,
        "complete": 50,
        "mean_equilibria": 1.25,
        "several": 30,
        "flags": {"tie": 20, "bifurcation": 0, "odd_one": 2},
        "margin_quantiles": {"0.01": 1e-9, "0.05": 3.1e-4},
        "units": {"worlds": 1024, "changed": 31, "interval": [0.0213, 0.0427], "share": 31 / 1024},
    }

    shown = solving.solving_counts("tree", counts, WORDS)

    assert shown == {
        "margin": "3e-04",
        "flags": "tie: 10%, odd one: 1%",
        "complete": "25%",
        "equilibria": "1.25 (several in 15%)",
        "units": "3% (2–4%) of 1,024",
    }


def test_solving_leaves_out_what_is_not_counted(material: Material):
    bare = replace(material, manifest={**material.manifest, "results": {}})

    assert solving.context(material, WORDS)["extra"]
    assert solving.context(bare, WORDS)["extra"] == []


def test_claims_stand_by_section_in_the_order_of_the_article(material: Material):
    parts = claims.context(material, WORDS)["parts"]

    assert [part["title"] for part in parts] == ["Section 1", "Section 2", "Without a section"]
    assert [panel["id"] for panel in parts[0]["claims"]] == ["C2"]
    assert [panel["id"] for panel in parts[2]["claims"]] == ["C3", "C4", "C5", "C6", "C7", "C8"]


def test_sections_are_ordered_as_numbers():
    names = ["10", "2", "Annex", ""]
    made = [SimpleNamespace(section=name, id=name) for name in names]

    assert list(by_section(made)) == ["2", "10", "Annex", ""]


def test_claims_lead_to_premises_and_to_what_rests_on_them(material: Material):
    panels = panels_of(material)

    assert panels["C2"]["needs"][0]["title"] == "Redeployment and war"
    assert [other["id"] for other in panels["C1"]["needed_by"]] == ["C2"]
    assert panels["C1"]["needed_by"][0]["word"] == panels["C2"]["word"]


def test_claims_and_games_lead_to_each_other(material: Material):
    (model,) = models.context(material, WORDS)["models"]
    panels = panels_of(material)

    assert [claim["id"] for claim in model["claims"]] == ["C1", "C2", "C3", "C4", "C8"]
    assert panels["C8"]["games"] == [{"name": "deterrence", "title": "Extended deterrence"}]
    assert panels["C5"]["games"] == []


def test_claims_can_be_chosen_by_kinds_and_words_that_occur(material: Material):
    context = claims.context(material, WORDS)

    assert [choice["name"] for choice in context["kinds"]] == [
        "fact", "causal", "prediction", "normative",
    ]  # fmt: skip
    assert "stated" in [choice["name"] for choice in context["words"]]
    assert context["kinds"][0]["label"] == "fact (2)"


def test_policies_are_compared_by_every_objective(material: Material):
    context = policies.context(material, WORDS)

    assert [table["title"] for table in context["tables"]] == ["Risk of war", "Troops that stay"]
    assert [row["policy"] for row in context["tables"][0]["rows"]][:2] == [
        "Status quo", "Redeployment",
    ]  # fmt: skip
    assert context["tables"][0]["enough"] == "good enough: at most 0.2"
    assert context["sentences"][0].startswith("Decision maker: United States.")


def test_policies_are_worded_as_coverage_where_a_range_may_reach(material: Material):
    assert "coverage" in policies.context(material, WORDS)["sentences"][1]


def test_policies_are_left_out_where_there_is_nothing_to_compare(material: Material):
    verdicts = {key: value for key, value in material.verdicts.items() if key != "policies"}

    assert policies.context(replace(material, verdicts=verdicts), WORDS) is None


def test_a_scenario_of_one_model_needs_no_picture_of_the_system(material: Material):
    assert models.context(material, WORDS)["system"] is None


def test_methods_tell_how_to_run_it_again(material: Material):
    context = methods.context(replace(material, explained={}), WORDS)

    assert context["command"] == "tenbin run scenario --worlds 64 --seed 7 --design sobol"
    explained = methods.context(material, WORDS)["command"]
    assert explained == context["command"] + " --explain"
    assert (WORDS("methods.scenario"), material.scenario.digest) in context["identity"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("status", [status for status in Status if status != Status.SOLVED])
def test_every_status_has_advice_in_every_language(language: str, status: Status):
    assert len(advice(status.name.lower(), report_words(language))) > 15


@pytest.mark.parametrize(
    ("share", "text"),
    [(0.0, "0%"), (1.0, "100%"), (0.9999, ">99.9%"), (0.0001, "<0.1%"), (0.521, "52%")],
)
def test_shares_never_round_to_none_or_all(share: float, text: str):
    assert share_text(share) == text


def test_at_least_rounds_down():
    assert at_least_text(0.98699) == "98.6%"
    assert at_least_text(0.999) == "99.9%"


@pytest.mark.parametrize(
    ("quantifier", "share"), [("every", 0.5), ("some", 0.75), ("selected", 0.6)]
)
def test_counted_share_follows_the_quantifier(quantifier: str, share: float):
    row = {"holds": 0.5, "mixed": 0.25, "selected": 0.6}

    assert counted_share(row, quantifier) == share


def test_policies_that_change_nothing_are_one_row():
    same, other = {"holds": 1.0}, {"holds": 0.0}

    assert policy_rows({"policies": {"a": same, "b": dict(same)}}) == {"any": same}
    assert policy_rows({"policies": {"a": same, "b": other}}) == {"a": same, "b": other}
    assert policy_rows({"policies": {"all": same}}) == {"all": same}


@pytest.mark.parametrize(("residual", "text"), [(None, "–"), (0.0, "0"), (2.3e-7, "2e-07")])
def test_residuals_have_one_digit(residual: float | None, text: str):
    assert residual_text(residual) == text


@pytest.mark.parametrize(
    ("value", "text"), [(28500.0, "28,500"), (-0.25, "−0.25"), (0.1, "0.1"), (1234.5, "1234.5")]
)
def test_numbers_stand_as_in_the_file(value: float, text: str):
    assert number(value) == text


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("war", "War"),
        ("challenge.keep_quiet", "Challenge: keep quiet"),
        ("troops_left", "troops left"),
        ("US", "United States"),
        ("DPRK.hawk", "North Korea: hawk"),
        ("not (war)", "not “War”"),
    ],
)
def test_events_are_called_by_their_titles(material: Material, name: str, title: str):
    assert event_title(material.scenario, "deterrence", name, WORDS) == title


def test_settings_are_called_by_their_policies(material: Material):
    policies = tuple(material.scenario.policies)

    assert setting_title(material.scenario, policies, (), WORDS) == "any policy"
    assert setting_title(material.scenario, policies[:2], (), WORDS) == "Status quo, Redeployment"


def test_settings_without_a_policy_are_called_by_what_is_set(material: Material):
    setting = (("stake", "1"), ("luck", "2 * stake"), ("deterrence.last", "attack"))

    title = setting_title(material.scenario, (), setting, WORDS)

    assert title == "the prize = 1, luck = 2 * the prize, last: attack"
    assert setting_title(material.scenario, (), (), WORDS) == "no policy"
