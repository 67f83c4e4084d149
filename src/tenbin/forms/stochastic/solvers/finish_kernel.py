"""From the end of a branch to an equilibrium: extrapolate, make it exact, check what can be gained.

The branch ends at a high but finite precision. Its limit is read off linearly in 1 / precision.
Where that leaves anything to gain, Newton's method makes the actions that are still used exactly
as good as each other; the better of the candidates is kept, and where none is good enough the
branch is followed further.
"""

# Kernels take arrays whose types Numba infers; docstrings give their shapes.
# pyright: reportMissingParameterType=false

from __future__ import annotations

import math

import numpy as np

from tenbin.forms.stochastic.solvers.follow_kernel import follow
from tenbin.forms.stochastic.solvers.kernel import evaluate
from tenbin.forms.stochastic.solvers.node_kernel import (
    beliefs,
    set_bias,
    strategies,
    sum_node,
    unknown_of,
)
from tenbin.forms.stochastic.solvers.work_kernel import PINNED
from tenbin.numerics import path
from tenbin.numerics.compiling import entry_kernel, inlined_kernel, kernel
from tenbin.numerics.linear import clear, copy, solve_dense

__all__ = ["finish_worlds"]

DYING = 1e-3
"""An action whose extrapolated probability is below this share of its present one dies out."""

EXACT = 1e-10
"""A gain that rounding explains."""

GOOD_ENOUGH = 3e-7
"""A candidate that leaves no larger gain, in units of the payoff range, is taken."""

CANDIDATES = 5
POLISHED = 1e-11
MOST_POLISHINGS = 16
LARGEST_CHANGE = 2.0
EXTRA_EVALUATIONS = 500


@inlined_kernel
def rate_of(t, w, a, mean):
    """The derivative of an action's log-probability by the precision."""
    i = t.action_point[a]
    base = w.base[i]
    return (0.0 if a == base else w.slope[unknown_of(t, i, base, a)]) - mean


@inlined_kernel
def extrapolate(t, w):
    """Write the branch's limit, linear in 1 / precision, and the limits of the posteriors."""
    precision = w.number[path.PRECISION]
    for k in range(len(w.posterior)):
        w.limit_posterior[k] = 0.0
    for i in range(len(t.point_player)):
        start, stop = t.action_start[i], t.action_start[i + 1]
        mean = 0.0
        for a in range(start, stop):
            mean += w.sigma[a] * rate_of(t, w, a, 0.0)
        total = 0.0
        for a in range(start, stop):
            growth = 1.0 + precision * rate_of(t, w, a, mean)
            w.limit[a] = w.sigma[a] * growth if growth > DYING else 0.0
            total += w.limit[a]
        for a in range(start, stop):
            w.limit[a] /= total
        for n in range(len(t.node_state)):
            if t.point_start[n] <= i < t.point_start[n + 1]:
                for k in range(t.slot_start[n], t.slot_start[n + 1]):
                    for kind in range(2):
                        a = t.slot_action[k, kind]
                        if t.action_point[a] == i:
                            side = 1.0 if kind == 0 else -1.0
                            w.limit_posterior[k] += side * rate_of(t, w, a, mean)
    for k in range(len(w.posterior)):
        moved = w.posterior[k] + precision * w.turn[k] * w.limit_posterior[k]
        w.limit_posterior[k] = min(max(moved, 0.0), 1.0)


@kernel
def take_profile(t, w):
    """Make the profile `w.limit` with its posteriors the one that is looked at."""
    for a in range(len(w.limit)):
        w.sigma[a] = w.limit[a]
        w.log_sigma[a] = math.log(w.limit[a]) if w.limit[a] > 0.0 else -np.inf
    copy(w.limit_posterior, w.posterior)
    beliefs(t, w)
    copy(w.posterior, w.limit_posterior)


@kernel
def solve_values(t, payoffs, prob, discount, value, w):
    """Values of the present profile, by one linear system for each player and type."""
    N = len(t.node_state)
    P, T = w.expected.shape
    for n in range(N):
        for p in range(P):
            for kind in range(T):
                value[t.node_state[n], t.node_grid[n], p, kind] = 0.0
    for p in range(P):
        for kind in range(T):
            for n in range(N):
                sum_node(t, n, payoffs, prob, discount, value, w)
                row = w.plain[n]
                clear(row)
                row[n] = 1.0
                for m in range(t.next_start[n + 1] - t.next_start[n]):
                    row[t.next_node[t.next_start[n] + m]] -= w.expected_reach[p, kind, m]
                w.plain_first[n] = w.expected[p, kind]
                w.plain_second[n] = 0.0
            solve_dense(w.plain, w.plain_first, w.plain_second)
            for n in range(N):
                w.best_value[n, p, kind] = w.plain_first[n]
    for n in range(N):
        for p in range(P):
            for kind in range(T):
                value[t.node_state[n], t.node_grid[n], p, kind] = w.best_value[n, p, kind]


@inlined_kernel
def largest_gain(t, payoffs, prob, discount, value, w):
    """The largest gain from one deviation from the profile `w.limit`, as a discounted average."""
    take_profile(t, w)
    solve_values(t, payoffs, prob, discount, value, w)
    gain = 0.0
    for n in range(len(t.node_state)):
        sum_node(t, n, payoffs, prob, discount, value, w)
        for i in range(t.point_start[n], t.point_start[n + 1]):
            best, mean = -np.inf, 0.0
            for a in range(t.action_start[i], t.action_start[i + 1]):
                best = max(best, w.utility[a])
                mean += w.sigma[a] * w.utility[a]
            found = (best - mean) * (1.0 - discount[t.point_player[i]])
            if not found <= gain:
                gain = found
    return gain if np.isfinite(gain) else np.inf


@inlined_kernel
def keep(w, gain, kept):
    """Keep the profile `w.limit` where it leaves less to gain; the smaller gain."""
    if gain < kept:
        copy(w.limit, w.best)
        copy(w.limit_posterior, w.best_posterior)
        return gain
    return kept


@inlined_kernel
def stand_at_limit(t, w, value, faint):
    """Unknowns of the profile `w.limit`, relative to each point's likeliest action.

    Actions with a probability up to `faint` are left out.
    """
    P, T = w.expected.shape
    for i in range(len(t.point_player)):
        start, stop = t.action_start[i], t.action_start[i + 1]
        base = start
        for a in range(start, stop):
            if w.limit[a] > w.limit[base]:
                base = a
        w.base[i] = base
        for a in range(start, stop):
            if a != base:
                p = w.limit[a] if w.limit[a] > faint else 0.0
                odds = math.log(p / w.limit[base]) if p > 0.0 else -np.inf
                w.z[unknown_of(t, i, base, a)] = odds
    k = len(w.z) - len(t.node_state) * P * T
    for n in range(len(t.node_state)):
        for p in range(P):
            for kind in range(T):
                w.z[k] = value[t.node_state[n], t.node_grid[n], p, kind]
                k += 1


@inlined_kernel
def polish(t, payoffs, prob, discount, value, w, faint):
    """Newton's method from the best profile to one whose used actions are equally good.

    Writes `w.limit`, whether or not it converged; the point and slope of the path are kept.
    """
    copy(w.z, w.last)
    copy(w.slope, w.tangent)
    copy(w.best, w.limit)
    stand_at_limit(t, w, value, faint)
    copy(w.best_posterior, w.posterior)
    w.switch[PINNED] = True
    odds = len(w.z) - len(w.first)
    for _ in range(MOST_POLISHINGS):
        sign = evaluate(t, w.z, 1.0, payoffs, prob, discount, value, w)
        largest = 0.0
        for k in range(odds):
            largest = max(largest, abs(w.newton[k]))
        if sign == 0 or not np.isfinite(largest):
            break
        factor = min(1.0, LARGEST_CHANGE / max(largest, 1e-300))
        for k in range(len(w.z)):
            w.z[k] += factor * w.newton[k]
        if largest < POLISHED:
            break
    strategies(t, w, w.z)
    beliefs(t, w)
    w.switch[PINNED] = False
    for i in range(len(t.point_player)):
        w.base[i] = t.action_start[i]
    copy(w.last, w.z)
    copy(w.tangent, w.slope)


@inlined_kernel
def finish(t, payoffs, prob, discount, value, w, width, extensions, response):
    """The equilibrium that a branch leads to, in `w.best`; the largest gain that it leaves.

    Candidates are the extrapolation, three polished profiles that leave out ever likelier actions,
    and the response itself; then the path is followed further.
    """
    gain = np.inf
    for extension in range(extensions + 1):
        w.width[0] = 0.0
        for candidate in range(CANDIDATES):
            if candidate == 0 and not response:
                extrapolate(t, w)
            else:
                if candidate == 0 or candidate == CANDIDATES - 1:
                    strategies(t, w, w.z)
                    beliefs(t, w)
                else:
                    faint = 0.0 if candidate == 1 else 1e-6 if candidate == 2 else 1e-4
                    polish(t, payoffs, prob, discount, value, w, faint)
                copy(w.sigma, w.limit)
                copy(w.posterior, w.limit_posterior)
            gain = keep(w, largest_gain(t, payoffs, prob, discount, value, w), gain)
            if response or gain <= (EXACT if candidate == 0 else GOOD_ENOUGH):
                return gain
        if extension == extensions:
            return gain
        w.width[0] = width
        path.extend(w.z, w.last, w.tangent, w.slope, w.number, w.integer, 10.0, EXTRA_EVALUATIONS)
        follow(t, w, payoffs, prob, discount, value)
    return gain


@inlined_kernel
def write(t, payoffs, prob, discount, value, w, profile, posterior):
    """Write the best profile of the component, with its values and posteriors."""
    copy(w.best, w.limit)
    copy(w.best_posterior, w.limit_posterior)
    take_profile(t, w)
    solve_values(t, payoffs, prob, discount, value, w)
    for n in range(len(t.node_state)):
        g = t.node_grid[n]
        if t.point_start[n] == t.point_start[n + 1]:
            continue
        for a in range(t.action_start[t.point_start[n]], t.action_start[t.point_start[n + 1]]):
            profile[g, t.action_global[a]] = w.best[a]
        for k in range(t.slot_start[n], t.slot_start[n + 1]):
            for kind in range(2):
                posterior[g, t.action_global[t.slot_action[k, kind]]] = w.posterior[k]


@entry_kernel
def finish_worlds(
    t,
    w,
    payoffs,
    prob,
    discount,
    value,
    todo,
    width,
    seed,
    extensions,
    response,
    tolerance,
    ends,
    precision,
    paths,
    profile,
    posterior,
    steps,
):
    """Equilibria where branches ended, or the responses there.

    Parameters
    ----------
    payoffs, prob, discount, value
        As `follow_kernel.follow_worlds` has them; values of this component are written.
    todo
        Which worlds [W]; set to false where an equilibrium is found.
    width, extensions
        How far kinks were rounded off, and how often a path may be followed further.
    seed
        Of the place where the path began (see `piece_kernel`).
    response, tolerance
        Whether the response itself is wanted; else the gain up to which a world counts as solved.
    ends, precision, paths
        Where the paths ended; those stopped early count only if what they lead to is good.
    profile, posterior, steps
        Written: profiles and posteriors [W, G, A]; evaluations are added [W].
    """
    set_bias(w, seed)
    for i in range(len(payoffs)):
        if not todo[i]:
            continue
        if len(w.z) == len(w.first):
            solve_values(t, payoffs[i], prob[i], discount[i], value[i], w)
            todo[i] = False
            continue
        copy(ends[i], w.z)
        w.width[0] = width
        path.stand(w.z, w.last, w.tangent, w.number, w.integer, precision[i], EXTRA_EVALUATIONS)
        landed = follow(t, w, payoffs[i], prob[i], discount[i], value[i]) == path.ENDED
        more = extensions if landed and paths[i, 0] == path.ENDED else 0
        gain = finish(t, payoffs[i], prob[i], discount[i], value[i], w, width, more, response)
        write(t, payoffs[i], prob[i], discount[i], value[i], w, profile[i], posterior[i])
        steps[i] += w.integer[path.EVALUATIONS]
        landed = landed and paths[i, 0] == path.ENDED
        todo[i] = not (landed if response else gain <= tolerance)
