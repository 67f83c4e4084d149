"""YAML as nodes: values by YAML 1.2, and a located problem for everything refused."""

import time

import pytest

from tenbin.scenario.source import MAX_BYTES, read_yaml


def problem_of(text: str | bytes):
    content = text if isinstance(text, bytes) else text.encode()
    node, problems = read_yaml(content, "f.yaml")
    assert node is None
    return problems[0]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("NO", "NO"),
        ("on", "on"),
        ("12:30", "12:30"),
        ("1e-3", 1e-3),
        ("028", 28),
        ("0x1F", 31),
        ("0o17", 15),
        (".5", 0.5),
        ("-.inf", float("-inf")),
        ("true", True),
        ("~", None),
        ("'1'", "1"),
        ("0.5..1.5", "0.5..1.5"),
        ("2024-11-14", "2024-11-14"),
    ],
)
def test_scalar_is_read_by_the_core_schema(written, value):
    node, problems = read_yaml(f"a: {written}".encode(), "f.yaml")

    assert problems == []
    assert node.plain() == {"a": value}


def test_places_count_lines_and_columns_from_one():
    node, _ = read_yaml(b"a:\n  b: {c: [x, y]}\n", "f.yaml")

    place = node.place_at(("a", "b", "c", 1))
    assert (place.file, place.line, place.column) == ("f.yaml", 2, 14)
    assert place.source == "  b: {c: [x, y]}"


def test_place_of_key_is_not_the_place_of_its_value():
    node, _ = read_yaml(b"a:\n  bcd: 1\n", "f.yaml")

    assert node.key_place_at(("a", "bcd")).column == 3
    assert node.place_at(("a", "bcd")).column == 8


def test_place_of_a_missing_path_is_that_of_its_parent():
    node, _ = read_yaml(b"a:\n  b: 1\n", "f.yaml")

    assert node.place_at(("a", "nothing", 3)) == node.place_at(("a",))


def test_place_of_folded_text_is_its_first_line():
    node, _ = read_yaml(b"a: >-\n  first\n  second\n", "f.yaml")

    assert node.plain() == {"a": "first second"}
    assert (node.place_at(("a",)).line, node.place_at(("a",)).column) == (2, 3)


@pytest.mark.parametrize(
    ("text", "line", "column", "words"),
    [
        ("a: 1\nb: &x 2\n", 2, 4, "anchors"),
        ("a: 1\nb: *x\n", 2, 4, "aliases"),
        ("a: !!python/object:os.system x\n", 1, 4, "tags"),
        ("a: 1\nb: 2\na: 3\n", 3, 1, "second time"),
        ("a:\n\tb: 1\n", 2, 1, "a tab"),
        ("a: {b: 1\n", 1, 9, "not YAML"),
        ("a: 1\n---\nb: 2\n", 2, 1, "second document"),
        ("{[a]: 1}", 1, 2, "a key is"),
        ("a: b: c\n", 1, 5, "mapping values"),
        ("a: \x01\n", 1, 4, "U+0001"),
    ],
)
def test_refused_yaml_is_located(text, line, column, words):
    problem = problem_of(text)

    assert words in problem.what
    assert (problem.place.line, problem.place.column) == (line, column)


def test_duplicate_key_names_the_first_place():
    assert "line 1, column 1" in problem_of("a: 1\na: 2\n").advice


def test_all_anchors_and_duplicates_of_a_file_are_reported():
    _, problems = read_yaml(b"a: &x 1\nb: &y 2\na: 3\n", "f.yaml")

    assert len(problems) == 3


def test_bytes_that_are_not_utf8_are_located():
    problem = problem_of("a: 1\nb: é".encode() + b"\xff")

    assert "0xff" in problem.what
    assert (problem.place.line, problem.place.column) == (2, 5)


def test_utf16_is_refused():
    assert "not UTF-8" in problem_of("a: 1".encode("utf-16")).what


def test_byte_order_mark_is_ignored():
    node, _ = read_yaml("a: 1".encode("utf-8-sig"), "f.yaml")

    assert node.plain() == {"a": 1}
    assert node.key_place_at(("a",)).column == 1


@pytest.mark.parametrize("text", ["", "\n\n", "# only a comment\n", "---\n", "~"])
def test_empty_file_is_a_problem(text):
    assert "empty" in problem_of(text).what


def test_large_file_is_refused_at_once():
    began = time.process_time()
    problem = problem_of(b"a" * (MAX_BYTES + 1))

    assert "at most 2,000,000" in problem.what
    assert time.process_time() - began < 0.1


def test_alias_bomb_is_refused_without_expanding():
    lines = ["a0: &a0 [x, x]"] + [f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 60)]

    assert "anchors" in problem_of("\n".join(lines)).what


@pytest.mark.parametrize("text", ["[" * 5000, "a: " + "{b: " * 3000, "- " * 3000 + "x"])
def test_deep_nesting_is_refused(text):
    assert "nested more than" in problem_of(text).what


def test_many_values_are_refused(monkeypatch):
    monkeypatch.setattr("tenbin.scenario.source.MAX_NODES", 1_000)
    problem = problem_of("[" + "1," * 2_000 + "]")

    assert "more than 1,000 values" in problem.what


def test_three_thousand_lines_are_read_within_seconds():
    move = "  m{0}: {{player: A, actions: {{x: n{0}, y: {{to: z, set: {{d: '2 * stake'}}}}}}}}\n"
    text = "moves:\n" + "".join(move.format(number) for number in range(3000))

    began = time.process_time()
    node, _ = read_yaml(text.encode(), "f.yaml")

    assert len(node.plain()["moves"]) == 3000
    assert time.process_time() - began < 5.0  # 0.5 s on a quiet machine
