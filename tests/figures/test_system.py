"""The picture of all models: levels, arrows that arrive at their labels, and nothing overlaps."""

from __future__ import annotations

import io
import random
import re
from itertools import combinations

import pytest
from rich.console import Console

from tenbin.figures.colours import PLAYERS
from tenbin.figures.lettering import text_width
from tenbin.figures.render import render_svg
from tenbin.figures.system import Flow, ModelBox, System, acyclic_flows, levels, system_spec
from tenbin.figures.systemtext import system_text
from tenbin.figures.words import LANGUAGES, picture_words

WORDS = picture_words("en")
NAMES = ("United States", "北朝鮮", "유엔 안전보장이사회와 원자력 공급국")
TITLES = (
    "Deterrence",
    "Cost sharing under a contested threat of withdrawal from the peninsula",
    "核の選択肢を先に公表し後で取り除くという脅しの信憑性をめぐるゲーム",
    "선택지를 먼저 발표하고 나중에 걷어 낸다는 위협의 신빙성에 관한 게임",
)


def system(*boxes: ModelBox) -> System:
    return System(boxes, NAMES, PLAYERS[:3])


def box(key: str, *sources: str, title: str = "") -> ModelBox:
    return ModelBox(
        key, title or key, "game tree", (0, 1), tuple(Flow(s, f"E({s}.US)") for s in sources)
    )


def chain() -> System:
    return system(box("c", "b", "a"), box("a"), box("b", "a"), box("alone"))


def many(count: int, seed: int) -> System:
    """Models with long titles, many players, settings, and links from some of those before."""
    draw = random.Random(seed)
    boxes = []
    for number in range(count):
        sources = draw.sample(range(number), min(number, draw.randrange(4)))
        flows = [
            Flow(f"m{source}", f"P(m{source}.threat.withdraw_all, given=m{source}.demand.five)",
                 tuple(f"troops = {n}" for n in range(draw.randrange(9))))
            for source in sources
        ]  # fmt: skip
        players = tuple(sorted(draw.sample(range(3), draw.randrange(4))))
        title = draw.choice(TITLES)
        boxes.append(ModelBox(f"m{number}", title, "game", players, tuple(flows), "3 claims"))
    return system(*boxes)


def rows(spec: dict, table: str) -> list[dict]:
    return next(data["values"] for data in spec["data"] if data["name"] == table)


def frames(spec: dict) -> list[dict]:
    """The boxes of models: those with an outline."""
    return [row for row in rows(spec, "boxes") if row["stroke"] != "transparent"]


def ends(row: dict) -> tuple[tuple[float, float], tuple[float, float]]:
    """Where a path begins and ends."""
    numbers = [float(n) for n in re.findall(r"-?\d+\.\d+", row["path"])]
    return (numbers[0], numbers[1]), (numbers[-2], numbers[-1])


def inside(frame: dict, x: float, y: float) -> bool:
    return (
        frame["x"] <= x <= frame["x"] + frame["width"]
        and frame["y"] <= y <= frame["y"] + frame["height"]
    )


def test_levels_count_the_models_upstream():
    assert levels(chain()) == {"a": 0, "b": 1, "c": 2, "alone": 0}


def test_upstream_models_stand_to_the_left():
    spec = system_spec(chain(), WORDS)
    left = {row["text"]: row["x"] for row in rows(spec, "texts")}

    assert left["a"] < left["b"] < left["c"]


def test_links_that_close_a_loop_lead_back():
    looped = system(box("a", "b", "a"), box("b", "a"))

    assert acyclic_flows(looped) == [("b", "a")]
    assert [row["strokeDash"] for row in rows(system_spec(looped, WORDS), "paths")] == [
        [], [4, 3], [4, 3],
    ]  # fmt: skip


@pytest.mark.parametrize("count", [1, 2, 7, 13, 20])
@pytest.mark.parametrize("seed", range(3))
def test_boxes_lie_apart_and_inside_the_picture(count: int, seed: int):
    spec = system_spec(many(count, seed), WORDS)

    found = frames(spec)

    assert len(found) == count
    for one, other in combinations(found, 2):
        assert (
            one["x"] + one["width"] <= other["x"]
            or other["x"] + other["width"] <= one["x"]
            or one["y"] + one["height"] <= other["y"]
            or other["y"] + other["height"] <= one["y"]
        )
    assert all(f["x"] >= 0 and f["x"] + f["width"] <= spec["width"] for f in found)
    assert all(f["y"] >= 0 and f["y"] + f["height"] <= spec["height"] for f in found)


@pytest.mark.parametrize("seed", range(3))
def test_texts_stay_inside_their_boxes(seed: int):
    spec = system_spec(many(13, seed), WORDS)

    for text in rows(spec, "texts"):
        (frame,) = [f for f in frames(spec) if inside(f, text["x"], text["y"])]
        assert text["x"] + text_width(text["text"], text["fontSize"]) <= frame["x"] + frame["width"]


@pytest.mark.parametrize("seed", range(3))
def test_lines_pass_over_no_box(seed: int):
    drawn = many(13, seed)
    spec = system_spec(drawn, WORDS)

    for path in rows(spec, "paths"):
        for x, y in sampled(path["path"]):
            shrunk = [{**f, "x": f["x"] + 1, "y": f["y"] + 1, "width": f["width"] - 2,
                       "height": f["height"] - 2} for f in frames(spec)]  # fmt: skip
            assert not any(inside(frame, x, y) for frame in shrunk)


def sampled(path: str) -> list[tuple[float, float]]:
    """Points along the curves of a path."""
    start, *curves = path.split("C")
    x0, y0 = (float(n) for n in start.removeprefix("M").split(","))
    points = []
    for curve in curves:
        x1, y1, x2, y2, x3, y3 = (float(n) for n in re.findall(r"-?\d+\.\d+", curve))
        for step in range(1, 20):
            t = step / 20
            a, b, c, d = (1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3
            points.append((a * x0 + b * x1 + c * x2 + d * x3, a * y0 + b * y1 + c * y2 + d * y3))
        x0, y0 = x3, y3
    return points


def test_every_arrow_arrives_at_its_label():
    drawn = many(13, 0)
    spec = system_spec(drawn, WORDS)
    heads = [row for row in rows(spec, "dots") if row["shape"] == "triangle-right"]

    links = sum(len(one.flows) for one in drawn.models)

    assert len(heads) == len(rows(spec, "paths")) == links
    arrivals = sorted(end for _, end in map(ends, rows(spec, "paths")))
    assert arrivals == sorted((head["x"] - 2, head["y"]) for head in heads)


def test_settings_beyond_the_most_are_counted():
    flow = Flow("a", "E(a.US)", tuple(f"troops = {n}" for n in range(9)))
    spec = system_spec(system(box("a"), ModelBox("b", "b", "game", (), (flow,))), WORDS)

    texts = [row["text"] for row in rows(spec, "texts")]

    assert "troops = 5" in texts
    assert "troops = 6" not in texts
    assert "and 3 more settings" in texts


@pytest.mark.parametrize("language", LANGUAGES)
def test_picture_renders_and_says_what_feeds_what(language: str):
    spec = system_spec(chain(), picture_words(language))

    assert "<svg" in render_svg(spec)
    assert all(name in spec["description"] for name in ("a", "b", "c", "4"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_terminal_lists_upstream_models_first_with_what_each_reads(language: str):
    stream = io.StringIO()
    Console(file=stream, width=100).print(system_text(chain(), picture_words(language)))
    text = stream.getvalue()

    assert text.index("1 a (a)") < text.index("2 b (b)") < text.index("3 c (c)")
    assert text.count("← E(a.US)") == 2
    assert text.count("← E(b.US)") == 1
