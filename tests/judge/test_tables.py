"""A run as one table: what the columns are called, and that they hold what the run found."""

from __future__ import annotations

import sys
import warnings
from pathlib import Path

import numpy as np
import pytest

from judge.helpers import scenario_with
from tenbin.errors import MissingExtraError, ShapeError
from tenbin.judge import (
    Tally,
    claim_requests,
    run_tables,
    to_ema,
    to_pandas,
    to_polars,
    to_xarray,
)
from tenbin.run import RunOptions, execute, make_plan, part_paths, read_manifest
from tenbin.scenario.expressions import parse_expression
from tenbin.worlds import draw_worlds

WORLDS = 1200
CLAIMS = """
war: {says: x, holds: 'P(crisis.war) > 0.5'}
either: {says: x, holds: 'P(crisis.war or crisis.peace, given=[crisis.war, crisis.peace]) == 1'}
bare: {says: x, holds: 'P(crisis.war, troops=0) > 0.5'}
lower: {says: x, holds: 'P(crisis.war, policy=stay) < P(crisis.war, policy=quo)'}
"""


def run_into(folder: Path, *, keep_draws: bool = False, design: str = "sobol") -> Path:
    scenario = scenario_with(folder, CLAIMS)
    plan = make_plan(scenario, claim_requests(scenario), WORLDS)
    tally = Tally(scenario, plan)
    options = RunOptions(
        worlds=WORLDS, seed=5, out=folder / "run", design=design, keep_draws=keep_draws
    )
    for chunk in execute(scenario, plan, options):
        for (claim, policy), codes in tally.add(chunk).items():
            chunk.attach(f"{claim}|{policy}", codes)
    return folder / "run"


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return run_into(tmp_path_factory.mktemp("tables"))


def test_rows_are_worlds_under_policies_in_order(run: Path) -> None:
    pandas = pytest.importorskip("pandas")

    table = to_pandas(run)

    assert list(table["policy"].cat.categories) == ["quo", "stay", "same"]
    assert list(table["world"]) == [*range(WORLDS)] * 3
    assert isinstance(table, pandas.DataFrame)


def test_uncertainties_are_drawn_again_as_the_run_drew_them(run: Path, tmp_path: Path) -> None:
    pytest.importorskip("pandas")
    scenario = scenario_with(tmp_path, CLAIMS)
    drawn = draw_worlds(scenario, 0, WORLDS, seed=5, total=WORLDS)

    table = to_pandas(run, policies=["stay"])

    for name, values in drawn.items():
        assert np.array_equal(table[name], values), name


@pytest.mark.parametrize("design", ["latin", "monte_carlo"])
def test_stored_and_redrawn_uncertainties_are_the_same(tmp_path: Path, design: str) -> None:
    pytest.importorskip("pandas")
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()

    kept = to_pandas(run_into(tmp_path / "a", keep_draws=True, design=design))
    drawn = to_pandas(run_into(tmp_path / "b", design=design))

    assert kept.equals(drawn)


def test_outcomes_are_those_of_the_closed_form(run: Path) -> None:
    # The attacker attacks where the stake exceeds the troops; `stay` sets two of them.
    pytest.importorskip("pandas")

    table = to_pandas(run)

    attacks = (table["stake"] > table["troops"]).astype(float)
    assert np.allclose(table["P(crisis.war)"], attacks, atol=1e-6)
    assert set(table["troops"][table["policy"] == "stay"]) == {2.0}
    assert set(table["status(crisis)"]) == {"solved"}


def test_replaced_numbers_stand_in_the_name_of_an_outcome(run: Path) -> None:
    pytest.importorskip("pandas")

    table = to_pandas(run)

    judged = table["world"] < 1024
    assert (table["P(crisis.war, troops=0)"][judged] == 1).all()
    assert table["P(crisis.war, troops=0)"][~judged].isna().all()
    assert table["status(crisis, troops=0)"][~judged].isna().all()


def test_an_impossible_condition_is_nan_and_not_null(run: Path) -> None:
    pytest.importorskip("pyarrow")
    name = "P(crisis.war or crisis.peace, given=crisis.war and crisis.peace)"

    (table,) = (t for t in run_tables(run, policies=["stay"]) if t["world"][0].as_py() == 0)

    column = table[name]
    assert column.null_count == 0
    assert np.isnan(column.to_numpy()).all()


def test_claims_do_what_the_verdicts_say(run: Path) -> None:
    pytest.importorskip("pandas")

    table = to_pandas(run)

    expected = np.where(table["stake"] > table["troops"], "holds", "fails")
    assert (table["claim(war)"].astype(str) == expected).all()
    stay = table[table["policy"] == "stay"]
    assert list(stay["claim(lower)"]) == list(table["claim(lower)"][:WORLDS])
    assert set(stay["claim(either)"]) == {"unsolved"}
    assert table["claim(bare)"][table["world"] >= 1024].isna().all()


def test_every_outcome_is_named_as_a_claim_would_ask_for_it(run: Path) -> None:
    jobs = read_manifest(run)["jobs"].values()
    asked = {(job["model"], entry["text"]) for job in jobs for entry in job["outcomes"].values()}
    table = next(run_tables(run))

    named = [name for name in table.column_names if name[0] in "PE"]
    found = set()
    for name in named:
        expression, problems = parse_expression(name)
        assert expression is not None, problems
        (call,) = expression.calls
        found.add((call.model, call.text()))

    assert found == asked


def test_tables_of_all_parts_have_the_same_columns(run: Path) -> None:
    tables = list(run_tables(run))

    assert len(tables) == 3 * len(part_paths(run)) > 3
    assert len({str(table.schema) for table in tables}) == 1


def test_polars_and_pandas_hold_the_same(run: Path) -> None:
    pytest.importorskip("pandas")
    pytest.importorskip("polars")
    ours, theirs = to_pandas(run), to_polars(run)

    assert theirs.columns == list(ours.columns)
    for name in ("stake", "P(crisis.war)"):
        assert np.array_equal(theirs[name].to_numpy(), ours[name].to_numpy())
    assert theirs["claim(war)"].cast(str).to_list() == ours["claim(war)"].to_list()


def test_xarray_has_a_dimension_for_policies_and_one_for_worlds(run: Path) -> None:
    pytest.importorskip("xarray")
    frame = to_pandas(run, policies=["quo", "stay"])

    data = to_xarray(run, policies=["quo", "stay"])

    assert dict(data.sizes) == {"policy": 2, "world": WORLDS}
    assert data["stake"].dims == ("world",)
    chosen = data["P(crisis.war)"].sel(policy="stay")
    assert np.array_equal(chosen, frame["P(crisis.war)"][frame["policy"] == "stay"])
    words = ["none", *("holds", "fails", "mixed", "unsolved")]
    assert data["claim(war)"].attrs["flag_meanings"].split() == words
    codes = data["claim(war)"].values[0]
    assert [words[code + 1] for code in codes] == list(frame["claim(war)"][:WORLDS])


def test_ema_form_counts_a_claim_by_its_quantifier(run: Path) -> None:
    pytest.importorskip("pandas")

    experiments, outcomes = to_ema(run)

    assert {"stake", "noise", "kind", "troops", "scenario", "policy", "model"} <= {*experiments}
    expected = (experiments["stake"] > experiments["troops"]).astype(float)
    assert np.array_equal(outcomes["claim(war)"], expected)
    assert np.isnan(outcomes["claim(either)"][experiments["policy"] == "stay"]).all()
    assert all(values.shape == (3 * WORLDS,) for values in outcomes.values())
    assert set(outcomes["status(crisis)"]) == {0.0}


def test_ema_workbench_finds_the_box_that_was_planted(run: Path) -> None:
    pytest.importorskip("ema_workbench", exc_type=ImportError)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from ema_workbench.analysis import feature_scoring, prim

        experiments, outcomes = to_ema(run, policies=["quo"], models=["crisis"])
        inputs = experiments[["stake", "noise", "kind"]]
        box = prim.Prim(inputs, outcomes["claim(war)"] == 1, threshold=0.8).find_box()
        wanted = {"war": outcomes["P(crisis.war)"]}
        scores = feature_scoring.get_feature_scores_all(inputs, wanted)

    assert box.inspect(style="data")[0][1].index.tolist() == ["stake"]
    assert scores["war"].idxmax() == "stake"


@pytest.mark.parametrize(
    ("given", "said"),
    [({"policies": ["sty"]}, "no policy 'sty'.*Did you mean 'stay'"), ({"models": ["x"]}, "'x'")],
)
def test_unknown_names_are_refused(run: Path, given: dict[str, list[str]], said: str) -> None:
    with pytest.raises(ShapeError, match=said):
        run_tables(run, **given)


def test_a_changed_copy_of_the_scenario_is_refused(run: Path, tmp_path: Path) -> None:
    folder = run_into(tmp_path)
    path = folder / read_manifest(folder)["scenario"]
    path = path if path.is_file() else next(path.glob("*.yaml"))
    path.write_text(path.read_text("utf-8").replace("0.5..1.5", "0.5..1.6"), "utf-8")

    with pytest.raises(ShapeError, match="not the one that was run"):
        list(run_tables(folder))


@pytest.mark.parametrize(
    ("library", "convert"),
    [("pandas", to_pandas), ("pandas", to_ema), ("polars", to_polars), ("xarray", to_xarray)],
)
def test_a_missing_library_is_named_with_its_extra(
    run: Path, monkeypatch: pytest.MonkeyPatch, library: str, convert: object
) -> None:
    monkeypatch.setitem(sys.modules, library, None)

    with pytest.raises(MissingExtraError, match=rf"{library}.*tenbin\[tables\]"):
        convert(run)  # pyright: ignore
