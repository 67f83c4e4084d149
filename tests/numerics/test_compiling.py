"""Where compiled kernels are kept, and how that is known."""

from __future__ import annotations

import pytest

from tenbin.numerics import compiling


@pytest.fixture
def fresh():
    compiling.cache_folder.cache_clear()
    yield compiling
    compiling.cache_folder.cache_clear()


def test_cache_folder_follows_the_system(fresh, monkeypatch, tmp_path):
    monkeypatch.delenv("TENBIN_CACHE", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))

    assert fresh.cache_folder().parent == tmp_path / "tenbin"


def test_cache_folder_that_cannot_be_written_is_replaced(fresh, monkeypatch, tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    monkeypatch.setenv("TENBIN_CACHE", str(blocked))

    folder = fresh.cache_folder()

    assert folder.is_dir()
    assert not str(folder).startswith(str(blocked))


def test_cache_folder_is_named_by_the_sources(fresh, monkeypatch, tmp_path):
    monkeypatch.setenv("TENBIN_CACHE", str(tmp_path))

    before = fresh.cache_folder()
    monkeypatch.setattr(fresh, "version", lambda _: "another numba")
    fresh.cache_folder.cache_clear()

    assert fresh.cache_folder() != before


def test_kernels_leave_numbas_own_cache_setting_alone():
    from numba.core import config

    before = config.CACHE_DIR
    compiling.entry_kernel(lambda x: x + 1)

    assert before == config.CACHE_DIR


def test_kernel_that_was_never_called_needs_compiling(tmp_path, monkeypatch):
    monkeypatch.setattr(compiling, "cache_folder", lambda: tmp_path)

    def unheard_of(x):
        return x

    dispatcher = compiling.entry_kernel(unheard_of)

    assert compiling.compile_state(dispatcher) == "needed"
    dispatcher(1)
    assert compiling.compile_state(dispatcher) == "ready"
