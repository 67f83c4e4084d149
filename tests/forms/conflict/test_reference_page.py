"""The example of docs/reference/conflict.md says what the code does, and no key is left out."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from ruamel.yaml import YAML

from forms.conflict.scenarios import call_of
from tenbin.forms.conflict.game import MAX_COALITIONS, BoundConflict
from tenbin.forms.conflict.outcomes import FUNCTIONS
from tenbin.forms.conflict.room import ROOM
from tenbin.forms.conflict.spec import ConflictSpec, OptionSpec, PreferenceSpec
from tenbin.forms.conflict.states import MAX_OPTIONS, MAX_STATES
from tenbin.forms.conflict.tables import CONCEPTS, ConflictSolution
from tenbin.forms.contract import SolverOptions
from tenbin.scenario.objects import Scenario

PAGE = (Path(__file__).parents[3] / "docs/reference/conflict.md").read_text("utf-8")
ROWS = re.findall(r"^\| `(\w+\(m\..*?)` \| (-?[\d.]+) \|$", PAGE, flags=re.M)


@pytest.fixture(scope="module")
def example() -> tuple[BoundConflict, ConflictSolution]:
    (block,) = re.findall(r"```yaml\n(.*?)```", PAGE, flags=re.DOTALL)
    scenario = Scenario.from_dict(
        {
            "tenbin": 1,
            "title": "An example",
            "players": {"US": "US", "DPRK": "DPRK"},
            "uncertainties": {"pride": "0..1"},
            "models": {"m": YAML(typ="safe").load(block)},
        }
    )
    bound = ROOM.bind(ROOM.compile(scenario, "m", {}), {"pride": np.array([0.2])}, {}, 1)
    return bound, ROOM.solve(bound, SolverOptions(threads=1))


def test_example_has_the_states_and_the_equilibrium_that_the_page_tells_of(example):
    bound, solution = example
    graph = bound.game.graph

    counts = f"has {graph.n_states} states and {solution.found.sum()} equilibria"
    assert counts in PAGE
    assert graph.state_names[solution.state[0, 0]] == "deal"
    assert "s11" in [graph.state_names[state] for state in solution.state[0]]


@pytest.mark.parametrize(("text", "value"), ROWS)
def test_outcome_of_the_example_is_what_the_page_says(example, text, value):
    bound, solution = example
    call = call_of(text)

    assert ROOM.check_call(bound.model, call) == []
    assert ROOM.outcome(bound, solution, call)[0, 0] == pytest.approx(float(value))


def test_page_names_every_key_concept_outcome_and_bound():
    keys = [*ConflictSpec.model_fields, *PreferenceSpec.model_fields, *CONCEPTS]

    assert [name for name in keys if f"`{name}`" not in PAGE] == []
    assert [name for name in OptionSpec.model_fields if name not in PAGE] == []
    assert {call.split("(")[0] for call, _ in ROWS} == set(FUNCTIONS)
    assert f"At most {MAX_OPTIONS} options, {MAX_STATES:,} feasible states" in PAGE
    assert f"{MAX_COALITIONS} coalitions" in PAGE
