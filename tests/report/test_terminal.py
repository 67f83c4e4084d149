"""The verdict table fits its terminal and can be read without colour."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from tenbin.figures.lettering import cells
from tenbin.figures.words import LANGUAGES
from tenbin.report.material import Material
from tenbin.report.terminal import verdict_table


@pytest.fixture(scope="module")
def verdicts(run_folder: Path) -> dict[str, Any]:
    return json.loads((run_folder / "verdicts.json").read_text(encoding="utf-8"))


def printed(material: Material, verdicts: dict[str, Any], language: str, width: int) -> str:
    stream = io.StringIO()
    table = verdict_table(material.scenario, verdicts, language, width)
    Console(file=stream, width=width).print(table)
    return stream.getvalue()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [80, 100, 160])
def test_table_fits_and_names_every_claim(
    material: Material, verdicts: dict[str, Any], language: str, width: int
):
    text = printed(material, verdicts, language, width)

    assert max(cells(line) for line in text.splitlines()) <= width
    assert all(f"\nC{number} " in text for number in range(1, 9))


@pytest.mark.parametrize("width", [80, 100, 160])
def test_words_are_never_cut(material: Material, verdicts: dict[str, Any], width: int):
    text = printed(material, verdicts, "en", width)

    assert "– stated purpose" in text
    assert "✓ supported" in text


def test_intervals_are_shown_where_there_is_room(material: Material, verdicts: dict[str, Any]):
    assert "(94–100)" in printed(material, verdicts, "en", 160)


def test_notes_say_what_a_share_is(material: Material, verdicts: dict[str, Any]):
    text = " ".join(printed(material, verdicts, "en", 100).split())

    assert "coverage of the stated ranges, not chances, unless marked ᶜ" in text
    assert "%ᶜ" in text
    assert "Worlds: 64; seed 7." in text


def test_notes_are_shorter_where_nothing_is_a_chance(material: Material, verdicts: dict[str, Any]):
    changed = json.loads(json.dumps(verdicts))
    del changed["claims"]["C8"]

    text = " ".join(printed(material, changed, "en", 100).split())

    assert "Shares are coverage of the stated ranges, not chances." in text


def test_models_table_names_concept_and_share(material: Material, verdicts: dict[str, Any]):
    text = printed(material, verdicts, "en", 120)

    assert "sequential equilibrium" in text
    assert "100%" in text


def test_unsolved_worlds_come_with_advice(material: Material, verdicts: dict[str, Any]):
    worse = json.loads(json.dumps(verdicts))
    for row in worse["claims"]["C2"]["policies"].values():
        row |= {"unsolved": 0.25, "reasons": {"diverged": 0.25}}

    text = " ".join(printed(material, worse, "en", 100).split())

    assert "C2: unsolved in up to 25% of the worlds. The path could not be followed" in text
