"""What `tenbin doctor` says of this machine."""

import json

import pytest
from typer.testing import CliRunner

from tenbin import __version__
from tenbin.cli import app
from tenbin.commands import doctor
from tenbin.commands.doctor import examination, examination_text, has_letters


def test_examination_knows_versions_cores_and_the_cache(monkeypatch, tmp_path):
    found = examination()

    assert found["tenbin"] == __version__
    assert found["cores"] >= 1
    assert found["packages"]["numpy"]
    assert found["cache"]["writable"]
    assert set(found["fonts"]) == {"latin", "japanese", "korean"}


def test_letters_that_no_font_has_are_found_missing():
    assert has_letters("Risk")
    assert not has_letters("\U0010fffe")


def test_text_says_what_to_do_about_what_is_missing(monkeypatch: pytest.MonkeyPatch):
    found = examination()
    found["fonts"]["korean"] = False
    found["packages"]["numpy"] = None
    found["extras"] = {"tables": {"polars": None}}

    text = examination_text(found)

    assert "korean     not there: install Noto Sans CJK" in text
    assert "pip install numpy" in text
    assert "pip install 'tenbin[tables]'" in text


def test_requirements_are_told_apart_by_their_extras(monkeypatch: pytest.MonkeyPatch):
    lines = ["numpy>=2.1", 'polars>=1.20; extra == "tables"', "nowhere-to-be-found>=1"]
    monkeypatch.setattr(doctor, "requires", lambda _: lines)

    found = examination()

    assert found["packages"]["nowhere-to-be-found"] is None
    assert list(found["extras"]) == ["tables"]


def test_command_writes_json():
    result = CliRunner().invoke(app, ["doctor", "--json"])

    assert result.exit_code == 0
    assert json.loads(result.stdout)["tenbin"] == __version__
