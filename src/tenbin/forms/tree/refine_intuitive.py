"""The intuitive criterion for signalling games."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tenbin.errors import FormError
from tenbin.forms.tree.tables import NONE, Bools, Ints, Tree, TreeGame, TreeSolution
from tenbin.scenario.language import Array

__all__ = ["Signalling", "passes_intuitive", "signalling_shape"]

PLAYED = 1e-9
"""The largest probability that is taken for a rounded zero."""

TOLERANCE = 1e-9
"""Payoffs that differ by less, in units of the payoff range, are equal."""

SHAPE = (
    "the intuitive criterion covers signalling games: chance draws one player's type, that player "
    "alone learns it and sends a message, the other one sees the message and answers, and the game "
    "ends"
)


@dataclass(frozen=True)
class Signalling:
    """A signalling game: T types, M messages, R answers at most.

    `prior` [T] is the chance branch of each type; `sent` [T, M] the sender's action, `answer`
    [M] the receiver's information set after each message, NONE where the game ends with it; `ends`
    [T, M, R] terminal numbers, the same one throughout where there is no answer, NONE beyond the
    answers that there are.
    """

    sender: int
    receiver: int
    prior: Ints
    sent: Ints
    answer: Ints
    ends: Ints


def signalling_shape(tree: Tree) -> Signalling:
    """The parts of a signalling game.

    Raises
    ------
    FormError
        If the tree is no signalling game.
    """
    children: list[list[int]] = [[] for _ in range(tree.n_nodes)]
    for node in range(1, tree.n_nodes):
        children[tree.parent[node]].append(node)
    types = children[0]
    senders = [int(tree.infoset[node]) for node in types]
    is_drawn = tree.infoset[0] == NONE and NONE not in senders
    if not is_drawn or len(set(senders)) != len(types):
        raise FormError(SHAPE)
    owners = {int(tree.infoset_player[h]) for h in senders}
    messages = [children[node] for node in types]
    if len(owners) != 1 or len({len(sent) for sent in messages}) != 1:
        raise FormError(SHAPE)
    answer = [_answer(tree, [sent[m] for sent in messages]) for m in range(len(messages[0]))]
    receivers = {int(tree.infoset_player[h]) for h in answer if h != NONE}
    below = [[children[node] or [node] for node in sent] for sent in messages]
    last = [node for sent in below for nodes in sent for node in nodes]
    if len(receivers) != 1 or receivers == owners or (tree.terminal[last] == NONE).any():
        raise FormError(SHAPE)
    most = max(len(nodes) for sent in below for nodes in sent)
    ends = np.full((len(types), len(answer), most), NONE, dtype=np.int32)
    for t, sent in enumerate(below):
        for m, nodes in enumerate(sent):
            ends[t, m, : len(nodes)] = tree.terminal[nodes]
    return Signalling(
        sender=owners.pop(),
        receiver=receivers.pop(),
        prior=tree.branch[types],
        sent=tree.action[np.array(messages)],
        answer=np.array(answer, dtype=np.int32),
        ends=ends,
    )


def _answer(tree: Tree, nodes: list[int]) -> int:
    """The information set after a message, the same for all types; NONE where the game ends."""
    found = {int(tree.infoset[node]) for node in nodes}
    if len(found) != 1:
        raise FormError(SHAPE)
    (infoset,) = found
    if infoset != NONE and int((tree.infoset == infoset).sum()) != len(nodes):
        raise FormError(SHAPE)
    return infoset


def passes_intuitive(game: TreeGame, solution: TreeSolution) -> Bools:
    """Whether each equilibrium passes the intuitive criterion of Cho and Kreps.

    A type is out of question for a message that nobody sends where even the best answer that is
    reasonable (a best reply to some belief) would give it less than it has. The equilibrium fails
    where another type would gain from that message by any answer that is reasonable to somebody
    who believes in none of the types that are out of question.

    Returns
    -------
    Which equilibria [W, K] pass.

    Raises
    ------
    FormError
        If the game is no signalling game.

    References
    ----------
    [cho1987]; keys are in docs/references.bib.
    """
    shape = signalling_shape(game.tree)
    passes = solution.found.copy()
    payoffs = np.where(np.isfinite(game.payoffs), game.payoffs, 0.0)
    spread = (payoffs.max(axis=1) - payoffs.min(axis=1)).max(axis=1)
    slack = TOLERANCE * np.where(spread > 0, spread, 1.0)
    possible = game.chance[:, shape.prior] > 0
    for k in range(solution.found.shape[1]):
        profile = solution.profile[:, k]
        now = _equilibrium_payoffs(shape, game.tree, payoffs, profile)
        for m in range(len(shape.answer)):
            unsent = (profile[:, shape.sent[:, m]] * possible <= PLAYED).all(axis=1)
            fails = _fails(shape, m, payoffs, now, possible, slack)
            passes[:, k] &= ~(unsent & fails)
    return passes


def _equilibrium_payoffs(shape: Signalling, tree: Tree, payoffs: Array, profile: Array) -> Array:
    """What each type of the sender gets [W, T]."""
    found = np.zeros((len(payoffs), len(shape.prior)))
    for m, infoset in enumerate(shape.answer.tolist()):
        count = 1 if infoset == NONE else _size(tree, infoset)
        worth = payoffs[:, shape.ends[:, m, :count], shape.sender]
        if infoset != NONE:
            start = tree.infoset_start[infoset]
            worth = worth * profile[:, None, start : start + count]
        found += profile[:, shape.sent[:, m]] * worth.sum(axis=2)
    return found


def _size(tree: Tree, infoset: int) -> int:
    return int(tree.infoset_start[infoset + 1] - tree.infoset_start[infoset])


def _fails(
    shape: Signalling, m: int, payoffs: Array, now: Array, possible: Bools, slack: Array
) -> Bools:
    """Whether some type would send message m after all [W]."""
    count = int((shape.ends[0, m] != NONE).sum())
    ends = shape.ends[:, m, :count]
    sender, receiver = payoffs[:, ends, shape.sender], payoffs[:, ends, shape.receiver]
    some = _reasonable(receiver, possible, slack)
    best = np.where(some[:, None], sender, -np.inf).max(axis=2)
    out = now > best + slack[:, None]
    left = possible & ~out
    answers = _reasonable(receiver, left, slack)
    worst = np.where(answers[:, None], sender, np.inf).min(axis=2)
    return (left & (worst > now + slack[:, None])).any(axis=1) & left.any(axis=1)


def _reasonable(receiver: Array, types: Bools, slack: Array) -> Bools:
    """Which answers [W, R] are best replies to some belief over the types marked [W, T]."""
    found = np.zeros((len(receiver), receiver.shape[2]), dtype=np.bool_)
    codes, inverse = np.unique(types, axis=0, return_inverse=True)
    inverse = inverse.reshape(-1)
    for number, kept in enumerate(codes):
        rows = np.flatnonzero(inverse == number)
        if kept.any():
            found[rows] = _best_somewhere(receiver[rows][:, kept], slack[rows])
    return found


def _best_somewhere(receiver: Array, slack: Array) -> NDArray[np.bool_]:
    """Which answers [W, R] some belief over all types makes best, by payoffs [W, T, R]."""
    from tenbin.forms.tree.solvers.pure_kernel import best_beliefs

    worlds, types, answers = receiver.shape
    found = np.ones((worlds, answers), dtype=np.bool_)
    if answers == 1:
        return found
    for answer in range(answers):
        others = [other for other in range(answers) if other != answer]
        gains = np.ascontiguousarray(receiver[:, :, [answer]] - receiver[:, :, others])
        worth, belief = np.zeros(worlds), np.zeros((worlds, types))
        best_beliefs(gains, worth, belief)
        found[:, answer] = worth >= -slack
    return found
