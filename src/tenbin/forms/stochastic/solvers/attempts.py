"""One component in many worlds: which ways are tried, in which order, for what is left over."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from tenbin.forms.contract import SolverOptions, Status
from tenbin.forms.stochastic.solvers.climb_kernel import climb_worlds
from tenbin.forms.stochastic.solvers.components import Component
from tenbin.forms.stochastic.solvers.finish_kernel import finish_worlds
from tenbin.forms.stochastic.solvers.follow_kernel import follow_worlds
from tenbin.forms.stochastic.solvers.lanes_kernel import follow_lanes, make_lanes, uses_lanes
from tenbin.forms.stochastic.solvers.piece_kernel import follow_pieces
from tenbin.forms.stochastic.solvers.work_kernel import Work, make_work
from tenbin.forms.stochastic.tables import Bools, Ints
from tenbin.numerics import path
from tenbin.scenario.language import Array

__all__ = ["NEEDED", "Batch", "solve_component"]

NEEDED = (follow_lanes, follow_worlds, climb_worlds, follow_pieces, finish_worlds)
"""The kernels that solving calls."""


@dataclass(frozen=True)
class Batch:
    """Games of some worlds at unit payoff range, and what has been found of them so far.

    value [W, S, G, P, T], profile and posterior [W, G, A] are written component by component;
    `todo` [W] marks the worlds where the present component is still unsolved.
    """

    payoffs: Array
    prob: Array
    discount: Array
    precision_end: Array
    todo: Bools
    value: Array
    profile: Array
    posterior: Array
    status: NDArray[np.int8]
    steps: Ints
    bifurcation: Bools
    jumped: Bools
    retried: Bools

    def cut(self, start: int, stop: int) -> Batch:
        """Views of some worlds."""
        return Batch(*(getattr(self, field.name)[start:stop] for field in fields(self)))


AIM = 0.1
"""What a step's first correction is aimed at: at 1 two of 3,000 random games left their branch for
another, at 0.4 and below none did."""


@dataclass(frozen=True)
class Way:
    """One way to a branch's end: along it, from piece to piece of it, or by climbing.

    See `follow_kernel`, `piece_kernel` and `climb_kernel`.
    """

    sweeps: int = 0
    """Updates of responses and values after a jump, at most; zero: the path is followed."""
    jump: float = 10.0
    """By how much the precision rises where Newton's method finds nothing."""
    damping: float = 1.0
    """The share of a change of the values that an update takes over."""
    width: float = 0.0
    """How far the kinks of the belief lottery are rounded off, in steps of the grid."""
    pieces: bool = False
    """Whether the lottery of beliefs is held to its pieces, one after the other."""
    seed: int = 0
    """Where the branch begins: at even mixing, or at another place (see `set_bias`)."""
    aim: float = AIM
    """The first correction of a step that is aimed at where a path is followed."""
    extensions: int = 0
    """How often a path may be followed ten times further where its limit is not good enough."""
    longer: int = 1
    """How many times as many evaluations as the options allow may be used."""


PLAIN = (
    Way(extensions=2),
    Way(aim=0.1 * AIM, extensions=2),
    Way(sweeps=40),
    Way(sweeps=300, damping=0.5, jump=3.0),
)
"""Without beliefs the branch is followed; where that fails, it is climbed."""

KINKED = (
    Way(sweeps=15, jump=100.0),
    Way(sweeps=60, damping=0.5),
    Way(sweeps=40, jump=3.0),
    Way(pieces=True, aim=1.0, longer=2),
    Way(sweeps=40, width=0.25),
    *(Way(pieces=True, aim=1.0, longer=2, seed=seed) for seed in range(1, 5)),
)
"""With beliefs, whose lottery has kinks, it is climbed in the fastest styles; what resists is
followed from kink to kink, and at last from other places."""

QUICK = 3
"""Ways after which a world whose later components resisted already is given up."""


def solve_component(
    component: Component, n_states: int, batch: Batch, options: SolverOptions, *, response: bool
) -> None:
    """Solve one component in all worlds of a batch, in place."""
    worlds, t, w = len(batch.todo), component.tables, make_work(component)
    ends, precision = np.zeros((worlds, component.size)), np.zeros(worlds)
    paths = np.zeros((worlds, 3), dtype=np.int32)
    todo = batch.todo
    todo[:] = batch.status != Status.NOT_FINITE
    worst = np.zeros(worlds, dtype=np.int8)
    ways = KINKED if component.kinked else PLAIN
    for number, way in enumerate(ways):
        if response and way.seed:
            continue
        if number == QUICK:
            todo &= batch.status == Status.SOLVED
        tried = todo.copy()
        if number == 0 and uses_lanes(component):
            lanes = make_lanes(component, n_states)
            _follow_lanes(component, lanes, w, batch, options, ends, precision, paths)
        elif component.n_unknowns > 0:
            _approach(component, w, way, batch, options.max_steps, ends, precision, paths)
        batch.steps[tried] += paths[tried, 1]
        jumps = paths[:, 2] > 0
        (batch.jumped if way.sweeps else batch.bifurcation)[tried & jumps] = True
        if way.pieces:
            batch.jumped[tried] = True
        finish_worlds(
            t,
            w,
            batch.payoffs,
            batch.prob,
            batch.discount,
            batch.value,
            todo,
            way.width,
            way.seed,
            way.extensions,
            response,
            options.tolerance,
            ends,
            precision,
            paths,
            batch.profile,
            batch.posterior,
            batch.steps,
        )
        worst[todo] = _status(paths[todo, 0], response=response)
        if not todo.any():
            break
        batch.retried[todo] = number + 1 < len(ways)
    np.maximum(batch.status, np.where(todo, worst, Status.SOLVED), out=batch.status)


def _status(phase: Ints, *, response: bool) -> NDArray[np.int8]:
    """What is said of a world whose path ended in this phase without an equilibrium."""
    ended = Status.DIVERGED if response else Status.NOT_CERTIFIED
    found = np.where(phase == path.ENDED, ended, Status.DIVERGED)
    return np.where(phase == path.TOO_LONG, Status.MAX_STEPS_REACHED, found).astype(np.int8)


def _follow_lanes(
    component: Component,
    lanes: object,
    w: Work,
    batch: Batch,
    options: SolverOptions,
    ends: Array,
    precision: Array,
    paths: Ints,
) -> None:
    """Follow the branch sixteen worlds at a time, and alone where that fails."""
    follow_lanes(
        component.tables,
        lanes,
        batch.payoffs,
        batch.prob,
        batch.discount,
        batch.todo,
        batch.value,
        batch.precision_end,
        AIM,
        options.max_steps,
        ends,
        precision,
        paths,
    )
    failed = batch.todo & (paths[:, 0] != path.ENDED)
    if failed.any():
        again = Batch(**{**vars(batch), "todo": failed})
        _approach(component, w, Way(), again, options.max_steps, ends, precision, paths)


def _approach(
    component: Component,
    w: Work,
    way: Way,
    batch: Batch,
    longest: int,
    ends: Array,
    precision: Array,
    paths: Ints,
) -> None:
    """Go one way to the branch's end in the worlds that are still to do."""
    t, game = component.tables, (batch.payoffs, batch.prob, batch.discount, batch.value, batch.todo)
    rest = batch.precision_end, way.longer * longest, ends, precision, paths
    if way.pieces:
        follow_pieces(t, w, *game, way.seed, way.aim, *rest)
    elif way.sweeps:
        climb_worlds(t, w, *game, way.width, way.sweeps, way.jump, way.damping, *rest)
    else:
        follow_worlds(t, w, *game, way.width, way.aim, *rest)
