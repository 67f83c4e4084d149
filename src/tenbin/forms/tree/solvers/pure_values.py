"""Values and weights of a stage's nodes under given profiles, one array operation per node."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tenbin.forms.tree.solvers.pure_tables import StageTables
from tenbin.forms.tree.tables import NONE
from tenbin.scenario.language import Array

__all__ = ["path_weights", "stage_values"]


def path_weights(tables: StageTables, chance: Array, probability: Array) -> NDArray[np.float64]:
    """Chance times what is played on the way to each inner node [Q, M], unplayed actions apart."""
    t = tables.search
    found = np.ones((len(chance), len(t.parent)))
    for n in range(1, len(t.parent)):
        above = int(t.parent[n])
        if t.branch[n] != NONE:
            factor = chance[:, t.branch[n]]
        else:
            p = probability[:, t.infoset[above], t.step[n]]
            factor = np.where(p > 0, p, 1.0)
        found[:, n] = found[:, above] * factor
    return found


def stage_values(
    tables: StageTables, chance: Array, ends: Array, probability: Array
) -> NDArray[np.float64]:
    """Values [Q, V, P] of inner nodes, then of ends [Q, E, P], under profiles [Q, I, A]."""
    t = tables.search
    inner = len(t.parent)
    found = np.concatenate([np.zeros((len(ends), inner, ends.shape[2])), ends], axis=1)
    for n in range(inner - 1, -1, -1):
        start, stop = t.child_start[n], t.child_start[n + 1]
        if t.infoset[n] == NONE:
            weight = chance[:, t.child_branch[start:stop]]
        else:
            weight = probability[:, t.infoset[n], : stop - start]
        found[:, n] = np.einsum("qc,qcp->qp", weight, found[:, t.child[start:stop]])
    return found
