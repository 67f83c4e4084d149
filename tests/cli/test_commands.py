"""The commands as a user meets them: what they print, where, and how they end."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

CLAIM_KEYS = {"says", "word", "quantifier", "complete", "kind", "worlds", "policies"}
SHARE_KEYS = {"holds", "fails", "mixed", "unsolved", "selected", "ties", "interval"}
MODEL_KEYS = {"form", "concept", "solved", "unsolved", "worst_residual"}


def tenbin(*arguments: str | Path, folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tenbin.cli", *map(str, arguments)]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a scenario and two runs of it that differ in nothing but their threads."""
    folder = tmp_path_factory.mktemp("commands")
    assert tenbin("new", "mine.yaml", folder=folder).returncode == 0
    for out, threads in (("one", 1), ("two", 2)):
        arguments = ("--worlds", 1500, "--out", out, "--threads", threads)
        result = tenbin("run", "mine.yaml", *map(str, arguments), folder=folder)
        assert result.returncode == 0, result.stderr
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    files = [path for path in folder.rglob("*") if path.is_file() and path.name != "log.jsonl"]
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def test_template_has_no_problems(finished: Path) -> None:
    result = tenbin("check", "mine.yaml", "--strict", folder=finished)

    assert result.returncode == 0
    assert result.stdout.startswith("no errors: 1 model(s)")


def test_same_run_gives_the_same_bytes_whatever_the_threads(finished: Path) -> None:
    assert contents(finished / "one") == contents(finished / "two")


def test_verdicts_keep_the_contract_with_other_programs(finished: Path) -> None:
    verdicts = json.loads((finished / "one/verdicts.json").read_text("utf-8"))

    assert {"scenario", "worlds", "seed", "claims", "models"} <= verdicts.keys()
    for claim in verdicts["claims"].values():
        assert claim.keys() >= CLAIM_KEYS
        for row in claim["policies"].values():
            assert row.keys() >= SHARE_KEYS
            shares = [row[name] for name in ("holds", "fails", "mixed", "unsolved")]
            assert sum(shares) == pytest.approx(1.0)
    assert all(model.keys() >= MODEL_KEYS for model in verdicts["models"].values())


def test_run_ends_with_the_path_of_its_report(finished: Path) -> None:
    result = tenbin(
        "run", "mine.yaml", "--worlds", "64", "--out", "last", "--lang", "ko", folder=finished
    )

    report = finished / result.stdout.strip().splitlines()[-1]
    assert report.is_file()
    assert 'lang="ko"' in report.read_text("utf-8")


def test_json_alone_goes_to_standard_output(finished: Path) -> None:
    result = tenbin("run", "mine.yaml", "--worlds", "64", "--out", "j", "--json", folder=finished)

    assert json.loads(result.stdout)["worlds"] == 64
    assert "mine.yaml" in result.stderr


def test_a_number_can_be_fixed_in_every_world(finished: Path) -> None:
    arguments = ("--worlds", "64", "--out", "fixed", "--with", "stake=0.7")

    result = tenbin("run", "mine.yaml", *arguments, folder=finished)

    assert result.returncode == 0, result.stderr
    copy = (finished / "fixed/scenario/scenario.yaml").read_text("utf-8")
    assert "value: 0.7" in copy


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("check", "no-such-thing"), "no file, folder or shipped scenario named 'no-such-thing'"),
        (("check", "beer_quich"), "Did you mean 'textbook/beer_quiche'?"),
        (("run", "mine.yaml", "--lang", "fr"), "--lang fr: allowed are en, ja, ko"),
        (("run", "mine.yaml", "--with", "stake"), "expected NAME=VALUE"),
        (("run", "mine.yaml", "--with", "stake=1", "--with", "stake=2"), "more than once"),
        (("run", "mine.yaml", "--design", "grid"), "allowed are sobol, latin, monte_carlo"),
        (("report", "."), "is no run folder"),
        (("new", "mine.yaml"), "is there already"),
    ],
)
def test_a_wrong_command_line_ends_with_code_two(
    finished: Path, arguments: tuple[str, ...], said: str
) -> None:
    result = tenbin(*arguments, folder=finished)

    assert (result.returncode, said in result.stderr) == (2, True), result.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("run", "mine.yaml", "--with", "stakes=1"), "Did you mean 'stake'?"),
        (("solve", "mine.yaml", "--policy", "deplo"), "Did you mean 'deploy'?"),
        (("solve", "mine.yaml", "--concept", "nash"), "unknown concept 'nash'"),
        (("diff", "one", "nowhere"), "this folder holds no finished run"),
    ],
)
def test_a_mistake_in_a_name_is_one_sentence(
    finished: Path, arguments: tuple[str, ...], said: str
) -> None:
    result = tenbin(*arguments, folder=finished)

    assert (result.returncode, said in result.stderr) == (1, True), result.stderr
    assert "Traceback" not in result.stderr


def test_all_problems_of_a_scenario_are_shown_at_once(finished: Path) -> None:
    text = (finished / "mine.yaml").read_text("utf-8")
    text = text.replace("challenger: stake - war_cost", "challenger: stakes - war_cost")
    (finished / "faulty.yaml").write_text(text.replace("to_nowhere", ""), "utf-8")
    text = text.replace("probe: response", "probe: respons")
    (finished / "faulty.yaml").write_text(text, "utf-8")

    result = tenbin("check", "faulty.yaml", folder=finished)

    assert result.returncode == 1
    assert "'stakes'" in result.stderr
    assert "'respons'" in result.stderr


def test_a_file_named_like_a_shipped_scenario_is_taken_and_said(finished: Path) -> None:
    (finished / "udg").write_bytes((finished / "mine.yaml").read_bytes())

    result = tenbin("check", "udg", folder=finished)

    assert "'udg' is taken from this folder" in result.stderr


def test_diff_finds_nothing_between_equal_runs(finished: Path) -> None:
    result = tenbin("diff", "one", "two", folder=finished)

    assert result.stdout.startswith("No verdict changed")


def test_solve_gives_the_equilibrium_as_json(finished: Path) -> None:
    answer = json.loads(tenbin("solve", "mine.yaml", "--json", folder=finished).stdout)

    assert {"equilibria", "complete", "method", "status"} <= answer.keys()
    profile = answer["equilibria"][0]["profile"]
    assert profile["challenge"]["keep_quiet"] + profile["challenge"]["probe"] == pytest.approx(1)
    assert answer["equilibria"][0]["residual"] <= 1e-6


def test_show_draws_for_the_terminal_and_as_svg(finished: Path) -> None:
    drawn = tenbin("show", "mine.yaml", "--lang", "ja", folder=finished)
    written = tenbin("show", "mine.yaml", "--svg", "pictures", folder=finished)

    assert "抑止" in drawn.stdout
    paths = [finished / line for line in written.stdout.split()]
    assert [path.read_text("utf-8").startswith("<svg") for path in paths] == [True] * len(paths)
    assert paths


def test_help_imports_neither_numbers_nor_reader() -> None:
    heavy = "{'numpy', 'numba', 'scipy', 'pydantic', 'pyarrow', 'ruamel.yaml'}"
    code = (
        "import sys\nfrom typer.testing import CliRunner\nfrom tenbin.cli import app\n"
        f"CliRunner().invoke(app, ['--help'])\nprint({heavy} & set(sys.modules))"
    )

    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )

    assert result.stdout.strip() == "set()"
