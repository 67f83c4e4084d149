"""The page: complete, escaped, offline, the same in three languages."""

import base64
import hashlib
import re
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest

from tenbin.figures.words import LANGUAGES
from tenbin.report.html import page, write_report
from tenbin.report.material import Material
from tenbin.report.sections import ORDER

VOID = {"meta", "input", "br", "img", "link", "hr"}


class Page(HTMLParser):
    """Tags, ids, links and headings of a page; complains about tags that do not match."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def values(self, attribute: str) -> list[str]:
        return [value for _, a in self.tags if (value := a.get(attribute)) is not None]


@pytest.fixture(scope="module")
def parsed(html: str) -> Page:
    return Page(html)


def test_tags_are_closed_in_order(parsed: Page):
    assert parsed.open == []


def test_ids_are_unique(parsed: Page):
    ids = parsed.values("id")

    assert len(ids) == len(set(ids))


def test_links_lead_inside_the_page(parsed: Page):
    links = parsed.values("href")

    assert links
    assert {link.removeprefix("#") for link in links} <= set(parsed.values("id"))


def test_labels_of_pictures_exist(parsed: Page):
    named = {name for value in parsed.values("aria-labelledby") for name in value.split()}

    assert named <= set(parsed.values("id"))


def test_nothing_is_loaded_from_anywhere(parsed: Page, html: str):
    assert not parsed.values("src")
    assert "url(" not in re.sub(r"url\(#", "", html)
    addresses = set(re.findall(r"https?://[\w./-]+", html))
    assert addresses <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}


def test_security_policy_allows_the_own_style_and_script_alone(html: str):
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', html)
    assert policy is not None
    for tag in ("style", "script"):
        text = re.search(rf"<{tag}>(.*?)</{tag}>", html, re.DOTALL)
        assert text is not None
        digest = base64.b64encode(hashlib.sha256(text[1].encode()).digest()).decode()
        assert f"{tag}-src &#39;sha256-{digest}&#39;" in policy[1]
    assert policy[1].startswith("default-src &#39;none&#39;")


def test_no_styles_or_handlers_in_attributes(parsed: Page):
    names = {name for _, attributes in parsed.tags for name in attributes}

    assert not {name for name in names if name == "style" or name.startswith("on")}


def test_texts_of_the_scenario_are_escaped(html: str, parsed: Page):
    assert "&lt;script&gt;alert(1)&lt;/script&gt; Does a tripwire help?" in html
    assert "Deterrence &lt;now&gt; &amp; then" in html
    assert [tag for tag, _ in parsed.tags].count("script") == 1
    assert "img" not in {tag for tag, _ in parsed.tags}


def test_page_opens_in_the_language_asked_for(parsed: Page):
    checked = [a["value"] for _, a in parsed.tags if a.get("name") == "language" and "checked" in a]

    assert checked == ["ja"]
    assert parsed.tags[0] == ("html", {"lang": "ja"})


def test_unknown_language_opens_in_english(material: Material):
    assert '<html lang="en">' in page(material, "fr")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_section_and_claim(
    parsed: Page, language: str, material: Material
):
    ids = set(parsed.values("id"))

    assert {f"{language}-{name}" for name in ORDER} <= ids
    assert {f"{language}-claim-{claim}" for claim in material.scenario.claims} <= ids


@pytest.mark.parametrize(
    "text",
    [
        "전쟁 위험을 낮춘다.",
        "戦争の危険を下げる。",
        "成り立つ",
        "현상 유지",
        "lognormal with median 1.2",
        "争点",
    ],
)
def test_page_speaks_the_scenario_in_each_language(html: str, text: str):
    assert text in html


def test_headings_do_not_skip_a_level(parsed: Page):
    levels = [int(tag[1]) for tag, _ in parsed.tags if re.fullmatch(r"h[1-6]", tag)]

    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_tables_have_captions_and_scoped_headers(parsed: Page):
    tags = [tag for tag, _ in parsed.tags]

    assert tags.count("table") == tags.count("caption")
    assert all("scope" in attributes for tag, attributes in parsed.tags if tag == "th")


def test_pictures_are_images_with_a_text(parsed: Page):
    pictures = [a for tag, a in parsed.tags if tag == "svg" and a.get("class") == "picture"]

    assert len(pictures) == 3 * len(LANGUAGES)
    assert all(a["role"] == "img" and a["aria-labelledby"] for a in pictures)


def test_page_is_small(html: str):
    assert len(html.encode()) < 1_000_000


def test_report_is_written_again_byte_for_byte(run_folder: Path, html: str):
    again = write_report(run_folder, "ja").read_text(encoding="utf-8")

    assert again == html


def shown_by(html: str, name: str) -> list[str]:
    """The rule that a choice of the filter stands for."""
    return re.findall(rf'section:has\(.choice\[value="{name}"\]:checked\) ([^,{{]+)', html)


def test_filter_has_a_rule_for_every_choice_but_all(parsed: Page, html: str):
    choices = {a["value"] for _, a in parsed.tags if a.get("class") == "choice"}

    assert {"kind-all", "word-all", "kind-causal", "word-stated"} <= choices
    for choice in choices - {"kind-all", "word-all"}:
        assert shown_by(html, choice)[0].startswith(f".entry:not(.{choice}")
    assert shown_by(html, "kind-all") == shown_by(html, "word-all") == []


def test_claims_carry_the_classes_that_the_filter_reads(parsed: Page):
    classes = {a["id"]: (a["class"] or "").split() for _, a in parsed.tags if a.get("id")
               and "claim" in (a.get("class") or "").split()}  # fmt: skip

    assert {"entry", "kind-normative", "word-stated"} <= set(classes["en-claim-C7"])
    assert {"entry", "kind-fact", "word-supported"} <= set(classes["ko-claim-C5"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_index_leads_to_every_claim_before_the_claims_stand(html: str, language: str):
    page_of = html.split(f'<div class="page" lang="{language}">')[1]
    index = page_of.split('<div class="index">')[1].split("<article")[0]

    links = re.findall(rf'href="#{language}-claim-(C\d)"', index)

    assert sorted(links) == [f"C{number}" for number in range(1, 9)]
    assert links[:2] == ["C2", "C1"]
