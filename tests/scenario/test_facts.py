"""The fact table."""

import pytest

from tenbin.scenario import read_scenario
from tenbin.scenario.facts import read_facts

HEADER = "id,quantity,value,low,high,unit,date,source,verified"


def facts_of(*rows):
    return read_facts("\n".join([HEADER, *rows]).encode(), "facts.csv")


def test_row_becomes_a_fact():
    facts, problems = facts_of('F-1,"a, b",2.5,2,3,mn USD,2024,"said ""so""",yes')

    assert problems == []
    fact = facts["F-1"]
    assert (fact.quantity, fact.value, fact.low, fact.high) == ("a, b", 2.5, 2.0, 3.0)
    assert (fact.source, fact.verified) == ('said "so"', True)


def test_comments_and_empty_lines_are_skipped():
    content = f"# about\n\n{HEADER}\n# more\nF,q,1,,,u,2024,s,no\n".encode()
    facts, problems = read_facts(content, "facts.csv")

    assert problems == []
    assert facts["F"].place.line == 5


def test_empty_figure_stays_open():
    facts, _ = facts_of("F,q,,,,u,2024,s,no")

    assert facts["F"].value is None


def test_words_are_kept_where_the_unit_says_so():
    facts, _ = facts_of("F,q,frozen,,,text,2024,s,yes")

    assert (facts["F"].words, facts["F"].value) == ("frozen", None)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("F,q,much,,,USD,2024,s,yes", "'much' in column 'value' is no number"),
        ("F,q,1,nan,,USD,2024,s,yes", "'nan' in column 'low'"),
        ("F,q,1,3,2,USD,2024,s,yes", "low 3.0 is above high 2.0"),
        ("F,q,1,,,USD,2024,s,maybe", "cannot be 'maybe'"),
        ("F,q,1,,,USD,2024,s", "8 cells"),
        (",q,1,,,USD,2024,s,yes", "id of the fact is missing"),
        ('F,"q,1,,,USD,2024,s,yes', "cannot be read"),
        ("F,q,1_000,,,USD,2024,s,yes", "'1_000' in column 'value' is no number"),
        ("F,q,１,,,USD,2024,s,yes", "'１' in column 'value' is no number"),
        ("F,q,inf,,,USD,2024,s,yes", "'inf' in column 'value' is no number"),
        ("F,q\0,1,,,USD,2024,s,yes", "character U+0000 may not stand in a file"),
    ],
)
def test_faulty_row_is_located(row, words):
    _, (problem,) = facts_of(row)

    assert words in problem.what
    assert problem.place.line == 2


def test_second_row_of_an_id_is_an_error():
    row = "F,q,1,,,USD,2024,s,yes"
    _, (problem,) = facts_of(row, row)

    assert "second time" in problem.what
    assert "line 2" in problem.advice


def test_unknown_and_missing_columns_are_errors():
    _, problems = read_facts(b"id,quantity,valeu\n", "facts.csv")

    assert len(problems) == 8
    assert "Did you mean 'value'?" in str(problems[-1])


@pytest.mark.parametrize("content", [b"", b"# nothing\n", b"\xff\xfe"])
def test_unreadable_table_is_a_problem(content):
    facts, problems = read_facts(content, "facts.csv")

    assert facts == {}
    assert len(problems) == 1


def test_faulty_row_counts_as_known():
    facts, problems = facts_of("F,q,much,,,USD,2024,s,yes")

    assert len(problems) == 1
    assert list(facts) == ["F"]


def test_table_that_cannot_be_read_is_the_only_problem(tmp_path):
    (tmp_path / "scenario.yaml").write_text(
        "tenbin: 1\ntitle: T\nfacts: facts.csv\nclaims: {C: {says: s, holds: \"fact('F') > 0\"}}\n"
    )
    (tmp_path / "facts.csv").write_text(HEADER.replace("quantity", "quality"))

    _, problems = read_scenario(tmp_path)

    assert {problem.place.file.rsplit("/", 1)[1] for problem in problems} == {"facts.csv"}
