"""PRIM finds boxes that were planted; counts do not depend on how worlds are cut into blocks."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from tenbin.explain.boxes import (
    BINS,
    Binned,
    Block,
    Box,
    all_worlds,
    box_counts,
    groups_of,
    inside,
    leave_one_out,
    score_box,
    whole_box,
    worlds_in_groups,
)
from tenbin.explain.boxes_peeling import paste, peel
from tenbin.explain.boxes_refining import best_codes, fewest, refine, simplest
from tenbin.explain.boxes_union import simplified, union_score
from tenbin.explain.evidence import binned_arrays
from tenbin.explain.shallow_tree import best_leaves, grow, inputs_of, leaves, prune

Bools = NDArray[np.bool_]


def uniform(worlds: int, dimensions: int, seed: int = 0) -> NDArray[np.float64]:
    return np.random.default_rng(seed).random((worlds, dimensions))


def in_planted_box(x: NDArray[np.float64]) -> Bools:
    return (x[:, 0] > 0.3) & (x[:, 0] < 0.7) & (x[:, 1] < 0.6) & (x[:, 2] > 0.45)


def interval(low: int, high: int) -> Bools:
    codes = np.arange(BINS)
    return (codes >= low) & (codes < high)


def with_choice(worlds: int) -> Binned:
    """Of interest where the choice is 1 or 3 and the number is below a half."""
    generator = np.random.default_rng(1)
    choice = generator.integers(0, 4, worlds).astype(np.uint8)
    number = generator.integers(0, BINS, worlds).astype(np.uint8)
    truth = np.isin(choice, (1, 3)) & (number < 128)
    groups = groups_of(np.arange(worlds, dtype=np.uint64))
    block = Block(np.array([choice, number]), truth, groups)
    return Binned((4, BINS), (False, True), (block,))


def test_prim_recovers_a_planted_box() -> None:
    x = uniform(100_000, 20)
    binned = binned_arrays(x, in_planted_box(x))
    every = all_worlds(binned)

    best = max(peel(binned, every), key=lambda step: step.score.correlation)
    found = simplest(fewest(binned, every, paste(binned, every, best.box)))

    assert found.box.restricted == (0, 1, 2)
    assert found.score.coverage >= 0.99
    assert found.score.density >= 0.99


def test_prim_recovers_a_planted_box_in_noise() -> None:
    x = uniform(100_000, 20)
    flipped = np.random.default_rng(1).random(len(x)) < 0.02
    planted = in_planted_box(x)
    binned = binned_arrays(x, planted ^ flipped)
    every = all_worlds(binned)

    best = max(peel(binned, every), key=lambda step: step.score.correlation)
    found = simplest(fewest(binned, every, best.box))
    within = np.concatenate([inside(block, found.box) for block in binned.blocks])

    assert found.box.restricted == (0, 1, 2)
    assert (within & planted).sum() / planted.sum() >= 0.95
    assert (within & planted).sum() / within.sum() >= 0.95


@pytest.mark.parametrize("block", [1, 77, 1000, 4999])
def test_trajectory_is_the_same_however_worlds_are_cut(block: int) -> None:
    worlds = 60 if block == 1 else 5000
    x = uniform(worlds, 4)
    truth = (x[:, 0] < 0.5) & (x[:, 1] > 0.3)
    whole, cut = binned_arrays(x, truth), binned_arrays(x, truth, block=block)

    first, second = (peel(b, all_worlds(b), least=5) for b in (whole, cut))

    assert [step.score for step in first] == [step.score for step in second]
    assert all(
        np.array_equal(a.box.allowed, b.box.allowed) for a, b in zip(first, second, strict=True)
    )
    assert len(cut.blocks) > 1


def test_boxes_of_a_trajectory_shrink_and_are_counted_right() -> None:
    x = uniform(4000, 5)
    binned = binned_arrays(x, (x[:, 0] < 0.4) & (x[:, 3] < 0.5))
    every = all_worlds(binned)

    steps = peel(binned, every)

    assert all(score_box(binned, every, step.box) == step.score for step in steps)
    sizes = [step.score.worlds for step in steps]
    assert sizes == sorted(sizes, reverse=True)
    assert len(set(sizes)) == len(sizes)


def test_peels_take_no_more_than_their_share() -> None:
    x = uniform(20_000, 3)
    binned = binned_arrays(x, x[:, 1] > 0.8)

    steps = peel(binned, all_worlds(binned), alpha=0.1)

    shares = [b.score.worlds / a.score.worlds for a, b in pairwise(steps)]
    assert min(shares) >= 0.9 - 1e-9


def test_peeling_goes_on_to_choices() -> None:
    binned = with_choice(8000)

    last = peel(binned, all_worlds(binned))[-1]

    assert last.score.density == 1.0
    assert set(np.flatnonzero(last.box.allowed[0][:4])) <= {1, 3}


def test_pasting_widens_a_box_that_was_peeled_too_far() -> None:
    x = uniform(50_000, 3)
    binned = binned_arrays(x, (x[:, 0] < 0.5) & (x[:, 1] < 0.5))
    every = all_worlds(binned)
    small = whole_box(3).replaced(0, interval(0, 100)).replaced(1, interval(0, 100))

    pasted = paste(binned, every, small)

    assert score_box(binned, every, pasted).density == 1.0
    assert score_box(binned, every, pasted).coverage > 0.99


def test_pasting_leaves_the_boxes_that_no_face_betters() -> None:
    x = uniform(50_000, 2)
    binned = binned_arrays(x, x[:, 0] < 0.5)
    right = whole_box(2).replaced(0, interval(0, 128))

    assert paste(binned, all_worlds(binned), right).allowed.tolist() == right.allowed.tolist()


def test_leaving_one_out_counts_what_other_dimensions_let_in() -> None:
    x = uniform(3000, 4)
    truth = x[:, 0] + x[:, 1] > 1
    binned = binned_arrays(x, truth, block=1000)
    box = whole_box(4).replaced(0, interval(40, 200)).replaced(2, interval(0, 90))

    tables = leave_one_out(binned, all_worlds(binned), box, (0, 1, 2, 3))

    for j in range(4):
        freed = box_counts(binned, all_worlds(binned), box.freed([j]))
        assert tables[j].tolist() == freed[j].tolist()


def test_best_interval_is_that_of_trying_all() -> None:
    generator = np.random.default_rng(3)
    worlds = generator.integers(0, 4, BINS)
    worlds[40:] = 0
    hits = np.minimum(worlds, generator.integers(0, 4, BINS))
    x = np.repeat(np.arange(BINS), worlds) / BINS
    truth = np.concatenate([np.arange(n) < h for n, h in zip(worlds, hits, strict=True)])
    binned = binned_arrays(x[:, None], truth)
    every = all_worlds(binned)
    total = score_box(binned, every, whole_box(1))

    found = best_codes(worlds, hits, total, ordered=True)

    tried = max(
        score_box(binned, every, Box(interval(low, high)[None])).correlation
        for low in range(41)
        for high in range(low + 1, 42)
    )
    assert tried - 0.005 <= found.correlation <= tried + 1e-12
    assert score_box(binned, every, Box(found.allowed[None])).correlation == pytest.approx(
        found.correlation
    )


def test_best_choices_are_those_planted() -> None:
    binned = with_choice(8000)
    every = all_worlds(binned)

    box = refine(binned, every, whole_box(2), (0, 1))

    assert np.flatnonzero(box.allowed[0][:4]).tolist() == [1, 3]
    assert score_box(binned, every, box).correlation == 1.0


def test_correlation_is_that_of_two_columns_of_bits() -> None:
    x = uniform(2000, 2)
    truth = x[:, 0] + 0.3 * x[:, 1] > 0.8
    binned = binned_arrays(x, truth)
    box = whole_box(2).replaced(0, interval(120, 256))

    score = score_box(binned, all_worlds(binned), box)

    within = inside(binned.blocks[0], box)
    assert score.correlation == pytest.approx(np.corrcoef(within, truth)[0, 1])


def test_groups_of_worlds_are_of_like_size_and_even_in_every_half() -> None:
    groups = groups_of(np.arange(10_000, dtype=np.uint64))
    odd = groups[1::2]

    assert np.bincount(groups, minlength=10).min() > 900
    assert np.bincount(odd, minlength=10).min() > 430


def test_first_worlds_of_groups_are_counted_over_blocks() -> None:
    x = uniform(1000, 1)
    binned = binned_arrays(x, x[:, 0] > 0.5, block=300)

    chosen = np.concatenate(worlds_in_groups(binned, range(10), first=450))

    assert chosen.nonzero()[0].tolist() == list(range(450))


def test_simplified_boxes_hold_what_they_held_together() -> None:
    x = uniform(20_000, 3)
    binned = binned_arrays(x, (x[:, 0] < 0.5) | (x[:, 1] < 0.25))
    every = all_worlds(binned)
    left = whole_box(3).replaced(0, interval(0, 128))
    right = whole_box(3).replaced(0, interval(128, 256)).replaced(1, interval(0, 64))

    found = simplified(binned, every, [left, right])

    assert sorted(box.restricted for box in found) == [(0,), (1,)]
    assert union_score(binned, every, found).correlation == pytest.approx(1.0, abs=1e-9)


def test_simplified_boxes_are_merged_where_they_touch() -> None:
    x = uniform(20_000, 2)
    binned = binned_arrays(x, x[:, 0] < 0.5)
    parts = [whole_box(2).replaced(0, interval(*ends)) for ends in ((0, 60), (62, 128))]

    found = simplified(binned, all_worlds(binned), parts)

    assert len(found) == 1
    assert np.flatnonzero(found[0].allowed[0])[[0, -1]].tolist() == [0, 127]


def test_tree_splits_where_the_share_changes() -> None:
    x = uniform(20_000, 6)
    binned = binned_arrays(x, (x[:, 2] > 0.25) & (x[:, 4] < 0.5))

    tree = grow(binned, all_worlds(binned))

    assert inputs_of(tree) == {2, 4}
    boxes = best_leaves(tree)
    assert union_score(binned, all_worlds(binned), boxes).correlation == pytest.approx(1.0)


def test_tree_has_at_most_eight_leaves_that_hold_every_world() -> None:
    x = uniform(5000, 4)
    binned = binned_arrays(x, x.sum(axis=1) > 2)

    found = leaves(grow(binned, all_worlds(binned)))

    assert len(found) <= 8
    assert sum(leaf.score.worlds for leaf in found) == 5000


def test_tree_of_noise_is_pruned_to_nothing() -> None:
    x = uniform(5000, 10)
    binned = binned_arrays(x, np.random.default_rng(9).random(5000) < 0.4)
    grown_in, tested_in = (worlds_in_groups(binned, g) for g in (range(5), range(5, 10)))
    tree = grow(binned, grown_in)

    assert tree.children
    assert not prune(binned, tested_in, tree).children
