"""The pages are true to the repository: links lead somewhere, files exist, commands are there."""

from __future__ import annotations

import re
from itertools import product
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])
FLOWS = sorted([*(DOCS / "architecture").glob("*.md"), *(DOCS / "adr").glob("0*.md")])

# What a path in a page may start from.
_SOURCE = ROOT / "backend" / "src"
_STARTS = (
    *(ROOT, ROOT / "backend", _SOURCE),
    *(_SOURCE / "pulse", _SOURCE / "pulse" / "cli" / "stack"),
    *(_SOURCE / "zoho_crm", _SOURCE / "zoho_crm" / "protocol", _SOURCE / "zoho_sim"),
)
_FILE = re.compile(r"^[\w./{},-]+\.(?:py|md|lark|toml|mako)$")
_FOLDER = re.compile(r"^(?:backend|bench|docs|tests|pulse|zoho_crm|zoho_sim)/[\w./-]+$")


def name(page: Path) -> str:
    return str(page.relative_to(ROOT))


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def without_code(text: str) -> str:
    return re.sub(r"```.*?```|`[^`\n]*`", "", text, flags=re.DOTALL)


def anchors(page: Path) -> set[str]:
    """Return the anchors of a page's headings, as GitHub forms them."""
    headings = re.findall(r"^#+ (.+)$", without_code(text_of(page)), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_link_leads_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\(([^)\s]+)\)|(?:src|href)=\"([^\"]+)\"", without_code(text_of(page)))
    broken = []
    for target in (markdown or html for markdown, html in targets):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        if not file.exists() or (anchor and anchor not in anchors(file)):
            broken.append(target)
    assert broken == []


@pytest.mark.parametrize("page", FLOWS, ids=name)
def test_every_file_named_on_a_page_of_a_flow_exists(page: Path) -> None:
    named = {
        path.rstrip("/")
        for quoted in re.findall(r"`([^`\n]+)`", text_of(page))
        if _FILE.match(quoted) or _FOLDER.match(quoted)
        for path in spelled_out(quoted)
    }
    missing = [path for path in named if not any((start / path).exists() for start in _STARTS)]
    assert missing == []


@pytest.mark.parametrize("page", FLOWS, ids=name)
def test_every_symbol_named_with_its_file_stands_in_it(page: Path) -> None:
    text = " ".join(text_of(page).split())
    pairs = [
        (path, symbol)
        for path, symbols in re.findall(r"`([\w./]+\.py)` \(((?:`\w+`(?:, )?)+)\)", text)
        for symbol in re.findall(r"`(\w+)`", symbols)
    ]
    pairs += [
        (path, symbol)
        for symbols, path in re.findall(r"((?:`\w+`(?: and )?)+) in `([\w./]+\.py)`", text)
        for symbol in re.findall(r"`(\w+)`", symbols)
    ]
    wrong = [
        (path, symbol)
        for path, symbol in pairs
        if not any(
            re.search(rf"\b{symbol}\b", text_of(start / path))
            for start in _STARTS
            if (start / path).exists()
        )
    ]
    assert wrong == []


def spelled_out(path: str) -> list[str]:
    """Return the paths that `a_{b,c}.py` stands for."""
    parts = re.split(r"\{([^}]*)\}", path)
    choices = [part.split(",") if index % 2 else [part] for index, part in enumerate(parts)]
    return ["".join(chosen) for chosen in product(*choices)]


def test_every_make_target_named_on_a_page_exists_and_is_listed_by_help() -> None:
    makefile = text_of(ROOT / "Makefile")
    targets = set(re.findall(r"^([a-z-]+):.*## ", makefile, re.MULTILINE))
    (phony,) = re.findall(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    named = {
        target
        for page in PAGES
        for target in re.findall(r"(?:^|`|\$ )make ([a-z][a-z-]*)", text_of(page), re.MULTILINE)
    }
    assert set(phony.split()) == targets
    assert named - targets == set()
    assert targets - named == set(), "a command that no page tells of"


def test_every_page_is_in_the_index() -> None:
    index = text_of(DOCS / "README.md")
    pages = [page.relative_to(DOCS) for page in DOCS.rglob("*.md") if page.parent.name != "adr"]
    assert [
        str(page) for page in pages if f"]({page})" not in index and page.name != "README.md"
    ] == []


def test_every_decision_is_in_its_index_under_its_title() -> None:
    index = text_of(DOCS / "adr" / "README.md")
    rows = re.findall(r"^\| \[(\d{4})\]\((\S+)\) \| (.+) \|$", index, re.MULTILINE)
    pages = sorted((DOCS / "adr").glob("0*.md"))
    titles = [(page.name[:4], page.name, text_of(page).split("\n", 1)[0]) for page in pages]
    assert [(number, file, f"# {number}: {title}") for number, file, title in rows] == titles


@pytest.mark.parametrize("page", sorted((DOCS / "adr").glob("0*.md")), ids=name)
def test_a_decision_tells_its_cost_and_what_was_rejected(page: Path) -> None:
    headings = re.findall(r"^\*\*(\w+)\.\*\*", text_of(page), re.MULTILINE)
    assert headings == ["Context", "Decision", "Cost", "Rejected", "Files"]
