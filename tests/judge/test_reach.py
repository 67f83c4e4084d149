"""Which uncertainties reach a claim."""

from __future__ import annotations

from pathlib import Path

import pytest

from judge.helpers import CRISIS, scenario_with
from tenbin.judge import reaching_uncertainties, share_reading

BASE = CRISIS.replace("armed: {D: P(crisis.war) - 0.5}", "armed: {D: risk * noise}")


@pytest.mark.parametrize(
    ("holds", "reaching"),
    [
        ("noise > 0.5", {"noise"}),
        ("P(crisis.war) > 0.5", {"stake", "noise"}),
        ("P(crisis.war, stake=1) > 0.5", {"noise"}),
        ("P(crisis.war, stake=kind) > 0.5", {"noise", "kind"}),
        ("P(crisis.war, stake=1, noise=0) > 0.5", set()),
        ("P(after.armed, noise=0) > 0.5", {"stake"}),
        ("risk > kind", {"stake", "noise", "kind"}),
        ("rises(P(crisis.war), stake)", {"noise"}),
        ("best(stay, objective=war)", {"stake", "noise"}),
        ("not iff(noise > 0.5, kind > 1) and gap > kind", {"noise", "kind"}),
    ],
)
def test_uncertainty_reaches_a_claim_unless_it_is_replaced(
    tmp_path: Path, holds: str, reaching: set[str]
) -> None:
    scenario = scenario_with(tmp_path, f"C: {{says: x, holds: '{holds}'}}", BASE)

    assert reaching_uncertainties(scenario, "C") == reaching


def test_nothing_reaches_a_fact(tmp_path: Path) -> None:
    scenario = scenario_with(tmp_path, "C: {says: x, holds: fact('F-1') > 1}")

    assert reaching_uncertainties(scenario, "C") == frozenset()


def test_reading_is_chance_where_no_range_reaches(tmp_path: Path) -> None:
    scenario = scenario_with(tmp_path, "C: {says: x, stated: A purpose}")

    assert share_reading(scenario, {"noise", "kind"}) == "chance"
    assert share_reading(scenario, {"noise", "stake"}) == "coverage"
