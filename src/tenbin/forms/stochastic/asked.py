"""What may be asked of a stochastic game: outcome calls checked before anything is solved."""

from __future__ import annotations

from math import isfinite

from tenbin.errors import Problem
from tenbin.forms.reading import only_name
from tenbin.forms.stochastic.game import StochasticModel
from tenbin.scenario.language import Event, Name, OutcomeCall

__all__ = ["FUNCTIONS", "MAX_PERIODS", "check_call", "is_probability"]

FUNCTIONS = ("P", "E", "B", "share", "time_to", "survival")
MAX_PERIODS = 10_000
"""The last period that `at=` may ask for."""

_OPTIONS = {
    "P": ("at", "start"),
    "E": ("at", "start"),
    "B": (),
    "share": ("start",),
    "time_to": ("start",),
    "survival": ("at", "start"),
}
_WANTED = {
    "P": ("a state, an event or an action",),
    "E": ("a player or a counter",),
    "B": ("a state", "a type"),
    "share": ("a state or an event",),
    "time_to": ("a state or an event",),
    "survival": ("a state or an event",),
}


def is_probability(call: OutcomeCall) -> bool:
    """Whether the outcome lies in [0, 1] by definition."""
    return call.function in ("P", "B", "share", "survival")


def check_call(model: StochasticModel, call: OutcomeCall) -> list[Problem]:
    """What is wrong with an outcome call on this model; empty where it can be answered."""
    if call.function not in FUNCTIONS:
        what = f"a stochastic game has no outcome '{call.function}'"
        return [Problem(call.place, what, call.function, FUNCTIONS)]
    problems = _check_options(model, call)
    if call.given is not None:
        what = "a stochastic game answers no `given=`"
        advice = "Ask from a state with `start=`, or at a time with `at=`."
        problems.append(Problem(call.place, what, advice=advice))
    wanted = _WANTED[call.function]
    events = [argument for argument in call.arguments if isinstance(argument, Event)]
    if len(events) != len(wanted) or len(call.arguments) != len(wanted):
        what = f"'{call.function}' takes {' and '.join(wanted)} of model '{model.name}'"
        return [*problems, Problem(call.place, what)]
    if call.function == "E":
        return problems + _check_expected(model, call, events[0])
    if call.function == "P":
        return problems + _check_probability(model, call, events[0])
    problems += _check_states(model, call, events[0])
    if call.function == "B":
        problems += _check_type(model, call, events[1])
    return problems


def _check_options(model: StochasticModel, call: OutcomeCall) -> list[Problem]:
    problems: list[Problem] = []
    allowed = _OPTIONS[call.function]
    for key, value in call.options:
        if key not in allowed:
            what = f"'{call.function}' takes no '{key}' in a stochastic game"
            problems.append(Problem(call.place, what, key, allowed))
        elif key == "start":
            problems += _check_name(model, call, str(value))
        else:
            problems += _check_time(model, call, value)
    if call.function == "survival" and "at" not in dict(call.options):
        what = "`survival` needs a time: survival(model.state, at=10)"
        problems.append(Problem(call.place, what))
    return problems


def _check_time(model: StochasticModel, call: OutcomeCall, at: str | float) -> list[Problem]:
    calendar = model.rules.calendar
    unit = "a period" if calendar is None else "a year of the model's calendar"
    if isinstance(at, str) or not isfinite(at):
        return [Problem(call.place, f"`at=` takes {unit}, not '{at}'", str(at))]
    period = at if calendar is None else calendar.period(at)
    if abs(period - round(period)) > 1e-6 or not 0 <= round(period) <= MAX_PERIODS:
        first, step = (0, 1) if calendar is None else (calendar.first, calendar.step)
        last = first + step * MAX_PERIODS
        what = (
            f"`at={at:g}` is no {unit[2:]}: they go from {first:g} in steps of {step:g} to {last:g}"
        )
        return [Problem(call.place, what, f"{at:g}")]
    return []


def _check_name(model: StochasticModel, call: OutcomeCall, name: str) -> list[Problem]:
    allowed = (*model.rules.phases, *model.rules.events)
    if name not in allowed:
        what = f"model '{model.name}' has no state or event '{name}'"
        return [Problem(call.place, what, name, allowed)]
    states = (
        model.phase_states(name)
        if name in model.rules.phases
        else model.event_states(model.rules.events[name])
    )
    if not states.any() and name in dict(call.options).values():
        what = f"play cannot begin in '{name}': nothing in model '{model.name}' leads there"
        return [Problem(call.place, what, name)]
    return []


def _check_states(model: StochasticModel, call: OutcomeCall, event: Event) -> list[Problem]:
    """What is wrong with an event of states."""
    problems: list[Problem] = []
    for name in event.names():
        if len(name.parts) == 1:
            problems += _check_name(model, call, name.parts[0])
        else:
            what = f"'{name}' is no state or event of model '{model.name}'"
            allowed = (*model.rules.phases, *model.rules.events)
            problems.append(Problem(call.place, what, str(name), allowed))
    return problems


def _check_probability(model: StochasticModel, call: OutcomeCall, event: Event) -> list[Problem]:
    name = only_name(event)
    if name is not None and len(name.parts) > 1:
        return _check_action(model, call, name)
    problems = _check_states(model, call, event)
    if event.operator == "not" and "at" not in dict(call.options):
        what = "`not` of a state needs a time: without `at=`, `P` is of ever being in a state"
        advice = "Write 1 - P(model.state) for never being there."
        problems.append(Problem(call.place, what, advice=advice))
    return problems


def _check_action(model: StochasticModel, call: OutcomeCall, name: Name) -> list[Problem]:
    """What is wrong with `state.action`, `state.PLAYER.action` or `PLAYER.type`."""
    rules = model.rules
    if name.parts[0] in rules.players:
        return _check_type(model, call, Event("name", (name,)))
    if "at" in dict(call.options):
        what = "an action has no `at=`: its probability is over all the time spent in its state"
        return [Problem(call.place, what)]
    phase = rules.phases.get(name.parts[0])
    if phase is None:
        what = f"model '{model.name}' has no state '{name.parts[0]}'"
        return [Problem(call.place, what, name.parts[0], tuple(rules.phases))]
    acts = [(rules.players[player], a.name) for player, its in phase.movers for a in its]
    full = tuple(f"{phase.name}.{player}.{action}" for player, action in acts)
    if len(name.parts) == 3:
        if str(name) in full:
            return []
    else:
        owners = [player for player, action in acts if action == name.parts[1]]
        if len(owners) == 1:
            return []
        if owners:
            what = f"'{name}' is an action of {' and '.join(owners)}: name the player"
            return [Problem(call.place, what, str(name), full)]
    return [Problem(call.place, f"model '{model.name}' has no action '{name}'", str(name), full)]


def _check_type(model: StochasticModel, call: OutcomeCall, event: Event) -> list[Problem]:
    rules, name = model.rules, only_name(event)
    typed: tuple[str, ...] = ()
    if rules.informed is not None:
        player = rules.players[rules.informed]
        typed = tuple(f"{player}.{kind}" for kind in rules.types[rules.informed])
    if name is None or str(name) not in typed:
        what = f"'{event}' is no type of a player of model '{model.name}'"
        return [Problem(call.place, what, str(event), typed)]
    return []


def _check_expected(model: StochasticModel, call: OutcomeCall, event: Event) -> list[Problem]:
    name, players = only_name(event), model.rules.players
    counters = tuple(counter.name for counter in model.rules.counters)
    if name is None or str(name) not in (*players, *counters):
        what = f"model '{model.name}' has no player or counter '{event}'"
        return [Problem(call.place, what, str(event), (*players, *counters))]
    if str(name) in players and "at" in dict(call.options):
        what = f"the value of {name} is over all time: it takes no `at=`"
        return [Problem(call.place, what)]
    return []
