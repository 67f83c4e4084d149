"""Outcomes and events in words: titles found wherever a form keeps them, else names as they are."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tenbin.figures.words import LANGUAGES
from tenbin.report.events import call_title, event_title, outcome_text, outcome_title
from tenbin.report.words import report_words
from tenbin.scenario import Scenario
from tenbin.scenario.expressions import parse_expression
from tenbin.scenario.language import OutcomeCall

WORDS = report_words("en")

BODY: dict[str, Any] = {
    "form": "tree",
    "types": {"DPRK": {"trader": 0.5, "staller": "rest"}},
    "type_titles": {"DPRK": {"trader": {"en": "ready to trade", "ja": "取引型"}}},
    "options": {
        "relax": {"player": "US", "title": {"en": "Relax the demand", "ja": "要求を緩める"}}
    },
    "issues": {"payment": {"title": "the payment", "values": {"US": [0, 1]}}},
    "counters": {"arsenal": {"range": "0..5", "title": "warheads"}},
    "events": {"armed": {"when": "arsenal >= 1", "title": "a nuclear test"}},
    "states": {
        "dialogue": {
            "title": {"en": "Talks", "ja": "対話", "ko": "대화"},
            "actions": {"US": {"talk": {"title": "keep talking"}}, "DPRK": ["stall"]},
        },
        "deal": "relax",
    },
}


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    players = {
        "US": {"en": "United States", "ja": "米国"},
        "DPRK": {"en": "North Korea", "ja": "北朝鮮"},
    }
    measures = {"deal": {"title": "deals struck"}, "wages": {"title": "pay"}}
    data = {"tenbin": 1, "title": "events", "players": players, "measures": measures}
    game = {
        "form": "tree",
        "start": "choice",
        "moves": {"choice": {"player": "US", "actions": {"go": "on"}}},
        "ends": {"on": {"US": 0}},
    }
    made = Scenario.from_dict(data | {"models": {"m": game}})
    made.models["m"].body.clear()
    made.models["m"].body.update(BODY)
    return made


def call(text: str) -> OutcomeCall:
    expression, problems = parse_expression(text)
    assert expression is not None, problems
    return expression.calls[0]


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("relax", "Relax the demand"),
        ("payment", "the payment"),
        ("arsenal", "warheads"),
        ("armed", "a nuclear test"),
        ("dialogue", "Talks"),
        ("deal", "deal"),
        ("wages", "pay"),
        ("some_state", "some state"),
        ("US", "United States"),
        ("US.dialogue", "United States: Talks"),
        ("dialogue.US.talk", "Talks: United States: keep talking"),
        ("dialogue.DPRK.stall", "Talks: North Korea: stall"),
        ("DPRK.trader", "North Korea: ready to trade"),
        ("DPRK.staller", "North Korea: staller"),
        ("(dialogue) and (not (armed))", "Talks and not “a nuclear test”"),
        ("(relax) or ((dialogue) and (armed))", "Relax the demand or (Talks and a nuclear test)"),
    ],
)
def test_titles_are_found_wherever_the_form_keeps_them(scenario: Scenario, name: str, title: str):
    assert event_title(scenario, "m", name, WORDS) == title


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("share(m.dialogue)", "Long-run share of time: Talks"),
        ("time_to(m.armed, start=dialogue)",
         "Expected time until: a nuclear test (starting from Talks)"),
        ("survival(m.armed, at=2024)",
         "Probability that it has not come about: a nuclear test (at 2024)"),
        ("agreement(m.payment)", "What is agreed: the payment"),
        ("stable(m.deal, 'seq')", "Stable: deal (seq)"),
        ("reached(m.deal, 'moves')", "Reached from the status quo: deal (by any legal moves)"),
        ("adopts(m.US)", "Probability of joining: United States"),
        ("tipping(m.US)", "Is the tipping player: United States"),
        ("effort(m.US)", "Effort: United States"),
        ("low(m.payment)", "Lower end of the bargaining range: the payment"),
        ("high(m.payment)", "Upper end of the bargaining range: the payment"),
        ("P(m.dialogue, given=m.relax)", "Probability: Talks (given: Relax the demand)"),
        ("P(m.relax, given=any)",
         "Probability: Relax the demand (at its largest over the points of decision)"),
        ("B(m.dialogue, DPRK.trader)", "Belief at “Talks”: North Korea: ready to trade"),
    ],
)  # fmt: skip
def test_outcomes_of_every_form_have_words(scenario: Scenario, text: str, title: str):
    assert call_title(scenario, call(text), WORDS) == title


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "function",
    ["share", "time_to", "survival", "agreement", "stable", "reached", "adopts", "tipping",
     "effort", "low", "high", "order", "cutoff", "P", "E", "B"],
)  # fmt: skip
def test_every_language_has_words_for_every_outcome(
    scenario: Scenario, language: str, function: str
):
    title = outcome_title(scenario, "m", function, ["dialogue"], "", {}, report_words(language))

    assert {"en": "Talks", "ja": "対話", "ko": "대화"}[language] in title
    assert title != "dialogue"


def test_function_without_words_is_known_by_its_text(scenario: Scenario):
    assert outcome_title(scenario, "m", "novelty", ["deal"], "", {}, WORDS) == ""


@pytest.mark.parametrize(
    "text",
    [
        "E(m.US)",
        "P(m.dialogue.DPRK.stall)",
        "stable(m.deal, 'seq')",
        "survival(m.armed, at=2024)",
        "P(m.a and (m.b or not m.c), given=m.d)",
        "P(m.a, given=any)",
        "B(m.dialogue, DPRK.trader)",
    ],
)
def test_calls_are_written_as_in_the_file(text: str):
    assert outcome_text(call(text)) == text


def test_replaced_numbers_and_policies_are_no_part_of_the_text():
    assert outcome_text(call("E(m.US, troops=0, policy=redeploy)")) == "E(m.US)"


@pytest.mark.parametrize(
    ("form", "text", "title"),
    [
        ("contest", "P(m.US)", "Probability of winning: United States"),
        ("contest", "share(m.US)", "Share of the common effort: United States"),
        ("contest", "E(m.total)", "Expected value: all efforts together"),
        ("contest", "lasts(m.US, 3)", "Probability of still holding out: United States (at 3)"),
        ("cascade", "P(m.US)", "Probability of joining: United States"),
        ("cascade", "P(m.falls)", "Probability: the regime falls"),
        ("bargaining", "P(m.ratified)", "Probability: an agreement is struck and ratified"),
        ("conflict", "stable(m.deal, 'seq')", "Stable: deal (sequential stability)"),
        ("conflict", "stable(m.US.deal, 'coalition_nash')",
         "Stable: United States: deal (Nash stability of coalitions)"),
        ("conflict", "reached(m.deal, 'coalition_improvements')",
         "Reached from the status quo: deal (by improvements of coalitions)"),
    ],
)  # fmt: skip
def test_forms_have_words_of_their_own(scenario: Scenario, form: str, text: str, title: str):
    entry = replace(scenario.models["m"], form=form)
    changed = replace(scenario, models={"m": entry})

    assert call_title(changed, call(text), WORDS) == title
