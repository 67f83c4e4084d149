"""What outcomes and events are called: in words where there are any, else as in the file."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping, Sequence
from typing import Any

from tenbin.figures.words import Words
from tenbin.report.naming import (
    concept_name,
    number,
    option_text,
    policy_title,
    room_words,
    titled,
)
from tenbin.scenario.language import Event, Name, OutcomeCall
from tenbin.scenario.objects import ModelEntry, Scenario
from tenbin.scenario.texts import Text

__all__ = ["call_title", "event_title", "outcome_text", "outcome_title", "setting_title"]

_NAME = re.compile(r"[^\W\d]\w*")

DEEPEST = 6
"""Levels of a model's body that are looked through for a title."""


def outcome_text(call: OutcomeCall) -> str:
    """A call as a file writes it, without its policy and its replaced numbers."""
    inside = [_written(argument, call.model) for argument in call.arguments[:1]]
    inside += [_written(argument) for argument in call.arguments[1:]]
    if call.given is not None:
        given = "any" if call.given == "any" else _written(call.given, call.model)
        inside.append(f"given={given}")
    inside += [option_text(key, value) for key, value in call.options]
    return f"{call.function}({', '.join(inside)})"


def _written(argument: Event | float, model: str = "", *, inside: bool = False) -> str:
    if not isinstance(argument, Event):
        return f"{argument:g}"
    if argument.operator == "name":
        name = str(argument.operands[0])
        return f"{model}.{name}" if model and name else name or model
    parts = [
        _written(part, model, inside=True) if isinstance(part, Event) else _named(part, model)
        for part in argument.operands
    ]
    if argument.operator == "not":
        return f"not {parts[0]}"
    joined = f" {argument.operator} ".join(parts)
    return f"({joined})" if inside else joined


def _named(name: Name, model: str) -> str:
    return f"{model}.{name}" if model else str(name)


def call_title(scenario: Scenario, call: OutcomeCall, words: Words) -> str:
    """What a call asks for, in words, without its policy and its replaced numbers."""
    arguments = [str(argument) for argument in call.arguments]
    given = "" if call.given is None else str(call.given)
    options = dict(call.options)
    return outcome_title(scenario, call.model, call.function, arguments, given, options, words)


def outcome_title(
    scenario: Scenario,
    model: str,
    function: str,
    arguments: Sequence[str],
    given: str,
    options: Mapping[str, Any],
    words: Words,
) -> str:
    """What an outcome is, in words: by its function, about what it is asked of.

    Empty for a function that the catalogue has no words for.
    """
    key = _outcome_key(scenario, model, function, arguments, words)
    if not words.has(key):
        return ""
    about = [it for it in arguments if not _is_number(it)]
    named = [event_title(scenario, model, it, words) for it in about] or [""]
    title = words(key, first=named[0], last=named[-1])
    times = [float(it) for it in arguments if _is_number(it)]
    notes = [words("outcome.at", time=_time(time)) for time in times]
    notes += [_option(scenario, model, name, value, words) for name, value in options.items()]
    if given == "any":
        notes.append(words("outcome.given_any"))
    elif given:
        notes.append(words("outcome.given", event=event_title(scenario, model, given, words)))
    return (
        title + words("outcome.notes", notes=words("outcome.and").join(notes)) if notes else title
    )


def _outcome_key(
    scenario: Scenario, model: str, function: str, arguments: Sequence[str], words: Words
) -> str:
    """The words for an outcome: where it is asked of a player, the form's own come first."""
    own = f"outcome.{scenario.models[model].form}.{function}"
    of_player = bool(arguments) and arguments[0] in scenario.players
    return own if of_player and words.has(own) else "outcome." + function


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _time(value: str | float) -> str:
    return value if isinstance(value, str) else number(value).replace(",", "")


def _option(scenario: Scenario, model: str, name: str, value: Any, words: Words) -> str:
    """One option of an outcome: where play starts, at which time, by which stability."""
    if name == "at":
        return words("outcome.at", time=_time(value))
    if name == "start":
        return words("outcome.start", state=event_title(scenario, model, str(value), words))
    if words.has("option." + str(value)):
        return words("option." + str(value))
    form, concept = scenario.models[model].form, str(value).removeprefix("coalition_")
    named = concept_name(form, concept, words)
    if concept != value and named != concept:
        return words("option.coalition", concept=named)
    return named if name.isdigit() else f"{name} = {named}"


def event_title(scenario: Scenario, model: str, name: str, words: Words) -> str:
    """What a name or event of a model stands for, in the titles that the file gives.

    A name is a player, measure, type, or anything in the model's body that has a title there:
    a move, an end, a state, an option, an issue, a counter, or an action of one of them.
    """
    entry = scenario.models[model]
    try:
        tree = ast.parse(name, mode="eval").body
    except SyntaxError:
        return name
    return _phrase(scenario, entry, tree, words, inside=False) or name


def setting_title(
    scenario: Scenario,
    policies: Sequence[str],
    setting: Sequence[tuple[str, str]],
    words: Words,
) -> str:
    """A setting as a reader knows it: the policies that lead to it, else what is set."""
    if scenario.policies and len(policies) == len(scenario.policies) > 1:
        return words("policy.any")
    titles = [policy_title(scenario, policy, words) for policy in policies]
    titles = titles or [_set_title(scenario, name, value, words) for name, value in setting]
    return ", ".join(titles) or words("policy.default")


def _set_title(scenario: Scenario, name: str, value: str, words: Words) -> str:
    """One thing that is set: a number and what it is, or a move and what is done there."""
    model, _, move = name.partition(".")
    if move and model in scenario.models:
        return event_title(scenario, model, f"{move}.{value}", words)
    given = _NAME.sub(lambda found: _number_title(scenario, found.group(), words), value)
    return f"{_number_title(scenario, name, words)} = {given}"


def _number_title(scenario: Scenario, name: str, words: Words) -> str:
    """What a number is called: its title, else its name as it is written."""
    for numbers in (
        scenario.uncertainties,
        scenario.levers,
        scenario.constants,
        scenario.derived,
    ):
        if name in numbers:
            return numbers[name].title.in_language(words.language) or name
    return name


def _phrase(
    scenario: Scenario, entry: ModelEntry, tree: ast.expr, words: Words, *, inside: bool
) -> str:
    """An event in words; empty where it is none."""
    match tree:
        case ast.BoolOp(op=operator, values=values):
            parts = [_phrase(scenario, entry, value, words, inside=True) for value in values]
            key = "event.and" if isinstance(operator, ast.And) else "event.or"
            joined = words(key).join(parts)
            return words("event.inside", event=joined) if inside else joined
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            inner = _phrase(scenario, entry, operand, words, inside=False)
            return words("event.not", event=inner)
        case ast.Name() | ast.Attribute():
            return _name_title(scenario, entry, ast.unparse(tree).split("."), words)
        case _:
            return ""


def _name_title(scenario: Scenario, entry: ModelEntry, parts: Sequence[str], words: Words) -> str:
    """The titles of a dotted name's parts, each looked for in what the part before it is."""
    titles: list[str] = []
    where: Any = entry.body
    for part in parts:
        player = scenario.players.get(parts[len(titles) - 1]) if titles else None
        kinds = entry.body.get("type_titles", {}).get(player.name, {}) if player else {}
        if part in kinds:
            titles.append(titled(Text.of(kinds[part]), part, words))
        elif part in scenario.players:
            titles.append(titled(scenario.players[part].title, part, words))
        elif len(parts) == 1 and part in scenario.measures and not _has_own(entry, part):
            titles.append(titled(scenario.measures[part].title, part, words))
        else:
            found = _entry_in(where, part)
            where = found or where
            titles.append(_own_title(entry, found, part, words))
    return words("event.of").join(titles)


def _has_own(entry: ModelEntry, name: str) -> bool:
    """Whether something of the model itself, a state or an event say, is called so."""
    return any(isinstance(section, Mapping) and name in section for section in entry.body.values())


def _own_title(entry: ModelEntry, found: Mapping[str, Any] | None, name: str, words: Words) -> str:
    """The title of an entry of the body, else the room's word for a name of its own."""
    if found is None:
        own, key = room_words(entry.form, words), f"event.{entry.form}.{name}"
        if own.has("event." + name):
            return own("event." + name)
        return words(key) if words.has(key) else name.replace("_", " ")
    return titled(Text.of(found.get("title")), name, words)


def _entry_in(data: Any, name: str) -> Mapping[str, Any] | None:
    """The mapping under a name anywhere in plain data, the nearest with a title first."""
    level: list[Any] = [data]
    untitled: Mapping[str, Any] | None = None
    for _ in range(DEEPEST):
        below: list[Any] = []
        for item in level:
            if isinstance(item, list):
                below.extend(item)
                continue
            if not isinstance(item, Mapping):
                continue
            found = item.get(name)
            if isinstance(found, Mapping):
                if "title" in found:
                    return found
                untitled = untitled or found
            below.extend(item.values())
        level = below
    return untitled
