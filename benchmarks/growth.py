"""How the cost per world grows with the tree and with the number of worlds; and a large tree.

One thread; CPU seconds of solving alone: games are drawn before the clock starts. Writes
`growth-trees.svg` and `growth-worlds.svg` beside this file.

    python benchmarks/growth.py [--seconds S] [--most WORLDS] [--only trees|worlds|large]
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from agreement_games import Node, efg
from games import make_crisis, make_six_moves

from tenbin.figures.colours import GRID, INK, MUTED, PLAYERS
from tenbin.figures.lettering import FONTS
from tenbin.figures.render import render_svg
from tenbin.forms.contract import SolverOptions
from tenbin.forms.tree.certify import certify_tree
from tenbin.forms.tree.exchange import parse_game
from tenbin.forms.tree.exchange_file import game_of_file
from tenbin.forms.tree.exchange_text import GameText
from tenbin.forms.tree.room import solve_game
from tenbin.forms.tree.tables import TreeGame
from tenbin.library import find_scenario
from tenbin.run import Setting
from tenbin.run.jobs import make_plan
from tenbin.run.solving import bind_job
from tenbin.scenario import load_scenario
from tenbin.worlds import draw_worlds

HERE = Path(__file__).parent
BATCH = 10_000
"""Worlds solved at once; also how many are drawn, further batches being the same worlds again."""
TYPES = (2, 3, 4, 6, 8, 12, 16, 24, 32, 50)
MOVES = (4, 6, 8, 10, 12, 13)
SAMPLE = 2_000
LANES = 16
"""Worlds that the solver works on side by side: fewer would leave some of them idle."""
ABOVE, BELOW = -5, 8
"""How far below its last point the name of a series stands: of all but the lowest, of that."""
LARGE = "burden"
LARGE_WORLDS = 1_024
BAR = 300


@dataclass(frozen=True)
class Point:
    """One measurement: CPU seconds per world of a series at a size."""

    series: str
    size: int
    unknowns: int
    worlds: int
    certified: float
    seconds: float


def typed_crisis(types: int, worlds: int, seed: int) -> TreeGame:
    """A challenge, an answer, a last word; so many private types a side; 4 ends per pair of types.

    Nothing in it is a subgame, so that all of it is one system of equations.
    """
    end = ("end", (0, 0))

    def play(c: int, d: int) -> Node:
        answer = ("move", 1, f"{d}", [end, ("move", 0, f"last {c}", [end, end])])
        return ("move", 0, f"{c}", [end, answer])

    pairs = [(1, play(c, d)) for c in range(types) for d in range(types)]
    tree = game_of_file(parse_game(GameText("crisis", efg(("chance", pairs), 2)), ".efg")).tree
    rng = np.random.default_rng(seed)
    first, second = rng.dirichlet(np.full(types, 5.0), (2, worlds))
    chance = (first[:, :, None] * second[:, None, :]).reshape(worlds, -1)
    payoffs = rng.normal(size=(worlds, tree.n_terminals, 2))
    return TreeGame(tree, chance, payoffs, np.ones(worlds, dtype=np.bool_))


def measure(series: str, game: TreeGame, concept: str, most: int, seconds: float) -> Point:
    """CPU seconds per world, of as many batches as `most` worlds or the time allow."""
    options = SolverOptions(concept=concept, threads=1)
    warm = _part(game, min(game.n_worlds, 4))
    solve_game(warm, options)
    done, spent = 0, 0.0
    certified: list[float] = []
    while done < most and (done == 0 or spent < seconds):
        step = min(game.n_worlds, most - done)
        batch = _part(game, step)
        begin = time.process_time()
        solution = solve_game(batch, options)
        spent += time.process_time() - begin
        done += step
        if len(certified) == 0:
            certified = certify_tree(batch, solution, 1e-6).certified[:, 0].tolist()
    tree = game.tree
    unknowns = tree.n_actions - tree.n_infosets
    share = sum(certified) / len(certified)
    return Point(series, tree.n_terminals, unknowns, done, share, spent / done)


def _part(game: TreeGame, worlds: int) -> TreeGame:
    return TreeGame(game.tree, game.chance[:worlds], game.payoffs[:worlds], game.valid[:worlds])


def grow_trees(seconds: float) -> Iterator[Point]:
    """Cost per world against terminal nodes."""
    for types in TYPES:
        worlds = max(LANES, min(SAMPLE, 400_000 // types**3))
        game = typed_crisis(types, worlds, seed=types)
        yield measure("sequential, types on both sides", game, "sequential", worlds, seconds)
    for moves in MOVES:
        worlds = min(SAMPLE, 2_000_000 // 2**moves)
        game = make_six_moves(worlds, seed=moves, moves=moves)
        yield measure("sequential, perfect information", game, "sequential", worlds, seconds)
        yield measure("perfect, perfect information", game, "perfect", worlds, seconds)


def grow_worlds(most: int, seconds: float) -> Iterator[Point]:
    """Cost per world against the number of worlds."""
    crisis, moves = make_crisis(16, BATCH, seed=1), make_six_moves(BATCH, seed=1)
    series: tuple[tuple[str, TreeGame, str], ...] = (
        ("sequential, 16 ends, types on both sides", crisis, "sequential"),
        ("perfect, 64 ends", moves, "perfect"),
    )
    for name, game, concept in series:
        worlds, cost = 100, 0.0
        while worlds <= most and worlds * cost <= seconds:
            point = measure(name, game, concept, worlds, seconds=np.inf)
            cost = point.seconds
            yield point
            worlds *= 10


def large_tree() -> str:
    """korea's largest tree, the solver alone: worlds per CPU second of one thread."""
    scenario = load_scenario(find_scenario("korea"))
    plan = make_plan(scenario, (), LARGE_WORLDS, jobs=[(LARGE, Setting())])
    planned = plan.planned(plan.resolver.job(LARGE, Setting()))
    draws = draw_worlds(scenario, 0, LARGE_WORLDS)
    game = bind_job(scenario, planned, draws, {}, LARGE_WORLDS).game
    point = measure(LARGE, game, "sequential", LARGE_WORLDS, 60.0)
    return (
        f"{LARGE}: {point.size} ends, {point.unknowns} unknowns, {point.worlds} worlds, "
        f"{1 / point.seconds:.0f} worlds per CPU s (bar {BAR}), {point.certified:.2%} certified"
    )


# -- tables and pictures -------------------------------------------------------------------------


def table(points: list[Point]) -> str:
    """The measurements as lines."""
    lines = [
        f"{'series':<42} {'ends':>7} {'unknowns':>8} {'worlds':>10} {'certified':>9} {'us':>12}"
    ]
    lines += [
        f"{p.series:<42} {p.size:>7,} {p.unknowns:>8} {p.worlds:>10,} {p.certified:>9.2%} "
        f"{1e6 * p.seconds:>12,.1f}"
        for p in points
    ]
    return "\n".join(lines)


def picture(points: list[Point], across: Callable[[Point], int], title: str) -> dict[str, Any]:
    """Cost per world against something, both logarithmic, each series named at its end."""
    names = list(dict.fromkeys(point.series for point in points))
    rows = [
        {"series": p.series, "x": across(p), "us": 1e6 * p.seconds, "text": p.series}
        for p in points
    ]
    ends = [max((r for r in rows if r["series"] == name), key=lambda r: r["x"]) for name in names]
    ends.sort(key=lambda r: r["us"])
    colour = {
        "field": "series",
        "scale": {"domain": names, "range": list(PLAYERS[: len(names)])},
        "legend": None,
    }
    shape = {"field": "series", "scale": {"domain": names}, "legend": None}
    x = {"field": "x", "type": "quantitative", "scale": {"type": "log"}, "title": title}
    y = {
        "field": "us",
        "type": "quantitative",
        "scale": {"type": "log"},
        "title": "microseconds of CPU per world",
    }
    axis = {"gridColor": GRID, "labelColor": MUTED, "titleColor": INK, "domainColor": MUTED}
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "width": 520,
        "height": 300,
        "background": "white",
        "padding": 8,
        "config": {"font": FONTS, "axis": {**axis, "format": "~s", "tickCount": 6}},
        "layer": [
            {
                "data": {"values": rows},
                "mark": {"type": "line"},
                "encoding": {"x": x, "y": y, "color": colour},
            },
            {
                "data": {"values": rows},
                "mark": {"type": "point", "filled": True, "size": 45},
                "encoding": {"x": x, "y": y, "color": colour, "shape": shape},
            },
            *(
                {
                    "data": {"values": values},
                    "mark": {"type": "text", "align": "left", "dx": 8, "dy": away, "fontSize": 12},
                    "encoding": {"x": x, "y": y, "color": colour, "text": {"field": "text"}},
                }
                for values, away in ((ends[:1], BELOW), (ends[1:], ABOVE))
            ),
        ],
    }


def main() -> None:
    """Print the tables and write the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=40.0, help="CPU time of one measurement")
    parser.add_argument("--most", type=int, default=10_000_000, help="most worlds")
    parser.add_argument("--only", choices=("trees", "worlds", "large"))
    arguments = parser.parse_args()
    if arguments.only in (None, "trees"):
        points = list(grow_trees(arguments.seconds))
        print(table(points), flush=True)
        spec = picture(points, lambda p: p.size, "terminal nodes")
        (HERE / "growth-trees.svg").write_text(render_svg(spec), "utf-8")
    if arguments.only in (None, "worlds"):
        points = list(grow_worlds(arguments.most, arguments.seconds))
        print(table(points), flush=True)
        spec = picture(points, lambda p: p.worlds, "worlds")
        (HERE / "growth-worlds.svg").write_text(render_svg(spec), "utf-8")
    if arguments.only in (None, "large"):
        print(large_tree())


if __name__ == "__main__":
    main()
