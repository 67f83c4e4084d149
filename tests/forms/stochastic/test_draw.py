"""Pictures: what is in them, in three languages."""

from __future__ import annotations

import io
import re
from importlib.resources import files

import pytest
from rich.console import Console

from forms.stochastic.hand_made import bound, play, random_profile, scenario
from tenbin.figures.render import render_svg
from tenbin.forms.stochastic import draw
from tenbin.forms.stochastic.flows import phase_flows
from tenbin.forms.stochastic.game import compile_stochastic

BODY = {
    "calendar": {"first": 1992, "step": 1},
    "types": {"DPRK": {"trader": 0.4, "staller": "rest"}},
    "start": "talks",
    "states": {
        "talks": {
            "title": {"en": "Talks", "ja": "対話", "ko": "대화"},
            "actions": {"DPRK": ["talk", "stall"], "US": ["help", "wait"]},
            "next": [
                {"when": "DPRK.talk and US.help", "to": {"peace": 0.2, "talks": "rest"}},
                {"to": {"crisis": 0.5, "talks": "rest"}},
            ],
        },
        "crisis": {"next": {"war": 0.1, "talks": "rest"}},
        "peace": {},
        "war": {"title": {"en": "War", "ja": "戦争", "ko": "전쟁"}},
    },
    "events": {
        "over": {"when": "peace or war", "title": {"en": "All over", "ja": "終局", "ko": "끝"}}
    },
    "record": {
        "until": "2000-01-01",
        "spells": [
            {"from": "1992-01-01", "state": "talks"},
            {"from": "1996-01-01", "state": "crisis"},
        ],
        "reached": {"over": "1999-06-01"},
    },
}


def drawn(language: str, monkeypatch, worlds: int = 3):
    # what a finer grid changes takes a solver, and is tested with one
    monkeypatch.setattr(draw, "grid_change", lambda *_: None)
    file = scenario(BODY)
    game = bound(compile_stochastic(file, "m", {}), worlds)
    solution = play(game.game, random_profile(game.game, 2))
    return file, game, solution, draw.draw_model(file, game, solution, language)


@pytest.mark.parametrize("language", ["en", "ja", "ko"])
def test_three_pictures_are_drawn_with_captions(language, monkeypatch):
    *_, drawings = drawn(language, monkeypatch)

    assert [drawing.kind for drawing in drawings] == ["states", "survival", "record"]
    for drawing in drawings:
        assert render_svg(drawing.spec).startswith("<svg")
        assert drawing.caption
        assert drawing.spec["description"]


def test_the_diagram_names_states_players_and_actions(monkeypatch):
    *_, drawings = drawn("ja", monkeypatch)
    written = {row["text"] for row in drawings[0].spec["data"][3]["values"]}

    assert {"対話", "戦争", "DPRK", "stall", "trader", "staller"} <= written


def test_titles_of_events_stand_at_their_curves(monkeypatch):
    *_, drawings = drawn("ko", monkeypatch)

    curves = {row["curve"] for row in drawings[1].spec["data"]["values"]}

    assert curves == {"peace", "전쟁", "끝"}


def test_bands_hold_between_worlds_only_where_there_are_several(monkeypatch):
    *_, many = drawn("en", monkeypatch)
    *_, one = drawn("en", monkeypatch, worlds=1)

    assert "low" in many[1].spec["data"]["values"][0]
    assert "3 worlds" in many[1].caption
    assert "low" not in one[1].spec["data"]["values"][0]
    assert "worlds" not in one[1].caption


def test_observed_shares_are_those_of_the_record(monkeypatch):
    *_, drawings = drawn("en", monkeypatch)
    points = drawings[2].spec["vconcat"][0]["layer"][1]["data"]["values"]
    observed = {row["row"]: row["value"] for row in points if row["kind"] == "observed"}

    assert observed["Talks"] == pytest.approx(1461 / 2922)
    assert observed["War"] == 0


def test_an_unsolved_world_is_drawn_without_what_happens(monkeypatch):
    file, game, solution, _ = drawn("en", monkeypatch)
    solution.found[0, 0] = False
    game.cache.clear()

    drawings = draw.draw_model(file, game, solution, "en")

    assert len(drawings) == 1
    assert "not solved" in drawings[0].caption


def test_the_terminal_shows_every_state(monkeypatch):
    file, game, solution, _ = drawn("en", monkeypatch)
    out = io.StringIO()

    Console(file=out, width=80).print(draw.text_model(file, game, solution, "en"))

    for text in ("Talks", "crisis", "peace", "War", "DPRK: stall", "trader"):
        assert text in out.getvalue()


def test_ways_out_of_a_state_sum_to_one(monkeypatch):
    _, game, solution, _ = drawn("en", monkeypatch)

    flows = phase_flows(game, solution, 0)

    assert flows is not None
    assert flows.ways.sum(axis=1) == pytest.approx(1.0)
    assert not flows.lasts
    assert flows.ever[2] + flows.ever[3] == pytest.approx(1.0)


def test_the_three_languages_say_the_same_things():
    folder = files("tenbin.forms.stochastic").joinpath("locales")

    def keys(language: str) -> list[str]:
        return re.findall(r'msgid "(.+)"', folder.joinpath(f"{language}.po").read_text("utf-8"))

    assert keys("en") == keys("ja") == keys("ko")
    for text in ("ja", "ko"):
        written = folder.joinpath(f"{text}.po").read_text("utf-8")
        english = folder.joinpath("en.po").read_text("utf-8")
        for name in re.findall(r"\{(\w+)\}", english):
            assert "{" + name in written
