"""The Markov chain that a profile makes of a game: where play is in the long run, and when.

A node is a state with a grid point of the belief, number grid point times states plus state. The
chain is that of one type of the informed player; `mass` is how likely play begins at each node
with that type. Rows are kept sparse; what is solved is solved by state reduction (Grassmann, Taksar
and Heyman 1985), which never subtracts, so that rare events keep their relative accuracy.
Components are taken in the order in which play passes them: a component that play leaves is a sum
of visits, one that it does not leave is a closed class with its stationary distribution.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenbin.numerics.compiling import entry_kernel, kernel

__all__ = ["follow_worlds", "settle_worlds"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]
Bools = NDArray[np.bool_]

NONE = -1
NEAR = 1e-9
"""A belief nearer to a grid point than this share of a step stands on it."""


@kernel
def belief_step(belief: float, grid: int) -> tuple[int, float]:
    """The grid point below a belief in type 0, and the weight of the one above it."""
    place = belief * (grid - 1)
    below = int(np.floor(place + NEAR))
    below = min(max(below, 0), grid - 1)
    weight = place - below
    if weight < NEAR or below == grid - 1:
        weight = 0.0
    return below, weight


@kernel
def fill_row(
    node: int,
    n_states: int,
    grid: int,
    informed: int,
    kind: int,
    tables: Any,
    profile: Floats,
    posterior: Floats,
    prob: Floats,
    row: Floats,
    touched: Ints,
) -> int:
    """Add the probabilities of all next nodes to `row`; how many nodes of `touched` it names."""
    cell_start, cell_action, branch_start, branch_to = tables
    state, point = node % n_states, node // n_states
    count = 0
    for cell in range(cell_start[state], cell_start[state + 1]):
        weight = 1.0
        below, above = point, 0.0
        for player in range(cell_action.shape[1]):
            action = cell_action[cell, player, kind]
            if action != NONE:
                weight *= profile[point, action]
                if player == informed and weight > 0.0:
                    below, above = belief_step(posterior[point, action], grid)
        if weight <= 0.0:
            continue
        for branch in range(branch_start[cell], branch_start[cell + 1]):
            for up in range(2):
                share = above if up == 1 else 1.0 - above
                flow = weight * prob[branch] * share
                if flow > 0.0:
                    target = (below + up) * n_states + branch_to[branch]
                    if row[target] == 0.0:
                        touched[count] = target
                        count += 1
                    row[target] += flow
    return count


@kernel
def build_chain(
    mass: Floats,
    stop: Bools,
    n_states: int,
    grid: int,
    informed: int,
    kind: int,
    tables: Any,
    profile: Floats,
    posterior: Floats,
    prob: Floats,
    begin: Ints,
    end: Ints,
    target: Ints,
    flow: Floats,
) -> int:
    """Rows of all nodes that play reaches from `mass`; `begin` is NONE elsewhere.

    States in `stop` are never left: their rows are empty. Returns the number of entries.
    """
    n_nodes = n_states * grid
    row, touched = np.zeros(n_nodes), np.empty(n_nodes, dtype=np.int32)
    waiting = np.empty(n_nodes, dtype=np.int32)
    n_waiting, used = 0, 0
    begin[:] = NONE
    end[:] = NONE
    for node in range(n_nodes):
        if mass[node] > 0.0:
            begin[node] = 0
            waiting[n_waiting] = node
            n_waiting += 1
    while n_waiting > 0:
        n_waiting -= 1
        node = waiting[n_waiting]
        begin[node] = used
        if not stop[node % n_states]:
            count = fill_row(
                node, n_states, grid, informed, kind, tables, profile, posterior, prob, row, touched
            )
            for i in range(count):
                other = touched[i]
                target[used] = other
                flow[used] = row[other]
                row[other] = 0.0
                used += 1
                if begin[other] == NONE:
                    begin[other] = 0
                    waiting[n_waiting] = other
                    n_waiting += 1
        end[node] = used
    return used


@kernel
def find_components(begin: Ints, end: Ints, target: Ints, order: Ints, first: Ints) -> int:
    """Strongly connected components of the nodes reached, those that play reaches last first.

    `order` lists the nodes by component, `first` where each component begins in it; Tarjan's
    algorithm without recursion. Returns the number of components.
    """
    n_nodes = len(begin)
    index, low = np.full(n_nodes, NONE, dtype=np.int32), np.zeros(n_nodes, dtype=np.int32)
    on_stack = np.zeros(n_nodes, dtype=np.bool_)
    stack, path = np.empty(n_nodes, dtype=np.int32), np.empty(n_nodes, dtype=np.int32)
    cursor = np.zeros(n_nodes, dtype=np.int32)
    clock, depth, top, listed, count = 0, 0, 0, 0, 0
    for root in range(n_nodes):
        if begin[root] == NONE or index[root] != NONE:
            continue
        path[0], depth = root, 1
        while depth > 0:
            node = path[depth - 1]
            if index[node] == NONE:
                index[node] = low[node] = clock
                clock += 1
                stack[top] = node
                top += 1
                on_stack[node] = True
                cursor[node] = begin[node]
            if cursor[node] < end[node]:
                other = target[cursor[node]]
                cursor[node] += 1
                if index[other] == NONE:
                    path[depth] = other
                    depth += 1
                elif on_stack[other]:
                    low[node] = min(low[node], index[other])
                continue
            depth -= 1
            if depth > 0:
                low[path[depth - 1]] = min(low[path[depth - 1]], low[node])
            if low[node] == index[node]:
                first[count] = listed
                count += 1
                other = NONE
                while other != node:
                    top -= 1
                    other = stack[top]
                    on_stack[other] = False
                    order[listed] = other
                    listed += 1
    first[count] = listed
    return count


@kernel
def settle_component(
    nodes: Ints,
    local: Ints,
    begin: Ints,
    end: Ints,
    target: Ints,
    flow: Floats,
    inflow: Floats,
    visits: Floats,
    share: Floats,
) -> None:
    """Visits to the nodes of a component that play leaves, else their long-run shares.

    `inflow` is how likely play enters the component at each node; what leaves it is added to the
    inflow of the nodes where it goes. `local` is a work array of NONE.
    """
    size = len(nodes)
    matrix = np.zeros((size, size))
    leaving, entered = np.zeros(size), np.empty(size)
    for i in range(size):
        local[nodes[i]] = i
    total_entered = 0.0
    is_closed = True
    for i in range(size):
        node = nodes[i]
        entered[i] = inflow[node]
        total_entered += inflow[node]
        for entry in range(begin[node], end[node]):
            j = local[target[entry]]
            if j == NONE:
                leaving[i] += flow[entry]
                is_closed = False
            else:
                matrix[i, j] += flow[entry]
    pivot = np.empty(size)
    for k in range(size - 1, 0, -1):
        out = leaving[k]
        for j in range(k):
            out += matrix[k, j]
        pivot[k] = out
        for j in range(k):
            if matrix[k, j] > 0.0:
                entered[j] += entered[k] * (matrix[k, j] / out)
        for i in range(k):
            if matrix[i, k] > 0.0:
                factor = matrix[i, k] / out
                matrix[i, k] = factor
                leaving[i] += factor * leaving[k]
                for j in range(k):
                    matrix[i, j] += factor * matrix[k, j]
    found = np.empty(size)
    found[0] = 1.0 if is_closed else entered[0] / leaving[0]
    for k in range(1, size):
        value = 0.0 if is_closed else entered[k] / pivot[k]
        for i in range(k):
            if matrix[i, k] > 0.0:
                value += found[i] * matrix[i, k]
        found[k] = value
    scale = total_entered / found.sum() if is_closed else 1.0
    for i in range(size):
        node = nodes[i]
        if is_closed:
            share[node] = found[i] * scale
        else:
            visits[node] = found[i]
            for entry in range(begin[node], end[node]):
                if local[target[entry]] == NONE:
                    inflow[target[entry]] += found[i] * flow[entry]
    for i in range(size):
        local[nodes[i]] = NONE


@kernel
def settle(
    mass: Floats, begin: Ints, end: Ints, target: Ints, flow: Floats, visits: Floats, share: Floats
) -> None:
    """Expected visits to every node that play leaves for ever, long-run shares of the others."""
    n_nodes = len(mass)
    order, first = np.empty(n_nodes, dtype=np.int32), np.empty(n_nodes + 1, dtype=np.int32)
    count = find_components(begin, end, target, order, first)
    local, inflow = np.full(n_nodes, NONE, dtype=np.int32), mass.copy()
    visits[:] = 0.0
    share[:] = 0.0
    for component in range(count - 1, -1, -1):
        nodes = order[first[component] : first[component + 1]]
        settle_component(nodes, local, begin, end, target, flow, inflow, visits, share)


@entry_kernel
def settle_worlds(
    mass: Floats,
    stop: Bools,
    skip: Bools,
    informed: int,
    capacity: int,
    tables: Any,
    profile: Floats,
    posterior: Floats,
    prob: Floats,
    visits: Floats,
    share: Floats,
) -> None:
    """Where play goes in every world, equilibrium and type, until it reaches a state in `stop`.

    Parameters
    ----------
    mass
        Where play begins [W, K, T, N], over types and nodes together.
    stop
        States [S] in which the chain is held.
    skip
        Worlds and equilibria [W, K] that are left out (their results stay as they are).
    informed
        The player with types, or NONE.
    capacity
        Entries that all rows together may have.
    tables
        cell_start [S+1], cell_action [Q, P, T], branch_start [Q+1], branch_to [B].
    profile, posterior, prob
        [W, K, G, A], [W, K, G, A] (read at the informed player's actions), [W, B].
    visits, share
        Results [W, K, T, N]: expected visits to nodes that are left for ever; how much of all
        time is spent, in the long run, in the others.
    """
    n_worlds, n_slots, n_types, n_nodes = mass.shape
    n_states = len(stop)
    for world in range(n_worlds):
        begin, end = np.empty(n_nodes, dtype=np.int32), np.empty(n_nodes, dtype=np.int32)
        target, flow = np.empty(capacity, dtype=np.int32), np.empty(capacity)
        for slot in range(n_slots):
            if skip[world, slot]:
                continue
            for kind in range(n_types):
                build_chain(
                    mass[world, slot, kind],
                    stop,
                    n_states,
                    n_nodes // n_states,
                    informed,
                    kind,
                    tables,
                    profile[world, slot],
                    posterior[world, slot],
                    prob[world],
                    begin,
                    end,
                    target,
                    flow,
                )
                settle(
                    mass[world, slot, kind],
                    begin,
                    end,
                    target,
                    flow,
                    visits[world, slot, kind],
                    share[world, slot, kind],
                )


@entry_kernel
def follow_worlds(
    mass: Floats,
    stop: Bools,
    skip: Bools,
    informed: int,
    capacity: int,
    tables: Any,
    profile: Floats,
    posterior: Floats,
    prob: Floats,
    values: Floats,
    curve: Floats,
) -> None:
    """The expectation [W, K, H] of `values` [S] in every period, play held in states of `stop`.

    The other arguments are as in `settle_worlds`.
    """
    n_worlds, n_slots, n_types, n_nodes = mass.shape
    n_states = len(stop)
    for world in range(n_worlds):
        begin, end = np.empty(n_nodes, dtype=np.int32), np.empty(n_nodes, dtype=np.int32)
        target, flow = np.empty(capacity, dtype=np.int32), np.empty(capacity)
        for slot in range(n_slots):
            if skip[world, slot]:
                continue
            for period in range(curve.shape[2]):
                curve[world, slot, period] = 0.0
            for kind in range(n_types):
                build_chain(
                    mass[world, slot, kind],
                    stop,
                    n_states,
                    n_nodes // n_states,
                    informed,
                    kind,
                    tables,
                    profile[world, slot],
                    posterior[world, slot],
                    prob[world],
                    begin,
                    end,
                    target,
                    flow,
                )
                now, then = mass[world, slot, kind].copy(), np.zeros(n_nodes)
                for period in range(curve.shape[2]):
                    then[:] = 0.0
                    for node in range(n_nodes):
                        if now[node] > 0.0:
                            curve[world, slot, period] += now[node] * values[node % n_states]
                            if begin[node] == end[node]:
                                then[node] += now[node]
                            for entry in range(begin[node], end[node]):
                                then[target[entry]] += now[node] * flow[entry]
                    now, then = then, now
