"""Sequential equilibria: what can be folded is solved exactly, the rest along its branch."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import groupby
from typing import cast

import numpy as np
from numpy.typing import NDArray

from tenbin.forms.contract import SolverOptions, Status
from tenbin.forms.tree.solvers.batch import run_tiles
from tenbin.forms.tree.solvers.branch import BranchProblem, branch_problem
from tenbin.forms.tree.solvers.fold_kernel import (
    FoldTables,
    fold_tables,
    fold_worlds,
    prepare_worlds,
)
from tenbin.forms.tree.solvers.follow import follow_branches
from tenbin.forms.tree.solvers.subgames import Branch, Fold, Stage, find_stages
from tenbin.forms.tree.tables import Bools, Ints, Tree, TreeGame, TreeSolution
from tenbin.scenario.language import Array

__all__ = ["Results", "solve_sequential", "solve_stages"]

Part = FoldTables | BranchProblem


def solve_sequential(game: TreeGame, options: SolverOptions) -> TreeSolution:
    """One sequential equilibrium per world, subgames innermost first.

    Each stage of `subgames.find_stages` is solved in turn, its value standing in for it: single
    decisions and those where beliefs cannot matter exactly (ties mixed evenly and flagged `tie`),
    every other subgame by the limit of the principal branch of its agent logit quantal response
    equilibrium, followed to `options.precision_end` at unit payoff range. Where the branch meets
    a bifurcation it goes straight on and the world is flagged `bifurcation`: a symmetric game keeps
    its symmetric play, so that battle of the sexes ends at its mixed equilibrium.

    Parameters
    ----------
    game
        The games of W worlds.
    options
        `precision_end`, `tolerance`, `max_steps` and `threads` are read.

    Returns
    -------
    Solution with one slot, never called complete. Information sets that chance cannot reach are
    mixed evenly. The witness has the profile's own probabilities where they are positive, and dying
    probabilities from the end of the branch.
    """
    return solve_stages(game, options, find_stages(game.tree), "principal branch by subgames")


@dataclass(frozen=True)
class Results:
    """What solving fills in: strategies and witnesses [W, G], then one number per world [W]."""

    profile: Array
    log_witness: Array
    status: NDArray[np.int8]
    tie: Bools
    bifurcation: Bools
    steps: Ints

    @staticmethod
    def empty(worlds: int, actions: int) -> Results:
        return Results(
            profile=np.zeros((worlds, actions)),
            log_witness=np.zeros((worlds, actions)),
            status=np.zeros(worlds, dtype=np.int8),
            tie=np.zeros(worlds, dtype=np.bool_),
            bifurcation=np.zeros(worlds, dtype=np.bool_),
            steps=np.zeros(worlds, dtype=np.int32),
        )

    def solution(self, tree: Tree, method: str, complete: Bools) -> TreeSolution:
        """The same as a solution with one slot."""
        return TreeSolution(
            tree=tree,
            profile=self.profile[:, None],
            log_witness=self.log_witness[:, None],
            found=(self.status != Status.NOT_FINITE)[:, None],
            status=self.status,
            complete=complete,
            method=method,
            flags={"tie": self.tie, "bifurcation": self.bifurcation},
            steps=self.steps,
        )


def solve_stages(
    game: TreeGame,
    options: SolverOptions,
    stages: tuple[Stage, ...],
    method: str,
    *,
    precision: float | None = None,
) -> TreeSolution:
    """Solve the stages in the order given, tile by tile.

    With a `precision`, per payoff unit of the file, branches end there and the response itself is
    the result; stages must then be branches only.
    """
    tree = game.tree
    parts = _parts(tree, stages)
    results = Results.empty(game.n_worlds, tree.n_actions)

    def solve(start: int, stop: int) -> None:
        _Tile(game, options, results, start, stop, precision).solve(parts)

    bytes_per_world = 8 * tree.n_nodes * (len(tree.players) + 1)
    run_tiles(solve, game.n_worlds, bytes_per_world, options.threads)
    return results.solution(tree, method, np.zeros(game.n_worlds, dtype=np.bool_))


def _parts(tree: Tree, stages: tuple[Stage, ...]) -> tuple[Part, ...]:
    """Tables of the stages, consecutive folds as one run; kept with the tree."""
    kept = cast("dict[tuple[Stage, ...], tuple[Part, ...]]", tree.cache.setdefault("parts", {}))
    if stages not in kept:
        parts: list[Part] = []
        for is_fold, run in groupby(stages, key=lambda stage: isinstance(stage, Fold)):
            if is_fold:
                parts.append(fold_tables(tree, tuple(cast("list[Fold]", list(run)))))
            else:
                parts.extend(branch_problem(tree, cast("Branch", stage)) for stage in run)
        kept[stages] = tuple(parts)
    return kept[stages]


@dataclass
class _Tile:
    """Some consecutive worlds on their way through the stages."""

    game: TreeGame
    options: SolverOptions
    results: Results
    start: int
    stop: int
    precision: float | None
    chance: Array = field(init=False)
    value: Array = field(init=False)
    live: Bools = field(init=False)
    scale: Array = field(init=False)

    def solve(self, parts: tuple[Part, ...]) -> None:
        game, here = self.game, slice(self.start, self.stop)
        worlds = self.stop - self.start
        self.value = np.zeros((worlds, game.tree.n_nodes, game.payoffs.shape[2]))
        self.live = np.zeros((worlds, game.tree.n_nodes), dtype=np.bool_)
        self.scale = np.zeros(worlds)
        self.chance = np.ascontiguousarray(game.chance[here])
        payoffs = np.ascontiguousarray(game.payoffs[here])
        nothing = fold_tables(game.tree, ())
        prepare_worlds(nothing, self.chance, payoffs, self.value, self.live, self.scale)
        unusable = np.isnan(self.scale) | ~game.valid[here]
        self.results.status[here][unusable] = Status.NOT_FINITE
        for part in parts:
            if isinstance(part, FoldTables):
                self._fold(part)
            else:
                self._follow(part)

    def _fold(self, tables: FoldTables) -> None:
        here, results = slice(self.start, self.stop), self.results
        fold_worlds(
            tables,
            self.options.precision_end,
            self.chance,
            self.scale,
            self.live,
            self.value,
            results.profile[here],
            results.log_witness[here],
            results.tie[here],
        )

    def _follow(self, problem: BranchProblem) -> None:
        """Solve one branch problem in every usable world where chance reaches it."""
        results, tree = self.results, self.game.tree
        rows = np.arange(self.start, self.stop)
        actions = problem.actions
        counts = np.diff(tree.infoset_start)[tree.action_infoset[actions]]
        usable = results.status[rows] != Status.NOT_FINITE
        idle = rows[~(usable & self.live[:, problem.root])]
        results.profile[np.ix_(idle, actions)] = 1.0 / counts
        results.log_witness[np.ix_(idle, actions)] = -np.log(counts)
        chosen = np.flatnonzero(usable & self.live[:, problem.root])
        if not len(chosen):
            return
        found = follow_branches(
            problem,
            np.ascontiguousarray(self.chance[np.ix_(chosen, problem.branches)]),
            np.ascontiguousarray(self.value[np.ix_(chosen, problem.ends)]),
            self._precision_end(chosen),
            self.options,
            response=self.precision is not None,
        )
        rows = rows[chosen]
        results.profile[np.ix_(rows, actions)] = found.profile
        results.log_witness[np.ix_(rows, actions)] = found.log_witness
        self.value[chosen, problem.root] = found.value
        first = results.status[rows] == Status.SOLVED
        results.status[rows[first]] = found.status[first]
        results.bifurcation[rows] |= found.bifurcations > 0
        results.steps[rows] += found.steps

    def _precision_end(self, chosen: NDArray[np.intp]) -> Array:
        """Where the branch ends in each world, at unit payoff range."""
        if self.precision is None:
            return np.full(len(chosen), self.options.precision_end)
        return self.precision * self.scale[chosen]
