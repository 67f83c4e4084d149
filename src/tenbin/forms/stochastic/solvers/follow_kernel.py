"""Following the principal branch of one component, one world at a time."""

# Kernels take arrays whose types Numba infers; docstrings give their shapes.
# pyright: reportMissingParameterType=false

from __future__ import annotations

from tenbin.forms.stochastic.solvers.kernel import evaluate
from tenbin.numerics import path
from tenbin.numerics.compiling import entry_kernel, kernel
from tenbin.numerics.linear import copy

__all__ = ["follow", "follow_worlds", "shorten", "start_path"]


@kernel
def shorten(number, aim):
    """Let a path that has begun take steps whose first correction is about `aim`."""
    number[path.STEP] *= aim
    number[path.AIM] = aim


@kernel
def start_path(t, w, payoffs, prob, discount, value, precision_end, longest, aim):
    """Stand at precision 0, where everybody mixes evenly and the values are a linear system."""
    path.begin(w.z, w.number, w.integer, precision_end, longest)
    shorten(w.number, aim)
    evaluate(t, w.z, 0.0, payoffs, prob, discount, value, w)
    for k in range(len(w.z)):
        w.z[k] += w.newton[k]


@kernel
def follow(t, w, payoffs, prob, discount, value):
    """Go along the path from where its records say until it ends, or to its last point.

    The slope there is left in `w.slope`.
    """
    going, early = True, False
    while going:
        precision = w.number[path.PRECISION]
        sign = evaluate(t, w.z, precision, payoffs, prob, discount, value, w)
        if early:
            break
        going = path.advance(w.z, w.last, w.tangent, w.newton, w.slope, sign, w.number, w.integer)
        if not going and w.integer[path.PHASE] != path.ENDED:
            w.number[path.PRECISION] = w.number[path.LAST_PRECISION]
            copy(w.last, w.z)
            going, early = True, True
    return w.integer[path.PHASE]


@entry_kernel
def follow_worlds(
    t,
    w,
    payoffs,
    prob,
    discount,
    value,
    todo,
    width,
    aim,
    precision_end,
    longest,
    ends,
    precision,
    paths,
):
    """Follow the branch of one component in every world that is still to do.

    Parameters
    ----------
    payoffs, prob, discount, value
        Payoffs [W, Q, P, T] at unit range, branches [W, B], discount factors [W, P], values
        [W, S, G, P, T] of other components.
    todo, width, aim, precision_end, longest
        Which worlds [W]; how far kinks are rounded off; the first correction that a step aims at;
        where each path ends [W], and how many evaluations it may take.
    ends, precision, paths
        Written: the last point [W, K], its precision [W], and phase, evaluations and bifurcations
        of each path [W, 3].
    """
    w.width[0] = width
    for i in range(len(payoffs)):
        if todo[i]:
            start_path(
                t,
                w,
                payoffs[i],
                prob[i],
                discount[i],
                value[i],
                precision_end[i],
                longest,
                aim,
            )
            paths[i, 0] = follow(t, w, payoffs[i], prob[i], discount[i], value[i])
            paths[i, 1] = w.integer[path.EVALUATIONS]
            paths[i, 2] = w.integer[path.BIFURCATIONS]
            copy(w.z, ends[i])
            precision[i] = w.number[path.PRECISION]
