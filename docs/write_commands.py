"""Writes `docs/reference/commands.md` from the command line's own help."""

from __future__ import annotations

from pathlib import Path

from typer.main import get_command
from typer.testing import CliRunner

from tenbin.cli import app

TARGET = Path(__file__).parent / "reference" / "commands.md"
INTRODUCTION = """# Commands

Written from the commands' own help by `python docs/write_commands.py`; a test compares the two.
Progress and messages go to standard error; with `--json` results alone go to standard output.
Exit codes: 0 done, 1 the scenario has errors, 2 the command line has.
"""


def commands_page() -> str:
    """The whole page: the help of `tenbin` and of each of its commands."""
    names = [[], *([name] for name in get_command(app).commands)]
    parts = [
        f"## tenbin {' '.join(name)}".rstrip() + f"\n\n```text\n{help_of(name)}\n```\n"
        for name in names
    ]
    return "\n".join([INTRODUCTION, *parts])


def help_of(command: list[str]) -> str:
    """The help of one command, as wide as the page."""
    runner = CliRunner(env={"COLUMNS": "90", "TERMINAL_WIDTH": "90", "NO_COLOR": "1"})
    result = runner.invoke(app, [*command, "--help"], prog_name="tenbin")
    return "\n".join(line.rstrip() for line in result.output.strip().splitlines())


if __name__ == "__main__":
    TARGET.write_text(commands_page(), encoding="utf-8")
