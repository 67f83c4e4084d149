"""A scenario as a file or a folder: includes, texts, facts, and nothing outside the folder."""

import os

import pytest

from tenbin.errors import ScenarioError
from tenbin.scenario import Scenario, load_scenario, read_scenario

MAIN = """\
tenbin: 1
title: {en: T, ja: 題}
include: parts/*.yaml
facts: facts.csv
players: {A: {en: a, ja: あ}}
"""
HEADER = "id,quantity,value,low,high,unit,date,source,verified\n"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "parts").mkdir()
    (tmp_path / "scenario.yaml").write_text(MAIN)
    (tmp_path / "facts.csv").write_text(HEADER + "F,q,1,0,2,USD,2024,s,yes\n")
    (tmp_path / "parts" / "one.yaml").write_text("constants: {c: 1}\n")
    (tmp_path / "parts" / "two.yaml").write_text("constants: {d: 2}\n")
    return tmp_path


def whats(path):
    return [problem.what for problem in read_scenario(path)[1] if not problem.warning]


def test_folder_is_its_scenario_file_with_all_parts(folder):
    found = load_scenario(folder)

    assert list(found.constants) == ["c", "d"]
    assert found.facts["F"].value == 1.0
    assert [path.name for path in found.files] == [
        "scenario.yaml",
        "one.yaml",
        "two.yaml",
        "facts.csv",
    ]


def test_folder_and_its_file_are_the_same_scenario(folder):
    assert load_scenario(folder).digest == load_scenario(folder / "scenario.yaml").digest


def test_name_in_two_files_is_an_error_at_both(folder):
    (folder / "parts" / "two.yaml").write_text("constants: {c: 2}\n")
    _, problems = read_scenario(folder)

    assert [problem.place.file.rsplit("/", 1)[1] for problem in problems] == [
        "one.yaml",
        "two.yaml",
    ]


def test_title_in_an_included_file_is_an_error(folder):
    (folder / "parts" / "two.yaml").write_text("title: again\n")

    assert whats(folder) == ["'title' stands in two files"] * 2


def test_problems_of_all_files_come_together(folder):
    (folder / "parts" / "one.yaml").write_text("constants: {c: [1}\n")
    (folder / "parts" / "two.yaml").write_text("a: 1\na: 2\n")
    (folder / "facts.csv").write_text(HEADER + "F,q,x,0,2,USD,2024,s,yes\n")

    assert len(whats(folder)) == 3


@pytest.mark.parametrize(
    "pattern", ["../*.yaml", "/etc/*.yaml", "**/*.yaml", "a/../../b.yaml", "", "a\\b", "~/x.yaml"]
)
def test_include_outside_the_folder_is_refused(folder, pattern):
    (folder / "scenario.yaml").write_text(MAIN.replace("parts/*.yaml", f"'{pattern}'"))

    assert whats(folder) == [f"'{pattern}' may not be included"]


def test_include_without_a_match_is_an_error(folder):
    (folder / "scenario.yaml").write_text(MAIN.replace("parts/", "nowhere/"))

    assert whats(folder) == ["'nowhere/*.yaml' matches no file"]


@pytest.mark.parametrize("name", ["parts/link.yaml", "facts.csv"])
def test_link_out_of_the_folder_is_refused(folder, tmp_path_factory, name):
    secret = tmp_path_factory.mktemp("outside") / "secret.yaml"
    secret.write_text("constants: {e: 3}\n")
    (folder / name).unlink(missing_ok=True)
    (folder / name).symlink_to(secret)

    assert any("leads outside" in what for what in whats(folder))


@pytest.mark.parametrize("name", ["../facts.csv", "/etc/passwd", "*.csv"])
def test_facts_outside_the_folder_are_refused(folder, name):
    (folder / "scenario.yaml").write_text(MAIN.replace("facts.csv", f"'{name}'"))

    assert whats(folder) == [f"'{name}' is not a file inside the folder"]


def test_missing_file_and_folder_without_scenario_are_problems(tmp_path):
    assert "there is no file" in whats(tmp_path / "nothing.yaml")[0]
    assert "there is no file" in whats(tmp_path)[0]


def test_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "scenario.yaml")

    assert "is not a file" in whats(tmp_path)[0]


def test_fifty_megabytes_are_refused_unread(tmp_path):
    path = tmp_path / "big.yaml"
    with path.open("wb") as stream:
        stream.truncate(50_000_000)

    assert "50,000,000 bytes" in whats(path)[0]


def test_text_key_is_looked_up_in_every_language(folder):
    (folder / "texts").mkdir()
    (folder / "texts" / "en.yaml").write_text("title: In English\na: {name: first}\n")
    (folder / "texts" / "ja.yaml").write_text("title: 日本語で\na: {name: 一}\n")
    text = MAIN.replace("{en: T, ja: 題}", "$title").replace("{en: a, ja: あ}", "$a.name")
    (folder / "scenario.yaml").write_text(text)
    found = load_scenario(folder)

    assert found.title.in_language("ja") == "日本語で"
    assert found.players["A"].title.in_language("ko") == "first"


def test_unknown_text_key_is_an_error_with_the_nearest(folder):
    (folder / "texts").mkdir()
    (folder / "texts" / "en.yaml").write_text("title: In English\n")
    (folder / "scenario.yaml").write_text(MAIN.replace("{en: T, ja: 題}", "$titel"))
    (problem,) = read_scenario(folder)[1]

    assert "Did you mean 'title'?" in str(problem)


def test_text_that_lacks_a_language_of_the_title_is_a_warning(folder):
    (folder / "parts" / "one.yaml").write_text("constants: {c: {value: 1, title: only english}}\n")
    scenario, problems = read_scenario(folder)

    assert [problem.what for problem in problems] == ["this text lacks ja"]
    assert scenario.warnings == tuple(problems)


def test_title_of_a_type_that_lacks_a_language_is_a_warning(folder):
    titles = "type_titles: {A: {bold: {en: bold, ja: 大胆}, meek: {en: meek}}}"
    game = f"{{form: tree, {titles}}}"
    (folder / "parts" / "one.yaml").write_text(f"models: {{m: {game}}}\n", encoding="utf-8")

    _, problems = read_scenario(folder)

    assert [problem.what for problem in problems if problem.warning] == ["this text lacks ja"]


def test_load_raises_every_problem(folder):
    (folder / "parts" / "two.yaml").write_text("constants: {c: 2}\n")

    with pytest.raises(ScenarioError, match="stands in two files") as caught:
        load_scenario(folder)
    assert len(caught.value.problems) == 2


def test_digest_ignores_comments_layout_and_division_into_files(folder, tmp_path):
    one = tmp_path / "one.yaml"
    one.write_text(
        "# a comment\ntenbin: 1\ntitle:\n  en: 'T'\n  ja: 題\nplayers:\n  A: {en: a, ja: あ}\n"
        "facts: {F: {quantity: q, value: 1.0, low: 0, high: 2, unit: USD, date: 2024, source: s,"
        " verified: true}}\nconstants: {c: 1, d: 2.0}\n"
    )

    assert load_scenario(one).digest == load_scenario(folder).digest


def test_digest_tells_content_and_order_apart(folder):
    first = load_scenario(folder).digest
    (folder / "parts" / "two.yaml").write_text("constants: {d: 3}\n")

    assert load_scenario(folder).digest != first


def test_scenario_written_as_one_file_is_the_same(folder, tmp_path):
    scenario = load_scenario(folder)
    path = tmp_path / "copy.yaml"
    path.write_text(scenario.to_yaml())

    assert load_scenario(path).digest == scenario.digest
    assert Scenario.from_dict(scenario.data).digest == scenario.digest
