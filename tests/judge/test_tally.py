"""Verdicts merged over chunks of hand-made results."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import ArrayLike

from judge.helpers import NAN, scenario_with, solved_chunk
from tenbin.forms.contract import Status
from tenbin.judge import Tally, claim_requests
from tenbin.judge.counts import (
    NOT_JUDGED,
    counted,
    is_tie,
    selected_holds,
    verdict_codes,
)
from tenbin.run import Job, make_plan
from tenbin.scenario.language import OutcomeCall

INF = float("inf")
NAMED = "P(crisis.war, policy=stay) < P(crisis.war, policy=quo)"


def tally_of(folder: Path, claims: str, worlds: int = 4) -> tuple[Tally, Any]:
    scenario = scenario_with(folder, claims)
    plan = make_plan(scenario, claim_requests(scenario), worlds)
    return Tally(scenario, plan, seed=7), plan


def judged(
    folder: Path,
    claims: str,
    wars: Mapping[str, ArrayLike],
    *,
    worlds: int = 4,
    status: Mapping[str, ArrayLike] | None = None,
) -> dict[str, Any]:
    """Verdicts where `wars` gives P(crisis.war) by the policy's `troops` (quo: the default)."""
    tally, plan = tally_of(folder, claims, worlds)
    tally.add(solved_chunk(plan, answering(wars), stop=worlds, status=status))
    return tally.verdicts()


def answering(wars: Mapping[str, ArrayLike]) -> Any:
    def values(job: Job, call: OutcomeCall) -> ArrayLike:
        if call.text() != "P(crisis: war)":
            return [0.0]
        troops = dict(job.setting.values).get("troops")
        return wars.get("quo" if troops is None else f"troops={troops.text}", [0.5])

    return values


def columns(*values: float) -> list[list[float]]:
    """One equilibrium in several worlds [W, 1]."""
    return [[value] for value in values]


WARS = {"quo": columns(0.5, 0.5, 0.5, 0.5), "troops=2": columns(0.2, 0.2, 0.2, 0.7)}


def test_verdict_counts_the_worlds(tmp_path: Path) -> None:
    entry = judged(tmp_path, f"C: {{says: x, holds: '{NAMED}'}}", WARS)["claims"]["C"]

    row = entry["policies"]["all"]
    assert (row["holds"], row["fails"], row["mixed"], row["unsolved"]) == (0.75, 0.25, 0.0, 0.0)
    assert (entry["word"], entry["worlds"]) == ("mostly holds", 4)
    assert row["interval"] == pytest.approx([0.3006, 0.9544], abs=1e-4)


def test_verdicts_have_the_keys_of_the_contract(tmp_path: Path) -> None:
    verdicts = judged(tmp_path, f"C: {{says: {{en: x, ja: y}}, holds: '{NAMED}'}}", WARS)

    assert {"scenario", "worlds", "seed", "claims", "models"} <= verdicts.keys()
    assert (verdicts["scenario"], verdicts["worlds"], verdicts["seed"]) == ("crisis", 4, 7)
    entry = verdicts["claims"]["C"]
    assert {"says", "word", "quantifier", "complete", "kind", "worlds", "policies"} <= entry.keys()
    assert entry["says"] == {"en": "x", "ja": "y"}
    assert (entry["quantifier"], entry["complete"], entry["kind"]) == ("every", True, "causal")
    shares = {"holds", "fails", "mixed", "unsolved", "selected", "ties", "interval"}
    assert shares <= entry["policies"]["all"].keys()
    model = verdicts["models"]["crisis"]
    assert {"form", "concept", "solved", "unsolved", "worst_residual"} <= model.keys()
    assert (model["form"], model["solved"], model["worst_residual"]) == ("tree", 1.0, 1e-9)
    json.dumps(verdicts, allow_nan=False)


def test_chunks_merge_to_what_one_chunk_gives(tmp_path: Path) -> None:
    claims = f"C: {{says: x, holds: '{NAMED}'}}\nD: {{says: x, holds: 'P(crisis.war) < stake'}}"
    whole, plan = tally_of(tmp_path, claims)
    whole.add(solved_chunk(plan, answering(WARS)))
    parts, plan = tally_of(tmp_path, claims)
    for start, stop in ((0, 3), (3, 4)):
        part = {name: values[start:stop] for name, values in WARS.items()}
        parts.add(solved_chunk(plan, answering(part), start=start, stop=stop))

    assert whole.verdicts() == parts.verdicts()


def test_claim_judged_by_policy_has_their_word_only_where_they_agree(tmp_path: Path) -> None:
    claims = "C: {says: x, holds: P(crisis.war) < 0.4}\nD: {says: x, holds: P(crisis.war) < 0.9}"
    wars = {"quo": [0.5], "troops=2": [0.2]}

    entries = judged(tmp_path, claims, wars)["claims"]

    words = {policy: row["word"] for policy, row in entries["C"]["policies"].items()}
    assert words == {"quo": "fails", "stay": "holds", "same": "fails"}
    assert (entries["C"]["word"], entries["D"]["word"]) == ("depends", "holds")


def test_codes_hold_verdict_tie_and_selected_truth(tmp_path: Path) -> None:
    tally, plan = tally_of(tmp_path, f"C: {{says: x, holds: '{NAMED}'}}")
    wars = {"quo": [[0.5, INF]] * 4, "troops=2": [[0.2, 0.3], [0.2, 0.9], [0.5, 0.6], [NAN, 0.1]]}

    codes = tally.add(solved_chunk(plan, answering(wars)))["C", "all"]

    assert verdict_codes(codes).tolist() == [0, 2, 1, 3]
    assert is_tie(codes).tolist() == [False, False, True, False]
    assert selected_holds(codes).tolist() == [True, True, False, False]
    assert counted(codes, "every").tolist() == [True, False, False, False]
    assert counted(codes, "some").tolist() == [True, True, False, False]
    assert counted(codes, "selected").tolist() == [True, True, False, False]


@pytest.mark.parametrize(("quantifier", "word"), [("every", "depends"), ("some", "holds")])
def test_quantifier_says_which_worlds_count(tmp_path: Path, quantifier: str, word: str) -> None:
    wars = {"quo": [[0.2, 0.2], [0.2, 0.2], [0.2, 0.9], [0.9, 0.2]]}
    claims = f"C: {{says: x, holds: 'P(crisis.war, policy=quo) < 0.4', equilibria: {quantifier}}}"

    entry = judged(tmp_path, claims, wars)["claims"]["C"]

    assert entry["word"] == word
    assert entry["policies"]["all"]["mixed"] == 0.5
    assert not entry["complete"]


def test_selected_counts_the_truth_at_the_selected_equilibria(tmp_path: Path) -> None:
    wars = {"quo": [[0.2, 0.2], [0.2, 0.2], [0.2, 0.9], [0.9, 0.2]]}
    claims = "C: {says: x, holds: 'P(crisis.war, policy=quo) < 0.4', equilibria: selected}"

    row = judged(tmp_path, claims, wars)["claims"]["C"]["policies"]["all"]

    assert (row["selected"], row["word"]) == (0.75, "mostly holds")


def test_unsolved_worlds_are_counted_with_their_reasons(tmp_path: Path) -> None:
    status = {"crisis": [0, Status.DIVERGED, Status.DIVERGED, 0]}
    wars = {"quo": columns(0.1, 0.1, 0.1, NAN)}
    claims = "C: {says: x, holds: 'P(crisis.war, policy=quo) < 0.4'}"

    verdicts = judged(tmp_path, claims, wars, status=status)

    row = verdicts["claims"]["C"]["policies"]["all"]
    assert (row["holds"], row["unsolved"], row["word"]) == (0.25, 0.75, "undecided")
    assert row["reasons"] == {"diverged": 0.5, "undefined": 0.25}
    assert verdicts["models"]["crisis"]["unsolved"] == 0.5


def test_claim_rests_on_the_smallest_number_of_worlds_of_its_jobs(tmp_path: Path) -> None:
    claims = "C: {says: x, holds: 'P(crisis.war, policy=quo, troops=0) >= 0'}"
    tally, plan = tally_of(tmp_path, claims, worlds=2000)

    codes = tally.add(solved_chunk(plan, answering({}), stop=2000))["C", "all"]

    assert tally.verdicts()["claims"]["C"]["worlds"] == 1024
    assert (codes[:1024] != NOT_JUDGED).all()
    assert (codes[1024:] == NOT_JUDGED).all()


def test_chunk_past_a_claims_worlds_leaves_its_verdict_alone(tmp_path: Path) -> None:
    claims = "C: {says: x, holds: 'P(crisis.war, policy=quo, troops=0) >= 0'}"
    tally, plan = tally_of(tmp_path, claims, worlds=2000)
    for start, stop in ((0, 1024), (1024, 2000)):
        codes = tally.add(solved_chunk(plan, answering({}), start=start, stop=stop))

    assert (codes["C", "all"] == NOT_JUDGED).all()
    assert tally.verdicts()["claims"]["C"]["worlds"] == 1024


def test_feeding_job_is_judged_along_the_branch_that_was_fed_on(tmp_path: Path) -> None:
    holds = "iff(P(crisis.war, policy=quo) > 0.5, P(after.armed, policy=quo) > 0.5)"
    claims = f"C: {{says: x, holds: '{holds}'}}"
    tally, plan = tally_of(tmp_path, claims)

    def values(job: Job, call: OutcomeCall) -> ArrayLike:
        return [[0.9, 0.1]] if job.model == "crisis" else [[1.0, 0.0]]

    tally.add(solved_chunk(plan, values, rests={"after": {"crisis": [0, 1]}}))

    row = tally.verdicts()["claims"]["C"]["policies"]["all"]
    assert row["holds"] == 1.0


def test_number_derived_from_an_outcome_follows_the_branch(tmp_path: Path) -> None:
    claims = "C: {says: x, holds: 'risk == 1 - P(crisis.war)'}\nD: {says: x, holds: 'risk > 0.5'}"
    tally, plan = tally_of(tmp_path, claims)

    tally.add(solved_chunk(plan, answering({"quo": [[0.2, 0.9]]})))

    entries = tally.verdicts()["claims"]
    assert entries["C"]["policies"]["quo"]["holds"] == 1.0
    assert entries["D"]["policies"]["quo"]["mixed"] == 1.0


def test_number_derived_from_an_unsolved_model_leaves_the_world_unsolved(tmp_path: Path) -> None:
    tally, plan = tally_of(tmp_path, "C: {says: x, holds: 'risk > 0.1'}")
    status = {"crisis": Status.MAX_STEPS_REACHED}

    tally.add(solved_chunk(plan, answering({}), status=status))

    row = tally.verdicts()["claims"]["C"]["policies"]["quo"]
    assert row["reasons"] == {"max_steps_reached": 1.0}


def test_claim_is_vacuous_where_its_premises_hold_nowhere(tmp_path: Path) -> None:
    claims = (
        "P: {says: x, holds: 'P(crisis.war) > 0.6'}\n"
        "C: {says: x, holds: 'P(crisis.war) < 0.9', needs: [P]}\n"
        "D: {says: x, holds: 'P(crisis.war) < 0.9', needs: [C]}"
    )

    entries = judged(tmp_path, claims, {"quo": [0.5], "troops=2": [0.7]})["claims"]

    words = {policy: row["word"] for policy, row in entries["C"]["policies"].items()}
    assert words == {"quo": "vacuous", "stay": "holds", "same": "vacuous"}
    assert entries["D"]["policies"]["quo"]["word"] == "vacuous"
    assert entries["C"]["policies"]["quo"]["holds"] == 1.0


def test_premises_that_hold_in_different_worlds_hold_nowhere_together(tmp_path: Path) -> None:
    claims = (
        "P: {says: x, holds: 'P(crisis.war, policy=quo) > 0.5'}\n"
        "Q: {says: x, holds: 'P(crisis.war, policy=quo) < 0.5'}\n"
        "C: {says: x, holds: 'stake > 0', needs: [P, Q]}"
    )
    wars = {"quo": columns(0.1, 0.9, 0.1, 0.9)}

    assert judged(tmp_path, claims, wars)["claims"]["C"]["word"] == "vacuous"


def test_contradicted_fact_does_not_make_a_claim_vacuous(tmp_path: Path) -> None:
    claims = "P: {says: x, holds: fact('F-1') > 9}\nC: {says: x, holds: 'stake > 0', needs: [P]}"

    entries = judged(tmp_path, claims, {})["claims"]

    assert (entries["P"]["word"], entries["C"]["word"]) == ("contradicted", "holds")


@pytest.mark.parametrize(
    ("claim", "word", "share"),
    [
        ("holds: fact('F-1') < gap + 1", "supported", "holds"),
        ("holds: fact('F-1') > ceiling", "contradicted", "fails"),
        ("holds: fact('F-1') > gap", "partly", "mixed"),
        ("holds: fact('F-2') > gap", "unverified", "unsolved"),
        ("because: {sentence: So, rows: [F-1], word: partly}", "partly", "mixed"),
        ("because: {sentence: So, rows: [F-2], word: supported}", "unverified", "unsolved"),
        ("stated: A purpose", "stated", "unsolved"),
    ],
)
def test_claim_that_no_world_changes_has_one_share(
    tmp_path: Path, claim: str, word: str, share: str
) -> None:
    entry = judged(tmp_path, f"C: {{says: x, {claim}}}", {})["claims"]["C"]

    row = entry["policies"]["all"]
    assert (entry["word"], entry["worlds"]) == (word, 0)
    assert {name for name in ("holds", "fails", "mixed", "unsolved") if row[name] == 1} == {share}


def test_reason_of_a_fact_is_kept(tmp_path: Path) -> None:
    claims = "C: {says: x, because: {sentence: {en: So}, rows: [F-1], word: partly}}"

    assert judged(tmp_path, claims, {})["claims"]["C"]["reason"] == {"en": "So"}


def test_best_by_regret_compares_policies_in_each_world(tmp_path: Path) -> None:
    claims = "C: {says: x, holds: 'best(stay, by=regret, objective=war)'}"

    row = judged(tmp_path, claims, WARS)["claims"]["C"]["policies"]["all"]

    assert (row["holds"], row["fails"]) == (0.75, 0.25)


def test_best_by_satisficing_reads_the_objectives_threshold(tmp_path: Path) -> None:
    claims = "C: {says: x, holds: 'best(stay, by=satisfice, objective=war)'}"

    row = judged(tmp_path, claims, WARS)["claims"]["C"]["policies"]["all"]

    assert (row["holds"], row["fails"]) == (0.75, 0.25)


@pytest.mark.parametrize(("policy", "word"), [("stay", "holds"), ("quo", "fails")])
def test_best_by_mean_is_true_or_false_of_the_whole_run(
    tmp_path: Path, policy: str, word: str
) -> None:
    claims = f"C: {{says: x, holds: 'best({policy}, by=mean, objective=war)'}}"
    wars = {"quo": [0.5], "troops=2": [0.2]}

    row = judged(tmp_path, claims, wars)["claims"]["C"]["policies"]["all"]

    assert (row["word"], row["holds"] + row["fails"]) == (word, 1.0)


def test_best_by_mean_is_undecided_within_the_sampling_error(tmp_path: Path) -> None:
    claims = "C: {says: x, holds: 'best(stay, by=mean, objective=war)'}"
    wars = {"quo": [0.5], "troops=2": columns(0.0, 0.9, 0.0, 0.9)}

    row = judged(tmp_path, claims, wars)["claims"]["C"]["policies"]["all"]

    assert (row["word"], row["interval"]) == ("undecided", [0.0, 1.0])


def test_claim_about_averages_has_no_codes(tmp_path: Path) -> None:
    tally, plan = tally_of(tmp_path, "C: {says: x, holds: 'best(stay, by=mean, objective=war)'}")

    assert tally.add(solved_chunk(plan, answering({}))) == {}


def test_dominated_looks_at_every_objective(tmp_path: Path) -> None:
    claims = "C: {says: x, holds: 'dominated(quo)'}\nD: {says: x, holds: 'dominated(stay)'}"

    entries = judged(tmp_path, claims, {"quo": [0.5], "troops=2": [0.2]})["claims"]

    assert (entries["C"]["word"], entries["D"]["word"]) == ("holds", "fails")


def test_share_is_a_chance_only_where_every_uncertainty_is_a_distribution(tmp_path: Path) -> None:
    claims = (
        "C: {says: x, holds: 'noise > 0.1'}\n"
        "D: {says: x, holds: 'noise > stake'}\n"
        "E: {says: x, holds: 'P(crisis.war, policy=quo) > 0.1'}\n"
        "F: {says: x, holds: 'P(crisis.war, policy=quo, stake=1) > 0.1'}"
    )

    entries = judged(tmp_path, claims, {})["claims"]

    readings = {name: entry["reading"] for name, entry in entries.items()}
    assert readings == {"C": "chance", "D": "coverage", "E": "coverage", "F": "chance"}


def test_shares_sum_to_one_in_every_verdict(tmp_path: Path) -> None:
    claims = f"C: {{says: x, holds: '{NAMED}'}}\nD: {{says: x, holds: 'risk > stake'}}"

    for entry in judged(tmp_path, claims, WARS)["claims"].values():
        for row in entry["policies"].values():
            total = sum(row[name] for name in ("holds", "fails", "mixed", "unsolved"))
            assert np.isclose(total, 1.0)
