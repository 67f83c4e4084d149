"""The run folder: what is in it, and that the same run gives the same bytes."""

from __future__ import annotations

import json
import re
from pathlib import Path

import duckdb
import numpy as np
import pytest

from tenbin.errors import ShapeError
from tenbin.run import (
    Request,
    RunOptions,
    execute,
    make_plan,
    part_paths,
    policy_setting,
    read_columns,
    read_manifest,
)
from tenbin.scenario import load_scenario, read_scenario
from tenbin.worlds import draw_worlds
from toy_scenarios import outcome_call, toy_model, toy_scenario

pytestmark = pytest.mark.usefixtures("toy")


def run_into(folder, scenario=None, worlds=2500, **options):
    scenario = scenario or toy_scenario()
    wanted = [Request(outcome_call("P(up.go)"), policy_setting(scenario, "helping"))]
    wanted += [Request(outcome_call("E(lone.B)"), worlds=1100)]
    plan = make_plan(scenario, wanted, worlds)
    for chunk in execute(scenario, plan, RunOptions(worlds=worlds, out=folder, **options)):
        chunk.attach("claim_C1", np.full(chunk.worlds, 2, dtype=np.int8))
    return folder


def bytes_of(folder):
    return {
        path.relative_to(folder): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "log.jsonl"
    }


def test_same_run_gives_the_same_bytes(tmp_path):
    first, second = run_into(tmp_path / "a"), run_into(tmp_path / "b", threads=2)

    assert bytes_of(first) == bytes_of(second)


def test_parts_hold_all_worlds_in_order(tmp_path):
    folder = run_into(tmp_path)

    table = read_columns(folder, ["world", "up_0_outcome_0", "claim_C1"])

    draws = draw_worlds(toy_scenario(), 0, 2500)
    assert len(part_paths(folder)) == 2
    np.testing.assert_array_equal(table["world"], np.arange(2500))
    np.testing.assert_array_equal(table["up_0_outcome_0"], draws["x"] + 1 > draws["y"])
    assert set(table["claim_C1"].to_pylist()) == {2}


def test_job_with_fewer_worlds_is_null_beyond_them(tmp_path):
    table = read_columns(run_into(tmp_path), ["lone_0_status", "lone_0_outcome_0"])

    assert table["lone_0_status"].null_count == 2500 - 1100
    assert table["lone_0_outcome_0"].null_count == 2500 - 1100


def test_parts_can_be_queried_by_other_programs(tmp_path):
    folder = run_into(tmp_path)

    found = duckdb.sql(
        f"select count(*), count(lone_0_outcome_0), max(up_0_residual) "
        f"from '{folder}/worlds/part-*.parquet'"
    ).fetchall()

    assert found == [(2500, 1100, 0.0)]


def test_further_equilibria_have_columns_of_their_own(tmp_path):
    models = {"up": toy_model("A", go="1", stay="1"), "lone": toy_model("B", left="x", right="y")}
    scenario = toy_scenario(models=models, derived={})

    folder = run_into(tmp_path, scenario, worlds=10)

    table = read_columns(folder, ["up_0_outcome_0", "up_0_outcome_0_equilibrium_1"])
    assert table.to_pylist()[0] == {"up_0_outcome_0": 1.0, "up_0_outcome_0_equilibrium_1": 0.0}
    lone = read_columns(folder, ["lone_0_outcome_0_equilibrium_1"])
    assert lone["lone_0_outcome_0_equilibrium_1"].null_count == 10


def test_manifest_says_what_results_depend_on(tmp_path):
    manifest = read_manifest(run_into(tmp_path, seed=7))

    job = manifest["jobs"]["up_0"]
    assert manifest["complete"] is True
    assert manifest["parts"] == 2
    assert (manifest["seed"], manifest["design"], manifest["worlds"]) == (7, "sobol", 2500)
    assert manifest["digest"] == toy_scenario().digest
    assert manifest["dimensions"].keys() == {"x", "y", "z"}
    assert manifest["attached"] == ["claim_C1"]
    assert set(manifest["versions"]) == {"tenbin", "python", "numpy", "scipy", "numba", "pyarrow"}
    assert (job["model"], job["policies"], list(job["values"])) == ("up", ["helping"], ["help"])
    assert job["outcomes"]["up_0_outcome_0"]["text"] == "P(up: go)"
    assert manifest["jobs"]["lone_0"]["worlds"] == 1100
    assert manifest["results"]["models"]["up"]["solved"] == 2500


def test_manifest_holds_no_path_and_no_time(tmp_path):
    folder = run_into(tmp_path)

    text = (folder / "manifest.json").read_text()

    assert str(tmp_path) not in text
    assert not re.search(r"\d\d:\d\d|\d{4}-\d\d-\d\d", text)


def test_unfinished_run_is_marked(tmp_path):
    scenario = toy_scenario()
    plan = make_plan(scenario, [Request(outcome_call("P(up.go)"))], 2000)

    next(execute(scenario, plan, RunOptions(worlds=2000, out=tmp_path)))

    assert read_manifest(tmp_path)["complete"] is False


def test_parts_of_an_earlier_run_are_removed(tmp_path):
    run_into(tmp_path, worlds=2500)
    run_into(tmp_path, worlds=100)

    assert [path.name for path in part_paths(tmp_path)] == ["part-00000.parquet"]
    assert not list(tmp_path.rglob(".part*"))


def test_draws_are_stored_where_asked_for(tmp_path):
    table = read_columns(run_into(tmp_path, keep_draws=True), ["draw_z"])

    np.testing.assert_array_equal(table["draw_z"], draw_worlds(toy_scenario(), 0, 2500)["z"])


def test_log_holds_durations_by_job(tmp_path):
    lines = (run_into(tmp_path) / "log.jsonl").read_text().splitlines()

    entries = [json.loads(line) for line in lines]
    assert {(entry["job"], entry["start"], entry["stop"]) for entry in entries} == {
        ("up_0", 0, 64),
        ("lone_0", 0, 64),
        ("up_0", 64, 2500),
        ("lone_0", 64, 1100),
    }
    assert all(entry["seconds"] >= 0 for entry in entries)


def test_scenario_built_in_python_is_stored_as_one_file(tmp_path):
    folder = run_into(tmp_path)

    again = load_scenario(folder / read_manifest(folder)["scenario"])

    assert again.digest == toy_scenario().digest


def test_files_of_a_scenario_are_copied_as_they_are(tmp_path):
    source = tmp_path / "source"
    (source / "models").mkdir(parents=True)
    whole = toy_scenario().data
    models = json.dumps({"models": whole["models"]})
    (source / "models" / "all.yaml").write_text(models)
    top = {key: value for key, value in whole.items() if key != "models"}
    (source / "scenario.yaml").write_text(json.dumps(top | {"include": "models/*.yaml"}))

    folder = run_into(tmp_path / "out", load_scenario(source))

    assert (folder / "scenario" / "models" / "all.yaml").read_text() == models
    found, problems = read_scenario(folder / read_manifest(folder)["scenario"])
    assert found is not None, problems
    assert found.digest == load_scenario(source).digest


def test_scenario_of_one_file_keeps_its_name(tmp_path):
    source = tmp_path / "toys.yaml"
    source.write_text(toy_scenario().to_yaml())

    folder = run_into(tmp_path / "out", load_scenario(source))

    assert read_manifest(folder)["scenario"] == "scenario/toys.yaml"
    assert (folder / "scenario" / "toys.yaml").read_bytes() == source.read_bytes()


def test_run_into_a_file_is_refused(tmp_path):
    target = Path(tmp_path / "file")
    target.write_text("")

    with pytest.raises(ShapeError, match="is a file; a run needs a folder of its own"):
        run_into(target)


def test_run_never_takes_the_place_of_a_folder_that_is_no_copy(tmp_path):
    mine = tmp_path / "scenario"
    mine.mkdir()
    (mine / "scenario.yaml").write_text(toy_scenario().to_yaml())
    other = tmp_path / "other.yaml"
    other.write_text(toy_scenario().to_yaml())

    with pytest.raises(ShapeError, match="where the run keeps its copy"):
        run_into(tmp_path, load_scenario(mine))
    with pytest.raises(ShapeError, match="is no run folder and holds a 'scenario' already"):
        run_into(tmp_path, load_scenario(other))

    assert (mine / "scenario.yaml").is_file()


def test_run_folder_may_be_run_into_again(tmp_path):
    first = bytes_of(run_into(tmp_path / "out"))

    assert bytes_of(run_into(tmp_path / "out")) == first


def test_folder_that_cannot_be_made_is_an_error_in_words(tmp_path):
    (tmp_path / "file").write_text("")

    with pytest.raises(ShapeError, match="cannot be a run folder: Not a directory"):
        run_into(tmp_path / "file" / "out")
