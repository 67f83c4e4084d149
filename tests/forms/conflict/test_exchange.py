"""Files of GMCR+ are read as data: what they say, and what is refused."""

from __future__ import annotations

import json
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tenbin.commands.solve import solve_file
from tenbin.errors import ScenarioError
from tenbin.forms.conflict.exchange import MAX_BYTES, read_gmcr
from tenbin.forms.conflict.room import ROOM
from tenbin.forms.contract import SolverOptions
from tenbin.scenario.objects import Scenario

DILEMMA: dict[str, Any] = {
    "program": "gmcr-py",
    "version": "0.3.6",
    "useManualPreferenceRanking": False,
    "options": [
        {"name": "Stay silent", "permittedDirection": "both"},
        {"name": "Keep silent", "permittedDirection": "both"},
    ],
    "decisionMakers": [
        {"name": "Prisoner 1", "options": [0], "preferences": [[[1, "Y"]], [[0, "N"]]]},
        {"name": "Prisoner 2", "options": [1], "preferences": [[[0, "Y"]], [[1, "N"]]]},
    ],
    "infeasibles": [],
    "coalitions": [0, 1],
}


def elmira() -> dict[str, Any]:
    """Elmira with its twelve states, ranked by hand, four of them with the plant closed."""
    closed = [5, 6, 11, 12]
    rankings = {
        "Ministry": ([0], [9, 3, 4, 10, 7, 1, 2, 8, closed]),
        "Company": ([1, 2, 3], [1, 4, 10, 7, closed, 3, 9, 2, 8]),
        "Local government": ([4], [9, 3, 7, 1, 10, 8, 4, 2, closed]),
    }
    directions = {
        "Modify": "fwd",
        "Delay": "back",
        "Accept": "both",
        "Abandon": "fwd",
        "Insist": "both",
    }
    return {
        "useManualPreferenceVectors": True,
        "options": [{"name": n, "permittedDirection": d} for n, d in directions.items()],
        "decisionMakers": [
            {"name": name, "options": own, "preferences": [], "preferenceVector": ranking}
            for name, (own, ranking) in rankings.items()
        ],
        "infeasibles": [
            [[1, "Y"], [2, "Y"]],
            {"compound": True, "members": [[[1, "Y"], [3, "Y"]], [[2, "Y"], [3, "Y"]]]},
            [[1, "N"], [2, "N"], [3, "N"]],
        ],
        "coalitions": [[0, 1], 2],
    }


def written(folder: Path, data: object) -> Path:
    path = folder / "conflict.gmcr"
    path.write_text(json.dumps(data), encoding="utf-8")
    return path


def equilibria(path: Path, concept: str) -> list[str]:
    """The states that no player alone would leave."""
    model = ROOM.compile(Scenario.from_dict(read_gmcr(path)), "conflict", {})
    bound = ROOM.bind(model, {}, {}, 1)
    solution = ROOM.solve(bound, SolverOptions(concept=concept, threads=1))
    stable = solution.holds(concept, range(len(model.players)))[0]
    return [model.graph.state_names[state] for state in np.flatnonzero(stable)]


def test_prisoners_dilemma_is_read(tmp_path):
    path = written(tmp_path, DILEMMA)

    assert equilibria(path, "nash") == ["s1"]
    assert equilibria(path, "seq") == ["s1", "s4"]


def test_names_become_identifiers_and_stay_as_titles(tmp_path):
    data = read_gmcr(written(tmp_path, DILEMMA))

    assert data["players"] == {"Prisoner_1": "Prisoner 1", "Prisoner_2": "Prisoner 2"}
    options = data["models"]["conflict"]["options"]
    assert options["Stay_silent"] == {"player": "Prisoner_1", "title": "Stay silent"}


def test_same_names_and_no_names_are_told_apart(tmp_path):
    names = ["Attack", "Attack", "1", "not", "s3", "攻撃"]
    data = {
        "options": [{"name": name} for name in names],
        "decisionMakers": [{"name": "Attack", "options": list(range(6)), "preferences": []}],
        "infeasibles": [],
    }

    found = read_gmcr(written(tmp_path, data))

    assert len(found["models"]["conflict"]["options"]) == 6
    assert Scenario.from_dict(found).models["conflict"].form == "conflict"
    assert equilibria(written(tmp_path, data), "nash") == [f"s{n}" for n in range(1, 65)]


def test_ranking_by_hand_directions_and_compounds_are_read(tmp_path):
    path = written(tmp_path, elmira())

    # 7, 10 and the closed plants are states 5, 8 and 9 of the published model.
    assert equilibria(path, "nash") == ["s5", "s6", "s7", "s10", "s11", "s12"]
    assert set(equilibria(path, "gmr")) == {*equilibria(path, "nash"), "s1", "s4"}


def test_group_that_is_analysed_as_one_may_form_a_coalition(tmp_path):
    data = read_gmcr(written(tmp_path, elmira()))

    assert data["models"]["conflict"]["coalitions"] == [["Ministry", "Company"]]


def test_file_is_solved_by_the_command(tmp_path):
    answer = solve_file(written(tmp_path, DILEMMA), concept="seq")

    assert answer["complete"]
    assert [its["state"] for its in answer["equilibria"]] == ["s1", "s4"]


def changed(path: tuple[str | int, ...], value: object) -> dict[str, Any]:
    data = json.loads(json.dumps(DILEMMA))
    at = data
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = value
    return data


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ([], "the file"),
        ({"options": []}, "decisionMakers"),
        (changed(("options", 0, "permittedDirection"), "sideways"), "permittedDirection"),
        (changed(("decisionMakers", 0, "options"), [0, 1]), "several decision makers"),
        (changed(("decisionMakers", 0, "options"), []), "no decision maker"),
        (changed(("decisionMakers", 0, "options"), [0, 7]), "no option number 7"),
        (changed(("infeasibles",), [[[9, "Y"]]]), "no option number 9"),
        (changed(("infeasibles",), [[[0, "maybe"]]]), "infeasibles"),
        (changed(("decisionMakers", 0, "misperceptions"), [[[0, "Y"]]]), "misperceptions"),
        (changed(("useManualPreferenceRanking",), True), "has no ranking"),
        (changed(("coalitions",), [[0, 5]]), "no such member"),
    ],
)
def test_file_that_says_something_else_is_refused(data, words, tmp_path):
    with pytest.raises(ScenarioError, match=words):
        read_gmcr(written(tmp_path, data))


class Trap:
    """Makes a file where it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return (Path.touch, (self.path,))


def test_pickle_is_not_opened(tmp_path):
    path = tmp_path / "old.gmcr"
    path.write_bytes(pickle.dumps(Trap(tmp_path / "sprung")))

    with pytest.raises(ScenarioError, match="no JSON"):
        read_gmcr(path)
    assert not (tmp_path / "sprung").exists()


def test_deep_nesting_is_refused(tmp_path):
    path = tmp_path / "deep.gmcr"
    path.write_text("[" * 200_000, encoding="utf-8")

    with pytest.raises(ScenarioError, match="no JSON"):
        read_gmcr(path)


def test_huge_file_is_refused(tmp_path):
    path = tmp_path / "huge.gmcr"
    with path.open("wb") as file:
        file.truncate(MAX_BYTES + 1)

    with pytest.raises(ScenarioError, match="larger than"):
        read_gmcr(path)
