"""Compiling rooms side by side, and what is said and done where that cannot be."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tenbin.forms.compiling import Part, adopt_compiled, uncompiled_parts
from tenbin.numerics import compiling
from tenbin.run import Request, make_plan
from tenbin.run.preparing import compile_rooms, uncompiled_rooms
from toy_scenarios import outcome_call, toy_scenario

pytestmark = pytest.mark.usefixtures("toy")


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """An empty cache folder, with a kernel of numerics/ as somebody else's first."""
    monkeypatch.setenv("TENBIN_CACHE", str(tmp_path / "cache"))
    compiling.cache_folder.cache_clear()
    yield compiling.cache_folder()
    compiling.cache_folder.cache_clear()


@pytest.fixture
def prepared(toy, monkeypatch):
    """What the toy room was asked to compile in this process."""
    asked = []
    monkeypatch.setattr(toy, "prepare", lambda _, parts=None: asked.append(parts), raising=False)
    return asked


class Child:
    """A process that ends at once."""

    started: list[list[str]]
    code: int

    def __init__(self, command, **how):
        self.started.append(command)
        self.cache = how["env"]["TENBIN_CACHE"]
        assert os.path.isdir(self.cache)

    def wait(self):
        return self.code

    def poll(self):
        return self.code


@pytest.fixture
def child(monkeypatch):
    made = type("Made", (Child,), {"started": [], "code": 0})
    monkeypatch.setattr(subprocess, "Popen", made)
    return made


def test_only_models_of_the_plan_are_asked_about(toy, monkeypatch):
    asked = []
    monkeypatch.setattr(toy, "uncompiled", lambda models: asked.extend(models) or {"all": 1.0})
    plan = make_plan(toy_scenario(), [Request(outcome_call("P(up.go)"))], 10)

    assert uncompiled_rooms(plan) == {"toy": {"all": 1.0}}
    assert [model.name for model in asked] == ["up"]


def test_room_that_needs_nothing_is_left_out(toy, monkeypatch):
    monkeypatch.setattr(toy, "uncompiled", lambda models: {})
    plan = make_plan(toy_scenario(), [Request(outcome_call("P(up.go)"))], 10)

    assert uncompiled_rooms(plan) == {}


def test_slowest_room_is_begun_first_with_its_parts(cache, child):
    needed = {"fast": {"a": 1.0}, "slow": {"b": 3.0, "c": 4.0}, "middle": {"d": 5.0}}

    done = list(compile_rooms(needed, threads=1))

    assert sorted(done) == ["fast", "middle", "slow"]
    assert [command[3:] for command in child.started] == [
        ["slow", "b", "c"], ["middle", "d"], ["fast", "a"],
    ]  # fmt: skip
    assert child.started[0][:3] == [sys.executable, "-m", "tenbin.forms"]
    assert list(cache.parent.glob("compiling-*")) == []


def test_room_whose_process_fails_is_compiled_here(cache, child, prepared):
    child.code = 1

    assert list(compile_rooms({"toy": {"all": 1.0}})) == ["toy"]
    assert prepared == [["all"]]


def test_room_is_compiled_here_where_no_process_can_be_started(cache, monkeypatch, prepared):
    def refuse(*_, **__):
        raise OSError("no process")

    monkeypatch.setattr(subprocess, "Popen", refuse)

    assert list(compile_rooms({"toy": {"all": 1.0}})) == ["toy"]
    assert prepared == [["all"]]


def test_room_that_compiles_nothing_is_ready_after_a_process_of_its_own(cache):
    assert list(compile_rooms({"contest": {"none": 1.0}}, threads=1)) == ["contest"]


def test_files_of_another_process_are_adopted_but_never_mixed_with_ours(cache, tmp_path):
    theirs, ours = tmp_path / "theirs" / cache.name / "kernels", cache / "kernels"
    theirs.mkdir(parents=True)
    ours.mkdir()
    for name in ("new-1.py.nbi", "new-1.py.1.nbc", "known-2.py.nbi", "known-2.py.1.nbc"):
        (theirs / name).write_text("theirs")
    (ours / "known-2.py.nbi").write_text("ours")

    adopt_compiled(tmp_path / "theirs")

    found = {path.name: path.read_text() for path in ours.iterdir()}
    assert found == {
        "new-1.py.nbi": "theirs", "new-1.py.1.nbc": "theirs", "known-2.py.nbi": "ours",
    }  # fmt: skip


def test_part_is_uncompiled_until_its_kernels_are(cache):
    def unheard_of(x):
        return x + 1

    dispatcher = compiling.entry_kernel(unheard_of)
    parts = {"one": Part((dispatcher,), lambda: dispatcher(1), 2.5)}

    assert uncompiled_parts(parts, ["one"]) == {"one": 2.5}
    parts["one"].compile()
    assert uncompiled_parts(parts, ["one"]) == {}
