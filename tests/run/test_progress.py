"""How the time left is estimated."""

from __future__ import annotations

import pytest

from tenbin.run import Request, make_plan
from tenbin.run.progress import Stopwatch
from toy_scenarios import outcome_call, toy_scenario

pytestmark = pytest.mark.usefixtures("toy")


class Clock:
    now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def stopwatch(clock):
    requests = [Request(outcome_call("P(up.go)")), Request(outcome_call("P(lone.left)"))]
    return Stopwatch(make_plan(toy_scenario(), requests, 1000), clock)


def test_nothing_is_said_before_every_job_was_timed(stopwatch):
    stopwatch.add("up_0", 100, 60.0)

    assert stopwatch.moment("lone_0").seconds_left is None


def test_first_worlds_say_how_long_the_rest_takes(stopwatch):
    stopwatch.add("up_0", 100, 2.0)
    stopwatch.add("lone_0", 100, 1.0)

    assert stopwatch.moment("lone_0").seconds_left == pytest.approx(9 * 3.0)


def test_slow_first_worlds_are_corrected_by_the_clock(stopwatch, clock):
    stopwatch.add("up_0", 100, 20.0)
    stopwatch.add("lone_0", 100, 10.0)
    clock.now += 4.0
    stopwatch.add("up_0", 900, 4.0)

    # 180 s of work, as first rated, took 4 s; 90 s of it are left
    assert stopwatch.moment("lone_0").seconds_left == pytest.approx(2.0)


def test_jobs_side_by_side_are_not_counted_twice(stopwatch, clock):
    stopwatch.add("up_0", 100, 1.0)
    stopwatch.add("lone_0", 100, 1.0)
    clock.now += 4.0
    stopwatch.add("up_0", 400, 4.0)
    stopwatch.add("lone_0", 400, 4.0)

    assert stopwatch.moment("lone_0").seconds_left == pytest.approx(5.0)


def test_nothing_is_left_at_the_end(stopwatch, clock):
    for job in ("up_0", "lone_0"):
        stopwatch.add(job, 1000, 5.0)

    assert stopwatch.moment("lone_0").seconds_left == 0.0
