"""From the file to tables, and from numbers to arrays."""

from __future__ import annotations

import numpy as np
import pytest

from forms.stochastic.hand_made import bound, compiled
from tenbin.errors import ScenarioError
from tenbin.forms.stochastic.bind import check_numbers, payoff_range
from tenbin.forms.stochastic.tables import NONE

BODY = {
    "start": {"talks": "p", "crisis": "rest"},
    "types": {"DPRK": {"trader": "q", "staller": "rest"}},
    "counters": {"arms": {"range": "0..2", "start": 0}},
    "states": {
        "talks": {
            "actions": {
                "DPRK": ["talk", "stall"],
                "US": {"help": {"only_if": "arms < 1"}, "wait": {}},
            },
            "payoffs": [
                {"US": "-cost * arms"},
                {"when": "DPRK.staller and DPRK.stall", "DPRK": "gain"},
                {"when": "US.help", "US": -1, "DPRK": 2},
            ],
            "next": [
                {
                    "when": "DPRK.stall and arms < 2",
                    "to": {"talks": {"p": "p", "change": {"arms": 1}}, "crisis": "rest"},
                },
                {"to": "talks"},
            ],
        },
        "crisis": {},
    },
}
SECTIONS = {"constants": {"p": 0.25, "q": 0.5, "cost": 3, "gain": 7}}
NUMBERS = {"p": 0.25, "q": 0.5, "cost": 3.0, "gain": 7.0}


def test_states_are_those_that_can_be_reached():
    model = compiled(BODY, **SECTIONS)

    # crisis at arms 2 is entered from talks at arms 1 only together with no change: not at 2.
    assert model.structure.state_names == (
        "talks|arms=0",
        "talks|arms=1",
        "talks|arms=2",
        "crisis|arms=0",
        "crisis|arms=1",
    )


def test_only_if_takes_an_action_away():
    model = compiled(BODY, **SECTIONS)
    structure = model.structure
    us = [p for p in range(structure.n_points) if structure.point_player[p] == 1]
    counts = np.diff(structure.action_start)[us]

    assert counts.tolist() == [2, 1, 1]


def test_types_have_points_of_their_own_with_the_same_actions():
    structure = compiled(BODY, **SECTIONS).structure
    mine = structure.point_player == structure.informed

    assert structure.point_type[mine].tolist() == [0, 1] * 3
    assert set(structure.point_type[~mine]) == {NONE}
    for point in np.flatnonzero(mine & (structure.point_type == 0)):
        first, middle, last = structure.action_start[point : point + 3]
        assert structure.action_names[first:middle] == structure.action_names[middle:last]


def test_payoff_rules_that_apply_are_added():
    game = bound(compiled(BODY, **SECTIONS), **NUMBERS).game
    structure = game.structure
    names = structure.action_names
    rows = {
        (
            structure.cell_state[q],
            *(names[a] for a in structure.cell_action[q, :, 0] if a != NONE),
        ): q
        for q in range(structure.n_cells)
    }
    helped, waited = rows[0, "stall", "help"], rows[2, "stall", "wait"]

    # players in the order DPRK, US; types trader, staller
    assert game.payoffs[0, helped].tolist() == [[2, 9], [-1, -1]]
    assert game.payoffs[0, waited].tolist() == [[0, 7], [-6, -6]]
    assert payoff_range(bound(compiled(BODY, **SECTIONS), **NUMBERS))[0] == 9


def test_the_rest_is_one_minus_the_others():
    game = bound(
        compiled(BODY, **SECTIONS), worlds=3, **{**NUMBERS, "p": np.array([0.0, 0.4, 1.0])}
    ).game
    sums = np.add.reduceat(
        game.prob, np.flatnonzero(np.diff(game.structure.branch_cell, prepend=-1)), axis=1
    )

    np.testing.assert_allclose(sums, 1)
    np.testing.assert_allclose(game.start.sum(axis=1), 1)
    np.testing.assert_allclose(game.start[:, 0], [0.0, 0.4, 1.0])
    assert game.valid.all()


@pytest.mark.parametrize(
    ("name", "value"), [("p", 1.5), ("q", -0.1), ("gain", np.nan), ("cost", np.inf)]
)
def test_a_world_with_a_number_that_is_none_is_not_valid(name, value):
    numbers = {**NUMBERS, name: np.array([NUMBERS[name], value])}

    assert bound(compiled(BODY, **SECTIONS), worlds=2, **numbers).game.valid.tolist() == [
        True,
        False,
    ]


def test_probabilities_beyond_one_are_told_with_their_share_of_worlds():
    body = {**BODY, "start": {"talks": "p", "crisis": "q"}}
    model = compiled(body, **SECTIONS)
    numbers = {**NUMBERS, "p": np.array([0.5, 0.5, 0.9, 0.4])}

    found = check_numbers(model, numbers, {}, 4)

    assert len(found) == 1
    assert "states at the start do not sum to one in 50.0% of the worlds" in str(found[0])
    assert check_numbers(model, {**NUMBERS, "p": 0.5}, {}, 4) == []


def test_a_policy_commits_an_action_in_a_state_or_everywhere():
    state = compiled(BODY, {"talks": "DPRK.stall"}, **SECTIONS).structure
    everywhere = compiled(BODY, {"US": "wait"}, **SECTIONS).structure

    assert set(state.action_names) == {"stall", "help", "wait"}
    assert set(everywhere.action_names) == {"talk", "stall", "wait"}


@pytest.mark.parametrize("play", [{"talks": "US.stall"}, {"talk": "stall"}, {"US": "stall"}])
def test_a_commitment_to_what_is_not_there_is_an_error(play):
    with pytest.raises(ScenarioError, match="`play` commits"):
        compiled(BODY, play, **SECTIONS)


def test_a_state_without_what_follows_leads_to_itself():
    model = compiled(BODY, **SECTIONS)
    structure = model.structure
    ends = [s for s, name in enumerate(structure.state_names) if name.startswith("crisis")]

    for branch, cell in enumerate(structure.branch_cell):
        if structure.cell_state[cell] in ends:
            assert structure.branch_to[branch] == structure.cell_state[cell]
    assert model.ends == ("crisis",)


def test_the_model_reads_what_its_expressions_name():
    assert compiled(BODY, **SECTIONS).names == {"p", "q", "cost", "gain"}
