"""The room from a file to verdicts, with its solver."""

from __future__ import annotations

import numpy as np

from forms.stochastic.hand_made import bound, call, compiled, scenario
from tenbin.forms import find_rooms, room
from tenbin.forms.contract import SolverOptions, Status
from tenbin.forms.stochastic.refine import grid_change, refined

PATIENCE = {
    "discount": "d",
    "start": "calm",
    "states": {
        "calm": {
            "actions": {"US": ["wait", "grab"]},
            "payoffs": [{"when": "US.wait", "US": 1}, {"when": "US.grab", "US": "loot"}],
            "next": [{"when": "US.wait", "to": "calm"}, {"to": "ruin"}],
        },
        "ruin": {},
    },
}
SIGNAL = {
    "discount": 0.5,
    "types": {"DPRK": {"strong": 0.3, "weak": "rest"}},
    "start": "test",
    "states": {
        "test": {
            "actions": {"DPRK": ["show", "hide"]},
            "payoffs": [
                {"when": "DPRK.show and DPRK.weak", "DPRK": -2},
                {"when": "DPRK.show and DPRK.strong", "DPRK": 1},
            ],
            "next": {"to": "after"},
        },
        "after": {},
    },
}
SECTIONS = {"constants": {"d": 0.5, "loot": 2}}


def test_the_room_is_found_by_its_folder():
    assert "stochastic" in find_rooms()
    assert room("stochastic").name == "stochastic"


def test_one_player_grabs_exactly_when_the_future_is_worth_less():
    rng = np.random.default_rng(5)
    numbers = {"d": rng.uniform(0.1, 0.9, 64), "loot": rng.uniform(1, 6, 64)}
    game = bound(compiled(PATIENCE, **SECTIONS), 64, **numbers)
    form = room("stochastic")

    solution = form.solve(game, SolverOptions())
    certificate = form.certify(game, solution, SolverOptions())
    grabbed = form.outcome(game, solution, call("P(m.calm.grab)"))[:, 0]
    value = form.outcome(game, solution, call("E(m.US)"))[:, 0]

    # Waiting for ever is worth 1 per period on average, grabbing (1 - d) times the loot.
    best = np.maximum(1.0, (1 - numbers["d"]) * numbers["loot"])
    assert certificate.certified.all()
    np.testing.assert_allclose(grabbed, (1 - numbers["d"]) * numbers["loot"] > 1, atol=1e-6)
    np.testing.assert_allclose(value, best, atol=1e-6)


def test_a_world_that_is_not_finite_gets_a_status():
    game = bound(compiled(PATIENCE, **SECTIONS), 2, d=0.5, loot=np.array([np.nan, 2.0]))
    form = room("stochastic")

    solution = form.solve(game, SolverOptions())

    assert solution.status[0] == Status.NOT_FINITE
    assert solution.status[1] == Status.SOLVED
    assert np.isnan(form.outcome(game, solution, call("P(m.ruin)"))[0, 0])


def test_types_that_part_are_told_apart():
    game = bound(compiled(SIGNAL))
    form = room("stochastic")

    solution = form.solve(game, SolverOptions())
    shown = form.outcome(game, solution, call("P(m.test.show)"))[0, 0]

    assert abs(shown - 0.3) < 1e-6  # the strong type alone shows itself


def test_a_finer_grid_keeps_the_old_points_and_changes_nothing_here():
    game = bound(compiled(SIGNAL))
    solution = room("stochastic").solve(game, SolverOptions())

    finer = refined(game, 0).game.structure
    change = grid_change(game, solution, 0)

    assert set(game.game.structure.beliefs) <= set(finer.beliefs)
    assert change is not None
    assert change.points == (9, 17)
    assert change.largest < 1e-6


def test_describe_gives_plain_data():
    game = bound(compiled(SIGNAL))
    form = room("stochastic")
    solution = form.solve(game, SolverOptions())

    (found,) = form.describe(game, solution, form.certify(game, solution, SolverOptions()), 0)

    assert found["payoffs"]["DPRK"] == 0.5 * 0.3
    assert found["outcomes"]["P(m.after)"] == 1
    assert any("(strong)" in name for name in found["profile"])
    assert "grid" in found


def test_scale_is_the_payoff_range_for_a_player_and_one_for_shares():
    game = bound(compiled(SIGNAL))
    form = room("stochastic")

    assert form.scale(game, call("E(m.DPRK)"))[0] == 3
    assert form.scale(game, call("share(m.after)")) == 1
    assert form.is_probability(call("survival(m.after, at=1)"))
    assert not form.is_probability(call("time_to(m.after)"))


def test_pictures_say_what_a_finer_grid_changes():
    file = scenario(SIGNAL)
    form = room("stochastic")
    game = bound(form.compile(file, "m", {}))
    solution = form.solve(game, SolverOptions())

    drawings = form.draw(file, game, solution, "en")

    assert "grid of 9 points; with 17 points" in drawings[0].caption
