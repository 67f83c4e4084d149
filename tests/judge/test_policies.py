"""The table of policies, against weighing them world by world."""

from __future__ import annotations

import json
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import ArrayLike

from judge.helpers import CRISIS, NAN, scenario_with, solved_chunk
from tenbin.forms.contract import Status
from tenbin.judge import Tally, claim_requests
from tenbin.judge.words import wilson_interval
from tenbin.run import Job, make_plan
from tenbin.scenario.language import OutcomeCall

INF = float("inf")
CLAIMS = (
    "Q: {says: x, holds: 'best(quo, by=regret, objective=war)'}\n"
    "S: {says: x, holds: 'best(stay, by=regret, objective=war)'}\n"
    "T: {says: x, holds: 'best(stay, by=satisfice, objective=war)'}\n"
    "U: {says: x, holds: 'best(quo, by=satisfice, objective=war)'}"
)
"""The policies are quo, stay (troops=2) and same; war is to be at most 0.4, pay to be large."""


def answering(wars: Mapping[str, ArrayLike], pays: Mapping[str, ArrayLike]) -> Any:
    def values(job: Job, call: OutcomeCall) -> ArrayLike:
        troops = dict(job.setting.values).get("troops")
        policy = "quo" if troops is None else "stay"
        if call.text() == "P(crisis: war)":
            return wars[policy]
        return pays[policy] if call.text() == "E(crisis: D)" else [0.0]

    return values


def tallied(
    folder: Path,
    wars: Mapping[str, ArrayLike],
    pays: Mapping[str, ArrayLike] | None = None,
    *,
    status: Mapping[str, ArrayLike] | None = None,
    worlds: int = 4,
    cuts: tuple[int, ...] = (),
    base: str = CRISIS,
) -> dict[str, Any]:
    scenario = scenario_with(folder, CLAIMS, base)
    plan = make_plan(scenario, claim_requests(scenario), worlds)
    tally = Tally(scenario, plan)
    pays = pays or {"quo": columns([0.0] * worlds), "stay": columns([1.0] * worlds)}
    for start, stop in pairwise([0, *cuts, worlds]):
        war = {name: np.asarray(values)[start:stop] for name, values in wars.items()}
        pay = {name: np.asarray(values)[start:stop] for name, values in pays.items()}
        tally.add(solved_chunk(plan, answering(war, pay), start=start, stop=stop, status=status))
    return tally.verdicts()


def columns(values: ArrayLike) -> np.ndarray:
    return np.asarray(values, dtype=np.float64)[:, None]


WARS = {"quo": columns([0.5, 0.3, 0.5, 0.1]), "stay": columns([0.2, 0.4, 0.45, 0.1])}


def rows_of(verdicts: dict[str, Any], objective: str = "war") -> dict[str, Any]:
    return verdicts["policies"]["objectives"][objective]["rows"]


def test_section_says_whose_objectives_they_are(tmp_path: Path) -> None:
    section = tallied(tmp_path, WARS)["policies"]

    assert section["decision_maker"] == "D"
    assert list(section["objectives"]) == ["war", "pay"]
    war, pay = section["objectives"].values()
    assert (war["direction"], war["threshold"]) == ("min", "0.4")
    assert pay["direction"] == "max"
    assert "threshold" not in pay
    assert list(war["rows"]) == ["quo", "stay", "same"]
    json.dumps(section, allow_nan=False)


def test_means_and_regrets_are_those_of_weighing_world_by_world(tmp_path: Path) -> None:
    rows = rows_of(tallied(tmp_path, WARS))

    quo, stay = WARS["quo"][:, 0], WARS["stay"][:, 0]
    best = np.minimum(quo, stay)
    assert rows["quo"]["mean"] == pytest.approx(quo.mean())
    assert rows["stay"]["mean"] == pytest.approx(stay.mean())
    assert rows["quo"]["regret_mean"] == pytest.approx((quo - best).mean())
    assert rows["stay"]["regret_mean"] == pytest.approx((stay - best).mean())
    assert rows["quo"]["regret_95"] == pytest.approx(0.3, rel=0.01)
    assert rows["quo"]["quantiles"]["0.5"] == pytest.approx(0.3, rel=0.01)
    assert rows["same"] == rows["quo"]


def test_objective_to_be_large_turns_regret_round(tmp_path: Path) -> None:
    pays = {"quo": columns([0.0, -1.0, 2.0, 0.0]), "stay": columns([1.0, -3.0, 2.0, 0.0])}

    rows = rows_of(tallied(tmp_path, WARS, pays), "pay")

    assert rows["quo"]["regret_mean"] == pytest.approx(0.25)
    assert rows["stay"]["regret_mean"] == pytest.approx(0.5)
    assert (rows["quo"]["best_share"], rows["stay"]["best_share"]) == (0.75, 0.75)
    assert rows["quo"]["satisfied_share"] is None
    assert rows["quo"]["interval"] is None


def test_shares_are_those_of_the_claims_about_the_same(tmp_path: Path) -> None:
    verdicts = tallied(tmp_path, WARS)

    shares = {name: entry["policies"]["all"] for name, entry in verdicts["claims"].items()}
    rows = rows_of(verdicts)
    assert rows["quo"]["best_share"] == shares["Q"]["selected"] == 0.5
    assert rows["stay"]["best_share"] == shares["S"]["selected"] == 0.75
    assert rows["stay"]["satisfied_share"] == shares["T"]["selected"] == 0.75
    assert rows["quo"]["satisfied_share"] == shares["U"]["selected"] == 0.5
    assert rows["stay"]["interval"] == shares["T"]["interval"] == list(wilson_interval(3, 4))


def test_difference_within_the_tolerance_leaves_both_best(tmp_path: Path) -> None:
    wars = {"quo": columns([0.5] * 4), "stay": columns([0.5 + 5e-7] * 4)}

    rows = rows_of(tallied(tmp_path, wars))

    assert [row["best_share"] for row in rows.values()] == [1.0, 1.0, 1.0]


def test_unsolved_worlds_are_counted_and_satisfy_nothing(tmp_path: Path) -> None:
    wars = {"quo": columns([0.1, 0.3, 0.1, 0.1]), "stay": columns([0.2, NAN, 0.2, 0.2])}

    rows = rows_of(tallied(tmp_path, wars))

    assert (rows["stay"]["worlds"], rows["stay"]["unsolved"]) == (4, 0.25)
    assert rows["stay"]["mean"] == pytest.approx(0.2)
    assert rows["stay"]["satisfied_share"] == 0.75
    assert (rows["quo"]["unsolved"], rows["quo"]["compared"]) == (0.0, 0.75)
    assert rows["quo"]["best_share"] == 0.75
    assert rows["stay"]["regret_mean"] == pytest.approx(0.1)


def test_nothing_solved_has_no_numbers(tmp_path: Path) -> None:
    verdicts = tallied(tmp_path, WARS, status={"crisis": Status.DIVERGED})

    row = rows_of(verdicts)["quo"]
    assert (row["unsolved"], row["mean"], row["regret_mean"], row["regret_95"]) == (
        1.0, None, None, None
    )  # fmt: skip
    json.dumps(verdicts, allow_nan=False)


def test_several_equilibria_give_a_range(tmp_path: Path) -> None:
    wars = {
        "quo": np.array([[0.5, 0.1], [0.5, 0.9], [0.5, INF], [0.5, 0.5]]),
        "stay": columns([0.2] * 4) + np.zeros((4, 2)),
    }

    row = rows_of(tallied(tmp_path, wars))["quo"]

    assert row["mean"] == 0.5
    assert (row["low"], row["high"]) == (pytest.approx(0.4), pytest.approx(0.6))


def test_joint_share_asks_for_every_threshold(tmp_path: Path) -> None:
    pays = {"quo": columns([0.0, 1.0, 1.0, 1.0]), "stay": columns([1.0, 1.0, 1.0, 0.0])}
    stricter = CRISIS.replace("pay: {max: E(crisis.D)}", "pay: {max: E(crisis.D), at_least: 0.5}")

    alone = tallied(tmp_path, WARS, pays)["policies"]["joint"]
    both = tallied(tmp_path, WARS, pays, base=stricter)["policies"]["joint"]

    assert alone == {"quo": 0.5, "stay": 0.75, "same": 0.5}
    assert both == {"quo": 0.5, "stay": 0.5, "same": 0.5}


def test_without_thresholds_there_is_no_joint_share(tmp_path: Path) -> None:
    plain = CRISIS.replace(", at_most: 0.4", "")
    scenario = scenario_with(tmp_path, "Q: {says: x, holds: 'stake > 0'}", plain)
    plan = make_plan(scenario, claim_requests(scenario), 4)
    tally = Tally(scenario, plan)
    tally.add(solved_chunk(plan, lambda _job, _call: [0.0]))

    assert set(tally.verdicts()["policies"]["joint"].values()) == {None}


def test_scenario_without_objectives_has_no_section(tmp_path: Path) -> None:
    lines = CRISIS.splitlines()
    first = lines.index("decision_maker: D")
    bare = "\n".join([*lines[:first], "claims:", ""])
    scenario = scenario_with(tmp_path, "Q: {says: x, holds: 'stake > 0'}", bare)
    plan = make_plan(scenario, claim_requests(scenario), 4)

    assert "policies" not in Tally(scenario, plan).verdicts()


def test_chunks_merge_to_what_one_chunk_gives(tmp_path: Path) -> None:
    whole, parts = tallied(tmp_path, WARS), tallied(tmp_path, WARS, cuts=(1, 3))

    for objective in ("war", "pay"):
        first, second = rows_of(whole, objective), rows_of(parts, objective)
        for policy, row in first.items():
            for key, value in row.items():
                assert second[policy][key] == pytest.approx(value), (objective, policy, key)
    assert whole["policies"]["joint"] == parts["policies"]["joint"]
