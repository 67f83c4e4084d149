"""From the end of a branch to its limit: extrapolate, check the gains left, go on where needed."""

# Kernels take arrays whose types Numba infers; docstrings give their shapes.
# pyright: reportMissingParameterType=false

from __future__ import annotations

import math

import numpy as np

from tenbin.forms.tree.solvers.kernel import (
    CAREFUL,
    RESPONSE,
    believe,
    evaluate_actions,
    evaluate_nodes,
    follow,
    normalise,
    reaches,
)
from tenbin.numerics import path
from tenbin.numerics.compiling import entry_kernel, inlined_kernel, kernel
from tenbin.numerics.linear import copy

__all__ = ["finish_worlds"]

DYING = 1e-3
"""An action whose extrapolated probability is below this share of its present one dies out."""

GOOD_ENOUGH = 3e-7
"""A limit that leaves no larger gain, at unit payoff range, is taken as it is."""

NEAR = 2e-4
"""The largest probability that a dying action may still have in the witness."""

EXTRA_EVALUATIONS = 500
"""Evaluations allowed beyond the end of the path."""

# As in `tenbin.forms.contract.Status`.
SOLVED, MAX_STEPS_REACHED, DIVERGED, NOT_FINITE, _, NOT_CERTIFIED = range(6)


@kernel
def extrapolate(t, w):
    """The branch's limit [G], linear in 1 / precision, and a fully mixed profile near it.

    Returns the largest probability, at the branch's end, of what dies out. The witness has the
    limit's own probabilities where they are positive, and those of the branch's end for actions
    that die out.
    """
    sigma, slope, limit = w.sigma, w.slope, w.limit
    precision, distance = w.number[path.PRECISION], 0.0
    for h in range(len(t.player)):
        start, stop = t.first_action[h], t.first_action[h + 1]
        odds = t.first_unknown[h] - start - 1
        mean = 0.0
        for g in range(start + 1, stop):
            mean += sigma[g] * slope[odds + g]
        total = 0.0
        for g in range(start, stop):
            rate = (slope[odds + g] if g > start else 0.0) - mean
            p = sigma[g] * (1.0 + precision * rate)
            limit[g] = p if 1.0 + precision * rate > DYING else 0.0
            total += limit[g]
        for g in range(start, stop):
            limit[g] /= total
            w.log_witness[g] = math.log(limit[g]) if limit[g] > 0.0 else w.log_sigma[g]
            if limit[g] == 0.0:
                distance = max(distance, sigma[g])
    return distance


@kernel
def limit_beliefs(t, w):
    """Beliefs of the profile `w.limit` with the witness `w.log_witness`, and who holds them.

    By Bayes where chance and the other players reach the information set, else from the witness.
    """
    for g in range(len(w.limit)):
        w.log_limit[g] = math.log(w.limit[g]) if w.limit[g] > 0.0 else -np.inf
    for player in range(w.value.shape[1]):
        for source in range(2):
            logs = w.log_limit if source == 0 else w.log_witness
            missing = False
            reaches(t, logs, w.log_chance, player, w.log_reach)
            for h in range(len(t.player)):
                if t.player[h] == player and (source == 0 or not w.reached[h]):
                    w.reached[h] = believe(t, h, w.log_reach, w.belief)
                    missing = missing or not w.reached[h]
            if not missing:
                break


@kernel
def largest_gain(t, chance, w):
    """The largest gain from deviating at one infoset of `w.limit`, in units of the payoff range."""
    limit, utility = w.limit, w.utility
    limit_beliefs(t, w)
    evaluate_nodes(t, limit, chance, w.payoff, w.value)
    evaluate_actions(t, w.belief, w.value, utility)
    gain = 0.0
    for h in range(len(t.player)):
        best, mean = -np.inf, 0.0
        for g in range(t.first_action[h], t.first_action[h + 1]):
            best = max(best, utility[g])
            mean += limit[g] * utility[g]
        gain = max(gain, best - mean)
    return gain


@inlined_kernel
def finish(t, chance, w, limit, log_witness, value):
    """Limit, witness and root payoffs from where the path ended; the largest gain left.

    First the extrapolation is tried, then the response itself, which nobody can improve upon by
    more than about 0.28 / precision per action; if neither is good enough the path is followed
    further, as dying probabilities may not have settled yet. The best of all is kept. With the
    switch RESPONSE the response itself is taken, whatever it leaves to gain.
    """
    gain = np.inf
    for _ in range(2):
        follow(t, chance, w)
        ended = w.integer[path.PHASE] == path.ENDED
        for method in range(2):
            if method == 1:
                copy(w.sigma, w.limit)
                copy(w.log_sigma, w.log_witness)
            elif w.switch[RESPONSE] or extrapolate(t, w) > NEAR:
                continue
            found = largest_gain(t, chance, w)
            if found < gain:
                gain = found
                copy(w.limit, limit)
                copy(w.log_witness, log_witness)
                copy(w.value[0], value)
            if gain <= GOOD_ENOUGH:
                return gain
        if w.switch[RESPONSE] or not ended:
            return gain
        path.extend(w.z, w.last, w.tangent, w.slope, w.number, w.integer, 10.0, EXTRA_EVALUATIONS)
    return gain


@entry_kernel
def finish_worlds(
    t,
    w,
    chance,
    payoffs,
    response,
    tolerance,
    ends,
    precision,
    record,
    limits,
    log_witnesses,
    values,
    status,
):
    """The limits of branches that were followed to `ends`, or the responses there.

    Parameters
    ----------
    chance, payoffs, ends, precision, record
        As `follow_worlds` has them.
    response, tolerance
        Whether the response itself is wanted; else the gain up to which a path that ended early
        counts all the same.
    limits, log_witnesses, values, status
        Written: limit profile and witness [W, G], payoffs of the root [W, P], status [W].
    """
    w.switch[CAREFUL] = True
    w.switch[RESPONSE] = response
    for i in range(len(chance)):
        factor = normalise(t, chance[i], payoffs[i], w)
        if factor == 0.0:
            status[i] = NOT_FINITE
            continue
        copy(ends[i], w.z)
        path.stand(w.z, w.last, w.tangent, w.number, w.integer, precision[i], EXTRA_EVALUATIONS)
        gain = finish(t, chance[i], w, limits[i], log_witnesses[i], values[i])
        for player in range(values.shape[1]):
            values[i, player] = w.lowest[player] + factor * values[i, player]
        record[i, 1] += w.integer[path.EVALUATIONS]
        ended = record[i, 0] == path.ENDED
        landed = ended and w.integer[path.PHASE] == path.ENDED
        solved = landed if response else gain <= tolerance
        if not solved:
            status[i] = NOT_CERTIFIED if ended and not response else DIVERGED
            if record[i, 0] == path.TOO_LONG:
                status[i] = MAX_STEPS_REACHED
