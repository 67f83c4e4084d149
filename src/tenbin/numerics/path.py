"""Following a path of F(z, precision) = 0 by pseudo-arclength, one evaluation at a time.

The caller owns the equations: it calls `begin`, then repeats evaluating the system at
(z, precision) and `advance`, until `advance` says that the path has ended. Reverse communication
keeps the control apart from any game, and lets many paths be followed side by side.

The system is F(z, x) = z - x g(z) = 0, so at every evaluation the caller hands over
`newton` = -J^{-1} F and `slope` = J^{-1} g (the derivative of z by the precision x), where J is the
derivative of F by z, and the sign of det J.

Direction is kept by continuity with the last tangent. Along a smooth path the product of the signs
of det J and of the tangent's precision is constant; where it changes the path has crossed a
bifurcation (or has been left for another), so the step is halved until it is short, and if the
change is still there the path goes straight on and the world is flagged.
"""

# Kernels take arrays whose types Numba infers; docstrings give their shapes.
# pyright: reportMissingParameterType=false

from __future__ import annotations

import math

from tenbin.numerics.compiling import kernel
from tenbin.numerics.linear import clear

__all__ = [
    "BIFURCATIONS",
    "CORRECTING",
    "ENDED",
    "EVALUATIONS",
    "INTEGERS",
    "LANDING",
    "NUMBERS",
    "PHASE",
    "PRECISION",
    "PRECISION_END",
    "STOPPED",
    "TOO_LONG",
    "advance",
    "begin",
    "begin_cautiously",
    "begin_towards",
    "extend",
    "stand",
]

# Records of one path. Numbers:
PRECISION, LAST_PRECISION, TANGENT, STEP, FIRST, PREVIOUS, PRECISION_END, AIM = range(8)
NUMBERS = 8
# and integers:
PHASE, TRIES, EVALUATIONS, ORIENTATION, BIFURCATIONS, MAX_EVALUATIONS = range(6)
INTEGERS = 6

# Phases: the first three go on, the others are ends.
STARTING, CORRECTING, LANDING, ENDED, STOPPED, TOO_LONG = range(6)

FIRST_STEP = 0.3
AIMED_CORRECTION = 1.0
CAUTIOUS_CORRECTION = 0.05
FAR = 1e4
"""Precision, at unit payoff range, from which on an end stands for the limit."""
LARGEST_FIRST_CORRECTION = 2.0
"""In units of the correction that is aimed at."""
CONTRACTION = 0.5
SLOW_CONTRACTION = 0.9
CLOSE_ENOUGH = 0.05
CLOSE_AT_ONCE = 1e-3
CLOSE_FOR_STEP = 0.02
SMALLEST_COSINE = 0.5
MOST_CORRECTIONS = 8
SHORT_STEP = 1e-3
SHORTEST_STEP = 1e-9
LANDED = 1e-10
NEARLY_LANDED = 1e-4


@kernel
def begin(z, number, integer, precision_end, max_evaluations):
    """Stand at z = 0, precision 0, where the system's only solution is."""
    clear(z)
    clear(number)
    for i in range(INTEGERS):
        integer[i] = 0
    number[PRECISION_END] = precision_end
    number[STEP] = FIRST_STEP
    number[AIM] = AIMED_CORRECTION
    integer[MAX_EVALUATIONS] = max_evaluations


@kernel
def begin_cautiously(z, number, integer, precision_end, max_evaluations):
    """Begin again, in steps so short that no other branch is taken for this one."""
    begin(z, number, integer, precision_end, max_evaluations)
    number[STEP] *= CAUTIOUS_CORRECTION
    number[AIM] = CAUTIOUS_CORRECTION


@kernel
def begin_towards(z, number, integer, precision_end, max_evaluations):
    """Begin; cautiously where the end is near: a point of the branch itself is asked for then.

    The limit of a branch is asked for in very many worlds, and long steps rarely leave the branch.
    """
    if precision_end < FAR:
        begin_cautiously(z, number, integer, precision_end, max_evaluations)
    else:
        begin(z, number, integer, precision_end, max_evaluations)


@kernel
def stand(z, last, tangent, number, integer, precision, max_evaluations):
    """Stand near the path at z, to land on it at the given precision."""
    begin(last, number, integer, precision, max_evaluations)
    for k in range(len(z)):
        last[k] = z[k]
        tangent[k] = 0.0
    number[PRECISION] = precision
    number[LAST_PRECISION] = precision
    number[TANGENT] = 1.0
    number[STEP] = 0.0
    integer[PHASE] = LANDING


@kernel
def extend(z, last, tangent, slope, number, integer, factor, evaluations):
    """Go on from a path's end, where `slope` is known, to `factor` times its precision."""
    integer[ORIENTATION] = 0
    number[PRECISION_END] *= factor
    number[STEP] = math.inf
    integer[MAX_EVALUATIONS] = integer[EVALUATIONS] + evaluations
    _accept(z, last, tangent, slope, number, 1.0)
    _predict(z, last, tangent, number, integer)


@kernel
def _accept(z, last, tangent, slope, number, direction):
    """Make the present point the last accepted one, with the tangent in the given direction."""
    length = 1.0
    for k in range(len(z)):
        length += slope[k] * slope[k]
    unit = direction / math.sqrt(length)
    for k in range(len(z)):
        last[k] = z[k]
        tangent[k] = unit * slope[k]
    number[LAST_PRECISION] = number[PRECISION]
    number[TANGENT] = unit


@kernel
def _predict(z, last, tangent, number, integer):
    """Step along the tangent; where that passes the end, step to the end and land there."""
    target = number[LAST_PRECISION] + number[STEP] * number[TANGENT]
    integer[PHASE] = CORRECTING
    if target >= number[PRECISION_END]:
        number[STEP] = (number[PRECISION_END] - number[LAST_PRECISION]) / number[TANGENT]
        target = number[PRECISION_END]
        integer[PHASE] = LANDING
    for k in range(len(z)):
        z[k] = last[k] + number[STEP] * tangent[k]
    number[PRECISION] = target
    integer[TRIES] = 0


@kernel
def _reject(z, last, tangent, number, integer, factor):
    """Try again from the last accepted point with a shorter step."""
    number[STEP] *= factor
    if not number[STEP] > SHORTEST_STEP * (1.0 + 1e-6 * number[LAST_PRECISION]):
        integer[PHASE] = STOPPED
        return False
    _predict(z, last, tangent, number, integer)
    return True


@kernel
def _cosine(tangent, slope, number):
    """The cosine between the last tangent and the new one, precision rising."""
    length, along = 1.0, number[TANGENT]
    for k in range(len(tangent)):
        length += slope[k] * slope[k]
        along += tangent[k] * slope[k]
    return along / math.sqrt(length)


@kernel
def _correct(z, tangent, newton, slope, number, integer):
    """Apply one Newton correction, across the tangent or at fixed precision; its size."""
    rise = 0.0
    if integer[PHASE] == CORRECTING:
        along, across = 0.0, number[TANGENT]
        for k in range(len(z)):
            along += tangent[k] * newton[k]
            across += tangent[k] * slope[k]
        rise = -along / across
    size = rise * rise
    for k in range(len(z)):
        change = newton[k] + rise * slope[k]
        size += change * change
        z[k] += change
    number[PRECISION] += rise
    return math.sqrt(size)


@kernel
def advance(z, last, tangent, newton, slope, sign, number, integer):
    """Take in one evaluation at (z, precision) and move on; False when the path has ended.

    Parameters
    ----------
    z, last, tangent
        The point, the last accepted point and its unit tangent [K].
    newton, slope
        -J^{-1} F and J^{-1} g at the point [K].
    sign
        Sign of det J; 0 where the system could not be solved.
    number, integer
        The path's records [NUMBERS], [INTEGERS].
    """
    integer[EVALUATIONS] += 1
    if integer[PHASE] == STARTING:
        integer[ORIENTATION] = 1
        _accept(z, last, tangent, slope, number, 1.0)
        _predict(z, last, tangent, number, integer)
        return True
    if integer[EVALUATIONS] >= integer[MAX_EVALUATIONS]:
        integer[PHASE] = TOO_LONG
        return False
    if sign == 0:
        return _reject(z, last, tangent, number, integer, 0.5)
    size = _correct(z, tangent, newton, slope, number, integer)
    if integer[TRIES] == 0:
        number[FIRST] = size
        if not size <= LARGEST_FIRST_CORRECTION * number[AIM]:
            return _reject(z, last, tangent, number, integer, 0.5)
    elif not size <= _shrinking(number) * number[PREVIOUS] and not _may_land(size, z, integer):
        return _reject(z, last, tangent, number, integer, 0.5)
    if integer[PHASE] == LANDING:
        return _land(z, last, tangent, slope, sign, size, number, integer)
    left = size if integer[TRIES] == 0 else size * size / number[PREVIOUS]
    number[PREVIOUS] = size
    integer[TRIES] += 1
    if size > CLOSE_ENOUGH or left > min(CLOSE_AT_ONCE, CLOSE_FOR_STEP * number[STEP]):
        if integer[TRIES] >= MOST_CORRECTIONS:
            return _reject(z, last, tangent, number, integer, 0.5)
        return True
    return _arrive(z, last, tangent, slope, sign, number, integer)


@kernel
def _shrinking(number):
    """How much corrections must shrink; less is asked where no shorter step would help."""
    return CONTRACTION if number[STEP] > SHORT_STEP else SLOW_CONTRACTION


@kernel
def _may_land(size, z, integer):
    """Whether a correction that no longer shrinks is rounding at the end of the path."""
    largest = 1.0
    for k in range(len(z)):
        largest = max(largest, abs(z[k]))
    return integer[PHASE] == LANDING and size <= max(NEARLY_LANDED, 1e-9 * largest)


@kernel
def _land(z, last, tangent, slope, sign, size, number, integer):
    """Correct at the end's precision until only rounding is left.

    A step that lands where the path would have turned back has missed the branch. Far out, where
    the branch is straight and signs are rounding, that is not asked.
    """
    stalled = integer[TRIES] > 0 and size > CONTRACTION * number[PREVIOUS]
    if size <= LANDED or stalled or integer[TRIES] >= MOST_CORRECTIONS:
        turned = sign != integer[ORIENTATION] and integer[ORIENTATION] != 0
        if turned and number[STEP] > SHORT_STEP and number[PRECISION_END] < FAR:
            return _reject(z, last, tangent, number, integer, 0.5)
        integer[PHASE] = ENDED
        return False
    number[PREVIOUS] = size
    integer[TRIES] += 1
    return True


@kernel
def _arrive(z, last, tangent, slope, sign, number, integer):
    """Accept the corrected point, unless the path turned too far or was perhaps left.

    The branch never comes back to precision 0, so a negative one means that it was left.
    """
    cosine = _cosine(tangent, slope, number)
    direction = 1.0 if cosine > 0 else -1.0
    if not abs(cosine) >= SMALLEST_COSINE:
        return _reject(z, last, tangent, number, integer, 0.5)
    if number[PRECISION] < 0.0:
        integer[PHASE] = STOPPED
        return False
    orientation = sign if direction > 0 else -sign
    if integer[ORIENTATION] == 0:
        integer[ORIENTATION] = orientation
    if orientation != integer[ORIENTATION]:
        if number[STEP] > SHORT_STEP:
            return _reject(z, last, tangent, number, integer, 0.25)
        integer[ORIENTATION] = orientation
        integer[BIFURCATIONS] += 1
    _accept(z, last, tangent, slope, number, direction)
    longer = math.sqrt(number[AIM] / max(number[FIRST], 1e-12))
    number[STEP] *= min(max(longer, 0.5), 4.0)
    _predict(z, last, tangent, number, integer)
    return True
