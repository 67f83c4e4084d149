"""A counterexample in words, in every language."""

from __future__ import annotations

from typing import Any

import pytest

from tenbin.explain import explain_words
from tenbin.explain.counterexample_words import counterexample_sentences
from tenbin.figures.words import LANGUAGES
from tenbin.scenario import Scenario

SCENARIO = Scenario.from_dict(
    {
        "tenbin": 1,
        "title": {"en": "T"},
        "players": {"A": {"en": "A"}},
        "uncertainties": {
            "payment": {
                "range": "0..4",
                "unit": "trn KRW",
                "source": "judgement",
                "title": {"en": "payment", "ja": "支払い", "ko": "지급액"},
            },
            "will": {
                "range": "0..1",
                "source": "judgement",
                "title": {"en": "will to fight", "ja": "戦意", "ko": "전의"},
            },
        },
        "models": {
            "m": {
                "form": "tree",
                "title": {"en": "crisis", "ja": "危機", "ko": "위기"},
                "start": "go",
                "moves": {"go": {"player": "A", "actions": {"yes": "war", "no": "peace"}}},
                "ends": {"war": {"A": "payment - 3 * will"}, "peace": {"A": 0}},
            }
        },
        "claims": {"c": {"says": {"en": "So."}, "kind": "prediction", "holds": "P(m.war) == 1"}},
    }
)


def change(name: str, before: float, after: float, unit: str, moved: float) -> dict[str, Any]:
    return {"name": name, "from": before, "to": after, "unit": unit, "moved": moved}


def found(**given: Any) -> dict[str, Any]:
    one = {
        "changes": [change("will", 0.5, 0.8, "", 0.6)],
        "distance": 0.6,
        "verified": True,
        "before": {"P(m.war)": 1.0},
        "after": {"P(m.war)": 0.0},
        "events": [{"model": "m", "event": "war", "from": 1.0, "to": 0.0}],
    }
    two = {
        **one,
        "changes": [change("payment", 2.0, 1.5, "trn KRW", -0.25), *one["changes"]],
        "distance": 0.5,
    }
    return {
        "status": "found",
        "holds_at_centre": True,
        "nearest": two,
        "fewest": one,
        "worlds": 1234,
        "known": 0,
        "bounded": False,
        "held": [],
        **given,
    }


def said(language: str, **given: Any) -> str:
    return " ".join(counterexample_sentences(found(**given), SCENARIO, explain_words(language)))


def test_english_tells_both_flips_and_the_play() -> None:
    assert said("en") == (
        "Holds in the central world. The smallest change that makes it fail: payment from "
        "2 trillion won to 1.5 trillion won; will to fight from 0.5 to 0.8 "
        "(0.5 half-widths in all). "
        "Changing one number alone does it: will to fight from 0.5 to 0.8 (0.6 half-widths). "
        "What is then played: war (crisis) 0% instead of 100%. "
        "1,234 worlds were solved to find this; it is no proof that no smaller change does it."
    )


def test_korean_particles_follow_what_stands_before_them() -> None:
    text = said("ko")

    assert "지급액을 " in text
    assert "전의를 0.5에서 0.8로" in text
    assert "원으로" in text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "given",
    [
        {},
        {"holds_at_centre": False},
        {"nearest": None, "fewest": None, "status": "none_found", "known": 10_000},
        {"bounded": True, "held": ["will"]},
        {"status": "unsolved_at_centre", "nearest": None, "fewest": None},
        {"status": "not_world_by_world", "nearest": None, "fewest": None},
    ],
)
def test_every_case_has_sentences(language: str, given: dict[str, Any]) -> None:
    text = said(language, **given)

    assert text
    assert "{" not in text


def test_numbers_that_differ_little_are_told_apart() -> None:
    flip = {**found()["fewest"], "changes": [change("will", 0.5, 0.50004, "", 8e-5)]}

    assert "from 0.5 to 0.50004" in said("en", nearest=flip, fewest=flip)


def test_many_changes_are_named_in_part() -> None:
    many = [change("will", 0.5, 0.5 + 0.1 / k, "", 0.2 / k) for k in range(1, 10)]
    flip = {**found()["fewest"], "changes": many}

    assert "5 more numbers by at most 0.04 half-widths each" in said("en", nearest=flip)
