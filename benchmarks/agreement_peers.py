"""Peers in a child process with a limit of CPU time: a call that takes longer is ended.

Profiles come back as rows of floats in the peer's order: by player, then by information set.
"""

from __future__ import annotations

import io
import multiprocessing
import signal
from collections.abc import Callable, Iterable
from multiprocessing.connection import Connection
from typing import Any

import numpy as np

__all__ = ["PEERS", "Child", "TimedOutError"]

Rows = list[list[float]]


class TimedOutError(Exception):
    """The peer did not answer within its time."""


def _behaviour(profiles: Iterable[Any]) -> Rows:
    """Behaviour probabilities of every action, a row per profile."""
    return [
        [float(p) for player in profile for _, row in player for _, p in row]
        for profile in profiles
    ]


def _game(text: str) -> Any:
    import pygambit

    return pygambit.read_efg(io.StringIO(text))


def _logit(text: str, precision: float) -> Rows:
    from pygambit.qre import logit_solve_lambda

    row = logit_solve_lambda(_game(text), precision)[0]
    return [[float(row[i]) for i in range(len(row))]]


def _lcp(text: str) -> Rows:
    from pygambit.nash import lcp_solve

    return _behaviour([lcp_solve(_game(text), rational=False).equilibrium])


def _enummixed(text: str) -> Rows:
    from pygambit.nash import enummixed_solve

    found = enummixed_solve(_game(text), rational=False).equilibria
    return _behaviour(profile.as_behavior() for profile in found)


def _enumpure(text: str) -> Rows:
    from pygambit.nash import enumpure_solve

    return _behaviour(profile.as_behavior() for profile in enumpure_solve(_game(text)).equilibria)


def _enumpoly(text: str) -> Rows:
    from pygambit.nash import enumpoly_solve

    return _behaviour(enumpoly_solve(_game(text)).equilibria)


def _quantecon(first: Any, second: Any) -> Rows:
    """Support enumeration of a bimatrix game: both mixes in one row."""
    from quantecon.game_theory import NormalFormGame, Player, support_enumeration

    players = [Player(first), Player(second.T.copy())]
    found = support_enumeration(NormalFormGame(players))
    return [[*map(float, x), *map(float, y)] for x, y in found]


PEERS: dict[str, Callable[..., Rows]] = {
    "logit": _logit,
    "lcp": _lcp,
    "enummixed": _enummixed,
    "enumpure": _enumpure,
    "enumpoly": _enumpoly,
    "quantecon": _quantecon,
}


def _serve(line: Connection, seconds: float) -> None:
    """Answer calls; the system ends the process where one takes more CPU time than it may."""
    while True:
        peer, arguments = line.recv()
        signal.setitimer(signal.ITIMER_PROF, seconds if peer else 0.0)
        try:
            answer = (True, PEERS[peer](*arguments) if peer else _warm(*arguments))
        except (RuntimeError, ValueError, ArithmeticError) as error:
            answer = (False, f"{type(error).__name__}: {error}")
        signal.setitimer(signal.ITIMER_PROF, 0.0)
        line.send(answer)


def _warm(package: str) -> Rows:
    """Load and compile what takes long the first time."""
    if package == "quantecon":
        return _quantecon(np.eye(2), np.eye(2))
    _game('EFG 2 R "" { "A" }\np "" 1 1 "" { "a" "b" } 0\nt "" 1 "" { 0 }\nt "" 2 "" { 1 }\n')
    return []


class Child:
    """A process that answers calls of peers one after the other; begun anew where one hangs."""

    def __init__(self, seconds: float, package: str = "pygambit") -> None:
        self.seconds, self.package = seconds, package
        self._process: Any = None
        self._line: Any = None

    def ask(self, peer: str, *arguments: Any) -> Rows:
        """The peer's profiles.

        Raises
        ------
        TimedOutError
            If there is no answer in time.
        RuntimeError
            If the peer raised an error, with its text.
        """
        if self._process is None:
            self._begin()
        self._line.send((peer, arguments))
        try:
            fine, answer = self._line.recv()
        except EOFError:
            self.close()
            raise TimedOutError from None
        if not fine:
            raise RuntimeError(answer)
        return answer

    def close(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.kill()
            self._process.join()
        self._process = None

    def _begin(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._line, other = context.Pipe()
        self._process = context.Process(target=_serve, args=(other, self.seconds), daemon=True)
        self._process.start()
        other.close()
        self._line.send(("", (self.package,)))
        self._line.recv()
