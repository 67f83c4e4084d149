"""Links between models, found without solving: directly, through numbers, with replaced ones."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tenbin.figures.words import LANGUAGES
from tenbin.judge import Tally, claim_requests
from tenbin.report.html import write_report
from tenbin.report.system import find_links, models_of_claims, system_of
from tenbin.report.words import report_words
from tenbin.run import RunOptions, execute, make_plan
from tenbin.scenario import Scenario, load_scenario

WORDS = report_words("en")


def model(first: str, player: str = "US", **more: object) -> dict[str, object]:
    """A choice between a payoff and nothing."""
    return {
        "form": "tree",
        "start": "choice",
        "moves": {"choice": {"player": player, "actions": {"go": "on", "stay": "off"}}},
        "ends": {"on": {player: first}, "off": {player: 0}},
        **more,
    }


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    claim = {"says": "so", "kind": "causal"}
    return Scenario.from_dict(
        {
            "tenbin": 1,
            "title": "links",
            "players": {
                "US": {"en": "United States (president)", "ja": "米国（大統領）"},
                "ROK": "Korea",
            },
            "uncertainties": {"x": "0..1", "troops": "0..5"},
            "derived": {"worth": "half * P(up.on, troops=0)", "half": "E(up.US) / 2"},
            "models": {
                "up": model("x + troops", title={"en": "Upstream", "ja": "上流"}),
                "down": model("worth - P(up.on)", "ROK"),
                "last": model("E(down.ROK) + x"),
                "alone": model("x"),
            },
            "claims": {
                "C1": {**claim, "holds": "P(last.on) > half"},
                "C2": {**claim, "holds": "P(down.on) > 0.5"},
                "C3": {**claim, "stated": "a purpose"},
            },
        }
    )


def test_links_go_through_derived_numbers(scenario: Scenario):
    found = {
        (link.target, link.call.model, link.call.text(), link.settings): link.through
        for link in find_links(scenario)
    }

    assert found == {
        ("down", "up", "P(up: on)", ""): (),
        ("down", "up", "P(up: on)", "troops = 0"): ("worth",),
        ("down", "up", "E(up: US)", ""): ("half",),
        ("last", "down", "E(down: ROK)", ""): (),
    }


def test_claims_count_for_every_model_that_they_ask(scenario: Scenario):
    assert models_of_claims(scenario) == {
        "up": ("C1",), "down": ("C2",), "last": ("C1",), "alone": (),
    }  # fmt: skip


def test_boxes_tell_players_forms_and_settings(scenario: Scenario):
    system = system_of(scenario, find_links(scenario), WORDS)
    boxes = {box.key: box for box in system.models}

    assert system.players == ("United States", "Korea")
    assert boxes["up"].title == "Upstream"
    assert boxes["down"].players == (1,)
    assert boxes["down"].form == "game tree"
    assert boxes["alone"].note == ""
    assert boxes["up"].note == "1 claim"
    assert [(f.label, f.settings) for f in boxes["down"].flows] == [
        ("P(up.on)", ("as in the world", "troops = 0")),
        ("E(up.US)", ()),
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_boxes_speak_every_language(scenario: Scenario, language: str):
    system = system_of(scenario, find_links(scenario), report_words(language))

    assert system.models[0].title == {"en": "Upstream", "ja": "上流", "ko": "Upstream"}[language]
    assert system.players[0] == ("米国" if language == "ja" else "United States")


def test_report_draws_the_system_and_lists_its_links(scenario: Scenario, tmp_path: Path):
    (tmp_path / "linked.yaml").write_text(scenario.to_yaml(), encoding="utf-8")
    written = load_scenario(tmp_path / "linked.yaml")
    folder = tmp_path / "run"
    plan = make_plan(written, claim_requests(written), 16)
    tally = Tally(written, plan, seed=1)
    for chunk in execute(written, plan, RunOptions(worlds=16, seed=1, out=folder)):
        tally.add(chunk)
    (folder / "verdicts.json").write_text(json.dumps(tally.verdicts()), encoding="utf-8")

    html = write_report(folder).read_text(encoding="utf-8")

    part = html.split('id="en-system"')[1].split("</details>")[0]
    assert "<svg" in part
    assert "The 4 links in words" in part
    assert len(re.findall(r'<td><a href="#en-model-up">Upstream</a></td>', part)) == 3
    assert "<code>troops = 0</code>" in part
    assert "Probability: on <code>P(up.on)</code>" in part


def test_values_of_one_replaced_number_stand_in_one_line():
    scenario = Scenario.from_dict(
        {
            "tenbin": 1,
            "title": "values",
            "players": {"US": "United States"},
            "uncertainties": {"x": "0..1", "y": "0..1"},
            "derived": {"all": "P(up.on, x=0) + P(up.on, x=1) + P(up.on, x=0, y=1)"},
            "models": {"up": model("x + y"), "down": model("all")},
        }
    )

    (flow,) = system_of(scenario, find_links(scenario), WORDS).models[1].flows

    assert flow.settings == ("x = 0, 1", "x = 0, y = 1")
