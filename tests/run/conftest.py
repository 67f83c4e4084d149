"""The toy room for the tests of this folder."""

from __future__ import annotations

import pytest

from toy_form import toy_room


@pytest.fixture
def toy():
    with toy_room() as room:
        yield room
