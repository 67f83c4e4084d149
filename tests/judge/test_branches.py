"""Claims over linked models with several equilibria, from the file to the verdict."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from tenbin.forms.contract import Status
from tenbin.judge import Tally, claim_requests
from tenbin.judge.counts import verdict_codes
from tenbin.judge.evaluate import Verdict
from tenbin.run import RunOptions, execute, make_plan
from tenbin.worlds import draw_worlds
from toy_form import ToyRoom, toy_room
from toy_plays import TIED, branching, plays
from toy_scenarios import toy_model, toy_scenario

pytestmark = pytest.mark.usefixtures("toy")


@pytest.fixture
def toy() -> Iterator[ToyRoom]:
    with toy_room() as room:
        yield room


def claim(holds: str, **keys: Any) -> dict[str, Any]:
    return {"says": "x", "holds": holds, **keys}


def row_of(holds: str, models: dict[str, Any], worlds: int = 8, **changes: Any) -> dict[str, Any]:
    """The verdict of one claim, judged once in all worlds."""
    changes = {"derived": {}, "policies": {}, "levers": {}} | changes
    scenario = toy_scenario(models=models, claims={"C": claim(holds)}, **changes)
    plan = make_plan(scenario, claim_requests(scenario), worlds)
    tally = Tally(scenario, plan)
    for chunk in execute(scenario, plan, RunOptions(worlds=worlds)):
        tally.add(chunk)
    entry = tally.verdicts()["claims"]["C"]
    return {"complete": entry["complete"], **entry["policies"]["all"]}


CHAIN = {
    "a": toy_model("A", **TIED),
    "b": toy_model("B", act="P(a.go)", wait="0.5"),
    "c": toy_model("A", join="P(b.act)", leave="0.5"),
}
DIAMOND = CHAIN | {
    "c": toy_model("A", join="1 - P(a.go)", leave="0.5"),
    "d": toy_model("B", same="P(b.act) + P(c.join)", other="0.5"),
}


@pytest.mark.parametrize(
    "holds",
    [
        "P(a.go) == P(b.act)",
        "P(a.go) == P(c.join)",
        "P(b.act) == P(c.join)",
        "iff(P(a.go) > 0.5, P(b.act) > 0.5 and P(c.join) > 0.5)",
    ],
)
def test_claim_over_a_chain_is_judged_along_each_branch(holds: str) -> None:
    assert row_of(holds, CHAIN)["holds"] == 1.0


@pytest.mark.parametrize("holds", ["P(a.go) > 0.5", "P(b.act) > 0.5", "P(c.join) > 0.5"])
def test_claim_that_hangs_on_the_equilibrium_upstream_is_mixed(holds: str) -> None:
    row = row_of(holds, CHAIN)

    assert (row["mixed"], row["selected"], row["word"]) == (1.0, 1.0, "fails")


def test_claim_over_a_diamond_has_one_equilibrium_of_what_feeds_both_sides() -> None:
    assert row_of("P(b.act) + P(c.join) == 1", DIAMOND)["holds"] == 1.0
    assert row_of("P(b.act) == 1 - P(c.join) and P(d.same) == 1", DIAMOND)["holds"] == 1.0


def test_jobs_of_one_model_under_two_settings_share_what_feeds_both() -> None:
    models = CHAIN | {"b": toy_model("B", act="P(a.go) - y", wait="0.5")}

    row = row_of("P(b.act, y=0) == P(a.go) and P(b.act, y=0.9) == 0", models)

    assert row["holds"] == 1.0


def test_equilibria_of_models_that_are_not_linked_are_crossed() -> None:
    models = {"a": toy_model("A", **TIED), "b": toy_model("B", **TIED)}

    assert row_of("P(a.go) == P(b.go)", models)["mixed"] == 1.0


def test_number_derived_from_an_outcome_is_read_along_the_branch() -> None:
    derived = {"gone": "2 * P(a.go)", "twice": "gone * 2"}

    assert row_of("twice == 4 * P(b.act)", CHAIN, derived=derived)["holds"] == 1.0
    assert row_of("twice > 2", CHAIN, derived=derived)["mixed"] == 1.0


def test_mixture_in_a_claim_is_taken_along_the_branch() -> None:
    text = "mix(a.go, P(b.act), a.stay, 1 - P(b.act)) == 1"

    assert row_of(text, CHAIN)["holds"] == 1.0


def five(**further: Any) -> dict[str, Any]:
    """Five models with two equilibria each feed one: thirty-two combinations."""
    models = {f"a{number}": toy_model("A", **TIED) for number in range(5)}
    total = " + ".join(f"P({name}.go)" for name in models)
    return models | {"b": toy_model("B", act=total, wait="-1")} | further


def test_past_the_cap_a_claim_without_a_difference_seen_is_unsolved() -> None:
    row = row_of("E(b.B) >= 0", five())

    assert (row["unsolved"], row["reasons"]) == (1.0, {"branches": 1.0})
    assert row["selected"] == 1.0
    assert not row["complete"]


def test_past_the_cap_a_difference_seen_is_enough() -> None:
    assert row_of("E(b.B) > 4", five())["mixed"] == 1.0


def test_cap_upstream_reaches_what_it_feeds() -> None:
    models = five(c=toy_model("A", join="E(b.B)", leave="-1"))

    assert row_of("P(c.join) > 0.5", models)["reasons"] == {"branches": 1.0}


def test_up_to_the_cap_a_claim_is_complete() -> None:
    models = {name: model for name, model in five().items() if name != "a4"}
    models["b"] = toy_model("B", act="P(a0.go) + P(a1.go) + P(a2.go) + P(a3.go)", wait="-1")

    row = row_of("E(b.B) >= 0", models)

    assert (row["holds"], row["complete"]) == (1.0, True)


def test_branch_that_fails_leaves_the_claim_unsolved_with_its_reason() -> None:
    models = CHAIN | {"b": toy_model("B", act="log(P(a.go) - 0.5)", wait="-5")}

    row = row_of("P(b.act) > 0.5", models)
    below = row_of("P(c.join) > 0.5", models)

    assert row["reasons"] == {Status.NOT_FINITE.name.lower(): 1.0}
    assert below["reasons"] == {Status.UPSTREAM.name.lower(): 1.0}


def test_worlds_with_one_equilibrium_are_judged_as_before() -> None:
    models = CHAIN | {"a": toy_model("A", go="where(x < half, 1, x)", stay="1 + x - x")}

    row = row_of("P(b.act) > 0.5", models, worlds=64)

    assert (row["mixed"], row["fails"]) == (0.5, 0.5)
    assert np.isclose(row["selected"], 0.5)


PROPOSITIONS = {
    "P(a.go) > 0.5": lambda go, act, value, same: go > 0.5,
    "P(b.act) >= P(a.go)": lambda go, act, value, same: act >= go,
    "E(c.A) > 0.4 or P(a.go) < 0.5": lambda go, act, value, same: value > 0.4 or go < 0.5,
    "P(d.same) == 1 and E(c.A) < 0.8": lambda go, act, value, same: same == 1 and value < 0.8,
    "iff(P(d.same) > 0.5, P(b.act) < 0.5)": lambda go, act, value, same: same != act,
    "P(d.same) + P(a.go) <= 1": lambda go, act, value, same: same + go <= 1,
}
"""Claims over `branching`, and the same of one play."""


def test_verdicts_are_those_of_following_every_play() -> None:
    worlds = 128
    claims = {f"C{number}": claim(holds) for number, holds in enumerate(PROPOSITIONS)}
    scenario = branching(claims)
    plan = make_plan(scenario, claim_requests(scenario), worlds)
    tally = Tally(scenario, plan)
    [codes] = [tally.add(chunk) for chunk in execute(scenario, plan, RunOptions(worlds=worlds))]
    draws = draw_worlds(scenario, 0, worlds)
    followed = [set(plays(x, y)) for x, y in zip(draws["x"], draws["y"], strict=True)]

    for name, is_true in zip(claims, PROPOSITIONS.values(), strict=True):
        truths = [{bool(is_true(*play)) for play in each} for each in followed]
        expected = [
            Verdict.MIXED if len(found) == 2 else Verdict.HOLDS if True in found else Verdict.FAILS
            for found in truths
        ]
        assert verdict_codes(codes[name, "none"]).tolist() == expected
        assert len(set(expected)) > 1
