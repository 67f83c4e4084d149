"""Colours, the same everywhere: one per player in order, one per verdict and per kind of share.

All of them stay apart under simulated protanopia, deuteranopia and tritanopia (tested), those
that carry text reach a contrast of 4.5 on white, and none is the only sign of anything: players
are named beside their colour, verdicts carry a symbol.
"""

from __future__ import annotations

from collections.abc import Sequence

__all__ = [
    "CHANCE",
    "FAINT",
    "GRID",
    "INK",
    "MARKS",
    "MUTED",
    "PAPER",
    "PLAYERS",
    "SHARES",
    "SYMBOLS",
    "VERDICTS",
    "player_colours",
    "player_mark",
    "tint",
]

INK = "#1d1d1b"
MUTED = "#5c5c58"
FAINT = "#b9b9b3"
GRID = "#e3e3de"
PAPER = "#ffffff"
CHANCE = "#5c5c58"

PLAYERS = (
    "#0b5cad",
    "#c24400",
    "#5a1a4a",
    "#6a1fd0",
    "#1c3b11",
    "#ba3678",
    "#a86048",
    "#240672",
    "#368418",
    "#961830",
    "#cc12cc",
    "#8a66a2",
    "#0c66fc",
    "#664200",
    "#7e0678",
    "#0600fc",
)
"""In the order in which a scenario names its players; past sixteen they repeat with another mark.

No two are nearer than 13 in CIELAB to any of the four kinds of eyes that the tests simulate;
where hues fall together, lightness tells them apart.
"""

MARKS = ("circle", "square", "triangle-up", "diamond")
"""The mark of the first sixteen players, of the next sixteen, and so on."""

VERDICTS = {
    "holds": "#01665e",
    "mostly holds": "#5ab4ac",
    "depends": "#cfcfc9",
    "mostly fails": "#d8b365",
    "fails": "#8c510a",
    "undecided": "#ffffff",
    "vacuous": "#ffffff",
    "supported": "#01665e",
    "partly": "#cfcfc9",
    "contradicted": "#8c510a",
    "unverified": "#ffffff",
    "stated": "#ffffff",
}

SYMBOLS = {
    "holds": "●",
    "mostly holds": "◕",
    "depends": "◑",
    "mostly fails": "◔",
    "fails": "○",
    "undecided": "?",
    "vacuous": "∅",
    "supported": "✓",
    "partly": "±",
    "contradicted": "✗",
    "unverified": "?",
    "stated": "–",
}
"""Fuller is truer: a verdict can be read without its colour."""

SHARES = {"holds": "#01665e", "mixed": "#a99bc9", "fails": "#8c510a", "unsolved": "#e0e0e0"}
"""The four shares of a claim, in the order in which a bar stacks them."""


def player_colours(players: Sequence[str]) -> dict[str, str]:
    """One colour per player, in the order given."""
    return {player: PLAYERS[i % len(PLAYERS)] for i, player in enumerate(players)}


def player_mark(number: int) -> str:
    """The shape of a player's mark, which tells players of one colour apart."""
    return MARKS[number // len(PLAYERS) % len(MARKS)]


def tint(colour: str, strength: float) -> str:
    """The colour mixed with white; strength 1 is the colour itself, 0 is white."""
    channels = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    mixed = (round(255 + (channel - 255) * strength) for channel in channels)
    return "#" + "".join(f"{channel:02x}" for channel in mixed)
