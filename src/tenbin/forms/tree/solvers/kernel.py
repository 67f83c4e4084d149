"""The principal branch of the agent logit quantal response equilibrium, one world at a time.

For every information set h with owner p and actions a, given a fully mixed profile:

    reach(n)    probability that play reaches node n
    belief(n)   reach(n) / sum of reach over the nodes of n's information set
    V_p(n)      expected payoff of p from node n on
    U(h, a)     sum over nodes n of h: belief(n) * V_p(child of n by a)
    z(h, a)     log p(h, a) - log p(h, first action)          the unknowns
    F(h, a)     z(h, a) - precision * (U(h, a) - U(h, first))  = 0

The solutions that hang together with z = 0 at precision 0 are the principal branch [mckelvey1998];
it is followed by `numerics.path`. Its limit is a sequential equilibrium. This is the reference:
`lanes_kernel.py` does the same for sixteen worlds at once.
"""

# Kernels take arrays whose types Numba infers; docstrings give their shapes.
# pyright: reportMissingParameterType=false

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tenbin.forms.tree.solvers.branch import BranchProblem
from tenbin.numerics import path
from tenbin.numerics.compiling import entry_kernel, inlined_kernel, kernel
from tenbin.numerics.linear import (
    clear,
    copy,
    factor_sparse,
    solve_dense,
    solve_sparse,
    unpack,
)
from tenbin.scenario.language import Array

__all__ = [
    "CAREFUL",
    "RESPONSE",
    "Work",
    "believe",
    "evaluate",
    "evaluate_actions",
    "evaluate_nodes",
    "follow",
    "follow_worlds",
    "make_work",
    "normalise",
    "reaches",
]

CAREFUL, RESPONSE = range(2)


class Work(NamedTuple):
    """Work arrays of one thread, for one branch problem; see `Tables` for the letters."""

    z: Array
    last: Array
    tangent: Array
    newton: Array
    slope: Array
    spare: Array
    spare_too: Array
    number: Array
    integer: NDArray[np.int64]
    switch: NDArray[np.bool_]
    """Whether to exchange rows always (CAREFUL), and to stop at the response itself (RESPONSE)."""
    payoff: Array
    log_chance: Array
    lowest: Array
    live: NDArray[np.bool_]
    reached: NDArray[np.bool_]
    sigma: Array
    log_sigma: Array
    log_reach: Array
    belief: Array
    value: Array
    utility: Array
    tail: Array
    probability: Array
    influence: Array
    surprise: Array
    gradient: Array
    shift: Array
    matrix: Array
    dense: Array
    limit: Array
    log_limit: Array
    log_witness: Array


def make_work(problem: BranchProblem) -> Work:
    """Work arrays of the right shapes for one problem."""
    t, K = problem.tables, problem.n_unknowns
    n_players = problem.n_players
    M, G, E = len(t.parent), len(problem.actions), len(problem.ends)
    edges = len(t.child)
    return Work(
        *(np.zeros(K) for _ in range(7)),
        number=np.zeros(path.NUMBERS),
        integer=np.zeros(path.INTEGERS, dtype=np.int64),
        switch=np.zeros(2, dtype=np.bool_),
        payoff=np.zeros((E, n_players)),
        log_chance=np.zeros(len(problem.branches)),
        lowest=np.zeros(n_players),
        live=np.zeros(M + E, dtype=np.bool_),
        reached=np.zeros(len(t.player), dtype=np.bool_),
        sigma=np.zeros(G),
        log_sigma=np.zeros(G),
        log_reach=np.zeros(M),
        belief=np.zeros(M),
        value=np.zeros((M + E, n_players)),
        utility=np.zeros(G),
        tail=np.zeros(len(t.pair_node)),
        probability=np.zeros(M),
        influence=np.zeros((n_players, edges)),
        surprise=np.zeros(edges),
        gradient=np.zeros(problem.n_gradient),
        shift=np.zeros(problem.n_shift),
        matrix=np.zeros(problem.n_entries),
        dense=np.zeros((K, K)),
        limit=np.zeros(G),
        log_limit=np.zeros(G),
        log_witness=np.zeros(G),
    )


@kernel
def strategies(t, z, sigma, log_sigma):
    """Probabilities and log-probabilities of all actions from the log-odds z."""
    first_action, first_unknown = t.first_action, t.first_unknown
    for h in range(len(t.player)):
        start, stop = first_action[h], first_action[h + 1]
        odds = first_unknown[h] - start - 1
        highest = 0.0
        for g in range(start + 1, stop):
            highest = max(highest, z[odds + g])
        total = 0.0
        for g in range(start, stop):
            log_sigma[g] = (z[odds + g] if g > start else 0.0) - highest
            sigma[g] = math.exp(log_sigma[g])
            total += sigma[g]
        log_total = math.log(total)
        for g in range(start, stop):
            log_sigma[g] -= log_total
            sigma[g] /= total


@kernel
def reaches(t, log_sigma, log_chance, without, log_reach):
    """Log-probability of reaching each inner node, player `without` helping."""
    parent, branch, action, owner = t.parent, t.branch, t.action, t.owner
    log_reach[0] = 0.0
    for n in range(1, len(parent)):
        step = 0.0
        if branch[n] >= 0:
            step = log_chance[branch[n]]
        elif owner[action[n]] != without:
            step = log_sigma[action[n]]
        log_reach[n] = log_reach[parent[n]] + step


@kernel
def believe(t, h, log_reach, belief):
    """Beliefs at the nodes of h by Bayes; False, and zeros, where no node can be reached."""
    member, start, stop = t.member, t.member_start[h], t.member_start[h + 1]
    highest = -np.inf
    for i in range(start, stop):
        highest = max(highest, log_reach[member[i]])
    if highest == -np.inf:
        for i in range(start, stop):
            belief[member[i]] = 0.0
        return False
    total = 0.0
    for i in range(start, stop):
        n = member[i]
        belief[n] = math.exp(log_reach[n] - highest)
        total += belief[n]
    for i in range(start, stop):
        belief[member[i]] /= total
    return True


@kernel
def evaluate_nodes(t, sigma, chance, payoff, value):
    """Every player's expected payoff from every node on [M + E, P]."""
    child_start, child, child_branch = t.child_start, t.child, t.child_branch
    infoset, first_action = t.infoset, t.first_action
    M, players = len(infoset), value.shape[1]
    for e in range(len(payoff)):
        for player in range(players):
            value[M + e, player] = payoff[e, player]
    for n in range(M - 1, -1, -1):
        h, first = infoset[n], child_start[n]
        for player in range(players):
            value[n, player] = 0.0
        for e in range(first, child_start[n + 1]):
            p = sigma[first_action[h] + e - first] if h >= 0 else chance[child_branch[e]]
            for player in range(players):
                value[n, player] += p * value[child[e], player]


@kernel
def evaluate_actions(t, belief, value, utility):
    """The owner's expected payoff of each action [G], given beliefs."""
    child_start, child, infoset, player = t.child_start, t.child, t.infoset, t.player
    clear(utility)
    for n in range(len(infoset)):
        h = infoset[n]
        if h >= 0:
            first, act = child_start[n], t.first_action[h]
            for e in range(first, child_start[n + 1]):
                utility[act + e - first] += belief[n] * value[child[e], player[h]]


@inlined_kernel
def differentiate(t, chance, w):
    """Derivatives of every action's payoff by the unknowns, into `w.gradient`.

    A strategy g below an action moves what the action leads to; a strategy h above an infoset moves
    the beliefs there. The second is first summed by action of h (`w.shift`).
    """
    clear(w.gradient)
    clear(w.shift)
    _prepare_derivatives(t, chance, w.sigma, w.belief, w.value, w.utility, w)
    _add_pairs(t, w.belief, w.tail, w)
    _add_blocks(t, w.sigma, w.shift, w.gradient)


@kernel
def _prepare_derivatives(t, chance, sigma, belief, value, utility, w):
    """What each edge contributes: its probability, its influence on values, on utilities."""
    child_start, child, infoset, branch = t.child_start, t.child, t.infoset, t.branch
    probability, surprise, influence = w.probability, w.surprise, w.influence
    for n in range(len(infoset)):
        h = infoset[n]
        if n > 0:
            probability[n] = chance[branch[n]] if branch[n] >= 0 else sigma[t.action[n]]
        if h >= 0:
            first, act, owner = child_start[n], t.first_action[h], t.player[h]
            for e in range(first, child_start[n + 1]):
                a, c = act + e - first, child[e]
                surprise[e] = belief[n] * (value[c, owner] - utility[a])
                for player in range(value.shape[1]):
                    influence[player, e] = sigma[a] * (value[c, player] - value[n, player])


@kernel
def _add_pairs(t, belief, tail, w):
    """What hangs on each pair of a decision and a node below it.

    `tail` is the belief at the upper node times the probability of coming from there to the lower.
    """
    child_start, pair_node, pair_lead = t.child_start, t.pair_node, t.pair_lead
    below_slot, above_slot, above_stride = t.below_slot, t.above_slot, t.above_stride
    probability, influence, surprise = w.probability, w.influence, w.surprise
    gradient, shift = w.gradient, w.shift
    for q in range(len(pair_node)):
        d, lead = pair_node[q], pair_lead[q]
        tail[q] = belief[-1 - lead] if lead < 0 else tail[lead] * probability[d]
        first, stop = child_start[d], child_start[d + 1]
        slot = below_slot[q] - first - 1
        if below_slot[q] >= 0:
            owner = t.pair_player[q]
            for f in range(first + 1, stop):
                gradient[slot + f] += tail[q] * influence[owner, f]
        slot = above_slot[q]
        if slot >= 0:
            for f in range(first, stop):
                shift[slot] += surprise[f]
                slot += above_stride[q]


@kernel
def _add_blocks(t, sigma, shift, gradient):
    """Turn sums by action of the upper infoset into derivatives by its log-odds."""
    first_action = t.first_action
    for b in range(len(t.block_row)):
        g, h = t.block_lower[b], t.block_upper[b]
        start, stop = first_action[h], first_action[h + 1]
        source, row, width = t.block_start[b] - start, t.block_row[b], t.width[g]
        for _ in range(first_action[g], first_action[g + 1]):
            total = 0.0
            for a in range(start, stop):
                total += shift[source + a]
            for a in range(start + 1, stop):
                gradient[row + a - start - 1] += shift[source + a] - sigma[a] * total
            source += stop - start
            row += width


@kernel
def assemble(t, precision, w):
    """The Jacobian of F by z, packed, and the system's two right-hand sides, -F and g.

    On the path g = z / precision, which has none of the rounding of a difference of payoffs.
    """
    first_action, diagonal, packed = t.first_action, t.matrix_diagonal, t.packed
    matrix, gradient, utility, z = w.matrix, w.gradient, w.utility, w.z
    clear(matrix)
    for i in range(len(diagonal)):
        matrix[diagonal[i]] = 1.0
    entry = 0
    for h in range(len(t.player)):
        start, stop = first_action[h], first_action[h + 1]
        width, first = t.width[h], t.row_start[h]
        for a in range(start + 1, stop):
            row = first + (a - start) * width
            for j in range(width):
                matrix[packed[entry]] -= precision * (gradient[row + j] - gradient[first + j])
                entry += 1
            k = t.first_unknown[h] + a - start - 1
            gain = utility[a] - utility[start]
            w.newton[k] = precision * gain - z[k]
            w.slope[k] = z[k] / precision if precision > 1.0 else gain


@inlined_kernel
def evaluate(t, chance, precision, w):
    """The system at (w.z, precision): everything that `solve_system` needs."""
    strategies(t, w.z, w.sigma, w.log_sigma)
    nobody = w.value.shape[1]
    reaches(t, w.log_sigma, w.log_chance, nobody, w.log_reach)
    for h in range(len(t.player)):
        believe(t, h, w.log_reach, w.belief)
    evaluate_nodes(t, w.sigma, chance, w.payoff, w.value)
    evaluate_actions(t, w.belief, w.value, w.utility)
    differentiate(t, chance, w)
    assemble(t, precision, w)


@inlined_kernel
def solve_system(t, precision, w):
    """Newton step and slope from an evaluation; the sign of the Jacobian's determinant.

    Rows are exchanged where the fixed order fails, or where `w.switch` asks for it.
    """
    if not w.switch[CAREFUL]:
        sign = factor_sparse(t.matrix_row, t.matrix_column, t.matrix_diagonal, w.matrix, w.spare)
        if sign != 0:
            solve_sparse(
                t.matrix_row,
                t.matrix_column,
                t.matrix_diagonal,
                t.order,
                w.matrix,
                w.newton,
                w.slope,
                w.spare,
                w.spare_too,
            )
            return sign
        assemble(t, precision, w)
    unpack(t.matrix_row, t.matrix_column, t.order, w.matrix, w.dense)
    return solve_dense(w.dense, w.newton, w.slope)


@inlined_kernel
def follow(t, chance, w):
    """Go along the path from where its records say until it ends.

    Where it ends early, `w.z` and `w.sigma` are those of the last accepted point.
    """
    going = True
    while going:
        precision = w.number[path.PRECISION]
        evaluate(t, chance, precision, w)
        sign = solve_system(t, precision, w)
        going = path.advance(w.z, w.last, w.tangent, w.newton, w.slope, sign, w.number, w.integer)
    if w.integer[path.PHASE] != path.ENDED:
        w.number[path.PRECISION] = w.number[path.LAST_PRECISION]
        copy(w.last, w.z)
        strategies(t, w.z, w.sigma, w.log_sigma)


@kernel
def normalise(t, chance, payoffs, w):
    """Scale the ends' payoffs [E, P] into `w.payoff`; the factor they were divided by.

    One factor for all players (the widest spread of any player's payoffs) and one shift for each
    (`w.lowest`); what chance rules out counts as zero. The factor is 0 where a number is not
    finite.
    """
    M, live, payoff = len(t.parent), w.live, w.payoff
    live[0] = True
    for n in range(M):
        for e in range(t.child_start[n], t.child_start[n + 1]):
            c = t.child_branch[e]
            live[t.child[e]] = live[n] and (c < 0 or chance[c] > 0.0)
    for c in range(len(chance)):
        w.log_chance[c] = math.log(chance[c]) if chance[c] > 0.0 else -np.inf
    factor = 0.0
    for player in range(payoffs.shape[1]):
        lowest, highest = np.inf, -np.inf
        for e in range(len(payoffs)):
            if live[M + e]:
                if not np.isfinite(payoffs[e, player]):
                    return 0.0
                lowest = min(lowest, payoffs[e, player])
                highest = max(highest, payoffs[e, player])
        for e in range(len(payoffs)):
            payoff[e, player] = payoffs[e, player] - lowest if live[M + e] else 0.0
        w.lowest[player] = lowest
        factor = max(factor, highest - lowest)
    if factor == 0.0:
        factor = 1.0
    for e in range(len(payoffs)):
        for player in range(payoffs.shape[1]):
            payoff[e, player] /= factor
    return factor


@entry_kernel
def follow_worlds(t, w, chance, payoffs, precision_end, max_evaluations, ends, precision, record):
    """Follow the branch in every world.

    Parameters
    ----------
    chance, payoffs
        Chance probabilities [W, C] and payoffs of the ends [W, E, P].
    precision_end, max_evaluations
        Where each path ends [W], at unit payoff range, and how long paths may be.
    ends, precision, record
        Written: the last point [W, K], its precision [W], and phase, evaluations and bifurcations
        of each path [W, 3].
    """
    w.switch[CAREFUL] = False
    for i in range(len(chance)):
        if normalise(t, chance[i], payoffs[i], w) > 0.0:
            path.begin_towards(w.z, w.number, w.integer, precision_end[i], max_evaluations)
            follow(t, chance[i], w)
            if w.integer[path.PHASE] != path.ENDED:
                used = w.integer[path.EVALUATIONS]
                path.begin_cautiously(w.z, w.number, w.integer, precision_end[i], max_evaluations)
                follow(t, chance[i], w)
                w.integer[path.EVALUATIONS] += used
            copy(w.z, ends[i])
            precision[i] = w.number[path.PRECISION]
            record[i, 0] = w.integer[path.PHASE]
            record[i, 1] = w.integer[path.EVALUATIONS]
            record[i, 2] = w.integer[path.BIFURCATIONS]
