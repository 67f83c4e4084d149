"""Drawings of trees: what is in the picture, and what a large game is made into."""

from __future__ import annotations

import io
from dataclasses import replace

import numpy as np
from rich.console import Console

from tenbin.figures.colours import PLAYERS
from tenbin.figures.render import render_svg
from tenbin.figures.words import picture_words
from tenbin.forms.tree.draw import TreeLabels, draw_tree, text_tree, tree_labels
from tenbin.forms.tree.expand import TYPES
from tenbin.forms.tree.tables import NONE, Tree, TreeGame, TreeSolution
from tenbin.scenario.build import Scenario

LABELS = TreeLabels(
    picture_words("en"),
    ("Sender", "Receiver"),
    PLAYERS[:2],
    {"speak": "Speech", TYPES: "private types", "speak.loud": "shout"},
    {"Sender": "Sender", "Receiver": "Receiver"},
    {"speak": 0, "answer": 1},
)


def signalling(copies: int = 1) -> TreeGame:
    """Two types of sender, loud or soft; one answer seen without the type, in `copies` ends."""
    rows: list[tuple[int, int, int, int, int, str]] = [(NONE, NONE, NONE, NONE, NONE, TYPES)]
    terminal = 0
    for kind in range(2):
        speak = len(rows)
        rows.append((0, NONE, kind, kind, NONE, "speak"))
        for signal in range(2):
            answer = len(rows)
            rows.append((speak, 2 * kind + signal, NONE, 2 + signal, NONE, "answer"))
            for reply in range(copies):
                action = 4 + copies * signal + reply
                rows.append((answer, action, NONE, NONE, terminal, f"end_{reply}"))
                terminal += 1
    columns = [np.array(column, dtype=np.int32) for column in list(zip(*rows, strict=True))[:5]]
    tree = Tree(
        ("Sender", "Receiver"),
        *columns,
        infoset_player=np.array([0, 0, 1, 1], dtype=np.int32),
        infoset_start=np.array([0, 2, 4, 4 + copies, 4 + 2 * copies], dtype=np.int32),
        infoset_names=("speak|strong", "speak|weak", "answer|loud", "answer|soft"),
        action_names=("loud", "soft", "loud", "soft", *(f"r{i}" for i in range(copies))) * 1
        + tuple(f"r{i}" for i in range(copies)),
        node_names=tuple(row[5] for row in rows),
        branch_names=("Sender.strong", "Sender.weak"),
    )
    payoffs = np.zeros((1, terminal, 2))
    payoffs[0, :, 0] = np.arange(terminal)
    return TreeGame(tree, np.array([[0.25, 0.75]]), payoffs, np.array([True]))


def separating(game: TreeGame) -> TreeSolution:
    """Strong is loud, weak is soft; the first reply always. Trembles beyond any float."""
    profile = np.zeros((1, 1, game.tree.n_actions))
    profile[0, 0, [0, 3]] = 1.0
    profile[0, 0, game.tree.infoset_start[2:4]] = 1.0
    witness = np.where(profile > 0, 0.0, -1e5)
    witness[0, 0, 2] = -2e5
    found, solved = np.array([[True]]), np.zeros(1, dtype=np.int8)
    return TreeSolution(game.tree, profile, witness, found, solved, np.array([True]), "by hand")


def texts(spec) -> list[str]:
    return [row["text"] for row in spec["data"][3]["values"]]


def printed(renderable, width: int = 120) -> str:
    stream = io.StringIO()
    Console(file=stream, width=width).print(renderable)
    return stream.getvalue()


def test_small_game_is_drawn_whole():
    game = signalling(2)

    (drawing,) = draw_tree(game, LABELS, separating(game))

    assert drawing.kind == "tree"
    assert drawing.caption.startswith("The whole game: 8 ends.")
    assert "<svg" in render_svg(drawing.spec)


def test_types_titles_and_probabilities_are_written():
    game = signalling(2)

    written = texts(draw_tree(game, LABELS, separating(game))[0].spec)

    assert "Sender: strong  25%" in written
    assert "shout  100%" in written
    assert "Sender: Speech" in written
    assert "end 0" in written


def test_unsolved_game_is_drawn_with_chance_alone():
    game = signalling(2)

    (drawing,) = draw_tree(game, LABELS)

    assert drawing.caption.startswith("The central world is not solved")
    assert "Sender: weak  75%" in texts(drawing.spec)
    assert "shout" in texts(drawing.spec)


def test_beliefs_come_from_the_witness_on_and_off_the_path():
    game = signalling(2)
    solution = separating(game)
    solution.profile[0, 0, :4] = [0.0, 1.0, 0.0, 1.0]
    solution.log_witness[0, 0, :4] = [-1e5, 0.0, -1e5, 0.0]

    text = printed(text_tree(game, LABELS, solution))

    assert text.count("(belief 25%)") == 2
    assert text.count("(belief 75%)") == 2


def test_large_game_is_drawn_by_moves_and_by_its_likely_ways():
    game = signalling(20)

    moves, paths = draw_tree(game, LABELS, separating(game))

    assert moves.kind == "moves"
    assert "80 ends" in moves.caption
    assert paths.kind == "paths"
    assert paths.caption.startswith("The 2 most probable ways")
    assert "probability 100%" in paths.caption


def test_boxes_show_what_each_type_does():
    game = signalling(20)

    written = texts(draw_tree(game, LABELS, separating(game))[0].spec)

    assert {"strong", "weak"} <= set(written)
    assert "reached 100%" in written


def test_large_unsolved_game_is_drawn_by_moves_alone():
    assert [drawing.kind for drawing in draw_tree(signalling(20), LABELS)] == ["moves"]


def test_large_game_as_text_lists_moves_then_ends():
    game = signalling(20)

    text = printed(text_tree(game, LABELS, separating(game)))

    assert "Sender: Speech" in text
    assert "shout 25% → answer" in text
    assert "Ends" in text


def test_labels_follow_the_language_and_shorten_players():
    scenario = Scenario.from_dict(
        {
            "tenbin": 1,
            "title": "Labels",
            "players": {
                "US": {"en": "United States (president)", "ja": "米国（大統領）"},
                "ROK": {"en": "Republic of Korea", "ja": "韓国"},
            },
            "models": {
                "m": {
                    "form": "tree",
                    "start": "move",
                    "moves": {
                        "move": {
                            "player": "US",
                            "title": {"en": "Move", "ja": "一手"},
                            "actions": {
                                "go": {"to": "end", "title": {"ja": "行く"}},
                                "stay": "end",
                            },
                        }
                    },
                    "ends": {"end": {"US": 0, "ROK": 0}},
                }
            },
        }
    )

    english = tree_labels(scenario, "m", ("US", "ROK"), "en")
    japanese = tree_labels(scenario, "m", ("US", "ROK"), "ja")

    assert english.players == ("United States", "ROK")
    assert japanese.players == ("米国", "韓国")
    assert (english.node("move"), japanese.node("move")) == ("Move", "一手")
    assert (japanese.edge("move", "go"), japanese.edge("move", "stay")) == ("行く", "stay")


def test_types_are_called_by_their_titles():
    titled = {"Sender.strong": "in Stärke", "Sender.weak": "schwach"}
    small, large = signalling(2), signalling(20)
    labels = replace(LABELS, kinds=titled)

    assert "Sender: in Stärke  25%" in texts(draw_tree(small, labels)[0].spec)
    boxes = texts(draw_tree(large, labels, separating(large))[0].spec)
    assert {"in Stärke", "schwach"} <= set(boxes)


def test_titles_of_types_are_read_in_the_language_asked_for():
    scenario = Scenario.from_dict(
        {
            "tenbin": 1,
            "title": "Types",
            "players": {"US": "United States"},
            "models": {
                "m": {
                    "form": "tree",
                    "types": {"US": {"firm": 0.5, "weak": "rest"}},
                    "type_titles": {"US": {"firm": {"en": "resolved", "ja": "断固"}}},
                    "start": "move",
                    "moves": {"move": {"player": "US", "actions": {"go": "end"}}},
                    "ends": {"end": {"US": 0}},
                }
            },
        }
    )

    labels = tree_labels(scenario, "m", ("US",), "ja")

    assert labels.edge(TYPES, "US.firm") == "United States: 断固"
    assert labels.edge(TYPES, "US.weak") == "United States: weak"
