"""Colours stay apart for readers who see few of them, and text in them can be read."""

from itertools import combinations

import numpy as np
import pytest
from numpy.typing import NDArray

from tenbin.figures.colours import (
    CHANCE,
    INK,
    MARKS,
    PLAYERS,
    SHARES,
    SYMBOLS,
    VERDICTS,
    player_colours,
    player_mark,
    tint,
)

Floats = NDArray[np.float64]

VISIONS = {
    "normal": np.eye(3),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "tritanopia": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}
"""Simulated vision at full severity, on linear RGB (Machado, Oliveira and Fernandes 2009)."""


def linear(colour: str) -> Floats:
    channels = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def contrast_on_white(colour: str) -> float:
    return 1.05 / (float(linear(colour) @ [0.2126, 0.7152, 0.0722]) + 0.05)


def lab(rgb: Floats) -> Floats:
    matrix = np.array(
        [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    )
    xyz = matrix @ np.clip(rgb, 0, 1) / np.array([0.95047, 1, 1.08883])
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def distance(one: str, other: str, vision: str) -> float:
    seen = [lab(VISIONS[vision] @ linear(colour)) for colour in (one, other)]
    return float(np.linalg.norm(seen[0] - seen[1]))


@pytest.mark.parametrize("vision", VISIONS)
def test_first_six_players_stay_apart(vision: str):
    nearest = min(distance(a, b, vision) for a, b in combinations(PLAYERS[:6], 2))

    assert nearest > 15


@pytest.mark.parametrize("vision", VISIONS)
def test_shares_and_verdicts_stay_apart(vision: str):
    words = [VERDICTS[w] for w in ("holds", "mostly holds", "depends", "mostly fails", "fails")]

    assert min(distance(a, b, vision) for a, b in combinations(words, 2)) > 10
    assert min(distance(a, b, vision) for a, b in combinations(SHARES.values(), 2)) > 20


@pytest.mark.parametrize("colour", PLAYERS)
def test_player_colours_carry_text_on_white(colour: str):
    assert contrast_on_white(colour) >= 4.5


def test_every_verdict_has_a_symbol_of_its_own_within_its_kind():
    assert SYMBOLS.keys() == VERDICTS.keys()
    assert len({SYMBOLS[w] for w in list(SYMBOLS)[:7]}) == 7


@pytest.mark.parametrize("vision", VISIONS)
def test_all_players_stay_apart_and_from_ink_and_chance(vision: str):
    nearest = min(distance(a, b, vision) for a, b in combinations(PLAYERS, 2))
    signs = min(distance(a, b, vision) for a in PLAYERS for b in (INK, CHANCE))

    assert nearest > 13
    assert signs > 10


def test_no_two_players_share_both_colour_and_mark():
    names = [f"p{i}" for i in range(len(PLAYERS) * len(MARKS))]

    colours = player_colours(names)
    signs = {(colours[name], player_mark(number)) for number, name in enumerate(names)}

    assert colours["p0"] == colours[names[len(PLAYERS)]] == PLAYERS[0]
    assert len(signs) == len(names)


def test_tint_goes_to_white():
    assert tint("#0b5cad", 0.0) == "#ffffff"
    assert tint("#0b5cad", 1.0) == "#0b5cad"
