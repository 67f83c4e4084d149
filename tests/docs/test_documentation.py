"""The documentation is true: its examples run, its links lead somewhere, nothing is left out."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from typer.main import get_command

from tenbin.cli import app
from tenbin.commands.run import RunRequest, run_scenario
from tenbin.forms import find_rooms, room

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("benchmarks/*.md")])
READMES = [ROOT / name for name in ("README.md", "README.ja.md", "README.ko.md")]


def blocks(page: Path, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", page.read_text("utf-8"), flags=re.DOTALL)


def name_of(page: Path) -> str:
    return str(page.relative_to(ROOT))


@pytest.fixture(scope="module")
def workplace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where examples run: the template as `mine.yaml`, and a run of it in `runs/mine`."""
    folder = tmp_path_factory.mktemp("docs")
    shutil.copy(ROOT / "src/tenbin/library/template.yaml", folder / "mine.yaml")
    run_scenario(RunRequest(folder / "mine.yaml", folder / "runs/mine", worlds=64))
    return folder


@pytest.mark.parametrize("page", [page for page in PAGES if blocks(page, "python")], ids=name_of)
def test_examples_in_python_run(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    scope: dict[str, object] = {"__name__": "example"}

    for block in blocks(page, "python"):
        exec(compile(block, name_of(page), "exec"), scope)


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_links_lead_to_files(page: Path) -> None:
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text("utf-8"))

    missing = [link for link in links if not (page.parent / link).exists()]

    assert missing == []


def test_commands_page_is_what_the_commands_say() -> None:
    written = (ROOT / "docs/reference/commands.md").read_text("utf-8")

    fresh = subprocess.run(
        [sys.executable, "-c", "import write_commands as w; print(w.commands_page(), end='')"],
        cwd=ROOT / "docs",
        capture_output=True,
        text=True,
        check=True,
    ).stdout

    assert written == fresh


def test_readme_names_every_command_a_beginner_needs() -> None:
    commands = {"new", "check", "show", "run", "list"}

    for readme in READMES:
        assert {
            name for name in commands if f"tenbin {name}" in readme.read_text("utf-8")
        } == commands


def test_readmes_give_the_same_commands_and_links() -> None:
    def essence(readme: Path) -> tuple[list[str], list[str]]:
        text = readme.read_text("utf-8")
        lines = [
            line.split("#")[0].strip()
            for block in blocks(readme, "sh")
            for line in block.splitlines()
        ]
        plain = [re.sub(r" --lang \w+", "", line) for line in lines]
        links = sorted(
            set(re.findall(r"\]\((docs/(?!pictures)[^)]+|ARCH[^)]+|bench[^)]+)\)", text))
        )
        return plain, links

    assert essence(READMES[1]) == essence(READMES[0])
    assert essence(READMES[2]) == essence(READMES[0])


@pytest.mark.parametrize("form", find_rooms())
def test_every_concept_of_a_form_is_in_the_guide(form: str) -> None:
    guide = (ROOT / "docs/how-to/choose-a-solution-concept.md").read_text("utf-8")

    assert [concept for concept in room(form).concepts if f"`{concept}`" not in guide] == []


def test_every_command_is_on_the_commands_page() -> None:
    page = (ROOT / "docs/reference/commands.md").read_text("utf-8")

    assert [name for name in get_command(app).commands if f"## tenbin {name}" not in page] == []
