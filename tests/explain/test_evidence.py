"""What a run knows about a claim is what its worlds are."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tenbin.errors import ShapeError, TenbinError
from tenbin.explain import evidence as reading
from tenbin.explain import find_hinge, policies_alike
from tenbin.explain.evidence import Evidence, binned_arrays, judged_policies, read_evidence
from tenbin.scenario import Scenario
from tenbin.worlds import draw_worlds

Ran = tuple[Path, Scenario]


def codes_of(found: Evidence) -> np.ndarray:
    return np.concatenate([block.codes for block in found.binned.blocks], axis=1)


def truth_of(found: Evidence) -> np.ndarray:
    return np.concatenate([block.truth for block in found.binned.blocks])


def test_inputs_are_the_uncertainties_that_reach_the_claim_and_what_is_made_of_them(
    ran: Ran,
) -> None:
    found = read_evidence(*ran, "B", "all")

    kinds = {item.name: item.kind for item in found.inputs}

    assert kinds == {
        "gain": "range",
        "cost": "distribution",
        "idle": "range",
        "excess": "derived",
    }


def test_derived_numbers_can_be_left_out(ran: Ran) -> None:
    found = read_evidence(*ran, "B", derived=False)

    assert "derived" not in {item.kind for item in found.inputs}


def test_codes_are_the_bins_of_the_draws(ran: Ran) -> None:
    folder, scenario = ran
    draws = draw_worlds(scenario, 0, 4096)

    found = read_evidence(folder, scenario, "B")

    excess = draws["gain"] - 2 * draws["cost"]
    for item, codes in zip(found.inputs, codes_of(found), strict=True):
        numbers = excess if item.name == "excess" else draws[item.name]
        edges = np.array(item.edges)
        assert (numbers >= edges[codes]).all()
        assert (numbers <= edges[codes.astype(int) + 1]).all()


def test_bins_hold_equal_shares_of_worlds(ran: Ran) -> None:
    found = read_evidence(*ran, "B", derived=False)

    counts = [np.bincount(codes, minlength=256) for codes in codes_of(found)]

    assert np.array(counts).min() >= 14
    assert np.array(counts).max() <= 18


def test_truth_is_that_of_the_game(ran: Ran) -> None:
    folder, scenario = ran
    draws = draw_worlds(scenario, 0, 4096)

    found = read_evidence(folder, scenario, "W", "quo")

    assert truth_of(found).tolist() == ((draws["gain"] > 1.2) & (draws["cost"] < 0.5)).tolist()
    assert (found.worlds, found.unsolved) == (4096, 0)


def test_choices_are_coded_by_value(ran: Ran) -> None:
    folder, scenario = ran

    found = read_evidence(folder, scenario, "K")

    kind = found.inputs[found.number_of("kind")]
    draws = draw_worlds(scenario, 0, 4096)["kind"]
    codes = codes_of(found)[found.number_of("kind")]
    assert kind.kind == "choice"
    assert np.array(kind.values)[codes].tolist() == draws.tolist()


def test_evidence_is_the_same_however_it_is_read(ran: Ran, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = read_evidence(*ran, "W")
    monkeypatch.setattr(reading, "BLOCK", 500)

    parts = read_evidence(*ran, "W", derived=False)

    assert len(parts.binned.blocks) == 9
    kept = [whole.number_of(item.name) for item in parts.inputs]
    assert codes_of(parts).tolist() == codes_of(whole)[kept].tolist()
    assert truth_of(parts).tolist() == truth_of(whole).tolist()


def test_policies_of_a_claim_are_those_it_was_judged_under(ran: Ran) -> None:
    assert judged_policies(*ran, "W") == ("quo", "alert")
    assert judged_policies(*ran, "K") == ("all",)
    assert judged_policies(*ran, "S") == ()


def test_policies_that_change_nothing_are_alike(ran: Ran) -> None:
    assert policies_alike(*ran, "W") == (("quo",), ("alert",))
    assert policies_alike(*ran, "K") == (("all",),)


def test_codes_on_disk_are_those_in_memory(
    ran: Ran, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "BLOCK", 700)
    in_memory = read_evidence(*ran, "W")

    on_disk = read_evidence(*ran, "W", scratch=tmp_path / "codes")

    assert isinstance(on_disk.binned.blocks[0].codes, np.memmap)
    assert codes_of(on_disk).tolist() == codes_of(in_memory).tolist()
    assert find_hinge(on_disk, repeats=1).as_data() == find_hinge(in_memory, repeats=1).as_data()


@pytest.mark.parametrize(
    ("claim", "policy", "message"),
    [
        ("X", None, "unknown claim 'X'; allowed: W, N, K, B, F, S"),
        ("W", "qou", "Did you mean 'quo'?"),
        ("S", None, "not judged world by world"),
    ],
)
def test_what_was_not_judged_is_said(
    ran: Ran, claim: str, policy: str | None, message: str
) -> None:
    with pytest.raises(TenbinError, match=message.replace("?", r"\?")):
        read_evidence(*ran, claim, policy)


def test_an_input_that_does_not_reach_the_claim_is_unknown(ran: Ran) -> None:
    with pytest.raises(TenbinError, match="unknown input 'other'"):
        read_evidence(*ran, "W").number_of("other")


def test_arrays_must_be_of_the_same_worlds() -> None:
    with pytest.raises(ShapeError, match="give"):
        binned_arrays(np.zeros((3, 2)), np.zeros(4, dtype=bool))


def test_unbounded_numbers_have_open_outer_bins(ran: Ran) -> None:
    _, scenario = ran
    item = replace(
        scenario.uncertainties["gain"],
        kind="normal",
        parameters=(0.0, 1.0),
        low=-np.inf,
        high=np.inf,
    )

    found = reading._input_of(item)

    assert found.edges[0] == -np.inf
    assert found.edges[128] == pytest.approx(0.0, abs=1e-12)
    assert found.code_of(np.array([-9.0, -1e-9, 1e-9, 9.0])).tolist() == [0, 127, 128, 255]
