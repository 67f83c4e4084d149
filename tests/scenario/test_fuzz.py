"""Whatever bytes stand in a file: problems come back, nothing is raised, and soon."""

import time
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tenbin.scenario import read_scenario
from tenbin.scenario.digest import yaml_text
from tenbin.scenario.expressions import evaluate, parse_expression
from tenbin.scenario.facts import read_facts
from tenbin.scenario.reading import read_data
from tenbin.scenario.source import read_yaml

TEMPLATE = Path(str(files("tenbin.library"))).joinpath("template.yaml").read_bytes()
PIECES = [
    *(b"\t", b"\x00", b"\xff", b"{", b"}", b"[", b"]", b": ", b"- ", b"#", b"'", b'"', b"|\n"),
    *(
        b"&a ",
        b"*a ",
        b"!!x ",
        b"<<: ",
        b"? ",
        b"---\n",
        b"%YAML 9.9\n",
        b"\n",
        b"  ",
        b"..",
        b"$k",
    ),
    *("大".encode(), b"1e999", b"0x", b".nan", b"~", b"P(", b"**", b"rest", b"\xc2\x85", b"\r"),
]
SLOW = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@st.composite
def mutated_files(draw):
    content = bytearray(TEMPLATE[: draw(st.integers(200, len(TEMPLATE)))])
    for _ in range(draw(st.integers(1, 6))):
        start = draw(st.integers(0, len(content)))
        removed = draw(st.integers(0, 30))
        content[start : start + removed] = draw(st.sampled_from(PIECES))
    return bytes(content)


def read_bytes(tmp_path, content):
    path = tmp_path / "fuzzed.yaml"
    path.write_bytes(content)
    began = time.process_time()
    scenario, problems = read_scenario(path)
    assert time.process_time() - began < 5.0
    return scenario, problems


@SLOW
@given(content=mutated_files())
def test_mutated_file_gives_a_scenario_or_located_problems(tmp_path, content):
    scenario, problems = read_bytes(tmp_path, content)

    assert scenario is not None or any(not problem.warning for problem in problems)
    lines = content.decode(errors="replace").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for problem in problems:
        assert str(problem)
        assert 0 <= problem.place.line <= len(lines)


@SLOW
@given(content=st.binary(max_size=400))
def test_any_bytes_give_problems(tmp_path, content):
    scenario, problems = read_bytes(tmp_path, content)

    assert scenario is None
    assert problems


@settings(max_examples=200, deadline=None)
@given(content=st.binary(max_size=300))
def test_any_bytes_as_facts_give_facts_or_problems(content):
    facts, problems = read_facts(
        b"id,quantity,value,low,high,unit,date,source,verified\n" + content, "f"
    )

    assert isinstance(facts, dict)
    assert all(str(problem) for problem in problems)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["en", "range", "x", "holds", "title"]), inner, max_size=3
        )
    ),
    max_leaves=6,
)
SECTIONS = (
    *("players", "uncertainties", "correlations", "constants", "derived", "levers", "policies"),
    *("measures", "facts", "models", "claims", "decision_maker", "objectives", "title", "include"),
)


@settings(max_examples=120, deadline=None)
@given(data=st.dictionaries(st.sampled_from(SECTIONS), VALUES, max_size=4))
def test_any_data_give_a_scenario_or_problems(data):
    scenario, problems = read_data({"tenbin": 1, "title": "t", **data})

    assert (scenario is None) == any(not problem.warning for problem in problems)


WORDS = "a 1 + - * ** / ( ) , < == and or not if else min log where P m.a . mix given= any [ ] ' 大"


@settings(max_examples=500, deadline=None)
@given(tokens=st.lists(st.sampled_from(WORDS.split()), max_size=14), claim=st.booleans())
def test_any_words_are_an_expression_or_a_problem(tokens, claim):
    expression, problems = parse_expression(" ".join(tokens), claim=claim)

    assert (expression is None) == bool(problems)
    if expression is not None and not claim and not expression.calls:
        evaluate(expression, dict.fromkeys(expression.names, 0.5))


@pytest.mark.parametrize(
    "content",
    [
        b"a: " * 1000,
        b"? " * 2000,
        b"{" * 50_000,
        b"'" + b"x" * 1_900_000,
        b"x" * 1_900_000,
        b"- " * 20_000,
        b"a: |\n" + b" x\n" * 20_000,
        b"[" + b"[]," * 20_000 + b"]",
        b"{a: {a: {a: {a: " * 2000,
        b"#" * 1_900_000,
        b"\n" * 300_000,
        b"%TAG ! tag:x\n" * 1000 + b"--- a",
        b"tenbin: 1\ntitle: t\nderived: {"
        + b"".join(b"a%d: a%d, " % (i, i + 1) for i in range(3_000))
        + b"}",
    ],
    ids=lambda content: content[:12].decode(),
)
def test_hostile_file_is_answered_within_bounds(tmp_path, content):
    path = tmp_path / "hostile.yaml"
    path.write_bytes(content)

    began = time.process_time()
    _, problems = read_scenario(path)

    assert problems
    assert len("\n".join(map(str, problems[:50]))) < 200_000
    assert time.process_time() - began < 20.0


PRINTED = st.text(st.characters(codec="utf-8"), max_size=10)
WRITTEN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | PRINTED,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(PRINTED, inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=150, deadline=None)
@given(data=st.dictionaries(PRINTED, WRITTEN, min_size=1, max_size=3))
def test_written_content_reads_back_as_it_was(data):
    node, problems = read_yaml(yaml_text(data).encode(), "f")

    assert problems == []
    assert node.plain() == data
