"""What the quick commands load: modules that take long are left to the slow ones."""

from __future__ import annotations

import subprocess
import sys
from importlib.resources import files

import pytest

ARRAY_ENGINE = {"numba", "llvmlite"}
SLOW = {*ARRAY_ENGINE, "scipy", "pyarrow", "duckdb", "pint", "networkx", "jinja2", "vl_convert"}
TEMPLATE = str(files("tenbin.library").joinpath("template.yaml"))


def loaded_by(*arguments: str) -> set[str]:
    """The packages that a command has loaded when it ends."""
    program = (
        "import sys, tenbin.cli\n"
        f"sys.argv = ['tenbin', *{arguments!r}]\n"
        "try:\n    tenbin.cli.main()\n"
        "except SystemExit as end:\n    assert not end.code, end.code\n"
        "print('loaded', *{name.partition('.')[0] for name in sys.modules})\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    return set(result.stdout.splitlines()[-1].split())


def test_help_loads_no_numbers() -> None:
    assert not loaded_by("--help") & {*SLOW, "numpy", "ruamel"}


def test_check_loads_neither_scipy_nor_the_array_engine() -> None:
    assert not loaded_by("check", TEMPLATE) & SLOW


@pytest.mark.parametrize("command", ["list", "schema"])
def test_command_that_solves_nothing_loads_no_array_engine(command: str) -> None:
    assert not loaded_by(command) & ARRAY_ENGINE
