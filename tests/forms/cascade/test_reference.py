"""The page on cascades is true: its examples solve to the values that it tells."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from forms.cascade.small import solve

PAGE = (Path(__file__).parents[3] / "docs/reference/cascade.md").read_text("utf-8")
PLAYERS = ("ROK", "Japan", "Taiwan", "DPRK")


def examples() -> list[tuple[str, str, float]]:
    """Every example of the page with the calls of the table below it and their values."""
    found = []
    for part in PAGE.split("```yaml\n")[1:]:
        body, _, below = part.partition("```")
        table = re.findall(r"^\| `([^`]+)` \| (-?[\d.]+) \|$", below, flags=re.MULTILINE)
        found += [(body, call, float(value)) for call, value in table]
    return found


@pytest.mark.parametrize(("body", "call", "value"), examples(), ids=lambda item: str(item)[:40])
def test_example_yields_the_value_told(body, call, value):
    given = YAML(typ="safe").load(body)
    del given["form"]

    solved = solve(given, players=PLAYERS)

    assert solved.certificate.certified[0, 0]
    assert solved.ask(call)[0, 0] == pytest.approx(value, abs=6e-5)


def test_page_has_an_example_of_every_kind():
    assert len({body for body, _, _ in examples()}) == 4
