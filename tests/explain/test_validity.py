"""Premises that do all the work, some, none, or that clash: shares known by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from tenbin.errors import ScenarioError
from tenbin.explain import explain_words
from tenbin.explain.stored import StoredRun
from tenbin.explain.validity import Share, Validity, find_validity
from tenbin.explain.validity_truth import Truths
from tenbin.explain.validity_words import chain_text, validity_sentences
from tenbin.figures.words import LANGUAGES
from tenbin.scenario import Scenario, load_scenario
from toy_runs import HEAD, MODEL, stored_run

NUMBERS = """
uncertainties:
  gain: {range: 0..2, fact: G1, title: {en: gain of war, ja: 戦争の利得, ko: 전쟁의 이득}}
  cost: {range: 0..2, title: {en: cost of war, ja: 戦争の費用, ko: 전쟁의 비용}}
  idle: {range: 0..1, title: {en: idle talk, ja: 無駄話, ko: 잡담}}
facts: facts.csv
"""

FACTS = """id,quantity,value,low,high,unit,date,source,verified
G1,gain,0.5,0.4,0.6,,2024-01-01,a book,yes
T1,true,1,1,1,,2024-01-01,a book,yes
"""

CLAIMS = """
claims:
  sure: {says: Gain is two, kind: causal, holds: gain >= 0, asserts: {gain: 2}}
  none: {says: Gain is nothing, kind: causal, holds: gain >= 0, asserts: {gain: 0}}
  talk: {says: Talk is one, kind: causal, holds: idle >= 0, asserts: {idle: 1}}
  high: {says: Gain is high, kind: causal, holds: gain > 1}
  cheap: {says: Cost is low, kind: causal, holds: cost < 1, needs: [fact_so]}
  rare: {says: Gain is near its end, kind: causal, holds: gain > 1.999}
  fact_so: {says: One is one, kind: fact, holds: fact('T1') == 1}
  fact_not: {says: One is two, kind: fact, holds: fact('T1') == 2}
  all_work: {says: War, kind: causal, holds: P(crisis.war) > 0.5, needs: [sure, talk]}
  some_work: {says: War, kind: causal, holds: P(crisis.war) > 0.5, needs: [high]}
  both_ways: {says: War, kind: causal, holds: P(crisis.war) > 0.5, needs: [sure, none]}
  two_steps: {says: War, kind: causal, holds: P(crisis.war) > 0.5, needs: [high, cheap]}
  seldom: {says: War, kind: causal, holds: P(crisis.war) > 0.5, needs: [rare]}
  always: {says: War or not, kind: causal, holds: P(crisis.war) >= 0, needs: [high]}
  on_lies: {says: War, kind: causal, holds: P(crisis.war) >= 0, needs: [fact_not]}
  on_facts: {says: War, kind: causal, holds: P(crisis.war) >= 0, needs: [fact_so]}
  open: {says: War, kind: causal, holds: P(crisis.war) >= 0, needs: [high, fact_so]}
"""


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> StoredRun:
    return stored_run(tmp_path_factory.mktemp("validity"), NUMBERS + MODEL + CLAIMS, facts=FACTS)


@pytest.fixture(scope="module")
def found(run: StoredRun) -> dict[str, Validity]:
    return find_validity(run)


def share(validity: Validity, way: int = 0) -> float:
    entry = validity.per_value[way].share
    assert isinstance(entry, Share)
    assert entry.share is not None
    return entry.share


def work(validity: Validity, premise: str) -> float:
    value = validity.per_value[0].work[premise].value
    assert value is not None
    return value


def test_an_asserted_number_that_settles_the_claim_does_all_the_work(
    found: dict[str, Validity],
) -> None:
    item = found["all_work"]

    assert item.how == "imposed"
    assert share(item) == 1.0
    assert work(item, "sure") == pytest.approx(0.5, abs=0.02)


def test_an_asserted_number_that_changes_nothing_is_idle(found: dict[str, Validity]) -> None:
    assert found["all_work"].idle == ("talk",)
    assert work(found["all_work"], "talk") == pytest.approx(0.0, abs=1e-9)


def test_a_premise_is_imposed_by_looking_where_it_holds(found: dict[str, Validity]) -> None:
    # gain uniform on 1..2 beats a cost uniform on 0..2 in three quarters of the square.
    item = found["some_work"]

    assert item.how == "conditioned"
    assert share(item) == pytest.approx(0.75, abs=0.02)
    assert work(item, "high") == pytest.approx(0.25, abs=0.02)


def test_premises_are_imposed_together_and_dropped_one_at_a_time(
    found: dict[str, Validity],
) -> None:
    item = found["two_steps"]

    assert share(item) == 1.0
    assert work(item, "high") == pytest.approx(0.25, abs=0.02)
    assert work(item, "cheap") == pytest.approx(0.25, abs=0.02)


def test_an_interval_holds_the_work_itself(found: dict[str, Validity]) -> None:
    telling = found["two_steps"].per_value[0].work["high"]

    assert telling.low is not None
    assert telling.high is not None
    assert telling.low < 0.25 < telling.high


def test_clashing_premises_are_reported_with_a_validity_for_each_value(
    found: dict[str, Validity],
) -> None:
    item = found["both_ways"]

    assert item.clash == {"gain": (("sure", "2"), ("none", "0"))}
    assert [way.asserts for way in item.per_value] == [{"gain": "2"}, {"gain": "0"}]
    assert [share(item, 0), share(item, 1)] == [1.0, 0.0]


def test_a_premise_that_holds_in_too_few_worlds_is_not_imposed(
    found: dict[str, Validity],
) -> None:
    way = found["seldom"].per_value[0]

    assert way.share is None
    assert way.reason == "rare"


def test_as_known_puts_in_the_figure_of_the_fact_table(found: dict[str, Validity]) -> None:
    known = found["all_work"].as_known

    assert found["all_work"].figures == {"gain": "0.5"}
    assert known is not None
    assert known.share == pytest.approx(0.25, abs=0.02)


def test_a_claim_that_holds_without_its_premises_holds_regardless(
    found: dict[str, Validity],
) -> None:
    assert found["always"].regardless
    assert not found["some_work"].regardless


@pytest.mark.parametrize(
    ("claim", "word"), [("on_facts", "sound"), ("on_lies", "unsound"), ("open", "unknown")]
)
def test_soundness_follows_from_what_is_known_of_premises(
    found: dict[str, Validity], claim: str, word: str
) -> None:
    assert found[claim].soundness.word == word


def test_a_fact_that_asserts_no_number_has_no_work(found: dict[str, Validity]) -> None:
    assert found["on_facts"].per_value[0].work["fact_so"].value is None
    assert found["on_facts"].idle == ("fact_so",)


def test_the_chain_names_premises_before_what_needs_them(found: dict[str, Validity]) -> None:
    steps = [claim for claim, _ in found["two_steps"].chain]

    assert steps.index("fact_so") < steps.index("cheap") < steps.index("two_steps")
    assert steps[-1] == "two_steps"


def test_claims_without_premises_and_facts_have_no_validity(found: dict[str, Validity]) -> None:
    assert found.keys().isdisjoint({"sure", "high", "fact_so", "fact_not"})


def test_what_is_imposed_but_does_not_reach_a_claim_is_not_solved_again(run: StoredRun) -> None:
    truths = Truths(run)
    idle = run.scenario.claims["talk"].asserts

    asked = truths.reduced("high", "all", idle)

    assert asked.imposed == ()
    assert truths.solve() == 0


def test_a_model_that_states_its_worlds_is_not_solved_again(tmp_path: Path) -> None:
    bounded = MODEL.replace("    form: tree", "    form: tree\n    worlds: 1024")
    run = stored_run(tmp_path, NUMBERS + bounded + CLAIMS, facts=FACTS)

    way = find_validity(run, ["all_work"])["all_work"].per_value[0]

    assert way.share is None
    assert way.reason == "crisis"


def test_circular_premises_are_an_error(tmp_path: Path) -> None:
    path = tmp_path / "toy.yaml"
    circle = """
claims:
  one: {says: One, kind: causal, holds: gain > 1, needs: [two]}
  two: {says: Two, kind: causal, holds: gain > 1, needs: [one]}
"""
    path.write_text(HEAD + NUMBERS.replace("facts: facts.csv", "").replace(", fact: G1", "") + MODEL
                    + circle, encoding="utf-8")  # fmt: skip

    with pytest.raises(ScenarioError, match="claims need one another in a circle"):
        load_scenario(path)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_validity_is_said_in_every_language(
    run: StoredRun, found: dict[str, Validity], language: str
) -> None:
    words = explain_words(language)
    scenario: Scenario = run.scenario

    for item in found.values():
        sentences = validity_sentences(item.as_data(), scenario, words)
        assert len(sentences) >= 3
        assert not any(
            "{" in sentence for sentence in (*sentences, chain_text(item.as_data(), words))
        )
