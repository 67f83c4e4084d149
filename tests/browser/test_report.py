"""The report in Chromium: what a reader sees and can do, with scripts and without."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

LANGUAGES = ("en", "ja", "ko")


def choose(opened: Any, language: str) -> None:
    opened.page.locator(f'label[for="language-{language}"]').click()


@pytest.mark.parametrize("language", LANGUAGES)
def test_map_is_drawn_in_every_language(opened: Any, language: str):
    choose(opened, language)

    drawn = opened.page.locator(f'.page[lang="{language}"] svg.argument')
    box = drawn.bounding_box()
    assert drawn.is_visible()
    assert box["width"] > 600
    assert drawn.locator("a.node").count() == 8
    assert drawn.locator("g.way").count() == 1


def test_claim_opens_on_a_click_and_closes_again(opened: Any):
    panel = opened.page.locator("#en-claim-C2")
    assert not panel.is_visible()

    opened.page.locator(".page[lang=en] a.node-C2").click()

    assert panel.is_visible()
    assert panel.bounding_box()["y"] == 0
    assert "What it hangs on" in panel.inner_text()
    panel.locator(".close a").click()
    assert not panel.is_visible()


def test_claim_opens_and_closes_from_the_keyboard(opened: Any):
    opened.page.locator(".page[lang=en] a.node-C2").focus()
    opened.page.keyboard.press("Enter")
    assert opened.page.locator("#en-claim-C2").is_visible()

    opened.page.keyboard.press("Escape")

    assert not opened.page.locator("#en-claim-C2").is_visible()


def test_page_does_not_move_when_a_panel_opens(opened: Any):
    node = opened.page.locator(".page[lang=en] a.node-C3")
    node.scroll_into_view_if_needed()
    before = opened.page.evaluate("scrollY")

    node.click()

    assert opened.page.evaluate("scrollY") == before


def test_claim_opens_without_scripts(without_scripts: Any):
    without_scripts.page.locator(".page[lang=en] a.node-C2").click()

    panel = without_scripts.page.locator("#en-claim-C2")
    assert panel.is_visible()
    panel.locator(".close a").click()
    assert not panel.is_visible()


@pytest.mark.parametrize("language", ["ja", "ko"])
def test_language_switches_without_scripts(without_scripts: Any, language: str):
    choose(without_scripts, language)

    page = without_scripts.page
    assert page.locator(f".page[lang={language}]").is_visible()
    assert not page.locator(".page[lang=en]").is_visible()


def test_language_switch_keeps_the_open_panel(opened: Any):
    opened.page.goto(opened.address + "#en-claim-C1")
    opened.page.keyboard.press("Escape")
    opened.page.goto(opened.address + "#ko-claim-C1")

    assert opened.page.locator("#ko-claim-C1").is_visible()
    assert opened.page.locator("html").get_attribute("lang") == "ko"


def test_region_map_is_drawn_from_the_shared_shapes(opened: Any):
    opened.page.goto(opened.address + "#en-claim-C2")

    used = opened.page.locator("#en-claim-C2 .region svg use")
    assert used.bounding_box()["width"] > 100


def test_all_panels_unfold(opened: Any):
    opened.page.locator('label[for="en-all-panels"]').click()

    assert opened.page.locator(".page[lang=en] article.claim:visible").count() == 8


def test_every_panel_is_on_paper(opened: Any):
    opened.page.emulate_media(media="print")

    assert opened.page.locator(".page[lang=en] article.claim:visible").count() == 8
    assert opened.page.locator(".page[lang=en] table.outcome").first.is_visible()
    assert opened.page.locator("#language-en + label").is_hidden()


def test_page_is_as_wide_as_the_window(opened: Any):
    for width in (1280, 390):
        opened.page.set_viewport_size({"width": width, "height": 800})
        assert opened.page.evaluate("document.documentElement.scrollWidth") <= width


def test_nothing_is_complained_of_and_nothing_is_fetched(opened: Any):
    for language in LANGUAGES:
        choose(opened, language)
        opened.page.locator(f".page[lang={language}] a.node-C2").click()
        opened.page.keyboard.press("Escape")

    assert opened.complaints == []
    assert {address.split("#")[0] for address in opened.requests} == {opened.address}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("place", ["", "claim-C2"])
def test_axe_finds_no_serious_violation(browser: Any, report_file: Path, language: str, place: str):
    axe = pytest.importorskip(
        "axe_playwright_python.base", reason="axe-playwright-python is not installed"
    )
    page = browser.new_page(viewport={"width": 1280, "height": 900}, bypass_csp=True)
    page.goto(f"{report_file.as_uri()}#{language}-{place or 'answer'}")
    page.evaluate(axe.AXE_FILE_PATH.read_text("utf-8"))

    found = page.evaluate("axe.run()")["violations"]

    page.close()
    bad = [
        f"{item['id']}: {node['html'][:160]}"
        for item in found
        if item["impact"] in ("serious", "critical")
        for node in item["nodes"]
    ]
    assert bad == []
