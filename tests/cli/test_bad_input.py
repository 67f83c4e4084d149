"""What an author may get wrong: what the message says, and where; at once, and soon."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from tenbin.errors import MAX_PROBLEMS, Problem
from tenbin.judge.check import check_scenario

GOOD = """\
tenbin: 1
title: T
players: {A: a, B: b}
uncertainties: {x: 0..1, y: {uniform: 0..1}}
constants: {c: 1}
levers: {l: {default: 0, range: 0..1}}
policies: {q: {}, r: {l: 1}}
models:
  m:
    form: tree
    types: {B: {hi: y, lo: rest}}
    start: s
    moves:
      s: {player: A, actions: {go: t, stop: off}}
      t: {player: B, actions: {ok: fine, no: war}}
    ends:
      off: {A: 0, B: 0}
      fine: {A: x + l, B: c}
      war: {A: -1, B: {hi: 0, lo: -1}}
claims:
  C1: {says: s, holds: P(m.war) < 0.5}
"""
SECONDS = 10.0
"""No bad file takes longer, on a machine that does other things too."""


def changed(old: str, new: str) -> str:
    assert old in GOOD
    return GOOD.replace(old, new, 1)


def linked(link: str) -> str:
    """A second model whose payoff reads the first."""
    model = f"""\
  n:
    form: tree
    start: s
    moves: {{s: {{player: A, actions: {{go: a, no: b}}}}}}
    ends: {{a: {{A: "{link}"}}, b: {{A: 0}}}}
claims:
"""
    return changed("claims:\n", model)


def chain(moves: int, actions: int) -> str:
    """A tree with as many paths as `actions` to the power of `moves`."""
    lines: list[str] = []
    for i in range(moves):
        target = f"k{i + 1}" if i + 1 < moves else "off"
        steps = ", ".join(f"b{j}: {target}" for j in range(actions))
        lines.append(f"      k{i}: {{player: A, actions: {{{steps}}}}}\n")
    head = changed("start: s", "start: k0").split("    moves:")[0]
    return f"{head}    moves:\n{''.join(lines)}    ends:\n      off: {{A: 0, B: 0}}\n"


def claims(*propositions: str) -> str:
    """The good file with claims from line 22 on."""
    lines = (f'  D{i}: {{says: s, holds: "{text}"}}\n' for i, text in enumerate(propositions))
    return GOOD + "".join(lines)


Expected = Sequence[tuple[int, str]]

CASES: dict[str, tuple[str | bytes, Expected]] = {
    # the file
    "empty": ("", [(1, "the file is empty")]),
    "only_comments": ("# nothing\n", [(1, "the file is empty")]),
    "fifty_megabytes": (b"a: " + b"x" * 50_000_000, [(1, "at most 2,000,000 are allowed")]),
    "alias_bomb": (
        "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n",
        [(1, "anchors (&a)"), (2, "anchors (&b)"), (2, "aliases (*a)")],
    ),
    "tag": (
        changed("title: T", "title: !!python/object/apply:os.system [id]"),
        [(2, "tags (tag:yaml.org,2002:python/object/apply:os.system) are not allowed")],
    ),
    "duplicate_key": (changed("{c: 1}", "{c: 1, c: 2}"), [(5, "'c' stands here a second time")]),
    "tab": (changed("  m:\n", "\tm:\n"), [(9, "a tab")]),
    "not_utf8": (GOOD.encode() + b"# \xff\n", [(22, "byte 0xff is not UTF-8")]),
    "utf16": (GOOD.encode("utf-16"), [(1, "is not UTF-8")]),
    "nul": (GOOD + "# \0\n", [(22, "character U+0000")]),
    "half_a_character": (changed("title: T", 'title: "\\ud800"'), [(2, "half of a character")]),
    "impossible_character": (
        changed("title: T", 'title: "\\UFFFFFFFF"'),
        [(2, "this is not YAML")],
    ),
    "two_documents": (GOOD + "---\ntitle: x\n", [(22, "a second document")]),
    "list_at_the_top": ("- a\n", [(1, "a scenario is a mapping")]),
    "brackets": ("a: " + "[" * 100_000, [(1, "nested more than 40 levels")]),
    "colon_in_a_text": (changed("title: T", "title: a: b"), [(2, "this is not YAML")]),
    "full_width_colon": (
        changed("constants:", "constants："),
        [(5, "unknown key 'constants： {c")],
    ),
    "many_entries": (
        GOOD + "".join(f"  D{i}: {{says: s, stated: t}}\n" for i in range(5_000)),
        [(20, "`claims` has 5,001 entries; at most 5,000")],
    ),
    # shapes
    "wrong_type": (changed("{A: a, B: b}", "[A, B]"), [(3, "a mapping is expected, not a list")]),
    "version_2": (changed("tenbin: 1", "tenbin: 2"), [(1, "'tenbin' cannot be 2")]),
    "version_true": (changed("tenbin: 1", "tenbin: true"), [(1, "'tenbin' cannot be true")]),
    "no_title": (changed("title: T\n", ""), [(1, "'title' is missing")]),
    "nothing_for_a_title": (changed("title: T", "title:"), [(2, "a text is expected")]),
    "no_language": (changed("title: T", "title: {}"), [(2, "languages is empty")]),
    "unknown_section": (GOOD + "claim: {}\n", [(22, "unknown key 'claim'")]),
    "facts_as_a_list": (GOOD + "facts: [a]\n", [(22, "the facts are a file of the folder")]),
    "include_outside": (GOOD + "include: ../*.yaml\n", [(22, "may not be included")]),
    "include_root": (GOOD + "include: /etc/passwd\n", [(22, "may not be included")]),
    "facts_outside": (GOOD + "facts: ../f.csv\n", [(22, "is not a file inside the folder")]),
    # numbers
    "nan": (changed("{c: 1}", "{c: .nan}"), [(5, "constant 'c' is not finite")]),
    "word_nan": (changed("{c: 1}", "{c: nan}"), [(5, "a number is expected, not nan")]),
    "infinity": (changed("x + l", "x + l + inf"), [(18, "'inf' cannot name a number")]),
    "huge_float": (changed("{c: 1}", "{c: 1e400}"), [(5, "constant 'c' is not finite")]),
    "huge_integer": (changed("{c: 1}", f"{{c: {'9' * 5000}}}"), [(5, "is not finite")]),
    "huge_literal": (changed("x + l", f"x + {'9' * 400}"), [(18, "the number is too large")]),
    "huge_exponent": (changed("x + l", "2 ** 99999"), [(18, "exponent of ** is at most 100")]),
    "tower": (changed("x + l", "9 ** 9 ** 9"), [(18, "exponent of ** must be a constant")]),
    "truth_value": (changed("{c: 1}", "{c: true}"), [(5, "a number is expected, not true")]),
    "truth_as_payoff": (
        changed("off: {A: 0, B: 0}", "off: {A: true, B: no}"),
        [(17, "expected a number"), (17, "unknown number 'no'")],
    ),
    "date": (changed("{c: 1}", "{c: 2024-11-14}"), [(5, "expected, not 2024-11-14")]),
    "time": (changed("{c: 1}", "{c: 12:30}"), [(5, "a number is expected, not 12:30")]),
    "underscore": (changed("{c: 1}", "{c: 1_000}"), [(5, "a number is expected, not 1_000")]),
    "three_dots": (changed("x: 0..1", "x: 0...1"), [(4, "a range is written low..high")]),
    "falling_range": (changed("x: 0..1", "x: 1..0"), [(4, "must be below the high end 0")]),
    "endless_range": (changed("x: 0..1", "x: 0..inf"), [(4, "its numbers must be finite")]),
    "range_too_wide": (changed("x: 0..1", "x: -1e308..1e308"), [(4, "within 1e+100 of zero")]),
    "lognormal_too_wide": (
        changed("x: 0..1", "x: {lognormal: [1, 1000]}"),
        [(4, "'x' is not a finite number in")],
    ),
    "thin_tail": (
        changed("x: 0..1", "x: {normal: [0, 1], truncate: 50..60}"),
        [(4, "more than 30 standard deviations from the middle")],
    ),
    "choice_sum": (
        changed("x: 0..1", "x: {choice: {0: 0.4, 1: 0.7}}"),
        [(4, "the probabilities sum to 1.1, not to one")],
    ),
    "choice_of_words": (
        changed("x: 0..1", "x: {choice: {a: 0.4, b: 0.6}}"),
        [(4, "'a' is not a plain number"), (4, "'b' is not a plain number")],
    ),
    "correlated_range": (
        GOOD + "correlations: [{between: [x, y], rank: 0.5}]\n",
        [(22, "'x' is a range, of which no probability is claimed")],
    ),
    # names
    "unknown_name": (changed("x + l", "x + ll"), [(18, "unknown number 'll'")]),
    "dunder": (changed("x + l", "x + __class__"), [(18, "'__class__' cannot name a number")]),
    "attribute": (changed("x + l", "x.__class__ + l"), [(18, "a dotted name outside an outcome")]),
    "import": (changed("x + l", "__import__('os').system('id')"), [(18, "is not allowed")]),
    "dunder_constant": (changed("{c: 1}", "{c: 1, __d__: 2}"), [(5, "cannot be a name")]),
    "cyrillic": (changed("x + l", "х + x + l"), [(18, "unknown number 'х'")]),
    "full_width": (changed("x + l", "ｘ + x + l"), [(18, "'ｘ' is written in unusual letters")]),
    "zero_width": (changed("x + l", "x\u200b + l"), [(18, "U+200B")]),
    "null_player": (changed("B: b}", "B: b, ~: n}"), [(3, "'~' cannot be a name")]),
    "deep_brackets": (changed("x + l", f"{'(' * 300}x + l{')' * 300}"), [(18, "too many nested")]),
    "deep_minus": (changed("x + l", f"{'-' * 1_900}x + l"), [(18, "more than 50 levels deep")]),
    "long_expression": (changed("x + l", "x + l" + " + 1" * 600), [(18, "at most 2000 are")]),
    "derived_circle": (
        changed("levers:", "derived: {d: e, e: d + 1}\nlevers:"),
        [(6, "derived numbers go in a circle: d -> e -> d")],
    ),
    # trees
    "probabilities_that_do_not_sum_to_one": (
        changed("hi: y, lo: rest", "hi: y, lo: 0.3 if x > 0.5 else 1 - y"),
        [(11, "do not sum to one in 50.0% of the worlds tried, e.g. where x = ")],
    ),
    "negative_probability": (
        changed("hi: y, lo: rest", "hi: 2 * y, lo: rest"),
        [(11, "include a negative one in")],
    ),
    "fixed_sum": (changed("hi: y, lo: rest", "hi: 0.3, lo: 0.3"), [(11, "sum to 0.6")]),
    "two_rests": (
        changed("hi: y, lo: rest", "hi: rest, lo: rest"),
        [(11, "`rest` may stand once")],
    ),
    "unreached_move": (
        changed("    ends:\n", "      u: {player: B, actions: {k: off}}\n    ends:\n"),
        [(16, "move 'u' is never reached from the start, 's'")],
    ),
    "loop": (changed("no: war", "no: s"), [(15, "a loop of moves: s -> t -> s")]),
    "no_target": (changed("no: war", 'no: ""'), [(15, "action 'no' leads nowhere")]),
    "unknown_target": (changed("no: war", "no: wr"), [(15, "unknown move or end 'wr'")]),
    "different_actions": (
        changed(
            "    start: s\n    moves:\n      s: {player: A, actions: {go: t, stop: off}}\n"
            "      t: {player: B, actions: {ok: fine, no: war}}",
            "    values: {v: 0}\n    start: s\n    moves:\n"
            "      s: {player: A, hidden_from: B, actions: {go: {to: t, set: {v: 1}}, stop: t}}\n"
            "      t: {player: B, actions: {ok: fine, more: {to: off, only_if: v > 0}, no: war}}",
        ),
        [(16, "B cannot tell apart two paths to 't' that offer different actions")],
    ),
    "payoff_missing": (changed("off: {A: 0, B: 0}", "off: {A: 0}"), [(17, "no payoff for B")]),
    "type_missing": (changed("{hi: 0, lo: -1}", "{hi: 0}"), [(19, "no number for type 'lo' of B")]),
    "division_by_zero": (
        changed("x + l", "l + 1 / (0 if x < 0.5 else x)"),
        [(18, "is not a finite number in 50.0% of the worlds tried, e.g. where l = 0, x = ")],
    ),
    "logarithm_of_a_negative_number": (
        changed("x + l", "l + log(x - 0.5)"),
        [(18, "is not a finite number in 50.0% of the worlds tried")],
    ),
    "only_if_reads_a_world": (
        changed("stop: off", "stop: {to: off, only_if: x > 0.5}"),
        [(14, "structure never depends on a world")],
    ),
    "tree_past_the_bound": (chain(60, 2), [(14, "the tree expands to more than 10^15")]),
    "long_path": (chain(1_100, 1), [(14, "a path of more than 1000 moves")]),
    "types_past_the_bound": (
        changed(
            "{B: {hi: y, lo: rest}}",
            "{"
            + ", ".join(
                f"{player}: {{a: rest, {', '.join(f'a{i}: 0' for i in range(120))}}}"
                for player in "AB"
            )
            + "}",
        ),
        [
            (11, "more than 10000 combinations of types"),
            (19, "unknown type 'hi'"),
            (19, "unknown type 'lo'"),
        ],
    ),
    "unknown_form": (changed("form: tree", "form: ../os"), [(10, "unknown form '../os'")]),
    "no_form": (changed("form: tree", "form:"), [(10, "'form': a text is expected")]),
    "unknown_concept": (
        changed("start: s", "concept: nash\n    start: s"),
        [(12, "unknown concept 'nash'")],
    ),
    "infinite_precision": (
        changed("start: s", "concept: qre\n    precision: .inf\n    start: s"),
        [(13, "should be a finite number")],
    ),
    "misspelt_key_that_leaves_a_move_to_nobody": (
        changed("{player: B, actions: {ok: fine, no: war}}", "{playr: B, actions: {ok: fine}}"),
        [(15, "unknown key 'playr'")],
    ),
    # links
    "unknown_model": (linked("P(zz.a)"), [(24, "unknown model 'zz'")]),
    "unknown_end": (linked("P(m.wor)"), [(24, "no end or move 'wor'")]),
    "unknown_policy": (linked("P(m.war, policy=zz)"), [(24, "unknown policy 'zz'")]),
    "unknown_replaced_number": (linked("E(m.A, q=2)"), [(24, "unknown number 'q'")]),
    "model_that_feeds_itself": (
        changed("x + l", "x + l + P(m.war)"),
        [(18, "models feed each other in a circle: m <- m")],
    ),
    "models_in_a_circle": (
        linked("P(m.war)").replace("x + l", "x + l + P(n.a)"),
        [(18, "models feed each other in a circle: m <- n <- m")],
    ),
    "doubling_formulas": (
        linked("E(m.A, c=d60)").replace(
            "levers:",
            "derived: {d0: x + l, "
            + ", ".join(f"d{i + 1}: d{i} + d{i}" for i in range(60))
            + "}\nlevers:",
        ),
        [(25, "the replaced number 'd60' is made of too many formulas")],
    ),
    # policies and claims
    "policies": (
        changed("r: {l: 1}", "r: {l: 3, z: 1, play: {m.s: goo, m.u: a, n.a: b, s: go}}"),
        [
            (7, "3 lies outside the range 0..1 of lever 'l'"),
            (7, "unknown lever 'z'"),
            (7, "unknown model 'n'"),
            (7, "'s' is not a move: write model.move"),
            (7, "`play` commits 's' to an unknown action 'goo'"),
            (7, "`play` commits an unknown move 'u'"),
        ],
    ),
    "no_proposition": (
        GOOD + "  D0: {says: s, holds: true}\n  D1: {says: s, holds: 1 < 2}\n  D2: {says: s}\n",
        [(22, "is not a proposition"), (23, "reads nothing"), (24, "nothing to judge it by")],
    ),
    "claims_in_a_circle": (
        GOOD
        + "  D0: {says: s, stated: t, needs: D1}\n  D1: {says: s, stated: t, needs: [D0, D9]}\n",
        [(22, "in a circle: D0 -> D1 -> D0"), (23, "unknown claim 'D9'")],
    ),
    "propositions": (
        claims(
            "rises(P(m.war), c)",
            "rises(P(m.war, x=1), x)",
            "best(q)",
            "best(z, by=luck)",
            "iff(P(m.war), 1)",
            "share(m.war) < 3",
            "fact('F') < 3",
            "E(m.A, given=any) < 3",
            "P(m.B.hi, given=any) < 2",
            "P(m.war, given=n.war) < 2",
            "P(war) < 2",
            "P(m.war, x=P(m.off)) < 2",
            "P(m.war) < 1j",
            "x in (1, 2)",
            "B(m.t, B.high) < 1",
            "P(m.war",
        ),
        [
            (22, "'c' is no uncertainty or lever"),
            (23, "'x' is moved over its range and replaced"),
            (24, "'best' needs an objective"),
            (25, "unknown criterion 'luck'"),
            (26, "this is a number; a claim needs a comparison"),
            (27, "a tree has no outcome 'share'"),
            (28, "unknown fact 'F'"),
            (29, "`given=any` needs an event"),
            (30, "types are settled before"),
            (31, "the condition names model 'n'"),
            (32, "'war' is not an event"),
            (33, "may not be an outcome"),
            (34, "cannot stand in an expression"),
            (35, "only < <= > >= == != compare numbers"),
            (36, "'B.high' is none of model 'm'"),
            (37, "not an expression"),
        ],
    ),
    "objectives": (
        GOOD + "decision_maker: Z\nobjectives:\n  a: {min: x}\n  b: {max: P(m.war), at_most: 1}\n",
        [(22, "unknown player 'Z'"), (24, "reads no outcome"), (25, "does not go with `max`")],
    ),
    "mistakes_in_every_section": (
        changed("x: 0..1", "x: 1..0")
        .replace("{c: 1}", "{c: true}")
        .replace("r: {l: 1}", "r: {k: 1}")
        .replace("no: war", "no: wr")
        .replace("B: c}", "B: d}")
        .replace("P(m.war) < 0.5", "P(m.war) < e"),
        [
            (4, "the low end 1 must be below"),
            (5, "a number is expected, not true"),
            (7, "unknown lever 'k'"),
            (15, "unknown move or end 'wr'"),
            (18, "unknown number 'd'"),
            (21, "unknown number 'e'"),
        ],
    ),
}


def errors_of(path: Path) -> list[Problem]:
    return [problem for problem in check_scenario(path)[1] if not problem.warning]


@pytest.fixture
def written(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    content: str | bytes = request.param
    path = tmp_path / "bad.yaml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize(("written", "expected"), CASES.values(), ids=CASES, indirect=["written"])
def test_mistakes_are_named_at_their_lines_all_at_once(written: Path, expected: Expected) -> None:
    begun = time.process_time()

    found = errors_of(written)

    assert time.process_time() - begun < SECONDS
    told = [(problem.place.line, problem.what) for problem in found]
    for line, words in expected:
        assert any(line == at and words in what for at, what in told), (line, words, told)
    assert len(found) == len(expected), told
    assert all(problem.place.file == str(written) and problem.place.column for problem in found)


def test_good_file_has_no_problems(tmp_path: Path) -> None:
    path = tmp_path / "good.yaml"
    path.write_text(GOOD)

    assert check_scenario(path)[1] == []


def test_words_that_other_yaml_takes_for_truth_values_are_names(tmp_path: Path) -> None:
    path = tmp_path / "norway.yaml"
    path.write_text(GOOD.replace("B: b}", "B: b, NO: Norway, on: x, yes: z}"))

    scenario, problems = check_scenario(path)

    assert not problems
    assert scenario is not None
    assert list(scenario.players) == ["A", "B", "NO", "on", "yes"]


def test_command_ends_with_one_and_shows_the_line(tmp_path: Path) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text(changed("x + l", "x + ll"))
    command = [sys.executable, "-m", "tenbin.cli", "check", str(path)]

    result = subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ)

    assert result.returncode == 1
    assert result.stdout == ""
    assert "fine: {A: x + ll, B: c}" in result.stderr
    assert "Did you mean 'l'?" in result.stderr
    assert "Traceback" not in result.stderr


def test_errors_are_not_lost_among_many_warnings(tmp_path: Path) -> None:
    names = ", ".join(f"n{i}: 0..1" for i in range(2 * MAX_PROBLEMS))
    path = tmp_path / "bad.yaml"
    path.write_text(changed("x: 0..1", f"x: 0..1, {names}").replace("m.war)", "m.wor)"))

    found = check_scenario(path)[1]

    assert len(found) == MAX_PROBLEMS + 1
    assert [problem.place.line for problem in found if not problem.warning] == [21]


def test_many_warnings_do_not_make_a_scenario_unusable(tmp_path: Path) -> None:
    names = ", ".join(f"n{i}: 0..1" for i in range(2 * MAX_PROBLEMS))
    path = tmp_path / "good.yaml"
    path.write_text(changed("x: 0..1", f"x: 0..1, {names}"))

    scenario, problems = check_scenario(path)

    assert scenario is not None
    assert problems[-1].what == f"and {MAX_PROBLEMS:,} further problems"


def test_nearest_name_among_thousands_is_found_soon(tmp_path: Path) -> None:
    names = ", ".join(f"name_of_a_number_{i}: 0..1" for i in range(4_000))
    wrong = "".join(
        f"  D{i}: {{says: s, holds: P(m.war) < name_of_a_numbr_{i}}}\n" for i in range(100)
    )
    path = tmp_path / "bad.yaml"
    path.write_text(changed("x: 0..1", f"x: 0..1, {names}") + wrong)
    begun = time.process_time()

    shown = [str(problem) for problem in errors_of(path)]

    assert "Did you mean 'name_of_a_number_7'?" in shown[7]
    assert time.process_time() - begun < SECONDS


@pytest.mark.parametrize(
    ("models", "links", "words"),
    [
        (60, ("{}.A, x=x+x*x",), "is made of too many formulas"),
        (14, ("{}.A, x=x/2", "{}.A, x=x/3"), "more than 10,000 settings of models"),
        (60, ("{}.A",), "more than 50 models feed one another in a row"),
    ],
    ids=["numbers_that_double", "settings_that_double", "long_chain"],
)
def test_chain_of_links_is_bounded(
    tmp_path: Path, models: int, links: tuple[str, ...], words: str
) -> None:
    parts = [GOOD.split("claims:")[0]]
    for i in range(models):
        fed = "m" if i == 0 else f"n{i - 1}"
        payoff = " + ".join(f"E({link.format(fed)})" for link in links)
        parts.append(
            f"  n{i}:\n    form: tree\n    start: s\n"
            "    moves: {s: {player: A, actions: {go: a, no: b}}}\n"
            f'    ends: {{a: {{A: "{payoff}"}}, b: {{A: 0}}}}\n'
        )
    path = tmp_path / "bad.yaml"
    path.write_text(
        "".join(parts) + f"claims: {{C1: {{says: s, holds: E(n{models - 1}.A) > 0}}}}\n"
    )
    begun = time.process_time()

    [problem] = errors_of(path)

    assert words in problem.what
    assert problem.place.line > 1
    assert time.process_time() - begun < 3 * SECONDS
