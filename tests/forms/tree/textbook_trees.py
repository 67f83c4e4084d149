"""Games from the literature with several equilibria, as trees."""

from __future__ import annotations

from typing import Any

from forms.tree.hand_made import make_game
from tenbin.forms.tree.tables import TreeGame


def beer_quiche(strong: float, worlds: int = 1) -> TreeGame:
    """Cho and Kreps (1987), figure 1."""

    def reply(meal: str, kind: str) -> Any:
        liked = float((kind == "strong") == (meal == "beer"))
        duel = (liked, 0 if kind == "strong" else 1)
        leave = (liked + 2, 1 if kind == "strong" else 0)
        return ("bully", meal, {"duel": duel, "leave": leave})

    def order(kind: str) -> Any:
        return ("sender", kind, {meal: reply(meal, kind) for meal in ("beer", "quiche")})

    kinds = {"strong": (strong, order("strong")), "weak": (1 - strong, order("weak"))}
    return make_game("sender bully", ("chance", kinds), worlds)


def selten_horse() -> TreeGame:
    """Selten (1975), figure 1."""
    three = {"L": (4, 4, 0), "R": (0, 0, 1)}
    two = ("two", "2", {"c": (1, 1, 1), "d": ("three", "3", three)})
    out = ("three", "3", {"L": (3, 3, 2), "R": (0, 0, 0)})
    return make_game("one two three", ("one", "1", {"C": two, "D": out}))


def entry_deterrence() -> TreeGame:
    """An entrant and an incumbent who would fight only if that were in its interest."""
    entered = ("incumbent", "in", {"fight": (-1, -1), "share": (1, 1)})
    return make_game("entrant incumbent", ("entrant", "e", {"out": (0, 2), "in": entered}))


def chain_store(towns: int) -> TreeGame:
    """Selten (1978): the same entry in one town after another, all seen by all."""
    players = ["store", *(f"town{i}" for i in range(towns))]

    def town(i: int, store: float, past: tuple[float, ...]) -> Any:
        if i == towns:
            return (store, *past)
        fight = town(i + 1, store - 1, (*past, -1))
        share = town(i + 1, store + 1, (*past, 1))
        name = f"{i}:{past}:{store}"
        entered = ("store", "s" + name, {"fight": fight, "share": share})
        stayed = town(i + 1, store + 2, (*past, 0))
        return (players[i + 1], "t" + name, {"out": stayed, "in": entered})

    return make_game(" ".join(players), town(0, 0.0, ()))


def three_by_two(payoffs: dict[str, tuple[float, float, float]]) -> TreeGame:
    """Three players choose 0 or 1 at the same time; payoffs by what is chosen, as "010"."""

    def third(past: str) -> Any:
        return ("three", "3", {a: payoffs[past + a] for a in "01"})

    def second(past: str) -> Any:
        return ("two", "2", {a: third(past + a) for a in "01"})

    return make_game("one two three", ("one", "1", {a: second(a) for a in "01"}))


def nau_2004() -> TreeGame:
    """Nau, Gomez Canovas and Hansen (2004): whole numbers, one equilibrium, and it is irrational.

    Player two plays the first action with probability (sqrt 601 - 13) / 24.
    """
    return three_by_two(
        {
            "000": (3, 0, 2), "010": (0, 2, 0), "100": (0, 1, 0), "110": (1, 0, 0),
            "001": (1, 0, 0), "011": (0, 1, 0), "101": (0, 3, 0), "111": (2, 0, 3),
        }
    )  # fmt: skip
