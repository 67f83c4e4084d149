"""A vector of sixteen numbers as a type that kernels compute with: `LANES` worlds side by side.

Loops over a last axis of sixteen would leave it to the compiler whether they become vector
instructions (it unrolls them first and then mostly does not). So a row of an array [., LANES] is
read by `load` into one value of type `lanes`, computed with like a number (+ - * / and unary -,
also with floats), and written by `store`. Every operation works lane by lane: a world's result
does not depend on what the other lanes hold.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.core.datamodel import models
from numba.core.typing import templates
from numba.core.typing.templates import ConcreteTemplate, signature
from numba.extending import intrinsic, lower_builtin, register_model
from numba.np.arrayobj import make_array

__all__ = [
    "LANES",
    "bits_above",
    "count_bits",
    "exponent",
    "higher",
    "load",
    "lowest_bit",
    "mantissa",
    "power_of_two",
    "splat",
    "store",
    "where_above",
]

LANES = 16

_infer: Any = templates.infer_global

_VECTOR = ir.VectorType(ir.DoubleType(), LANES)
_BITS = ir.VectorType(ir.IntType(64), LANES)
_BYTES = 8

HALF_ROOT = 0x3FE6A09E667F3BCD
"""The bits of the square root of one half."""


class LanesType(types.Type):
    """The type of a vector of LANES floats."""

    def __init__(self) -> None:
        super().__init__(name="lanes")


lanes = LanesType()


@register_model(LanesType)
class _LanesModel(models.PrimitiveModel):
    """One vector register (or as many as the machine needs)."""

    def __init__(self, dmm: Any, fe_type: Any) -> None:
        super().__init__(dmm, fe_type, _VECTOR)


def _whole(builder: ir.IRBuilder, kind: Any, value: Any) -> Any:
    """The value as a vector: itself, or the number in every lane."""
    if kind == lanes:
        return value
    first = builder.insert_element(ir.Constant(_VECTOR, ir.Undefined), value, ir.IntType(32)(0))
    pattern = ir.Constant(ir.VectorType(ir.IntType(32), LANES), [0] * LANES)
    return builder.shuffle_vector(first, ir.Constant(_VECTOR, ir.Undefined), pattern)


def _every(bits: int) -> ir.Constant:
    """The same whole number in every lane."""
    return ir.Constant(_BITS, [bits] * LANES)


def _add_operator(function: Any, instruction: str) -> None:
    """Teach the compiler an operator of two vectors, or of a vector and a float."""
    kinds = [(lanes, lanes), (lanes, types.float64), (types.float64, lanes)]

    class Template(ConcreteTemplate):
        cases = [signature(lanes, *pair) for pair in kinds]  # noqa: RUF012 read by Numba

    _infer(function)(Template)

    def build(_context: Any, builder: Any, call: Any, arguments: Any) -> Any:
        pair = [_whole(builder, k, v) for k, v in zip(call.args, arguments, strict=True)]
        return getattr(builder, instruction)(*pair, flags=("contract",))

    for pair in kinds:
        lower_builtin(function, *pair)(build)


for _function, _instruction in (
    (operator.add, "fadd"),
    (operator.iadd, "fadd"),
    (operator.sub, "fsub"),
    (operator.isub, "fsub"),
    (operator.mul, "fmul"),
    (operator.imul, "fmul"),
    (operator.truediv, "fdiv"),
):
    _add_operator(_function, _instruction)


class _Negative(ConcreteTemplate):
    cases = [signature(lanes, lanes)]  # noqa: RUF012 read by Numba


_infer(operator.neg)(_Negative)


@lower_builtin(operator.neg, lanes)
def _negate(_context: Any, builder: Any, _call: Any, arguments: Any) -> Any:
    return builder.fneg(arguments[0])


def _operation(function: Callable[..., Any]) -> Any:
    """An operation that kernels call, from its typing and its instructions."""
    return intrinsic(function)


def _row(context: Any, builder: Any, call: Any, arguments: Any) -> Any:
    """The address of a row of an array [., LANES] as that of a vector."""
    array = make_array(call.args[0])(context, builder, arguments[0])
    row = context.cast(builder, arguments[1], call.args[1], types.intp)
    first = builder.mul(row, context.get_constant(types.intp, LANES))
    return builder.bitcast(cgutils.gep(builder, array.data, first), _VECTOR.as_pointer())


@_operation
def load(_context: Any, array: Any, row: Any) -> Any:
    """Row `row` of an array [., LANES]."""

    def build(context: Any, builder: Any, call: Any, arguments: Any) -> Any:
        return builder.load(_row(context, builder, call, arguments), align=_BYTES)

    return lanes(array, row), build


@_operation
def store(_context: Any, array: Any, row: Any, value: Any) -> Any:
    """Write a vector, or the same float in every lane, into row `row` of an array [., LANES]."""

    def build(context: Any, builder: Any, call: Any, arguments: Any) -> Any:
        whole = _whole(builder, call.args[2], arguments[2])
        builder.store(whole, _row(context, builder, call, arguments), align=_BYTES)
        return context.get_dummy_value()

    return types.void(array, row, value), build


@_operation
def splat(_context: Any, value: Any) -> Any:
    """The same number in every lane."""

    def build(_context: Any, builder: Any, call: Any, arguments: Any) -> Any:
        return _whole(builder, call.args[0], arguments[0])

    return lanes(value), build


@_operation
def higher(_context: Any, one: Any, other: Any) -> Any:
    """The larger of two, lane by lane."""

    def build(_context: Any, builder: Any, call: Any, arguments: Any) -> Any:
        a, b = (_whole(builder, k, v) for k, v in zip(call.args, arguments, strict=True))
        return builder.select(builder.fcmp_ordered(">", a, b), a, b)

    return lanes(one, other), build


@_operation
def where_above(_context: Any, value: Any, bound: Any, yes: Any, no: Any) -> Any:
    """`yes` where `value` > `bound`, else `no`, lane by lane; NaN counts as not above."""

    def build(_context: Any, builder: Any, call: Any, arguments: Any) -> Any:
        v, b, y, n = (_whole(builder, k, x) for k, x in zip(call.args, arguments, strict=True))
        return builder.select(builder.fcmp_ordered(">", v, b), y, n)

    return lanes(value, bound, yes, no), build


@_operation
def bits_above(_context: Any, one: Any, other: Any) -> Any:
    """The lanes in which `one` > `other`, as the lowest LANES bits of a word; never where NaN."""

    def build(_context: Any, builder: Any, call: Any, arguments: Any) -> Any:
        a, b = (_whole(builder, k, v) for k, v in zip(call.args, arguments, strict=True))
        above = builder.bitcast(builder.fcmp_ordered(">", a, b), ir.IntType(LANES))
        return builder.zext(above, ir.IntType(64))

    return types.uint64(one, other), build


@_operation
def lowest_bit(_context: Any, word: Any) -> Any:
    """The place of the lowest bit that is set in a word, which must not be zero."""

    def build(_context: Any, builder: Any, _call: Any, arguments: Any) -> Any:
        return builder.cttz(arguments[0], ir.IntType(1)(1))

    return types.int64(word), build


@_operation
def count_bits(_context: Any, word: Any) -> Any:
    """How many bits of a word are set."""

    def build(_context: Any, builder: Any, _call: Any, arguments: Any) -> Any:
        return builder.ctpop(arguments[0])

    return types.int64(word), build


@_operation
def power_of_two(_context: Any, shifted: Any) -> Any:
    """2**k where the lowest bits of `shifted` hold the whole number k."""

    def build(_context: Any, builder: Any, _call: Any, arguments: Any) -> Any:
        bits = builder.add(builder.bitcast(arguments[0], _BITS), _every(1023))
        return builder.bitcast(builder.shl(bits, _every(52)), _VECTOR)

    return lanes(shifted), build


def _scale(builder: Any, value: Any) -> tuple[Any, Any]:
    """The bits of a number, and the k for which number / 2**k lies about one."""
    bits = builder.bitcast(value, _BITS)
    return bits, builder.ashr(builder.sub(bits, _every(HALF_ROOT)), _every(52))


@_operation
def exponent(_context: Any, value: Any) -> Any:
    """The whole number k for which value / 2**k lies in [sqrt(1/2), sqrt(2))."""

    def build(_context: Any, builder: Any, _call: Any, arguments: Any) -> Any:
        return builder.sitofp(_scale(builder, arguments[0])[1], _VECTOR)

    return lanes(value), build


@_operation
def mantissa(_context: Any, value: Any) -> Any:
    """value / 2**exponent(value)."""

    def build(_context: Any, builder: Any, _call: Any, arguments: Any) -> Any:
        bits, k = _scale(builder, arguments[0])
        return builder.bitcast(builder.sub(bits, builder.shl(k, _every(52))), _VECTOR)

    return lanes(value), build
