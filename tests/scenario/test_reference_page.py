"""The reference page of the file: its pieces are one faultless scenario, and it names every key."""

import re
from pathlib import Path

import pytest

from tenbin.scenario import spec
from tenbin.scenario.places import Strict
from tenbin.scenario.reading import read_data
from tenbin.scenario.source import read_yaml

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "scenario-file.md"
SPECS = [getattr(spec, name) for name in spec.__all__ if name.endswith("Spec")]


def pieces():
    return re.findall(r"```yaml\n(.*?)```", PAGE.read_text("utf-8"), flags=re.DOTALL)


def test_pieces_of_the_page_are_one_scenario():
    data = {}
    for piece in pieces():
        node, problems = read_yaml(piece.encode(), PAGE.name)
        assert problems == []
        data |= node.plain()
    scenario, problems = read_data(data)

    assert scenario is not None, "\n".join(map(str, problems))
    idle = {"spread", "shock", "noise", "waiver", "delay", "in_won", "worth"}
    assert {problem.what.split("'")[-2] for problem in problems} == idle


@pytest.mark.parametrize("item", SPECS, ids=lambda item: item.__name__)
def test_every_key_is_on_the_page(item):
    assert issubclass(item, Strict)
    words = set(re.findall(r"[a-z_]+", PAGE.read_text("utf-8")))

    assert {field.alias or name for name, field in item.model_fields.items()} <= words
