"""Toy scenarios: `up` feeds `down`, `down` feeds `last`; `lone` is fed by nobody."""

from __future__ import annotations

from tenbin.scenario import Scenario
from tenbin.scenario.expressions import parse_expression


def toy_model(player, worlds=None, concept=None, **actions):
    model = {"form": "toy", "player": player, "actions": actions}
    model |= {"worlds": worlds} if worlds else {}
    return model | ({"concept": concept} if concept else {})


def toy_scenario(**changes):
    data = {
        "tenbin": 1,
        "title": "toys",
        "players": {"A": "A", "B": "B"},
        "uncertainties": {"x": "0..1", "y": "0..1", "z": {"normal": [0, 1]}},
        "constants": {"half": 0.5},
        "levers": {"help": {"default": 0, "range": "0..1"}, "aid": {"default": 0, "range": "0..1"}},
        "policies": {
            "none": {},
            "helping": {"help": 1},
            "bound": {"play": {"up.choose": "stay"}},
        },
        "derived": {"worth": "E(up.A, y=half) + y"},
        "models": {
            "up": toy_model("A", go="x + help", stay="y"),
            "down": toy_model("B", act="worth", wait="0.9"),
            "last": toy_model("A", join="P(down.act) - half", leave="0"),
            "lone": toy_model("B", left="x", right="half"),
        },
    }
    return Scenario.from_dict(data | changes)


def outcome_call(text):
    expression, problems = parse_expression(text)
    assert expression is not None, problems
    return expression.calls[0]


def number(text):
    expression, problems = parse_expression(text)
    assert expression is not None, problems
    return expression
