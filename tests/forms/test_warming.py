"""What is compiled ahead is what solving calls: nothing is compiled in the middle of a run."""

from __future__ import annotations

import subprocess
import sys

import pytest

SCRIPT = """
import sys
from tenbin.forms import room
from tenbin.forms.compiling import compile_for
from tenbin.judge import claim_requests
from tenbin.library import find_scenario
from tenbin.run import RunOptions, execute, make_plan
from tenbin.scenario import load_scenario
from importlib import import_module

scenario = load_scenario(find_scenario(sys.argv[1]))
plan = make_plan(scenario, claim_requests(scenario), 100)
for form in {planned.model.form for planned in plan.jobs}:
    models = [planned.model for planned in plan.jobs if planned.model.form == form]
    room(form).prepare(lambda _: None, list(room(form).uncompiled(models)))
    assert not room(form).uncompiled(models), form
parts = import_module(sys.argv[2]).PARTS
kernels = [kernel for part in parts.values() for kernel in part.kernels]
for part in parts.values():
    part.compile()
before = [len(kernel.signatures) for kernel in kernels]
for _ in execute(scenario, plan, RunOptions(worlds=100)):
    pass
assert [len(kernel.signatures) for kernel in kernels] == before == [1] * len(kernels)
"""


@pytest.mark.parametrize(
    ("scenario", "warm"),
    [
        ("crisis_signalling", "tree.solvers"),
        ("issue_linkage", "bargaining.solvers"),
        ("rubinstein_ratification", "bargaining.solvers"),
        ("cuban_crisis", "conflict.solvers"),
        ("crisis_cycle", "stochastic"),
    ],
)
def test_a_run_compiles_nothing_that_was_not_compiled_ahead(scenario: str, warm: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, scenario, f"tenbin.forms.{warm}.warm"],
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
