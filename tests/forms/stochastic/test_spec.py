"""What may stand in the file, and what is said of what may not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from forms.stochastic.hand_made import compiled, from_yaml
from tenbin.errors import NOWHERE, ScenarioError
from tenbin.forms.stochastic.conditions import read_condition, read_whole
from tenbin.forms.stochastic.game import compile_stochastic

HEAD = """\
tenbin: 1
title: t
players: {DPRK: {}, US: {}}
constants: {p: 0.3}
models:
  m:
    form: stochastic
    discount: 0.9
"""
SOUND = """\
    start: talks
    counters: {arms: {range: 0..3, start: 0}}
    types: {DPRK: {trader: 0.5, staller: rest}}
    states:
      talks:
        actions: {DPRK: [talk, stall], US: {help: {}, wait: {}}}
        payoffs: [{when: DPRK.staller, DPRK: 1}]
        next:
          - {when: DPRK.talk and US.help, to: {peace: p, talks: rest}}
          - {when: arms < 3, to: {talks: {p: 0.5, change: {arms: 1}}, war: rest}}
          - {to: war}
      peace: {payoffs: {DPRK: 1}}
      war: {}
    events: {armed: arms >= 1}
"""


def problems(tmp_path, body: str) -> str:
    with pytest.raises(ScenarioError) as raised:
        compile_stochastic(from_yaml(HEAD + body, tmp_path), "m", {})
    return str(raised.value)


def line_of(body: str, text: str) -> int:
    return next(n for n, line in enumerate((HEAD + body).splitlines(), 1) if text in line)


def test_a_sound_body_compiles(tmp_path):
    model = compile_stochastic(from_yaml(HEAD + SOUND, tmp_path), "m", {})

    assert model.structure.state_names[:2] == ("talks|arms=0", "talks|arms=1")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("start: talks", "start: talk", "unknown state 'talk'"),
        ("{to: war}", "{to: wra}", "unknown state 'wra'"),
        ("DPRK.talk and US.help", "DPRK.talk and US.halp", "names 'US.halp', which is not there"),
        ("DPRK.talk and US.help", "DPRK.trader", "cannot read the type 'DPRK.trader'"),
        ("arms < 3,", "amrs < 3,", "unknown counter 'amrs'"),
        ("arms < 3,", "arms < p,", "Structure never depends on a world"),
        ("change: {arms: 1}", "change: {arm: 1}", "unknown counter 'arm'"),
        ("when: DPRK.staller, DPRK: 1", "when: DPRK.staller, Japan: 1", "unknown player 'Japan'"),
        ("{peace: p,", "{peace: q,", "unknown number 'q'"),
        ("war: rest}}", "war: 0.4}}", "sum to 0.9"),
        ("{peace: p, talks: rest}", "{peace: rest, talks: rest}", "`rest` may stand once"),
        ("range: 0..3", "range: 0..x", "a counter's range is two whole numbers"),
        ("start: 0}", "start: 7}", "outside its range 0..3"),
        ("armed: arms >= 1", "armed: tlaks", "event 'armed' names 'tlaks'"),
        ("armed: arms >= 1", "talks: arms >= 1", "'talks' is the name of a state and of an event"),
        ("discount: 0.9", "discount: 1.0", "outside [0, 1)"),
        ("counters: {arms", "counters: {p", "is a counter here and a number of the scenario"),
        ("staller: rest}", "stall: rest}", "a type and an action of DPRK"),
    ],
)
def test_a_fault_is_told(tmp_path, old, new, told):
    assert old in HEAD + SOUND
    text = (HEAD + SOUND).replace(old, new, 1)

    with pytest.raises(ScenarioError) as raised:
        compile_stochastic(from_yaml(text, tmp_path), "m", {})

    assert told in str(raised.value)


def test_many_faults_come_at_once_each_at_its_place(tmp_path):
    body = SOUND.replace("US.help,", "US.halp,").replace("{to: war}", "{to: wra}")
    body = body.replace("armed: arms", "armed: amrs")

    with pytest.raises(ScenarioError) as raised:
        compile_stochastic(from_yaml(HEAD + body, tmp_path), "m", {})

    lines = {problem.place.line for problem in raised.value.problems}
    assert lines == {line_of(body, "halp"), line_of(body, "wra"), line_of(body, "amrs")}


def test_joint_actions_without_a_rule_are_named(tmp_path):
    body = SOUND.replace("          - {to: war}\n", "")

    told = problems(tmp_path, body)

    assert "no rule of `next` in 'talks' holds for" in told
    assert "DPRK.stall and US.help where arms = 3" in told
    assert "and 0 more" not in told


def test_a_counter_that_leaves_its_range_is_an_error_unless_it_is_clipped(tmp_path):
    body = SOUND.replace("when: arms < 3, ", "")

    told = problems(tmp_path, body)
    clipped = body.replace("start: 0}", "start: 0, clip: true}")

    assert "leaves its range 0..3: it becomes 4 where arms = 3" in told
    assert compile_stochastic(from_yaml(HEAD + clipped, tmp_path), "m", {}).structure.n_states


def test_two_players_with_types_are_told_how_large_the_game_would_be(tmp_path):
    body = SOUND.replace("types: {", "types: {US: {hawk: 0.5, dove: rest}, ")

    told = problems(tmp_path, body)

    assert "one player at most may have types" in told
    # 9 x 9 beliefs; talks at arms 0..3, war and peace at arms 0..3
    assert "81 beliefs x 12 states = 972 points" in told


def test_a_game_beyond_the_bounds_is_refused_with_its_size():
    body = {
        "players": ["US"],
        "start": "on",
        "counters": {n: {"range": "0..99", "start": 0, "clip": True} for n in ("x", "y")},
        "states": {
            "on": {
                "next": {
                    "to": [
                        {"state": "on", "p": 0.5, "change": {"x": 1}},
                        {"state": "on", "p": "rest", "change": {"y": 1}},
                    ]
                }
            }
        },
    }

    with pytest.raises(ScenarioError, match=r"5,000 states \(of at most 10,000\)"):
        compiled(body)


def test_conditions_are_never_executed():
    for text in ("__import__('os')", "US.talk()", "arms[0] > 1", "[US.talk]", "1 if US.a else 2"):
        _, found = read_condition(text, NOWHERE)

        assert found, text


@pytest.mark.parametrize(("text", "value"), [("-arms", -2), ("2 * arms + 1", 5), (3, 3)])
def test_changes_are_whole_numbers_of_counters(text, value):
    whole, found = read_whole(text, NOWHERE)

    assert not found
    assert whole.value({"arms": 2}) == value


@pytest.mark.parametrize("text", [0.5, "arms / 2", True, "0.5"])
def test_changes_that_are_not_whole_are_refused(text):
    assert read_whole(text, NOWHERE)[1]


def test_a_record_is_checked(tmp_path):
    body = (
        SOUND
        + """\
    record:
      until: 2024-01-01
      spells: [{from: 1994-01-01, state: talk}, {from: 1993-01-01, state: war, fact: NONE}]
      reached: {amred: 2006-10-09}
"""
    )

    told = problems(tmp_path, body)

    for text in (
        "a record needs a calendar",
        "unknown state 'talk'",
        "in the order of their dates",
        "unknown fact 'NONE'",
        "unknown event or state 'amred'",
    ):
        assert text in told


def test_the_example_of_the_reference_page_compiles(tmp_path):
    page = Path(__file__).parents[3] / "docs/reference/stochastic.md"
    (body,) = re.findall(r"```yaml\n(.*?)```", page.read_text("utf-8"), flags=re.DOTALL)
    head = HEAD.split("models:")[0].replace(
        "{p: 0.3}", "{aid: 1, p_trader: 0.5, p_war: 0.1, patience: 0.9}"
    )
    text = head + "models:\n  m:\n" + "".join(f"    {line}\n" for line in body.splitlines())

    model = compile_stochastic(from_yaml(text, tmp_path), "m", {})

    # dialogue, crisis and settlement at arsenal 0..5, war at 0..2 (nobody ignores a crisis above);
    # 6 * 4 + (6 + 3) + 6 + 3 joint actions; 9 beliefs x (6 * (2 * 2 + 2) + 9) actions
    assert model.size == {"states": 21, "joint_actions": 42, "unknowns": 405, "beliefs": 9}
