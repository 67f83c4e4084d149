"""How likely each node is: in the limit, and along the trembles that lead to it.

A node that an equilibrium never reaches has a *weight* along the trembles: the product of chance
and the limit probabilities on its path, times a tremble for every action on it that the limit
never takes. Trembles are kept as logarithms, since they die like exp(-precision).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

import numpy as np

from tenbin.errors import ShapeError
from tenbin.forms.tree.bind import BoundTree
from tenbin.forms.tree.tables import NONE, Bools, Ints, Tree, TreeGame, TreeSolution
from tenbin.scenario.language import Array

__all__ = ["LEADING", "NEVER", "Reach", "reach_of"]

NEVER = 1e-9
"""Limit probabilities up to this are zero: what rounding leaves of an action never taken."""
LEADING = 1e-4
"""Trembles below this share of the largest are of a lower order and vanish in the limit."""
ALL = slice(None)


@dataclass(frozen=True)
class Reach:
    """Probabilities of nodes under one solution; arrays [N, W, K], node first.

    For concept `qre`, which has no limit, every probability is what it is and nothing vanishes.
    """

    game: TreeGame
    solution: TreeSolution

    def part(self, worlds: slice) -> Reach:
        """The same for some of the worlds."""
        game, solution = self.game, self.solution
        some = TreeGame(game.tree, game.chance[worlds], game.payoffs[worlds], game.valid[worlds])
        return Reach(
            some,
            replace(
                solution,
                profile=solution.profile[worlds],
                log_witness=solution.log_witness[worlds],
                found=solution.found[worlds],
                status=solution.status[worlds],
                complete=solution.complete[worlds],
                flags={},
                steps=None,
            ),
        )

    @cached_property
    def exact(self) -> bool:
        """Whether the solution is a limit of trembles, so that small probabilities are zeros."""
        return self.solution.precision is None

    @cached_property
    def profile(self) -> Array:
        """Action probabilities [G, W, K], with what rounding left of zeros set to zero."""
        profile = np.ascontiguousarray(np.moveaxis(self.solution.profile, 2, 0))
        if self.exact:
            profile = np.where(profile <= NEVER, 0.0, profile)
        return profile

    @cached_property
    def chance(self) -> Array:
        """Chance probabilities [C, W, 1]."""
        return np.ascontiguousarray(self.game.chance.T)[:, :, None]

    @cached_property
    def levels(self) -> tuple[Ints, ...]:
        """Nodes below the root by depth, in preorder within each."""
        return _levels(self.game.tree)

    @cached_property
    def probability(self) -> Array:
        """The limit probability of each node [N, W, K]."""
        return self._along(self.steps(), np.multiply, 1.0)

    @cached_property
    def terminal(self) -> Array:
        """The limit probability of each terminal node [Z, W, K]."""
        return self.probability[self.terminals]

    @cached_property
    def terminals(self) -> Ints:
        return np.flatnonzero(self.game.tree.terminal != NONE).astype(np.int32)

    @cached_property
    def weight(self) -> Array:
        """Chance and positive limit probabilities on the path to each node [N, W, K].

        For `qre`: chance alone.
        """
        profile = self.profile
        kept = np.where(profile > 0, profile, 1.0) if self.exact else np.ones_like(profile)
        return self._along(self._steps(kept, self.chance), np.multiply, 1.0)

    @cached_property
    def tremble(self) -> Array:
        """Log-probability of the trembles on the path to each node [N, W, K]; 0 without one.

        For `qre`: of all actions on the path.
        """
        witness = np.ascontiguousarray(np.moveaxis(self.solution.log_witness, 2, 0))
        lost = np.where(self.profile > 0, 0.0, witness) if self.exact else witness
        return self._along(self._steps(lost, np.zeros_like(self.chance)), np.add, 0.0)

    @cached_property
    def possible(self) -> Bools:
        """Whether chance lets a node occur at all [N, W]: false below a masked branch."""
        ones = np.ones((self.game.tree.n_actions, 1, 1))
        open_chance = (self.chance > 0).astype(np.float64)
        return self._along(self._steps(ones, open_chance), np.multiply, 1.0)[:, :, 0] > 0

    def steps(self, nodes: Ints | slice = ALL) -> Array:
        """The probability with which nodes follow their parents [nodes, W, K]; NaN at the root."""
        return self._steps(self.profile, self.chance, nodes)

    def _steps(self, actions: Array, chance: Array, nodes: Ints | slice = ALL) -> Array:
        """What leads to each node: the value of its action [G, ...] or branch [C, ...]."""
        action, branch = self.game.tree.action[nodes], self.game.tree.branch[nodes]
        shape = np.broadcast_shapes(actions.shape[1:], chance.shape[1:])
        found = np.full((len(action), *shape), np.nan)
        found[action != NONE] = actions[action[action != NONE]]
        found[branch != NONE] = chance[branch[branch != NONE]]
        return found

    def _along(self, steps: Array, join: np.ufunc, start: float) -> Array:
        """Steps joined from the root to each node."""
        found = np.empty_like(steps)
        found[0] = start
        for nodes in self.levels:
            found[nodes] = join(found[self.game.tree.parent[nodes]], steps[nodes])
        return found

    def continuation(self, terminals: Array) -> Array:
        """The expected value [N, W, K] from each node on, of values [Z, ...] at terminal nodes."""
        steps = self.steps()
        found = np.zeros_like(steps)
        found[self.terminals] = terminals
        for nodes in reversed(self.levels):
            parents = self.game.tree.parent[nodes]
            first = np.flatnonzero(np.diff(parents, prepend=NONE))
            found[parents[first]] = np.add.reduceat(found[nodes] * steps[nodes], first, axis=0)
        return found


def _levels(tree: Tree) -> tuple[Ints, ...]:
    depth = np.zeros(tree.n_nodes, dtype=np.int32)
    parents = tree.parent.tolist()
    for node in range(1, tree.n_nodes):
        depth[node] = depth[parents[node]] + 1
    order = np.argsort(depth, kind="stable").astype(np.int32)
    bounds = np.searchsorted(depth[order], np.arange(1, int(depth.max()) + 2))
    return tuple(order[first:last] for first, last in pairwise(bounds))


def reach_of(bound: BoundTree, solution: TreeSolution) -> Reach:
    """The probabilities of nodes under a solution, kept for the next outcome of it."""
    known = bound.cache.get("reach")
    if isinstance(known, Reach) and known.solution is solution:
        return known
    expected = (bound.game.n_worlds, solution.profile.shape[1], bound.game.tree.n_actions)
    if solution.profile.shape != expected:
        shape = solution.profile.shape
        raise ShapeError(f"a profile of shape {shape} for a game that needs {expected}")
    found = Reach(bound.game, solution)
    bound.cache["reach"] = found
    return found
