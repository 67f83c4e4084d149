"""Faults of a tree in a file: all at once, each at its line, with the nearest name."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent, indent

import pytest

from forms.tree.compiled import DETERRENCE, compiled, problems_of
from tenbin.errors import Problem, ScenarioError
from tenbin.forms.tree.game import compile_tree
from tenbin.scenario import read_scenario

HEAD = """\
tenbin: 1
title: a test
players: {DPRK: North Korea, US: United States, ROK: Korea}
uncertainties: {stake: 0.5..1.5, war_cost: 0.8..2.0, p: 0..1, q: 0..1}
measures: {troops: {unit: soldiers}}
models:
  m:
    form: tree
"""


def faults(folder: Path, body: str) -> list[Problem]:
    """The problems that reading and compiling a file finds, in file order."""
    path = folder / "test.yaml"
    path.write_text(HEAD + indent(dedent(body).strip("\n"), "    ") + "\n", encoding="utf-8")
    scenario, problems = read_scenario(path)
    if scenario is None:
        return problems
    try:
        return list(compile_tree(scenario, "m", {}).warnings)
    except ScenarioError as error:
        return list(error.problems)


def line_of(folder: Path, words: str) -> int:
    lines = (folder / "test.yaml").read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if words in line)


@pytest.mark.parametrize(
    ("old", "new", "what", "line"),
    [
        ("probe: response", "probe: respons", "unknown move or end 'respons'", "challenge: {"),
        ("player: US", "player: UK", "unknown player 'UK'", "response: {"),
        ("start: challenge", "start: chalenge", "unknown move 'chalenge'", "start:"),
        ("quiet: {DPRK: 0, US: 0", "quiet: {DPRK: 0", "no payoff for US", "quiet: {"),
        ("quiet: {DPRK: 0", "quiet: {DPKR: 0", "unknown player 'DPKR'", "quiet: {"),
        ("resolved: 0.2 - war_cost", "resolvd: 0.2", "unknown type 'resolvd'", "resolvd"),
        ("resolved: 0.2 - war_cost, ", "", "no number for type 'resolved'", "US: {bluffing"),
        ("DPRK: stake - war_cost", "DPRK: stake - warcost", "unknown number 'warcost'", "warcost"),
        ("DPRK: stake - war_cost", "DPRK: stake -", "not an expression", "DPRK: stake -"),
        ("DPRK: stake - war_cost", "DPRK: 1 / 0", "not a finite number", "1 / 0"),
        ("bluffing: rest", "bluffing: 0.5", None, ""),
        ("p, bluffing: rest", "0.7, bluffing: 0.5", "sum to 1.2", "types:"),
        ("p, bluffing: rest", "rest, bluffing: rest", "`rest` may stand once", "types:"),
        ("p, bluffing: rest", "1.7, bluffing: rest", "between 0 and 1", "types:"),
        ("{troops: 10}", "{troop: 10}", "unknown measure 'troop'", "quiet: {"),
        ("attack: war}", "attack: war}, hidden_frm: [US]", "unknown key 'hidden_frm'", "last: {"),
        ("attack: war}", "attack: war}, hidden_from: [USA]", "unknown player 'USA'", "last: {"),
        ("attack: war}", "attack: war}, hidden_from: [DPRK]", "cannot be kept", "last: {"),
        ("attack: war}", "attack: war}, revealed_at: [wat]", "unknown move 'wat'", "last: {"),
        ("attack: war}", "attack: challenge}", "a loop of moves", "last: {"),
        ("attack: war}", "attack: {to: war, only_if: stake > 1}}", "path values alone", "last: {"),
        ("attack: war}", "attack: {to: war, set: {x: 1}}}", "unknown path value 'x'", "last: {"),
        ("attack: war}", "attack: [war]}", "mapping", "last: {"),
        ("player: US, ", "", "a move needs `player`", "response: {"),
        ("start: challenge", "start: challenge\nvalues: {stake: 1}", "path value here", "values:"),
    ],
)
def test_fault_is_found_at_its_line(
    tmp_path: Path, old: str, new: str, what: str | None, line: str
) -> None:
    assert old in DETERRENCE
    found = faults(tmp_path, DETERRENCE.replace(old, new))

    if what is None:
        assert found == []
        return
    matching = [problem for problem in found if what in problem.what]
    assert matching, [str(problem) for problem in found]
    assert matching[0].place.line == line_of(tmp_path, line)


def test_nearest_name_is_suggested(tmp_path: Path) -> None:
    (problem,) = faults(tmp_path, DETERRENCE.replace("probe: response", "probe: respons"))

    assert "Did you mean 'response'?" in str(problem)


def test_all_faults_come_at_once(tmp_path: Path) -> None:
    text = DETERRENCE.replace("probe: response", "probe: {to: response, only_if: q > 1}")
    text = text.replace("quiet: {DPRK: 0", "quiet: {DPKR: 0").replace("{troops: 10}", "{troop: 1}")
    text = text.replace("DPRK: stake - war_cost", "DPRK: stake / wat")

    found = "\n".join(problem.what for problem in faults(tmp_path, text))

    for words in ("only_if", "player 'DPKR'", "no payoff for DPRK", "measure 'troop'", "'wat'"):
        assert words in found


def test_fault_of_shape_does_not_hide_the_others(tmp_path: Path) -> None:
    text = DETERRENCE.replace("attack: war}", "attack: war}, hidden_frm: [US], title: [x]")
    text = text.replace("resist: last", "resist: {to: last, only_if: [1], set: {x: [1]}}")
    text = text.replace("quiet: {DPRK: 0", "quiet: {DPKR: 0")

    found = faults(tmp_path, text)

    assert [problem.place.line for problem in found] == sorted(p.place.line for p in found)
    assert len(found) == 6


def test_move_that_is_never_reached_is_an_error_and_such_an_end_a_warning(tmp_path: Path) -> None:
    text = DETERRENCE.replace(
        "ends:", "  lost: {player: US, actions: {a: quiet}}\nends:\n  peace: {DPRK: 0, US: 0}"
    )

    move, end = faults(tmp_path, text)

    assert "move 'lost' is never reached" in move.what
    assert not move.warning
    assert "end 'peace' is never reached" in end.what
    assert end.warning


def test_loop_shows_its_path(tmp_path: Path) -> None:
    found = faults(tmp_path, DETERRENCE.replace("attack: war", "attack: response"))

    assert "response -> last -> response" in found[0].what


def test_name_of_a_move_and_of_an_end_is_an_error(tmp_path: Path) -> None:
    found = faults(tmp_path, DETERRENCE.replace("war:", "last: {DPRK: 0, US: 0}\n  war:"))

    assert any("name of a move and of an end" in problem.what for problem in found)


def test_chance_branches_need_a_target_and_probabilities_that_sum_to_one() -> None:
    text = """
    start: fog
    moves:
      fog: {chance: {calm: 0.7, storm: 0.2}}
    ends: {done: {US: 0}}
    """

    found = problems_of(text)

    assert "branch 'calm' leads nowhere" in found
    assert "the probabilities of the branches of 'fog' sum to 0.9" in found


def test_joint_types_are_checked_row_by_row() -> None:
    text = """
    types: {US: [high, low], DPRK: [strong, weak]}
    joint_types:
      - {US: high, DPRK: strong, p: 0.5}
      - {US: hihg, DPRK: strong, p: 0.6}
      - {US: high, DPRK: strong, p: 0.1}
      - {US: low}
      - {US: low, DPRK: weak, ROK: x, p: 0}
    start: a
    moves: {a: {player: US, actions: {x: done}}, b: {player: DPRK, actions: {x: done}}}
    ends: {done: {US: 0, DPRK: 0}}
    """

    found = problems_of(text)

    assert "unknown type 'hihg' of US" in found
    assert "Did you mean 'high'?" in found
    assert "this combination of types stands twice" in found
    assert "the key 'DPRK' is missing" in found
    assert "the key 'p' is missing" in found
    assert "unknown player 'ROK'" in found


def test_titles_belong_to_types_that_there_are() -> None:
    titled = "type_titles: {US: {resolvd: firm}, DPRK: {bold: bold}}\n"

    found = problems_of(titled + dedent(DETERRENCE))

    assert "unknown type 'resolvd' of US" in found
    assert "Did you mean 'resolved'?" in found
    assert "'DPRK' has no types that could have titles" in found


def test_list_of_types_needs_a_joint_table() -> None:
    found = problems_of(DETERRENCE.replace("{resolved: p, bluffing: rest}", "[resolved, bluffing]"))

    assert "the types of US have no probabilities" in found
    assert found.count("unknown type") == 0


def test_payoff_by_joint_type_needs_only_combinations_that_occur() -> None:
    text = """
    types: {US: [high, low], DPRK: [strong, weak]}
    joint_types: [{US: high, DPRK: strong, p: 0.5}, {US: low, DPRK: weak, p: rest}]
    start: a
    moves: {a: {player: US, actions: {x: done, y: done}}}
    ends: {done: {US: {high: {DPRK.strong: 1}, low: {DPRK.weak: 2}}, DPRK: {US.high: 1, else: 0}}}
    """

    assert problems_of(text) == ""
    assert "no number for type 'weak'" in problems_of(
        text.replace("low, DPRK: weak", "high, DPRK: weak")
    )


def test_keys_of_one_mapping_by_type_belong_to_one_player() -> None:
    text = """
    types: {US: {high: 0.5, low: rest}, DPRK: {strong: 0.5, weak: rest}}
    start: a
    moves: {a: {player: US, actions: {x: done}}}
    ends: {done: {US: {high: 1, DPRK.weak: 2}, DPRK: 0}}
    """

    assert "must be the types of one player" in problems_of(text)


def test_bare_type_of_another_player_is_no_key_of_a_payoff() -> None:
    found = problems_of(
        DETERRENCE.replace("DPRK: stake - war_cost", "DPRK: {resolved: 1, else: 0}")
    )

    assert "unknown type 'resolved'" in found
    assert "US.resolved" in found


def test_only_if_must_read_plain_numbers() -> None:
    text = """
    values: {level: 0}
    start: first
    moves:
      first: {player: DPRK, actions: {low: second, high: {to: second, set: {level: stake}}}}
      second: {player: US, actions: {wait: done, resist: {to: done, only_if: level > 1}}}
    ends: {done: {DPRK: 0, US: 0}}
    """

    assert "reads a path value that is not a plain number" in problems_of(text)


def test_move_without_any_action_left_is_an_error() -> None:
    text = """
    values: {level: 0}
    start: first
    moves:
      first: {player: US, actions: {a: {to: done, only_if: level > 1}}}
    ends: {done: {US: 0}}
    """

    assert "reached on a path where no action exists" in problems_of(text)


def test_reveal_that_comes_too_early_is_a_warning() -> None:
    text = """
    start: first
    moves:
      first: {player: US, actions: {a: second}}
      second: {player: DPRK, actions: {a: done}, hidden_from: [US], revealed_at: [first]}
    ends: {done: {US: 0, DPRK: 0}}
    """

    assert "warning: move 'first' never follows 'second'" in problems_of(text)


@pytest.mark.parametrize(
    ("play", "words"),
    [
        ({"chalenge": "probe"}, "unknown move 'chalenge'"),
        ({"challenge": "prob"}, "unknown action 'prob'"),
    ],
)
def test_commitment_to_what_does_not_exist_is_a_problem(play: dict[str, str], words: str) -> None:
    assert words in problems_of(DETERRENCE, play)


def test_chance_cannot_be_committed() -> None:
    text = """
    start: fog
    moves: {fog: {chance: {calm: 0.7, storm: rest}, to: done}}
    ends: {done: {US: 0}}
    """

    assert "cannot commit 'fog'" in problems_of(text, {"fog": "calm"})


@pytest.mark.parametrize(
    ("concept", "words"),
    [("concept: nash", "unknown concept 'nash'"), ("concept: qre", "needs a positive `precision`")],
)
def test_concept_is_checked(concept: str, words: str) -> None:
    assert words in problems_of(DETERRENCE + concept)


def test_too_many_combinations_of_types_are_refused_before_they_are_listed() -> None:
    types = {player: {f"t{i}": "1/200" for i in range(200)} for player in ("US", "DPRK")}
    body = {
        "types": types,
        "start": "a",
        "moves": {"a": {"player": "US", "actions": {"x": "e"}}},
        "ends": {"e": {"US": 0, "DPRK": 0}},
    }

    assert "more than 10000 combinations of types" in problems_of(body)


def test_path_of_thousands_of_moves_is_refused() -> None:
    moves = {f"m{i}": {"player": "US", "actions": {"a": f"m{i + 1}"}} for i in range(3000)}
    moves["m3000"] = {"player": "US", "actions": {"a": "e"}}
    body = {"start": "m0", "moves": moves, "ends": {"e": {"US": 0}}}

    assert "a path of more than 1000 moves" in problems_of(body)


def test_game_without_players_is_refused() -> None:
    text = """
    start: fog
    moves: {fog: {chance: {calm: 0.7, storm: rest}, to: done}}
    ends: {done: {}}
    """

    assert "a game needs a player" in problems_of(text)


def test_titles_are_kept_for_readers() -> None:
    model = compiled(DETERRENCE.replace("quiet: {DPRK: 0", "quiet: {title: {en: Calm}, DPRK: 0"))

    assert str(model.rules.titles["quiet",]) == "Calm"
