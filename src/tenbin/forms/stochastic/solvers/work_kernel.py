"""The work arrays that the kernels of one component share."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tenbin.forms.stochastic.solvers.components import Component
from tenbin.forms.stochastic.tables import Bools
from tenbin.numerics import path
from tenbin.scenario.language import Array

__all__ = ["ALONE", "FROZEN", "PINNED", "Work", "make_work"]

PINNED, ALONE, FROZEN = range(3)
"""Switches: precision is infinite (dead actions stay dead, those alive must be worth the same);
values of other nodes stay as they are; lotteries stay on the two grid points `piece`."""


class Work(NamedTuple):
    """Work arrays of one thread for one component; see `Tables` for the letters."""

    z: Array
    """Log-odds, then values [node, P, T]."""
    last: Array
    tangent: Array
    newton: Array
    slope: Array
    number: Array
    integer: NDArray[np.int64]
    switch: Bools
    base: NDArray[np.int64]
    """The action of each point that log-odds are relative to."""
    sigma: Array
    log_sigma: Array
    posterior: Array
    """After each slot, with its derivative by the log-odds of the types: [slot]."""
    turn: Array
    lower: NDArray[np.int64]
    """First of the three grid points to which the posterior moves."""
    weight: Array
    """Probabilities of the three [slot, 3], and their derivatives by the posterior."""
    rise: Array
    piece: NDArray[np.int64]
    """The lower grid point of the piece of the lottery that each slot is held to."""
    level: Array
    """Log-odds of each slot's posterior less those of the belief, where a step began."""
    bias: Array
    """Log-odds at precision 0; zero on the principal branch."""
    width: Array
    """How far kinks of the lottery are rounded off, in steps of the grid [1]; 0: not."""
    payoff: Array
    """Payoff plus discounted value after each cell of a node [cell, P, T], and by the posterior."""
    by_belief: Array
    utility: Array
    """[action]"""
    pull: Array
    """Derivatives of utilities by log-probabilities at one node [action, action]."""
    reach: Array
    """Derivatives of utilities by own values at the successors [action, next, T]."""
    expected: Array
    expected_pull: Array
    expected_reach: Array
    local: Array
    local_first: Array
    local_last: Array
    right: Array
    """Of one node: log-odds by values of its successors, then two right-hand sides."""
    answer: Array
    """`right` of all nodes, solved [odds, columns]."""
    system: Array
    first: Array
    second: Array
    near: NDArray[np.int64]
    """Inner successors of one cell, as positions among its node's, and their weights."""
    row: Array
    plain: Array
    """Transitions between nodes under one profile, for one player and type [node, node]."""
    plain_first: Array
    plain_second: Array
    limit: Array
    limit_posterior: Array
    best: Array
    best_posterior: Array
    best_value: Array


def make_work(component: Component) -> Work:
    """Work arrays of the right shapes for one component."""
    t, P, T = component.tables, component.n_players, component.n_types
    values = component.n_nodes * P * T
    actions, slots = len(t.action_global), len(t.slot_action)
    most, cells, nexts = component.most_actions, component.most_cells, component.most_next
    columns = nexts * P * T + 2
    return Work(
        *(np.zeros(component.size) for _ in range(5)),
        number=np.zeros(path.NUMBERS),
        integer=np.zeros(path.INTEGERS, dtype=np.int64),
        switch=np.zeros(3, dtype=np.bool_),
        base=t.action_start[:-1].astype(np.int64),
        sigma=np.zeros(actions),
        log_sigma=np.zeros(actions),
        posterior=np.zeros(slots),
        turn=np.zeros(slots),
        lower=np.zeros(slots, dtype=np.int64),
        weight=np.zeros((slots, 3)),
        rise=np.zeros((slots, 3)),
        piece=np.zeros(slots, dtype=np.int64),
        level=np.zeros(slots),
        bias=np.zeros(component.n_unknowns),
        width=np.zeros(1),
        payoff=np.zeros((cells, P, T)),
        by_belief=np.zeros((cells, P, T)),
        utility=np.zeros(actions),
        pull=np.zeros((most, most)),
        reach=np.zeros((most, nexts, T)),
        expected=np.zeros((P, T)),
        expected_pull=np.zeros((P, T, most)),
        expected_reach=np.zeros((P, T, nexts)),
        local=np.zeros((component.most_odds, component.most_odds)),
        local_first=np.zeros(component.most_odds),
        local_last=np.zeros(component.most_odds),
        right=np.zeros((component.most_odds, columns)),
        answer=np.zeros((component.n_unknowns, columns)),
        system=np.zeros((values, values)),
        first=np.zeros(values),
        second=np.zeros(values),
        near=np.zeros(3 * component.most_branches, dtype=np.int64),
        row=np.zeros(3 * component.most_branches),
        plain=np.zeros((component.n_nodes, component.n_nodes)),
        plain_first=np.zeros(component.n_nodes),
        plain_second=np.zeros(component.n_nodes),
        limit=np.zeros(actions),
        limit_posterior=np.zeros(slots),
        best=np.zeros(actions),
        best_posterior=np.zeros(slots),
        best_value=np.zeros((component.n_nodes, P, T)),
    )
