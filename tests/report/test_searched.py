"""Verdicts over all equilibria found stand beside those of the run."""

from dataclasses import replace

import pytest

from tenbin.report.html import page
from tenbin.report.material import Material
from tenbin.report.searched import searched_caption, searched_rows, searched_word
from tenbin.report.sections import verdicts
from tenbin.report.words import report_words

WORDS = report_words("en")


@pytest.fixture
def searched(material: Material) -> Material:
    entry = {**material.verdicts["claims"]["C2"], "worlds": 32, "word": "depends"}
    section = {
        "worlds": 32,
        "claims": {"C2": {**entry, "complete": False}},
        "models": {"deterrence": {"worlds": 32, "complete": 24}},
    }
    return replace(material, verdicts={**material.verdicts, "search": section})


def test_claims_say_both_verdicts_and_where_the_search_was_incomplete(searched: Material):
    found = searched_rows(searched, "C2", WORDS)

    assert found is not None
    assert "first 32 worlds" in found["caption"]
    assert "may have missed equilibria" in found["note"]
    assert found["models"] == "deterrence: not proved in 25% of the worlds"


def test_table_has_a_column_only_where_something_was_searched(
    searched: Material, material: Material
):
    context = verdicts.context(searched, WORDS)
    by_claim = {row["id"]: row["search"] for row in context["rows"]}

    assert by_claim["C2"] == {"word": "depends", "note": "(search incomplete)"}
    assert by_claim["C1"] is None
    assert context["searched"] == "Over all equilibria found (32 worlds)"
    assert searched_caption(material, WORDS) == ""
    assert searched_word(material, "C2", WORDS) is None


def test_page_with_a_search_is_made(searched: Material):
    assert "見つかった全均衡" in page(searched, "ja")
