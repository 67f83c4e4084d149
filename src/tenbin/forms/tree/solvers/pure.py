"""Every pure sequential equilibrium of every world."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields

import numpy as np

from tenbin.forms.contract import SolverOptions, Status
from tenbin.forms.tree.solvers.batch import run_tiles
from tenbin.forms.tree.solvers.pure_lines import Answers, Remarks, StageGame, Walk, pure_answers
from tenbin.forms.tree.solvers.pure_principal import principal_first
from tenbin.forms.tree.solvers.subgames import Fold, find_stages
from tenbin.forms.tree.tables import TreeGame, TreeSolution

__all__ = ["Find", "combine_stages", "solve_pure"]

Find = Callable[[StageGame, Remarks], Answers]
"""Equilibria of one stage in every line."""

BYTES_PER_LINE = 16
"""Lines per world for which memory is set aside when worlds are cut into tiles."""


def solve_pure(game: TreeGame, options: SolverOptions) -> TreeSolution:
    """Every pure sequential equilibrium of every world, the one on the principal branch first.

    Subgames are solved innermost first, and every combination of their equilibria opens the games
    above. In each stage the profiles are searched from the last moves upwards, dropping what no
    belief favours; whether the beliefs of those left are the limit of trembles is decided from the
    structure (`pure_beliefs`). A world says `complete` where no search was broken off, no more
    equilibria were found than are kept, and every profile was decided. Where the principal branch
    ends in a mixed profile, the pure one whose distribution over ends is nearest comes first.

    Parameters
    ----------
    game
        The games of W worlds.
    options
        Those of the principal branch, and `threads`.

    Returns
    -------
    Solution with as many slots as the world with most equilibria needs, at least one. The flag
    `pbe` marks worlds with further profiles that are best replies to beliefs which no trembles
    justify (weak perfect Bayesian only); they are not among the slots.

    References
    ----------
    [kreps1982seq]; keys are in docs/references.bib.
    """
    solution = combine_stages(game, options, pure_answers, "pure profiles by subgames")
    return principal_first(game, solution, options, add=False)


def combine_stages(game: TreeGame, options: SolverOptions, find: Find, method: str) -> TreeSolution:
    """The equilibria of all stages, combined; `find` gives those of one stage."""
    tree = game.tree
    stages = find_stages(tree)
    done: dict[int, Walk] = {}

    def solve(start: int, stop: int) -> None:
        rows = slice(start, stop)
        part = TreeGame(tree, game.chance[rows], game.payoffs[rows], game.valid[rows])
        here = Walk(part, options)
        for stage in stages:
            if isinstance(stage, Fold):
                here.fold(stage)
            else:
                there = here.stage_game(stage)
                here.take_answers(there.tables, find(there, here.remarks))
        done[start] = here

    numbers = tree.n_nodes * (len(tree.players) + 1) + 2 * tree.n_actions
    run_tiles(solve, game.n_worlds, 8 * BYTES_PER_LINE * numbers, options.threads)
    return _solution(game, [done[start] for start in sorted(done)], method)


def _solution(game: TreeGame, walks: list[Walk], method: str) -> TreeSolution:
    """Lines side by side as slots."""
    tree, worlds = game.tree, game.n_worlds
    starts = np.cumsum([0, *(here.game.n_worlds for here in walks)])
    parts = zip(walks, starts, strict=False)
    world = np.concatenate([here.lines.world + start for here, start in parts])
    counts = np.bincount(world, minlength=worlds)
    slots = max(1, int(counts.max(initial=0)))
    place = np.arange(len(world)) - np.searchsorted(world, world)
    profile, log_witness = np.zeros((2, worlds, slots, tree.n_actions))
    profile[world, place] = np.concatenate([here.lines.profile for here in walks])
    log_witness[world, place] = np.concatenate([here.lines.log_witness for here in walks])
    remarks = {
        item.name: np.concatenate([getattr(here.remarks, item.name) for here in walks])
        for item in fields(Remarks)
    }
    usable = np.concatenate([here.usable for here in walks])
    status = np.where(counts > 0, Status.SOLVED, Status.NO_EQUILIBRIUM_FOUND).astype(np.int8)
    status[~usable] = Status.NOT_FINITE
    unsure = ("bounded", "undecided", "capped", "searched")
    complete = usable & ~np.any([remarks[name] for name in unsure], axis=0)
    return TreeSolution(
        tree=tree,
        profile=profile,
        log_witness=log_witness,
        found=np.arange(slots) < counts[:, None],
        status=status,
        complete=complete,
        method=method,
        flags=remarks,
    )
