"""docs/reference/bargaining.md says what the code does."""

from __future__ import annotations

import re
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from tenbin.forms.bargaining.game import CONCEPTS
from tenbin.forms.bargaining.outcomes import FUNCTIONS
from tenbin.forms.bargaining.read import MOST_ISSUES, MOST_WAIVERS
from tenbin.forms.bargaining.room import ROOM
from tenbin.forms.bargaining.rules import MOST_TYPED_ISSUES
from tenbin.forms.bargaining.spec import (
    DISTRIBUTIONS,
    BargainingSpec,
    IssueSpec,
    RatifierSpec,
)
from tenbin.forms.contract import SolverOptions
from tenbin.scenario import Scenario
from tenbin.scenario.grammar import parse_expression

PAGE = (Path(__file__).parents[3] / "docs/reference/bargaining.md").read_text("utf-8")
EXAMPLES = re.findall(r"```yaml\n(.*?)```", PAGE, flags=re.DOTALL)
ROWS = re.findall(r"^\| `(\w+\(m.*?)` \| (-?[\d.]+) \|$", PAGE, flags=re.M)


def solved(block: str) -> Any:
    body = YAML(typ="safe").load(StringIO(block))
    data = {"tenbin": 1, "title": "page", "models": {"m": body},
            "players": {name: name for name in body["players"]}}  # fmt: skip
    model = ROOM.compile(Scenario.from_dict(data), "m", {})
    game = ROOM.bind(model, {}, {}, 1)
    solution = ROOM.solve(game, SolverOptions())
    assert ROOM.certify(game, solution, SolverOptions()).certified.all()
    return model, game, solution


@pytest.mark.parametrize("block", EXAMPLES)
def test_example_is_solved(block: str) -> None:
    assert solved(block)


@pytest.mark.parametrize(("text", "value"), ROWS)
def test_value_in_the_table_is_right(text: str, value: str) -> None:
    model, game, solution = solved(EXAMPLES[0])
    expression, _ = parse_expression(text)
    assert expression is not None
    (call,) = expression.calls

    assert ROOM.check_call(model, call) == []
    assert ROOM.outcome(game, solution, call)[0, 0] == pytest.approx(float(value), abs=5e-6)


def test_page_names_every_key_concept_outcome_and_bound() -> None:
    keys = [
        name for spec in (BargainingSpec, IssueSpec, RatifierSpec) for name in spec.model_fields
    ]
    names = {*keys, *CONCEPTS, *DISTRIBUTIONS} - {"text", "title", "from_"}

    assert [name for name in names if f"`{name}" not in PAGE] == []
    assert [name for name in FUNCTIONS if f"`{name}(" not in PAGE] == []
    assert len(ROWS) == 7
    for bound in (MOST_ISSUES, MOST_WAIVERS, MOST_TYPED_ISSUES, "10,000"):
        assert re.search(rf"t most {bound}\b", PAGE)
