"""Combinations of one equilibrium per job, against counting them one by one."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from tenbin.run.combinations import MAX_COMBINATIONS, Axis, combine

FEEDS = {"a": (), "b": (), "c": ("a",), "d": ("a", "b"), "e": ("c", "d")}
"""Who feeds whom: a chain a -> c -> e and a diamond over d."""


def slots_of(rng, most):
    """The slots of every job in one world: by job a list of what each slot rests on.

    Every job has one to `most` equilibria for each consistent choice of what feeds it.
    """
    slots = {}
    for job, feeding in FEEDS.items():
        chosen = consistent({name: slots[name] for name in feeding})
        slots[job] = [rests for rests in chosen for _ in range(rng.integers(1, most + 1))]
    return slots


def consistent(slots):
    """Every choice of a slot per job that agrees on what the slots rest on, counted one by one."""
    found = []
    for numbers in product(*(range(len(rests)) for rests in slots.values())):
        known = {}
        for job, number in zip(slots, numbers, strict=True):
            for name, slot in {**slots[job][number], job: number}.items():
                if known.setdefault(name, slot) != slot:
                    break
            else:
                continue
            break
        else:
            found.append(known)
    return found


def axes_of(worlds, jobs):
    axes = {}
    for job in jobs:
        width = max(len(slots[job]) for slots in worlds)
        found = np.zeros((len(worlds), width), dtype=bool)
        names = {name for slots in worlds for rests in slots[job] for name in rests}
        rests = {name: np.full(found.shape, -1, dtype=np.int32) for name in sorted(names)}
        for world, slots in enumerate(worlds):
            for number, below in enumerate(slots[job]):
                found[world, number] = True
                for name, slot in below.items():
                    rests[name][world, number] = slot
        axes[job] = Axis(found, rests)
    return axes


def listed(combinations, world, jobs):
    return [
        tuple(int(combinations.slots[job][world, number]) for job in jobs)
        for number in range(int(combinations.count[world]))
    ]


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("jobs", [("e", "d"), ("c", "d"), ("a", "e"), ("b", "c", "d"), ("e",)])
def test_combinations_are_those_counted_one_by_one(seed, jobs):
    rng = np.random.default_rng(seed)
    worlds = [slots_of(rng, 2) for _ in range(12)]
    expected = [consistent({job: slots[job] for job in jobs}) for slots in worlds]

    found = combine(axes_of(worlds, jobs), np.ones(12, dtype=bool))

    several = [job for job in jobs if job in found.slots]
    for world, choices in enumerate(expected):
        first = [tuple(one[job] for job in several) for one in choices][:MAX_COMBINATIONS]
        assert listed(found, world, several) == first
        assert bool(found.capped[world]) == (len(choices) > MAX_COMBINATIONS)


def test_first_combination_is_the_selected_one():
    rng = np.random.default_rng(3)
    worlds = [slots_of(rng, 3) for _ in range(30)]

    found = combine(axes_of(worlds, ("e", "d", "a")), np.ones(30, dtype=bool))

    assert found.slots
    assert all((slots[:, 0] == 0).all() for slots in found.slots.values())


def test_blocks_of_worlds_give_what_one_block_gives(monkeypatch):
    rng = np.random.default_rng(5)
    axes = axes_of([slots_of(rng, 2) for _ in range(40)], ("e", "a"))
    whole = combine(axes, np.ones(40, dtype=bool))

    monkeypatch.setattr("tenbin.run.combinations.BLOCK_ENTRIES", 1)
    blocks = combine(axes, np.ones(40, dtype=bool))

    np.testing.assert_array_equal(whole.count, blocks.count)
    np.testing.assert_array_equal(whole.capped, blocks.capped)
    for world in range(40):
        assert listed(whole, world, ("e", "a")) == listed(blocks, world, ("e", "a"))


def test_world_that_is_not_usable_has_the_selected_combination():
    axis = Axis(np.ones((2, 3), dtype=bool))

    found = combine({"a": axis}, np.array([True, False]))

    assert found.count.tolist() == [3, 1]
    assert found.slots["a"][1, 0] == 0


def test_what_was_left_out_below_is_left_out_here():
    axis = Axis(np.ones((2, 2), dtype=bool), capped=np.array([True, False]))

    assert combine({"a": axis}, np.ones(2, dtype=bool)).capped.tolist() == [True, False]
