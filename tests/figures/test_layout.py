"""Layouts: rows and columns of trees, columns of graphs, nothing on top of anything."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenbin.figures.layers import place_layers
from tenbin.figures.tidy import tree_columns, tree_rows


def test_ends_have_rows_of_their_own_and_parents_stand_between():
    rows = tree_rows([-1, 0, 1, 1, 0])

    assert rows == [1.25, 0.5, 0.0, 1.0, 2.0]


def test_ends_share_the_last_column():
    assert tree_columns([-1, 0, 1, 1, 0], [None] * 5) == [0, 1, 2, 2, 2]


def test_nodes_of_one_information_set_share_a_column():
    parent = [-1, 0, 1, 2, 2, 0, 5, 5]
    group = [None, None, 7, None, None, 7, None, None]

    columns = tree_columns(parent, group)

    assert columns[2] == columns[5]


def test_information_sets_that_cross_do_not_hang():
    parent = [-1, 0, 1, 2, 0, 4, 5]
    group = [None, 1, 2, None, 2, 1, None]

    columns = tree_columns(parent, group)

    assert all(columns[node] > columns[parent[node]] for node in range(1, len(parent)))


@st.composite
def trees(draw: st.DrawFn) -> list[int]:
    size = draw(st.integers(1, 25))
    return [-1, *(draw(st.integers(0, node - 1)) for node in range(1, size))]


@given(trees())
def test_no_two_ends_share_a_row(parent: list[int]):
    rows = tree_rows(parent)
    ends = [rows[node] for node in range(len(parent)) if node not in set(parent)]

    assert sorted(ends) == list(range(len(ends)))


WAYS = [("a", "b", 0), ("a", "c", 1), ("b", "d", 0), ("c", "d", 0), ("a", "d", 2), ("b", "e", 1)]
HEIGHTS = {"a": 60.0, "b": 40.0, "c": 40.0, "d": 20.0, "e": 20.0}


@pytest.fixture
def layers():
    ports = {(box, number): 10.0 * (number + 1) for box in "abc" for number in range(3)}
    return place_layers(WAYS, HEIGHTS, ports, 10.0, ["d", "e"])


def test_boxes_stand_right_of_what_leads_to_them(layers):
    assert all(layers.column[end] > layers.column[start] for start, end, _ in WAYS)
    assert layers.column["d"] == layers.column["e"] == layers.n_columns - 1


def test_boxes_of_a_column_do_not_overlap(layers):
    for one, other in (("b", "c"), ("d", "e")):
        upper, lower = sorted((one, other), key=lambda box: layers.y[box])
        assert layers.y[upper] + HEIGHTS[upper] <= layers.y[lower] + 1e-9


def test_ways_over_a_column_have_a_lane_in_it(layers):
    assert [column for column, _ in layers.lanes["a", "d", 2]] == [1]
    assert layers.lanes["a", "b", 0] == ()


def test_layout_begins_at_the_top(layers):
    assert min(layers.y.values()) >= 0
    assert all(layers.y[box] + HEIGHTS[box] <= layers.height for box in HEIGHTS)
