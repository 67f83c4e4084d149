"""The examples of docs/reference/tree.md and outcomes.md say what the code does."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from forms.tree.compiled import bound, call_of, plain, scenario_of, solution_of
from tenbin.forms import room
from tenbin.forms.tree.expand import MAX_NODES, MAX_TERMINALS
from tenbin.forms.tree.game import CONCEPTS, TreeModel, compile_tree
from tenbin.forms.tree.graph import MAX_PATH
from tenbin.forms.tree.spec import MoveSpec, TreeSpec

DOCS = Path(__file__).parents[3] / "docs" / "reference"
NUMBERS = {"uncertainties": {"p_resolved": "0..1", "stake": "0.5..1.5", "war_cost": "0.8..2"}}


def page(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def examples(name: str) -> list[TreeModel]:
    blocks = re.findall(r"```yaml\n(.*?)```", page(name), flags=re.DOTALL)
    measures = {"measures": {"troops_left": {"unit": "soldiers"}}}
    return [
        compile_tree(scenario_of(plain(block), **NUMBERS, **measures), "m", {}) for block in blocks
    ]


def test_examples_of_the_tree_page_have_the_information_sets_it_names() -> None:
    deterrence, simultaneous, demands, joint, chosen = examples("tree.md")

    assert deterrence.size["terminal_nodes"] == 8
    for name in deterrence.tree.infoset_names:
        assert f"`{name}`" in page("tree.md")
    of_move = [name.split("|")[0] for name in simultaneous.tree.infoset_names]
    assert (of_move.count("column"), of_move.count("reply")) == (1, 4)
    counts = np.diff(demands.tree.infoset_start)
    assert counts[demands.tree.infoset_names.index("answer|same")] == 2
    assert counts[demands.tree.infoset_names.index("answer|more")] == 3
    assert joint.size["terminal_nodes"] == 6
    assert (chosen.concept, chosen.tree.n_infosets) == ("all", 2)


def test_tree_page_names_every_key_concept_and_bound() -> None:
    text = page("tree.md")

    for name in (*TreeSpec.model_fields, *MoveSpec.model_fields, *CONCEPTS):
        assert f"`{name}`" in text or name in ("title", "text")
    for bound_ in (MAX_TERMINALS, MAX_NODES, MAX_PATH):
        assert f"{bound_:,}" in text


ROWS = re.findall(r"^\| `([PEB]\(.*?)` \| (-?[\d.]+) \|$", page("outcomes.md"), flags=re.M)


@pytest.mark.parametrize(("text", "value"), ROWS)
def test_value_in_the_table_of_the_outcomes_page_is_right(text: str, value: str) -> None:
    (model,) = examples("outcomes.md")
    game = bound(model)
    solution = solution_of(
        game,
        {
            "challenge": {"keep_quiet": 0.25, "probe": 0.75},
            "response|resolved|probe": {"resist": 1.0},
            "response|bluffing|probe": {"concede": 0.5, "resist": 0.5},
            "last": {"back_down": 0.4, "attack": 0.6},
        },
    )
    call = call_of(text)

    assert room("tree").check_call(model, call) == []
    assert room("tree").outcome(game, solution, call)[0, 0] == pytest.approx(float(value))


def test_table_of_the_outcomes_page_is_read() -> None:
    assert len(ROWS) == 16
