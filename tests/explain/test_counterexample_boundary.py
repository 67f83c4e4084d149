"""The search for the nearest point of the other side, where that point is known."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from tenbin.explain.boundary import BEYOND, OWN, UNKNOWN, Box, Probe, crossings
from tenbin.explain.boundary_search import Hints, Nearest, search_nearest

Merit = Callable[[np.ndarray], np.ndarray]

PLANE = np.array([1.0, 2.0, 0.5, 0.0, 0.0, 0.0])


def plane(points: np.ndarray) -> np.ndarray:
    return 0.9 - points @ PLANE


def ball(points: np.ndarray) -> np.ndarray:
    return np.sqrt(((points - np.array([0.8, 0.8, 0.0, 0.0])) ** 2).sum(axis=1)) - 0.5


def corner(points: np.ndarray) -> np.ndarray:
    return np.maximum(0.5 - points[:, 0], 0.4 - points[:, 1])


def probe_of(merit: Merit, dimensions: int, bound: int = 2048, *, smooth: bool = False) -> Probe:
    def assess(points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        values = merit(points)
        sides = np.where(values < 0.0, BEYOND, OWN).astype(np.int8)
        return sides, values if smooth else np.full(len(values), np.nan)

    return Probe(assess, Box(-np.ones(dimensions), np.ones(dimensions)), bound)


def nothing_known(dimensions: int) -> Hints:
    return Hints(np.zeros((0, dimensions)), np.zeros(0, dtype=np.bool_))


def distances(found: Nearest) -> tuple[float, float]:
    assert found.nearest is not None
    assert found.fewest is not None
    return float(np.linalg.norm(found.nearest)), float(np.linalg.norm(found.fewest))


@pytest.mark.parametrize("smooth", [True, False])
@pytest.mark.parametrize(
    ("merit", "dimensions", "nearest", "moved"),
    [
        (plane, 6, 0.9 / np.sqrt(5.25), 1),
        (ball, 4, 0.8 * np.sqrt(2.0) - 0.5, 2),
        (corner, 5, np.sqrt(0.41), 2),
    ],
)
def test_nearest_point_is_the_analytic_one(
    merit: Merit, dimensions: int, nearest: float, moved: int, *, smooth: bool
) -> None:
    found = search_nearest(probe_of(merit, dimensions, smooth=smooth), nothing_known(dimensions))

    assert distances(found)[0] == pytest.approx(nearest, rel=0.01)
    assert found.fewest is not None
    assert np.count_nonzero(found.fewest) == moved


def test_one_dimension_alone_is_found_at_its_crossing() -> None:
    found = search_nearest(probe_of(plane, 6), nothing_known(6))

    assert distances(found)[1] == pytest.approx(0.45, rel=1e-3)


def test_many_dimensions_take_few_trials_where_points_are_known() -> None:
    """98 dimensions and 600 trials: within 5 % of the plane's own distance."""
    random = np.random.default_rng(3)
    normal = random.normal(size=98) * np.exp(-np.arange(98) / 8)
    known = random.uniform(-1.0, 1.0, (5000, 98))

    def merit(points: np.ndarray) -> np.ndarray:
        return 2.0 - points @ normal

    probe = probe_of(merit, 98, bound=600)
    found = search_nearest(probe, Hints(known, merit(known) < 0.0))

    assert distances(found)[0] == pytest.approx(2.0 / np.linalg.norm(normal), rel=0.05)
    assert probe.used <= 600


def test_what_is_found_is_on_the_other_side_and_in_the_box() -> None:
    found = search_nearest(probe_of(corner, 5), nothing_known(5))

    assert found.nearest is not None
    assert corner(found.nearest[None])[0] < 0.0
    assert np.abs(found.nearest).max() <= 1.0


def test_nothing_is_found_where_there_is_nothing() -> None:
    probe = probe_of(lambda points: np.ones(len(points)), 3, bound=200)

    found = search_nearest(probe, nothing_known(3))

    assert found.nearest is None
    assert found.fewest is None
    assert 0 < probe.used <= 200


def test_trials_past_the_bound_are_unknown_and_noted() -> None:
    probe = probe_of(plane, 6, bound=2)

    sides, _ = probe.ask(np.ones((3, 6)))

    assert sides.tolist() == [BEYOND, BEYOND, UNKNOWN]
    assert probe.bounded


def test_unknown_points_are_never_beyond() -> None:
    def assess(points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        unknown = np.full(len(points), UNKNOWN, dtype=np.int8)
        return unknown, np.full(len(points), np.nan)

    probe = Probe(assess, Box(-np.ones(2), np.ones(2)), 100)

    assert search_nearest(probe, nothing_known(2)).nearest is None
    assert probe.unknown == probe.used


def test_crossing_is_the_first_place_beyond_on_the_ray() -> None:
    def gate(points: np.ndarray) -> np.ndarray:
        return np.where((points[:, 0] > 0.31) & (points[:, 0] < 0.5), -1.0, 1.0)

    ray = np.array([[1.0, 0.0]])
    at = crossings(probe_of(gate, 2), ray, np.zeros(1), np.ones(1), 10, 4)

    assert 0.31 <= at[0] < 0.3102
