"""The report as data, as a memo, as a table, and its pictures as files."""

import csv
import io
import json
from pathlib import Path

import pytest

from tenbin.figures.words import LANGUAGES
from tenbin.report.figurefiles import write_figures
from tenbin.report.formats import write_formats
from tenbin.report.material import Material


def test_formats_are_written_beside_one_another(material: Material, tmp_path: Path):
    paths = write_formats(material, tmp_path, ("html", "json", "md", "csv"), "en")

    assert [path.name for path in paths] == [f"report.{n}" for n in ("html", "json", "md", "csv")]
    assert all(path.stat().st_size for path in paths)


def test_json_holds_verdicts_explanations_and_sentences(material: Material, tmp_path: Path):
    (path,) = write_formats(material, tmp_path, ("json",), "ja")

    data = json.loads(path.read_text("utf-8"))
    assert data["verdicts"]["claims"].keys() == material.verdicts["claims"].keys()
    assert data["explained"]["claims"]["C2"]["policy"] == "status_quo"
    assert len(data["answer"]) >= 3
    assert data["language"] == "ja"


@pytest.mark.parametrize("language", LANGUAGES)
def test_csv_has_a_line_per_claim_and_policy(material: Material, tmp_path: Path, language: str):
    (path,) = write_formats(material, tmp_path, ("csv",), language)

    rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8"))))
    assert {row["claim"] for row in rows} == set(material.scenario.claims)
    judged = [row for row in rows if row["share"]]
    assert all(0.0 <= float(row["share"]) <= 1.0 for row in judged)
    assert next(row for row in rows if row["claim"] == "C2")["hangs_on"]


def test_markdown_escapes_what_the_scenario_says(material: Material, tmp_path: Path):
    (path,) = write_formats(material, tmp_path, ("md",), "en")

    text = path.read_text("utf-8")
    assert text.startswith("# Deterrence \\<now\\> & then")
    assert "### C2 War is unlikely" in text
    assert "**What it hangs on**: Holds unless the prize is below 0.8." in text


def test_figures_are_written_as_svg_and_png(material: Material, tmp_path: Path):
    paths = write_figures(material, tmp_path, "ko")

    names = {path.name for path in paths}
    assert {"argument.svg", "argument.png", "region-C2.png", "model-deterrence-1.svg"} <= names
    for path in paths:
        start = path.read_bytes()[:8]
        assert start == b"\x89PNG\r\n\x1a\n" if path.suffix == ".png" else start[:4] == b"<svg"
