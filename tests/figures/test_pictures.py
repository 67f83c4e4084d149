"""Pictures render without a browser, say what they show, and load nothing."""

import io
import re

import pytest
from rich.console import Console

from tenbin.figures.colours import PLAYERS
from tenbin.figures.gametree import GameTree, Point, figure, percent, tree_spec
from tenbin.figures.movegraph import EndRow, MoveBox, MoveGraph, Way, moves_spec
from tenbin.figures.plain import moves_text, tree_text
from tenbin.figures.render import accessible, render_png, render_svg
from tenbin.figures.strips import bar_strip, histogram_strip, share_strip, word_symbol
from tenbin.figures.ways import likely_ways, merged_histories
from tenbin.figures.words import LANGUAGES, picture_words

WORDS = picture_words("en")


def drawn_twice() -> GameTree:
    """Two types, then the same move in one information set; the second type never fights."""
    points = [Point(-1, "chance", "types", reach=1.0)]
    for offset, (kind, prior, fights) in enumerate((("strong", 0.4, 1.0), ("weak", 0.6, 0.0))):
        top = 1 + 3 * offset
        points += [
            Point(0, "decision", "Stand", 0, kind, prior, prior, 0, prior),
            Point(top, "end", "War", None, "fight", fights, prior * fights, payoffs=(1.0, -1.0)),
            Point(top, "end", "Peace", None, "yield", 1 - fights, prior * (1 - fights),
                  payoffs=(0.0, 2.0)),
        ]  # fmt: skip
    return GameTree(tuple(points), ("US", "北朝鮮"), PLAYERS[:2])


def unsolved() -> GameTree:
    tree = drawn_twice()
    bare = tuple(
        Point(p.parent, p.kind, p.title, p.player, p.edge, group=p.group, payoffs=p.payoffs)
        for p in tree.points
    )
    return GameTree(bare, tree.players, tree.colours)


def by_moves() -> MoveGraph:
    ways = (
        Way("fight", "war", 0.4, 0.4, (1.0, 0.0)),
        Way("yield <now>", "peace", 0.6, 0.6, (0, 1)),
    )
    box = MoveBox("stand", "Stand", 0, 1.0, ways, ("strong", "weak"))
    ends = (EndRow("war", "War", 0.4, (1.0, -1.0)), EndRow("peace", "Peace", 0.6, (0.0, 2.0)))
    return MoveGraph((box,), ends, ("US", "DPRK"), PLAYERS[:2])


def printed(renderable: object, width: int = 100) -> str:
    stream = io.StringIO()
    Console(file=stream, width=width).print(renderable)
    return stream.getvalue()


@pytest.mark.parametrize("tree", [drawn_twice(), unsolved()], ids=["solved", "unsolved"])
def test_tree_renders_with_its_texts(tree: GameTree):
    svg = render_svg(tree_spec(tree, WORDS))

    assert all(text in svg for text in ("Stand", "War", "Peace", "北朝鮮", "strong"))


def test_tree_joins_an_information_set_by_a_dashed_curve():
    paths = tree_spec(drawn_twice(), WORDS)["data"][0]["values"]

    dashed = [row for row in paths if row["strokeDash"] == [5, 4]]

    assert len(dashed) == 1
    assert "C" in dashed[0]["path"]


def test_tree_draws_likelier_ways_thicker():
    paths = tree_spec(drawn_twice(), WORDS)["data"][0]["values"]
    widths = sorted(row["strokeWidth"] for row in paths if "L" in row["path"])

    assert widths[-1] > widths[0] + 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_description_names_the_likeliest_ends(language: str):
    text = tree_spec(drawn_twice(), picture_words(language))["description"]

    assert text.index("Peace") < text.index("War")


def test_png_is_a_png():
    assert render_png(moves_spec(by_moves(), WORDS), 1.0).startswith(b"\x89PNG")


def test_moves_render_with_types_and_escaped_texts():
    svg = render_svg(moves_spec(by_moves(), WORDS))

    assert "strong" in svg
    assert "yield &lt;now&gt;" in svg


def test_renderer_loads_nothing_from_outside():
    spec = {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "data": {"url": "https://example.org/data.csv"},
        "mark": "point",
        "encoding": {"x": {"field": "a", "type": "quantitative"}},
    }

    with pytest.raises(ValueError, match=r"example\.org"):
        render_svg(spec)


def test_accessible_picture_is_one_image_with_unique_ids():
    svg = accessible(render_svg(moves_spec(by_moves(), WORDS)), "x1", "A <game>", "What & how")

    assert svg.startswith('<svg role="img" aria-labelledby="x1-title x1-text"')
    assert '<title id="x1-title">A &lt;game&gt;</title>' in svg
    assert all(name.startswith("x1-") for name in re.findall(r'\bid="([^"]+)"', svg))
    assert " style=" not in svg


@pytest.mark.parametrize("tree", [drawn_twice(), unsolved()], ids=["solved", "unsolved"])
def test_tree_as_text_can_be_read_without_colour(tree: GameTree):
    text = printed(tree_text(tree, WORDS))

    assert "US: Stand ⟨1⟩" in text
    assert ("fight 100%" in text) == tree.solved
    assert "War" in text


def test_moves_as_text_say_where_actions_lead():
    text = printed(moves_text(by_moves(), WORDS), 80)

    assert "fight 40% → War" in text
    assert "Peace  US 0  DPRK 2  (60%)" in text


def test_merged_histories_forget_types():
    merged = merged_histories(drawn_twice(), skip_root=True)

    assert [point.title for point in merged.points] == ["Stand", "War", "Peace"]
    assert [point.reach for point in merged.points] == pytest.approx([1.0, 0.4, 0.6])
    assert merged.points[1].probability == pytest.approx(0.4)
    assert merged.points[1].payoffs == pytest.approx((1.0, -1.0))


def test_likely_ways_keep_the_likeliest_and_gather_the_rest():
    merged = merged_histories(drawn_twice(), skip_root=True)

    kept, covered = likely_ways(merged, WORDS, keep=1)

    assert covered == pytest.approx(0.6)
    assert [point.kind for point in kept.points] == ["decision", "rest", "end"]
    assert kept.points[1].title == "1 less likely end"


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0.0, "0%"),
        (1.0, "100%"),
        (1e-5, "<0.1%"),
        (0.99995, ">99.9%"),
        (0.0123, "1.2%"),
        (0.4, "40%"),
    ],
)
def test_percent_never_rounds_to_none_or_all(share: float, text: str):
    assert percent(share) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (-0.5, "−0.5"),
        (0.0, "0"),
        (-0.0, "0"),
        (28500, "28,500"),
        (1.23456, "1.23"),
        (float("nan"), "–"),
    ],
)
def test_figures_have_three_digits(value: float, text: str):
    assert figure(value) == text


def test_share_strip_is_as_long_as_the_shares():
    svg = share_strip(
        {"holds": 0.25, "mixed": 0.0, "fails": 0.75, "unsolved": 0.0}, (0.2, 0.3), 100
    )

    assert 'width="25"' in svg
    assert 'width="75"' in svg
    assert "style" not in svg


def test_histogram_strip_shows_every_bin_that_holds_something():
    svg = histogram_strip([1000, 0, 1], [0.0, 0.1, 1.0], width=30)

    assert svg.count("z") == 2
    assert "v-1.2" in svg


def test_bar_strip_is_as_long_as_its_share():
    assert 'width="79"' in bar_strip(0.5, "#000", 160)
    assert 'width="1"' in bar_strip(0.0, "#000", 160)


def test_symbols_are_fuller_the_truer():
    arcs = {word: word_symbol(word) for word in ("mostly holds", "depends", "mostly fails")}

    assert " 0 1 1 " in arcs["mostly holds"]
    assert " 0 0 1 " in arcs["mostly fails"]
    assert "path" not in word_symbol("fails")
    assert word_symbol("undecided") == "?"
