"""Everything that can be said of a scenario without solving it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from judge.helpers import CRISIS
from tenbin.errors import Problem
from tenbin.judge import check_scenario

LINES = len(CRISIS.splitlines())


def problems_of(folder: Path, claims: str, base: str = CRISIS) -> list[Problem]:
    """What is found, but for numbers of the common file that a test does not use."""
    path = folder / "crisis.yaml"
    path.write_text(base + "".join(f"  {line}\n" for line in claims.splitlines()))
    scenario, problems = check_scenario(path)
    assert (scenario is None) == any(not problem.warning for problem in problems)
    return [problem for problem in problems if "nothing reads" not in problem.what]


def test_check_of_a_sound_scenario_finds_nothing(tmp_path: Path) -> None:
    claims = (
        "C: {says: x, holds: 'P(crisis.war, policy=stay) < P(crisis.war, policy=quo)'}\n"
        "D: {says: x, holds: 'rises(P(crisis.war), stake)'}\n"
        "E: {says: x, holds: 'risk > P(after.armed)'}\n"
        "F: {says: x, holds: 'best(stay, by=satisfice, objective=war)'}"
    )

    assert problems_of(tmp_path, claims) == []


def test_check_places_a_bad_outcome_at_its_own_column(tmp_path: Path) -> None:
    holds = "P(crisis.war) < 0.5 or P(crisis.truce) > 0.5"

    (problem,) = problems_of(tmp_path, f"C: {{says: x, holds: {holds}}}")

    assert problem.place.line == LINES + 1
    assert problem.place.source[problem.place.column - 1 :].startswith("P(crisis.truce)")
    assert "truce" in problem.what
    assert "war" in problem.allowed


def test_check_reports_all_claims_at_once(tmp_path: Path) -> None:
    claims = (
        "C: {says: x, holds: P(crisis.truce) > 0.5}\n"
        "D: {says: x, holds: E(crisis.B) > 0.5}\n"
        "E: {says: x, holds: best(stay)}"
    )

    lines = [problem.place.line - LINES for problem in problems_of(tmp_path, claims)]

    assert lines == [1, 2, 3]


def test_check_looks_at_objectives_and_derived_numbers(tmp_path: Path) -> None:
    base = CRISIS.replace("max: E(crisis.D)", "max: E(crisis.B)")
    base = base.replace("1 - P(crisis.war)", "1 - P(crisis.truce)")

    problems = problems_of(tmp_path, "C: {says: x, stated: A purpose}", base)

    assert ["truce" in problems[0].what, "B" in problems[1].what] == [True, True]


def test_check_reports_a_model_that_does_not_compile_once(tmp_path: Path) -> None:
    base = CRISIS.replace("peace: {A: 0, D: noise * 0}", "peace: {A: 0}")

    problems = problems_of(tmp_path, "C: {says: x, holds: P(crisis.war) > 0.5}", base)

    assert len(problems) == 1
    assert "peace" in str(problems[0])


def test_check_of_an_unknown_form_names_those_there_are(tmp_path: Path) -> None:
    base = CRISIS.replace("  after:\n    form: tree", "  after:\n    form: shrub")

    problems = problems_of(tmp_path, "C: {says: x, holds: P(after.armed) > 0.5}", base)

    assert "unknown form 'shrub' of model 'after'" in [problem.what for problem in problems]
    assert "tree" in problems[0].allowed


def test_check_reports_committed_moves_that_do_not_exist(tmp_path: Path) -> None:
    base = CRISIS.replace("same: {idle: 1}", "same: {play: {crisis.chose: attack}}")

    problems = problems_of(tmp_path, "C: {says: x, stated: A purpose}", base)

    assert any("chose" in str(problem) for problem in problems)


def test_check_reports_a_circle_of_models(tmp_path: Path) -> None:
    base = CRISIS.replace("A: stake - troops", "A: stake - P(after.armed)")

    (problem,) = problems_of(tmp_path, "C: {says: x, stated: A purpose}", base)

    assert "circle" in problem.what


def test_check_tries_the_numbers_of_models(tmp_path: Path) -> None:
    base = CRISIS.replace("A: stake - troops", "A: log(stake - 1)")

    (problem,) = problems_of(tmp_path, "C: {says: x, stated: A purpose}", base)

    assert "not a finite number in 50.0% of the worlds tried" in problem.what


def test_check_tries_derived_numbers_at_their_own_place(tmp_path: Path) -> None:
    base = CRISIS.replace("gap: ceiling - floor", "gap: 1 / (troops - 2) + sqrt(noise - 0.25)")
    base = base.replace("D: noise * 0", "D: gap")

    problems = problems_of(tmp_path, "C: {says: x, stated: A purpose}", base)

    assert "in 25.0% of the worlds tried, e.g. where noise = " in problems[0].what
    assert "in 100.0% of the worlds tried" in problems[1].what
    assert all(problem.place.line == problems[0].place.line for problem in problems)
    assert "troops" in problems[0].place.source


def test_check_does_not_blame_numbers_that_hang_on_other_models(tmp_path: Path) -> None:
    base = CRISIS.replace("armed: {D: P(crisis.war) - 0.5}", "armed: {D: log(risk)}")

    assert problems_of(tmp_path, "C: {says: x, stated: A purpose}", base) == []


@pytest.mark.parametrize(
    ("holds", "what"),
    [
        ("P(crisis.war, policy=same) < P(crisis.war, policy=quo)", "the same number"),
        ("not 1 - E(crisis.D) == 1 - E(crisis.D)", "the same number"),
        ("rises(P(crisis.war), noise) and P(crisis.war) > 0", "does not change over the range"),
        ("ceiling > floor", "compares only constants"),
    ],
)
def test_check_warns_of_a_claim_that_cannot_differ(tmp_path: Path, holds: str, what: str) -> None:
    base = CRISIS.replace("D: noise * 0", "D: 1").replace("uniform: 0..1", "range: 0..1")

    (problem,) = problems_of(tmp_path, f"C: {{says: x, holds: '{holds}'}}", base)

    assert what in problem.what
    assert problem.warning


def test_check_imports_no_engine() -> None:
    script = (
        "import sys, tenbin.judge.check as check;"
        f"check.check_scenario({str(Path(__file__).with_name('none.yaml'))!r});"
        "print([m for m in ('numba', 'scipy.stats', 'pyarrow', 'duckdb') if m in sys.modules])"
    )

    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True, text=True)

    assert ran.stdout.strip() == "[]"


def test_check_reports_a_threshold_on_the_wrong_side(tmp_path: Path) -> None:
    base = CRISIS.replace("at_most: 0.4", "at_least: 0.4")

    (problem,) = problems_of(tmp_path, "C: {says: x, stated: A purpose}", base)

    assert (problem.what, problem.allowed) == ("`at_least` does not go with `min`", ("at_most",))
