"""One file that explains a run: complete, plain, and the same again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tenbin.errors import TenbinError
from tenbin.explain.stored import StoredRun
from tenbin.explain.whole import FILE, explain_run
from toy_runs import MODEL, stored_run

TEXT = """
uncertainties:
  gain: {range: 0..2}
  cost: {range: 0..2}
  idle: {range: 0..1}
levers: {aid: {default: 0, range: 0..1}}
policies: {none: {}, some: {aid: 1}}
claims:
  high: {says: Gain is high, kind: causal, holds: gain > 1}
  war: {says: War, kind: causal, holds: P(crisis.war) > 0.5, needs: [high]}
  peace: {says: Peace, kind: causal, holds: P(crisis.war) < 0.5}
  hope: {says: All will be well, kind: normative, stated: A hope.}
decision_maker: A
objectives: {war: {min: P(crisis.war)}}
"""


@pytest.fixture
def run(tmp_path: Path) -> StoredRun:
    return stored_run(
        tmp_path, TEXT + MODEL.replace("gain - cost", "gain - cost - aid"), worlds=512
    )


def test_every_claim_has_every_part(run: StoredRun) -> None:
    explained = explain_run(run.folder)

    parts = {"policy", "hinge", "sensitivity", "region", "counterexample", "validity"}
    assert all(set(entry) == parts for entry in explained["claims"].values())
    assert explained["claims"]["war"]["validity"]["per_value"][0]["share"] == pytest.approx(
        0.75, abs=0.05
    )
    assert explained["claims"]["hope"]["hinge"] is None
    assert explained["consistency"]["contradictions"][0]["claims"] == ["war", "peace"]
    assert explained["policies"]["objectives"]["war"]["best_on_average"] == ["some"]


def test_the_file_holds_what_is_returned_and_is_the_same_again(run: StoredRun) -> None:
    explained = explain_run(run.folder)
    first = (run.folder / FILE).read_bytes()

    explain_run(run.folder)

    assert json.loads(first) == json.loads(json.dumps(explained))
    assert (run.folder / FILE).read_bytes() == first


def test_progress_goes_from_nothing_to_all(run: StoredRun) -> None:
    told: list[tuple[str, float]] = []

    explain_run(run.folder, progress=lambda what, share: told.append((what, share)))

    shares = [share for _, share in told]
    assert shares == sorted(shares)
    assert shares[0] == 0.0
    assert shares[-1] == pytest.approx(1.0)
    assert {"validity", "consistency", "policies", "war"} <= {what for what, _ in told}


def test_an_unknown_claim_is_an_error_with_the_nearest_name(run: StoredRun) -> None:
    with pytest.raises(TenbinError, match="Did you mean 'peace'"):
        explain_run(run.folder, claims=["peice"])


def test_levers_are_searched_if_asked_for(run: StoredRun) -> None:
    explained = explain_run(run.folder, claims=["war"], levers=True)

    (found,) = explained["policies"]["levers"]
    assert found["levers"]["aid"] == pytest.approx(1.0, abs=0.1)
