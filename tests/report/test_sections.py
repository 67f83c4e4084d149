"""Sections say what the run found, in whole sentences."""

import pytest

from tenbin.figures.words import LANGUAGES
from tenbin.forms.contract import Status
from tenbin.report.material import Material
from tenbin.report.naming import event_title, number, setting_title, values_in_words
from tenbin.report.sections import claims, methods, models, outcomes, scenario, solving, summary
from tenbin.report.sections.claims import advice
from tenbin.report.sections.solving import residual_text
from tenbin.report.shares import counted_share, policy_rows
from tenbin.report.words import at_least_text, report_words, share_text

WORDS = report_words("en")


def test_summary_counts_claims_by_word(material: Material):
    context = summary.context(material, WORDS)

    counted = {row["word"]: row["claims"] for row in context["words"]}
    assert counted["stated"] == ["C7"]
    assert counted["unverified"] == ["C6"]
    assert counted["supported"] == ["C5"]
    assert "8 claims were weighed in 64 sampled worlds" in context["sentences"][0]


def test_chances_and_coverage_are_told_apart(material: Material):
    sentences = summary.context(material, WORDS)["sentences"]
    panels = {panel["id"]: panel for panel in claims.context(material, WORDS)["claims"]}

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
    panels = {panel["id"]: panel for panel in claims.context(material, WORDS)["claims"]}

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


def test_methods_tell_how_to_run_it_again(material: Material):
    context = methods.context(material, WORDS)

    assert context["command"] == "tenbin run scenario --worlds 64 --seed 7 --design sobol"
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
        ("not (war)", "not (war)"),
    ],
)
def test_events_are_called_by_their_titles(material: Material, name: str, title: str):
    assert event_title(material.scenario, "deterrence", name, WORDS) == title


def test_settings_are_called_by_their_policies(material: Material):
    policies = tuple(material.scenario.policies)

    assert setting_title(material.scenario, policies, "", WORDS) == "any policy"
    assert setting_title(material.scenario, policies[:2], "", WORDS) == "Status quo, Redeployment"
    assert setting_title(material.scenario, (), "stake = 1", WORDS) == "stake = 1"
