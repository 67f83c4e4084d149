"""The page on claims says what is true."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tenbin.judge import check_scenario
from tenbin.judge.questions import questions_of
from tenbin.judge.verdicts import fixed_entry
from tenbin.scenario import Scenario

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "claims.md"


@pytest.fixture(scope="module")
def documented(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    (example,) = re.findall(r"```yaml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    path = tmp_path_factory.mktemp("docs") / "claims.yaml"
    path.write_text(example, encoding="utf-8")
    scenario, problems = check_scenario(path)
    assert problems == []
    assert scenario is not None
    return scenario


def test_documented_claims_are_judged_under_the_policies_the_page_says(
    documented: Scenario,
) -> None:
    policies = {
        name: [question.policy for question in questions_of(documented, claim)[0]]
        for name, claim in documented.claims.items()
    }

    both = ["status_quo", "redeploy"]
    assert policies == {
        "lower_risk": ["all"],
        "stake_matters": both,
        "resistance_deters": both,
        "only_resolve": both,
        "regret_free": ["all"],
        "good_enough": ["all"],
        "strength": [],
        "presence": [],
        "purpose": [],
    }


def test_documented_facts_have_their_words(documented: Scenario) -> None:
    words = {
        name: fixed_entry(documented, documented.claims[name])["word"]
        for name in ("strength", "presence", "purpose")
    }

    assert words == {"strength": "supported", "presence": "partly", "purpose": "stated"}


def test_page_names_every_key_of_a_claim() -> None:
    text = PAGE.read_text(encoding="utf-8")
    from tenbin.scenario.spec import ClaimSpec

    missing = [key for key in ClaimSpec.model_fields if f"`{key}`" not in text]

    assert missing == []
