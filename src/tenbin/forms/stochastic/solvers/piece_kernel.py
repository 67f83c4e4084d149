"""Following the principal branch where beliefs move: exactly from piece to piece of the lottery.

The lottery that takes a posterior to the grid is linear between two grid points, so the equations
are smooth as long as no posterior passes one. The branch is followed with every lottery held to its
piece; where a posterior comes to the end of its piece the step is shortened until it stands there,
the lottery goes over to the next piece, and a new tangent is taken. Its direction is the one that
keeps the orientation (the sign of the determinant times that of the tangent's precision): as in
piecewise linear homotopies [eaves1976], the branch then leaves the kink into the new piece, be it
forward or back.
"""

# Kernels take arrays whose types Numba infers; docstrings give their shapes.
# pyright: reportMissingParameterType=false

from __future__ import annotations

import math

import numpy as np

from tenbin.forms.stochastic.solvers.kernel import evaluate
from tenbin.forms.stochastic.solvers.node_kernel import set_bias, strategies
from tenbin.forms.stochastic.solvers.work_kernel import FROZEN
from tenbin.numerics import path
from tenbin.numerics.compiling import entry_kernel, inlined_kernel, kernel
from tenbin.numerics.linear import copy

__all__ = ["follow_pieces"]

MOST_CORRECTIONS = 10
CLOSE = 1e-6
"""A correction after which no other is needed, as it converges quadratically."""
ROUNDING = 1e-9
"""Of the largest unknown: a correction below it may no longer shrink."""
AT_KINK = 1e-9
"""A slot this close to the end of its piece, by its level, stands there."""
LEAST_SHARE = 0.2
"""What a step is shortened to at most where a slot comes back to the kink it started from."""
FIRST_STEP = 0.1
SHORTEST = 1e-10
SHORT = 1e-3
SMALLEST_COSINE = 0.5


@inlined_kernel
def level_of(t, w, k):
    """Log-odds of the posterior of slot k less those of the belief."""
    return w.log_sigma[t.slot_action[k, 0]] - w.log_sigma[t.slot_action[k, 1]]


@inlined_kernel
def level_rate(t, w, k, direction):
    """The derivative of a slot's level along a direction of the unknowns."""
    rate = 0.0
    for kind in range(2):
        a = t.slot_action[k, kind]
        i = t.action_point[a]
        first, start = t.unknown_start[i], t.action_start[i]
        change = direction[first + a - start - 1] if a > start else 0.0
        for c in range(start + 1, t.action_start[i + 1]):
            change -= w.sigma[c] * direction[first + c - start - 1]
        rate += change if kind == 0 else -change
    return rate


@inlined_kernel
def border(t, n, point):
    """The level at which the posterior after node n is at a grid point; infinite at the ends."""
    last, g = t.grid[0] - 1, t.node_grid[n]
    if point <= 0:
        return -np.inf
    if point >= last:
        return np.inf
    return math.log(point / (last - point)) - math.log(g / (last - g))


@kernel
def choose_pieces(t, w):
    """The pieces into which the branch sets out; at even mixing every slot stands at a kink."""
    strategies(t, w, w.z)
    for n in range(len(t.node_state)):
        for k in range(t.slot_start[n], t.slot_start[n + 1]):
            w.level[k] = level_of(t, w, k)
            place = t.node_grid[n]
            while w.level[k] < border(t, n, place) - AT_KINK:
                place -= 1
            while w.level[k] > border(t, n, place + 1) + AT_KINK:
                place += 1
            at_low = abs(w.level[k] - border(t, n, place)) <= AT_KINK
            at_high = abs(w.level[k] - border(t, n, place + 1)) <= AT_KINK
            rate = level_rate(t, w, k, w.slope)
            w.piece[k] = place - 1 if at_low and rate < 0.0 else place
            if at_high and rate > 0.0:
                w.piece[k] += 1


@kernel
def step_to_kink(t, w):
    """How long a step along the tangent takes the first slot to the end of its piece."""
    shortest = np.inf
    for n in range(len(t.node_state)):
        for k in range(t.slot_start[n], t.slot_start[n + 1]):
            rate = level_rate(t, w, k, w.tangent)
            end = border(t, n, w.piece[k] + (1 if rate > 0.0 else 0))
            end += math.copysign(0.5 * AT_KINK, rate)
            length = (end - w.level[k]) / rate
            if 0.0 < length < shortest:
                shortest = length
    return shortest


@kernel
def share_to_kink(t, w):
    """The share of a step at which the first slot left its piece; 1 where none did."""
    share = 1.0
    for n in range(len(t.node_state)):
        for k in range(t.slot_start[n], t.slot_start[n + 1]):
            now, last = level_of(t, w, k), w.level[k]
            end = border(t, n, w.piece[k] + (1 if now > last else 0))
            beyond = now - end if now > last else end - now
            if beyond > AT_KINK:
                share = min(share, max((end - last) / (now - last), LEAST_SHARE))
    return share


@kernel
def pass_kinks(t, w):
    """Let slots that came to the end of their pieces go over to the next ones; how many did."""
    passed = 0
    for n in range(len(t.node_state)):
        for k in range(t.slot_start[n], t.slot_start[n + 1]):
            now = level_of(t, w, k)
            w.level[k] = now
            if now < border(t, n, w.piece[k]):
                w.piece[k] -= 1
                passed += 1
            elif now > border(t, n, w.piece[k] + 1):
                w.piece[k] += 1
                passed += 1
    return passed


@kernel
def cosine_to(w, ahead, direction):
    """The cosine between the last tangent and the new one in the given direction."""
    length, along = 1.0, ahead
    for k in range(len(w.slope)):
        length += w.slope[k] * w.slope[k]
        along += w.tangent[k] * w.slope[k]
    return direction * along / math.sqrt(length)


@kernel
def take_tangent(w, direction):
    """Make the slope the unit tangent, in the given direction; its part in the precision."""
    length = 1.0
    for k in range(len(w.slope)):
        length += w.slope[k] * w.slope[k]
    unit = direction / math.sqrt(length)
    for k in range(len(w.slope)):
        w.tangent[k] = unit * w.slope[k]
    return unit


@kernel
def correct_across(t, w, precision, ahead, landing, payoffs, prob, discount, value, aim, record):
    """Newton's method across the tangent, or at fixed precision; precision, first size, sign.

    The sign is 0 where the method failed.
    """
    first, before, found = 0.0, np.inf, 0
    for count in range(MOST_CORRECTIONS):
        sign = evaluate(t, w.z, precision, payoffs, prob, discount, value, w)
        record[0] += 1
        if sign == 0:
            break
        rise = 0.0
        if not landing:
            along, across = 0.0, ahead
            for k in range(len(w.z)):
                along += w.tangent[k] * w.newton[k]
                across += w.tangent[k] * w.slope[k]
            rise = -along / across
        size, largest = rise * rise, 1.0
        for k in range(len(w.z)):
            change = w.newton[k] + rise * w.slope[k]
            size += change * change
            w.z[k] += change
            largest = max(largest, abs(w.z[k]))
        precision += rise
        size = math.sqrt(size)
        if count == 0:
            first = size
        rounding = ROUNDING * largest
        if not (size <= (2.0 * aim if count == 0 else 0.5 * before) or size <= rounding):
            break
        if size <= max(CLOSE, rounding):
            found = sign
            break
        before = size
    return precision, first, found


@kernel
def leave_start(t, w, payoffs, prob, discount, value):
    """Stand at precision 0, every lottery held to the piece into which the branch sets out."""
    w.switch[FROZEN] = False
    copy(w.bias, w.z)
    for k in range(len(w.bias), len(w.z)):
        w.z[k] = 0.0
    for turn in range(3):
        evaluate(t, w.z, 0.0, payoffs, prob, discount, value, w)
        if turn == 0:
            for k in range(len(w.z)):
                w.z[k] += w.newton[k]
        elif turn == 1:
            choose_pieces(t, w)
            w.switch[FROZEN] = True
    copy(w.z, w.last)


@kernel
def go(t, w, payoffs, prob, discount, value, end, longest, aim, record):
    """Follow the branch up to the precision `end`; the phase it ended in, and the precision.

    `record` counts evaluations and bifurcations. Steps aim at the next kink, or at a first
    correction of about a third of `aim`.
    """
    leave_start(t, w, payoffs, prob, discount, value)
    at, usual, orientation, phase = 0.0, FIRST_STEP, 1, path.STARTING
    ahead = take_tangent(w, 1.0)
    step = min(usual, step_to_kink(t, w))
    while phase == path.STARTING:
        if record[0] >= longest:
            phase = path.TOO_LONG
            break
        if not step > SHORTEST * (1.0 + 1e-6 * at):
            phase = path.STOPPED
            break
        landing = at + step * ahead >= end
        if landing:
            step = (end - at) / ahead
        for k in range(len(w.z)):
            w.z[k] = w.last[k] + step * w.tangent[k]
        precision, first, sign = correct_across(
            t, w, at + step * ahead, ahead, landing, payoffs, prob, discount, value, aim, record
        )
        if sign == 0:
            step *= 0.5
            usual = step
            continue
        strategies(t, w, w.z)
        share = share_to_kink(t, w)
        if share < 1.0:
            step *= share
            continue
        direction = 1.0 if sign * orientation > 0 else -1.0
        cosine = cosine_to(w, ahead, direction)
        if cosine < SMALLEST_COSINE and step > SHORT:
            step *= 0.5
            usual = step
            continue
        if cosine < 0.0:
            orientation, direction = -orientation, -direction
            record[1] += 1
        if precision < 0.0:
            phase = path.STOPPED
            break
        copy(w.z, w.last)
        at = precision
        if pass_kinks(t, w) > 0:
            sign = evaluate(t, w.z, at, payoffs, prob, discount, value, w)
            record[0] += 1
            direction = 1.0 if sign * orientation > 0 else -1.0
            if sign == 0:
                phase = path.STOPPED
        elif not landing:
            factor = min(max(math.sqrt(0.3 * aim / max(first, 1e-12)), 0.5), 4.0)
            usual = max(usual, step * factor) if step < usual else step * factor
        ahead = take_tangent(w, direction)
        if landing and ahead >= 0.0 and phase == path.STARTING:
            phase = path.ENDED
        step = min(usual, step_to_kink(t, w))
    w.switch[FROZEN] = False
    return phase, at


@entry_kernel
def follow_pieces(
    t,
    w,
    payoffs,
    prob,
    discount,
    value,
    todo,
    seed,
    aim,
    precision_end,
    longest,
    ends,
    precision,
    paths,
):
    """Follow the branch of one component from piece to piece, in every world still to do.

    Arguments as of `follow_kernel.follow_worlds`. A `seed` other than 0 is another place to start
    from: the logit responses lean towards some actions, by log-odds that stay the same while the
    precision rises, so that the branch leads to an equilibrium from there too.
    """
    w.width[0] = 0.0
    set_bias(w, seed)
    for i in range(len(payoffs)):
        if todo[i]:
            paths[i, 1], paths[i, 2] = 0, 0
            paths[i, 0], precision[i] = go(
                t,
                w,
                payoffs[i],
                prob[i],
                discount[i],
                value[i],
                precision_end[i],
                longest,
                aim,
                paths[i, 1:],
            )
            copy(w.last, ends[i])
