"""Conditions over options: names joined by `and`, `or`, `not`; `A if B` and `A iff B` in between.

Python's grammar, an allow-list, and the set of states at which a condition holds; nothing is
executed. `A if B` is true unless B holds and A does not, as in option prioritisation.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Mapping

import numpy as np

from tenbin.errors import Place, Problem
from tenbin.forms.conflict.tables import Bools
from tenbin.forms.reading import unknown
from tenbin.scenario.words import MAX_DEPTH, MAX_LENGTH, place_in

__all__ = ["read_condition"]

_JOINT = re.compile(r"\s(iff|if)\s")
_ADVICE = "Allowed: names of options, and, or, not, brackets; `A if B` and `A iff B`."


class _Refused(Exception):  # noqa: N818  never leaves this module
    def __init__(self, offset: int, what: str, name: str = "") -> None:
        super().__init__(what)
        self.offset, self.what, self.name = offset, what, name


def read_condition(
    text: str, names: Mapping[str, Bools], place: Place, problems: list[Problem]
) -> Bools | None:
    """Where a condition holds [S]; None where it is faulty, the fault being noted.

    Parameters
    ----------
    text
        The condition.
    names
        Where each name it may use holds [S].
    place
        Where it stands.
    problems
        Grows by what is wrong.
    """
    try:
        if len(text) > MAX_LENGTH:
            raise _Refused(0, f"a condition has at most {MAX_LENGTH} characters")
        return _joined(text, names)
    except _Refused as refusal:
        where = place_in(place, text.strip(), max(refusal.offset - _indent(text), 0))
        if refusal.name:
            problems.append(unknown(where, "option or state", refusal.name, tuple(names)))
        else:
            problems.append(Problem(where, refusal.what, text, (), _ADVICE))
        return None


def _indent(text: str) -> int:
    return len(text) - len(text.lstrip())


def _joined(text: str, names: Mapping[str, Bools]) -> Bools:
    joints = list(_JOINT.finditer(text))
    if len(joints) > 1:
        raise _Refused(joints[1].start(1), "a condition has at most one `if` or `iff`")
    if not joints:
        return _part(text, 0, names)
    (joint,) = joints
    left = _part(text[: joint.start()], 0, names)
    right = _part(text[joint.end() :], joint.end(), names)
    return (left == right) if joint[1] == "iff" else (left | ~right)


def _part(text: str, offset: int, names: Mapping[str, Bools]) -> Bools:
    stripped = " ".join(text.splitlines()).strip()
    offset += _indent(text)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(stripped, mode="eval").body
    except SyntaxError as error:
        at = offset + max((error.offset or 1) - 1, 0)
        raise _Refused(at, "not a condition") from None
    except (RecursionError, MemoryError, ValueError):
        raise _Refused(offset, "the condition is nested too deeply") from None
    return _holds(tree, stripped, offset, names, 0)


def _holds(node: ast.expr, text: str, offset: int, names: Mapping[str, Bools], depth: int) -> Bools:
    at = offset + len(text.encode()[: node.col_offset].decode(errors="ignore"))
    if depth > MAX_DEPTH:
        raise _Refused(at, f"the condition is nested more than {MAX_DEPTH} levels deep")
    match node:
        case ast.Name(id=name) if name in names:
            return names[name]
        case ast.Name(id=name):
            raise _Refused(at, "", name)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return ~_holds(operand, text, offset, names, depth + 1)
        case ast.BoolOp(op=operator, values=values):
            parts = [_holds(value, text, offset, names, depth + 1) for value in values]
            join = np.logical_and if isinstance(operator, ast.And) else np.logical_or
            return np.asarray(join.reduce(parts), dtype=np.bool_)
        case _:
            raise _Refused(at, "this cannot stand in a condition over options")
