"""Text -> `Expression`: Python's grammar, an allow-list, and a caret under what is refused.

The tree is only ever walked. Three contexts share it: a *number* (payoffs, derived numbers, lever
values), a *proposition* (claims) and an *event* (inside outcome calls).
"""

from __future__ import annotations

import ast
import keyword
import re
import warnings
from dataclasses import dataclass, field
from math import isfinite

from tenbin.errors import NOWHERE, Place, Problem
from tenbin.scenario.events import has_dotted_name, read_call, read_mixture
from tenbin.scenario.language import Expression, OutcomeCall
from tenbin.scenario.words import (
    CLAIM_FUNCTIONS,
    CRITERIA,
    MAX_DEPTH,
    MAX_LENGTH,
    MAX_POWER,
    NUMBER_FUNCTIONS,
    OUTCOME_FUNCTIONS,
    Refused,
    is_bare_name,
    name_fault,
    place_of_node,
)

__all__ = ["parse_expression", "written_text"]

_OPERATORS = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Pow)
_COMPARISONS = (ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.Eq, ast.NotEq)
_REFUSED: dict[type[ast.expr], str] = {
    ast.Attribute: "a dotted name outside an outcome call",
    ast.Subscript: "square brackets after a name",
    ast.Lambda: "a lambda",
    ast.NamedExpr: "an assignment `:=`",
    ast.JoinedStr: "an f-string",
    ast.ListComp: "a comprehension",
    ast.SetComp: "a comprehension",
    ast.DictComp: "a comprehension",
    ast.GeneratorExp: "a comprehension",
    ast.List: "a list",
    ast.Tuple: "a list of values",
    ast.Set: "a set",
    ast.Dict: "a mapping",
    ast.Starred: "a star",
    ast.Await: "await",
    ast.Yield: "yield",
}
_STATED = (
    "Compare outcomes, facts or numbers of the scenario; a claim that only states a purpose has "
    "`stated:` with the reason instead."
)
_ALLOWED = (
    "Allowed: numbers, names, + - * / **, comparisons, and/or/not, `a if c else b`, "
    "min max abs exp log sqrt where mix, and outcomes such as P(model.end) or E(model.player)."
)


def parse_expression(
    text: object, place: Place = NOWHERE, *, claim: bool = False
) -> tuple[Expression | None, list[Problem]]:
    """A checked expression, or what is wrong with it.

    Parameters
    ----------
    text
        What stands in the file; a number is an expression too.
    place
        Where it stands; carets point inside the expression where it is on one line.
    claim
        Whether it is a claim's proposition: a comparison (or several, joined) that reads
        something, with the functions that only claims have. Otherwise it is a number.
    """
    if isinstance(text, bool) and claim:
        what = f"`{str(text).lower()}` is not a proposition: it says nothing about the models"
        return None, [Problem(place, what, advice=_STATED)]
    if isinstance(text, bool) or not isinstance(text, (int, float, str)):
        what = "an expression is a number or a text such as `2 * stake - cost`"
        return None, [Problem(place, what, given=repr(text)[:80])]
    if not isinstance(text, str):
        return _constant(text, place)
    text = text.strip()
    if not text:
        return None, [Problem(place, "an expression is missing here")]
    if len(text) > MAX_LENGTH:
        what = f"the expression has {len(text)} characters; at most {MAX_LENGTH} are allowed"
        return None, [Problem(place, what, advice="Split it: name its parts under `derived`.")]
    if is_bare_name(text) and not claim and not keyword.iskeyword(text):
        return _bare_name(text, place)
    try:
        tree = _python_tree(text)
        checker = _Checker(claim, place, text)
        checker.check(tree)
    except Refused as refusal:
        where = place_of_node(refusal.node, place, text)
        return None, [Problem(where, refusal.what, refusal.given, refusal.allowed, refusal.advice)]
    _note_text(tree, text)
    names, calls = frozenset(checker.names), tuple(checker.calls)
    return Expression(ast.unparse(tree), tree, names, calls, place), []


def written_text(expression: Expression) -> str:
    """The text as it stands in the file, to which the tree's columns belong; empty for numbers."""
    return str(getattr(expression.tree, "written", ""))


def _note_text(tree: ast.expr, text: str) -> None:
    tree.written = text  # pyright: ignore[reportAttributeAccessIssue]  a note on our own tree


def _constant(value: float, place: Place) -> tuple[Expression | None, list[Problem]]:
    if not _is_finite(value):
        return None, [Problem(place, f"{value} is not a finite number", given=str(value))]
    tree = ast.Constant(_plain_number(value))
    return Expression(repr(tree.value), tree, frozenset(), (), place), []


def _plain_number(value: float) -> float:
    """The number in its shortest form, so that 1 and 1.0 are the same text."""
    number = float(value)
    return int(number) if number.is_integer() and abs(number) < 1e15 else number


def _bare_name(text: str, place: Place) -> tuple[Expression | None, list[Problem]]:
    fault = name_fault(text)
    if fault:
        return None, [Problem(place, f"'{text}' cannot be read as a number: {fault}", given=text)]
    return Expression(text, ast.Name(text, ast.Load()), frozenset((text,)), (), place), []


def _is_finite(value: float) -> bool:
    try:
        return isfinite(value)
    except OverflowError:
        return False


def _python_tree(text: str) -> ast.expr:
    """Python's tree of the text; its own parser bounds nesting, and the caller the length."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(_one_line(text), mode="eval").body
    except SyntaxError as error:
        spot = ast.Constant(0, lineno=1, col_offset=max((error.offset or 1) - 1, 0))
        spot.end_lineno = -1  # SyntaxError counts characters, the tree counts bytes
        what = "not an expression: " + error.msg.split(". Perhaps")[0]
        raise Refused(spot, what, _syntax_advice(text)) from None
    except (RecursionError, MemoryError, ValueError):
        spot = ast.Constant(0, lineno=1, col_offset=0)
        raise Refused(
            spot,
            "the expression is nested too deeply, or holds a character that cannot be read",
            _ALLOWED,
        ) from None


def _written_name(node: ast.Name, text: str) -> str:
    """A name as the file has it; Python takes full-width letters and the like for plain ones."""
    return _one_line(text).encode()[node.col_offset : node.end_col_offset].decode(errors="replace")


def _one_line(text: str) -> str:
    return " ".join(text.splitlines())


def _syntax_advice(text: str) -> str:
    if re.search(r"[^<>=!]=[^=]", text) and "(" not in text:
        return "Equality is written `==`."
    if "&&" in text or "||" in text:
        return "Write `and` and `or`."
    if re.search(r"\d\s*%", text):
        return "A per cent is written as a fraction: 0.05."
    if "^" in text:
        return "A power is written `**`."
    return ""


@dataclass
class _Checker:
    """Walks one tree against the allow-list and collects what it reads."""

    claim: bool
    place: Place
    text: str
    names: set[str] = field(default_factory=set)
    calls: list[OutcomeCall] = field(default_factory=list)
    reads: bool = False

    def check(self, tree: ast.expr) -> None:
        if not self.claim:
            self.number(tree, 0)
            return
        self.proposition(tree, 0)
        if not (self.reads or self.names or self.calls):
            raise Refused(
                tree,
                "the proposition reads nothing: it compares only constants",
                _STATED,
            )

    def number(self, node: ast.expr, depth: int) -> None:
        """A number; a comparison counts as one where it is true and as zero where it is not."""
        self._bound(node, depth)
        below = depth + 1
        match node:
            case ast.Constant():
                self._number_constant(node)
            case ast.Name():
                self._name(node)
            case ast.BinOp() if isinstance(node.op, _OPERATORS):
                self.number(node.left, below)
                self._right(node, below)
            case ast.UnaryOp(operand=operand) if isinstance(node.op, (ast.USub, ast.UAdd)):
                self.number(operand, below)
            case ast.IfExp():
                self.condition(node.test, below)
                self.number(node.body, below)
                self.number(node.orelse, below)
            case ast.Call():
                self._call(node, below)
            case ast.Compare() | ast.BoolOp() | ast.UnaryOp(op=ast.Not()):
                if self.claim:
                    raise Refused(
                        node,
                        "a number is expected here, not a proposition",
                        "`where(condition, 1, 0)` turns one into a number.",
                    )
                self.condition(node, depth)
            case _:
                raise _refusal(node)

    def condition(self, node: ast.expr, depth: int) -> None:
        """True or false in each world; outside claims any number will do (true unless zero)."""
        self._bound(node, depth)
        below = depth + 1
        match node:
            case ast.Compare():
                for operator in node.ops:
                    if not isinstance(operator, _COMPARISONS):
                        raise Refused(node, "only < <= > >= == != compare numbers")
                for operand in (node.left, *node.comparators):
                    self.number(operand, below)
            case ast.BoolOp():
                for operand in node.values:
                    self.condition(operand, below)
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                self.condition(operand, below)
            case _ if self.claim:
                self.proposition(node, depth)
            case _:
                self.number(node, depth)

    def proposition(self, node: ast.expr, depth: int) -> None:
        """What a claim may say."""
        match node:
            case ast.Compare() | ast.BoolOp() | ast.UnaryOp(op=ast.Not()):
                self.condition(node, depth)
            case ast.Call(func=ast.Name(id=("rises" | "falls" | "iff" | "best" | "dominated"))):
                self._bound(node, depth)
                self._claim_call(node, depth + 1)
            case ast.Constant(value=bool()):
                raise Refused(
                    node,
                    f"`{node.value}` is not a proposition: it says nothing about the models",
                    _STATED,
                )
            case _:
                self.number(node, depth)
                raise Refused(
                    node,
                    "this is a number; a claim needs a comparison",
                    "For example `P(model.end) < 0.5`.",
                )

    def _bound(self, node: ast.expr, depth: int) -> None:
        if depth > MAX_DEPTH:
            raise Refused(
                node,
                f"the expression is nested more than {MAX_DEPTH} levels deep",
                "Split it: name its parts under `derived`.",
            )

    def _number_constant(self, node: ast.Constant) -> None:
        value = node.value
        if value is True or value is False:
            raise Refused(node, f"`{value}` is not a number", "Write 1 or 0, or a comparison.")
        if isinstance(value, (int, float)):
            if not _is_finite(value):
                raise Refused(node, "the number is too large")
            node.value = _plain_number(value)
            return
        kind = "a text" if isinstance(value, str) else f"`{value}`"
        raise Refused(node, f"{kind} cannot stand in an expression here", _ALLOWED)

    def _name(self, node: ast.Name) -> None:
        written = _written_name(node, self.text)
        if written != node.id:
            raise Refused(node, f"'{written}' is written in unusual letters: write '{node.id}'")
        if node.id in NUMBER_FUNCTIONS or node.id in CLAIM_FUNCTIONS or node.id == "mix":
            raise Refused(node, f"'{node.id}' is a function: write its arguments in brackets")
        fault = name_fault(node.id)
        if fault:
            raise Refused(node, f"'{node.id}' cannot name a number: {fault}", given=node.id)
        self.names.add(node.id)

    def _right(self, node: ast.BinOp, depth: int) -> None:
        if not isinstance(node.op, ast.Pow):
            self.number(node.right, depth)
            return
        exponent = node.right
        while isinstance(exponent, ast.UnaryOp) and isinstance(exponent.op, (ast.USub, ast.UAdd)):
            exponent = exponent.operand
        if not isinstance(exponent, ast.Constant):
            raise Refused(
                node.right,
                "the exponent of ** must be a constant",
                "For a varying exponent write exp(exponent * log(base)).",
            )
        self.number(node.right, depth)
        if abs(exponent.value) > MAX_POWER:  # pyright: ignore[reportArgumentType]  checked above
            raise Refused(exponent, f"the exponent of ** is at most {MAX_POWER}")

    def _call(self, node: ast.Call, depth: int) -> None:
        if not isinstance(node.func, ast.Name):
            raise _refusal(node.func)
        function = node.func.id
        if function in NUMBER_FUNCTIONS:
            self._number_call(node, function, depth)
        elif function == "mix":
            self._mix(node, depth)
        elif function in CLAIM_FUNCTIONS:
            self._claim_number(node, function)
        elif function in OUTCOME_FUNCTIONS or any(map(has_dotted_name, node.args[:1])):
            self.calls.append(read_call(node, self))
        else:
            known = (*NUMBER_FUNCTIONS, "mix", *OUTCOME_FUNCTIONS)
            known += CLAIM_FUNCTIONS if self.claim else ()
            raise Refused(node, f"unknown function '{function}'", given=function, allowed=known)

    def _number_call(self, node: ast.Call, function: str, depth: int) -> None:
        fewest, most = NUMBER_FUNCTIONS[function]
        if node.keywords:
            raise Refused(node.keywords[0].value, f"'{function}' takes no keywords")
        if not fewest <= len(node.args) <= most:
            takes = str(fewest) if fewest == most else f"{fewest} or more"
            raise Refused(node, f"'{function}' takes {takes} arguments, not {len(node.args)}")
        for number, argument in enumerate(node.args):
            if function == "where" and number == 0:
                self.condition(argument, depth)
            else:
                self.number(argument, depth)

    def _mix(self, node: ast.Call, depth: int) -> None:
        pairs = read_mixture(node, self)
        for call, value in pairs:
            self.calls.append(call)
            self.number(value, depth)
        models = {call.model for call, _ in pairs}
        if len(models) > 1:
            raise Refused(
                node,
                "the events of one mix must belong to one model",
                given=", ".join(sorted(models)),
            )

    def _claim_number(self, node: ast.Call, function: str) -> None:
        if not self.claim:
            raise Refused(node, f"'{function}' may only stand in a claim", given=function)
        if function != "fact":
            raise Refused(node, f"'{function}' is true or false; a number is expected here")
        match node.args:
            case [ast.Constant(value=str())] if not node.keywords:
                self.reads = True
            case _:
                raise Refused(node, "write fact('ID') with the id of a row of the fact table")

    def replaced_value(self, item: ast.keyword) -> Expression:
        """The number that `name=value` in an outcome call puts in place of `name`."""
        checker = _Checker(False, self.place, self.text)
        checker.number(item.value, 0)
        if checker.calls:
            raise Refused(
                item.value,
                f"the value given to '{item.arg}' may not be an outcome",
                "It may read constants, uncertainties, levers and derived numbers.",
            )
        _note_text(item.value, self.text)
        names = frozenset(checker.names)
        return Expression(ast.unparse(item.value), item.value, names, (), self.place)

    def place_of(self, node: ast.AST) -> Place:
        return place_of_node(node, self.place, self.text)

    def _claim_call(self, node: ast.Call, depth: int) -> None:
        assert isinstance(node.func, ast.Name)
        function = node.func.id
        if function == "iff":
            if len(node.args) != 2 or node.keywords:
                raise Refused(node, "'iff' takes two propositions")
            for argument in node.args:
                self.condition(argument, depth)
        elif function in ("rises", "falls"):
            self._trend(node, function, depth)
        else:
            self._policy_call(node, function)

    def _trend(self, node: ast.Call, function: str, depth: int) -> None:
        match node.args:
            case [outcome, ast.Name()] if not node.keywords:
                before = len(self.calls)
                self.number(outcome, depth)
                if len(self.calls) == before:
                    raise Refused(outcome, f"'{function}' needs an outcome of a model first")
                self.reads = True
            case _:
                raise Refused(
                    node,
                    f"write {function}(outcome, name): an outcome and the number "
                    "that is moved over its range",
                )

    def _policy_call(self, node: ast.Call, function: str) -> None:
        match node.args:
            case [ast.Name()]:
                self.reads = True
            case _:
                raise Refused(node, f"write {function}(policy, by=regret, objective=name)")
        for item in node.keywords:
            if item.arg not in ("by", "objective") or not isinstance(item.value, ast.Name):
                raise Refused(
                    item.value,
                    f"'{function}' takes `by=` and `objective=` with a name",
                    given=item.arg or "",
                    allowed=("by", "objective"),
                )
            if item.arg == "by" and item.value.id not in CRITERIA:
                raise Refused(
                    item.value,
                    f"unknown criterion '{item.value.id}'",
                    given=item.value.id,
                    allowed=CRITERIA,
                )


def _refusal(node: ast.expr) -> Refused:
    if isinstance(node, ast.BinOp):
        kind = "this operator"
    elif isinstance(node, ast.UnaryOp):
        kind = "the operator ~"
    else:
        kind = _REFUSED.get(type(node), "this")
    advice = _ALLOWED
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitXor):
        advice = "A power is written `**`."
    return Refused(node, f"{kind} is not allowed in an expression", advice)
