"""The table of policies: the best of each column, what is worded how, what is left out."""

from __future__ import annotations

import io
from typing import Any

import pytest
from rich.console import Console

from tenbin.figures.lettering import cells
from tenbin.figures.words import LANGUAGES
from tenbin.report.policies import (
    compares_policies,
    is_coverage,
    joint_cells,
    objective_tables,
)
from tenbin.report.tables import policies_table
from tenbin.report.words import report_words
from tenbin.scenario import Scenario

WORDS = report_words("en")


def scenario(**changes: Any) -> Scenario:
    data: dict[str, Any] = {
        "tenbin": 1,
        "title": "policies",
        "players": {"US": "United States"},
        "uncertainties": {"luck": {"normal": [0, 1]}},
        "levers": {"aid": {"default": 0, "range": "0..1"}},
        "policies": {
            "wait": {"title": {"en": "Wait and see what the others will do", "ja": "様子を見る"}},
            "act": {"aid": 1},
            "half": {"aid": "0.5"},
        },
        "models": {
            "m": {
                "form": "tree",
                "start": "choice",
                "moves": {"choice": {"player": "US", "actions": {"go": "on", "stay": "off"}}},
                "ends": {"on": {"US": "luck + aid"}, "off": {"US": 0}},
            }
        },
        "objectives": {"war": {"min": "P(m.on)"}, "gain": {"max": "E(m.US)"}},
    }
    return Scenario.from_dict(data | changes)


def row(mean: float | None, **changes: Any) -> dict[str, Any]:
    plain = {
        "worlds": 1000, "unsolved": 0.0, "mean": mean, "low": mean, "high": mean,
        "quantiles": {}, "compared": 1.0, "regret_mean": 0.1, "regret_95": 0.3,
        "best_share": 0.5, "satisfied_share": 0.4, "interval": [0.37, 0.43],
    }  # fmt: skip
    return plain | changes


def policies(**changes: Any) -> dict[str, Any]:
    rows = {"act": row(0.2, best_share=0.8), "half": row(0.3), "wait": row(0.4)}
    return {
        "decision_maker": "US",
        "objectives": {
            "gain": {"direction": "max", "rows": rows},
            "war": {"direction": "min", "threshold": "0.25", "rows": rows} | changes,
        },
        "joint": {"act": 0.3, "half": None, "wait": 0.1},
    }


def tables(given: dict[str, Any], **changes: Any):
    return {one.name: one for one in objective_tables(scenario(**changes), given, WORDS)}


def best_of(table: Any, column: str) -> list[str]:
    return [policy for policy, cells_ in table.rows if cells_[column].best]


def test_policies_stand_in_the_order_of_the_file():
    (war, gain) = objective_tables(scenario(), policies(), WORDS)

    assert (war.name, gain.name) == ("war", "gain")
    assert [policy for policy, _ in war.rows] == [
        "Wait and see what the others will do", "act", "half",
    ]  # fmt: skip


def test_best_mean_follows_the_direction():
    found = tables(policies())

    assert best_of(found["war"], "mean") == ["act"]
    assert best_of(found["gain"], "mean") == ["Wait and see what the others will do"]
    assert best_of(found["war"], "best_share") == ["act"]


def test_nothing_is_the_best_where_all_are_equal():
    assert best_of(tables(policies())["war"], "regret_mean") == []


def test_several_that_are_equal_are_all_the_best():
    rows = {"act": row(0.2), "half": row(0.2), "wait": row(0.4)}

    assert best_of(tables(policies(rows=rows))["war"], "mean") == ["act", "half"]


def test_missing_figures_are_dashes_and_never_the_best():
    rows = {"act": row(None, regret_95=None), "half": row(0.2), "wait": row(0.4)}

    table = tables(policies(rows=rows))["war"]

    assert dict(table.rows)["act"]["mean"].text == "–"
    assert best_of(table, "mean") == ["half"]


def test_good_enough_is_shown_only_where_it_is_said_what_that_is():
    found = tables(policies())

    assert "satisfied_share" in found["war"].columns
    assert "satisfied_share" not in found["gain"].columns
    assert dict(found["war"].rows)["act"]["satisfied_share"].note == "(37–43%)"


def test_means_show_their_range_over_equilibria_where_it_has_a_width():
    rows = {"act": row(0.2, low=0.1, high=0.5), "half": row(0.3)}

    cells_of = dict(tables(policies(rows=rows))["war"].rows)

    assert cells_of["act"]["mean"].note == "0.1 … 0.5 by equilibrium"
    assert cells_of["half"]["mean"].note == ""


def test_joint_shares_need_two_objectives_that_say_what_is_enough():
    one, two = policies(), policies()
    two["objectives"]["gain"]["threshold"] = "0.1"

    assert joint_cells(scenario(), one) == {}
    assert [name for name, cell in joint_cells(scenario(), two).items() if cell.best] == ["act"]
    assert joint_cells(scenario(), two)["half"].text == "–"


def test_distributions_alone_make_chances_and_a_range_makes_coverage():
    ranged = scenario(uncertainties={"luck": "0..1"})

    assert not is_coverage(scenario(), policies())
    assert is_coverage(ranged, policies())


def test_what_is_said_of_each_objective_comes_first():
    said = policies()
    for entry in said["objectives"].values():
        entry["reading"] = "chance"

    assert not is_coverage(scenario(uncertainties={"luck": "0..1"}), said)


def test_one_policy_is_nothing_to_compare():
    alone = {"objectives": {"war": {"direction": "min", "rows": {"all": row(0.1)}}}}

    assert not compares_policies(alone)
    assert not compares_policies(None)
    assert compares_policies(policies())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [80, 120])
def test_terminal_table_fits_and_marks_the_best(language: str, width: int):
    stream = io.StringIO()
    rows = {name: row(mean, unsolved=0.1) for name, mean in (("act", 0.2), ("half", 0.3))}

    given = policies(rows=rows)
    Console(file=stream, width=width).print(policies_table(scenario(), given, language, width))
    text = stream.getvalue()

    assert max(cells(line) for line in text.splitlines()) <= width
    assert "★ 0.2" in text
    assert "10%" in text
