"""Circles in what reads what: found once each, with their path."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

__all__ = ["find_cycles"]


def find_cycles(edges: Mapping[str, Iterable[str]]) -> Iterator[tuple[str, ...]]:
    """Circles of a graph, each as its path from a first name back to it.

    Every circle found goes through a name that no earlier one went through, so that a tangle of
    names yields few of them; a graph without circles yields none.
    """
    done: set[str] = set()
    for start in edges:
        if start not in done:
            yield from _from(start, edges, done)


def _from(
    start: str, edges: Mapping[str, Iterable[str]], done: set[str]
) -> Iterator[tuple[str, ...]]:
    path = [start]
    on_path = {start}
    waiting = [iter(edges[start])]
    while waiting:
        following = next((name for name in waiting[-1] if name in edges), None)
        if following is None:
            waiting.pop()
            last = path.pop()
            on_path.discard(last)
            done.add(last)
        elif following in on_path:
            yield (*path[path.index(following) :], following)
        elif following not in done:
            path.append(following)
            on_path.add(following)
            waiting.append(iter(edges[following]))
