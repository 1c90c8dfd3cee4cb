"""The dashboard in a real Chromium: what it asks for, how it reads, how it is walked through."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Error, Page

from tests.browser.conftest import Visit, Visits
from tests.unit.controllers.conftest import served
from understudy.settings import Settings

SHADOW = "/shadows/tiny-houses:2.0.0"
PATHS = ("/", SHADOW, "/deployments", "/requests?id=nobody")
RULES = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    }
}


@pytest.fixture
def visit(visits: Visits) -> Iterator[Visit]:
    """Return a visit on a desk, and expect that nothing was amiss at its end."""
    opened = visits.open()
    yield opened
    assert [url for url in opened.asked if not url.startswith(opened.base)] == []
    assert [text for text in opened.complaints if "404" not in text] == []


def request_path(page: Page) -> str:
    """Return the address of the newest request's page."""
    return str(page.locator("#pairs tbody a").first.get_attribute("href"))


def test_pages_ask_nobody_else_and_run_nothing(visit: Visit) -> None:
    """No other host, no script, no complaint; a reason that holds a script stays a text."""
    for path in PATHS:
        page = visit.go(path)
        assert page.title().endswith("– Understudy")
        assert page.locator("script").count() == 0
    assert "document.title" in visit.go("/deployments").locator("main").inner_text()
    kinds = {url.removeprefix(visit.base).partition("?")[0] for url in visit.asked}
    assert {"/assets/dashboard.css", "/assets/icon.svg"} <= kinds


def test_a_reader_finds_the_verdict_the_pairs_and_a_request(visit: Visit) -> None:
    """From the overview to one answer, by links alone."""
    page = visit.go("/")
    assert page.get_by_text("NEED MORE DATA").is_visible()
    page.get_by_role("link", name="All figures of tiny-houses:2.0.0").click()
    assert page.get_by_role("heading", level=1).inner_text().startswith("NEED MORE DATA")
    page.get_by_role("link", name="Latest pairs").click()
    assert page.url.endswith("#pairs")
    page.locator("#pairs tbody a").first.click()
    assert page.get_by_role("heading", level=1).inner_text().startswith("Request ")
    assert page.get_by_role("table", name="What was answered").is_visible()
    wanted = page.locator("h1 code").inner_text()
    page.goto(visit.base)
    page.get_by_label("Find a request").fill(wanted)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/requests/{wanted}")


def test_the_keyboard_reaches_everything_and_skips_what_is_known(visit: Visit) -> None:
    """Tab walks every link, field and table in the order of the page; the first skips it."""
    page = visit.go(SHADOW)
    page.keyboard.press("Tab")
    skip = page.locator(":focus")
    assert skip.inner_text() == "Skip to the content"
    assert skip.bounding_box() is not None
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page = visit.go(SHADOW)
    expected = page.evaluate(
        "[...document.querySelectorAll('a[href], input, button, summary, [tabindex=\"0\"]')]"
        ".filter(e => e.checkVisibility()).length"
    )
    page.evaluate("window.seen = []")
    for _ in range(expected):
        page.keyboard.press("Tab")
        page.evaluate("window.seen.push(document.activeElement)")
    walked = page.evaluate(
        "[new Set(window.seen).size, window.seen.every((e, i) => i === 0 ||"
        " (window.seen[i - 1].compareDocumentPosition(e) & 4) > 0)]"
    )
    assert walked == [expected, True]
    assert expected > 40


def test_whatever_has_the_focus_shows_it(visit: Visit) -> None:
    """An outline of three pixels, which is not the colour of the page."""
    page = visit.go("/")
    for _ in range(5):
        page.keyboard.press("Tab")
        style = page.evaluate(
            "(({outlineStyle, outlineWidth}) => [outlineStyle, outlineWidth])"
            "(getComputedStyle(document.activeElement))"
        )
        assert style == ["solid", "3px"]


def test_a_screen_reader_is_told_of_charts_and_tables(visit: Visit) -> None:
    """Landmarks, headings, figures with a sentence, tables with a name and headed cells."""
    page = visit.go(SHADOW)
    tree = page.locator("body").aria_snapshot()
    for told in (
        "- banner:", "- main:", "- contentinfo:", '- navigation "Pages":',
        '- navigation "On this page":', '- search:', '- table "Every limit of the policy"',
        '- table "The latest pairs, newest first"', 'img "Histogram of 250 differences',
        'img "Change of the error: ', 'img "Of 250 recorded instances: 250 compared',
        'img "Effect in multiples of its material size: ', '- columnheader "Estimate"',
    ):  # fmt: skip
        assert told in tree
    assert page.locator("svg:not([role=img]):not([aria-hidden=true]):not(svg svg)").count() == 0
    page.get_by_text("The figures of this chart").first.click()
    assert page.get_by_role("table", name="Change of the error over time").is_visible()


def test_nothing_keeps_anybody_out(visits: Visits) -> None:
    """axe finds no violation on any page, with all that is folded unfolded; contrast included."""
    opened = visits.open(bypass_csp=True)
    for path in [*PATHS, request_path(opened.go(SHADOW))]:
        found = Axe().run(unfolded(opened, path), options=RULES)
        assert found.violations_count == 0, found.generate_report()


def test_texts_stand_out_in_the_dark_too(visits: Visits) -> None:
    """The other colours, held against the same contrast of 4.5 to 1."""
    opened = visits.open(scheme="dark", bypass_csp=True)
    only = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
    for path in ("/", SHADOW):
        found = Axe().run(unfolded(opened, path), options=only)
        assert found.violations_count == 0, found.generate_report()


def unfolded(opened: Visit, path: str) -> Page:
    """Load a page and open everything on it that can be opened."""
    page = opened.go(path)
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    return page


@pytest.mark.parametrize("width", [320, 360, 768, 1280])
def test_no_page_scrolls_sideways(visits: Visits, width: int) -> None:
    """320 px are a phone, and a desk at 400 %; wide tables scroll by themselves."""
    opened = visits.open(width=width)
    for path in [*PATHS, request_path(opened.go(SHADOW))]:
        page = unfolded(opened, path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_text_twice_as_large_still_fits(visits: Visits) -> None:
    """A reader who doubles the size of the letters loses nothing."""
    opened = visits.open()
    for path in PATHS:
        page = opened.go(path)
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert page.evaluate("document.documentElement.scrollWidth") <= 1280
        assert page.evaluate(
            "[...document.querySelectorAll('h1, h2, p, dt, dd, a')].filter(e =>"
            " e.checkVisibility() && e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 0).length"
        ) == 0  # fmt: skip


def test_nothing_moves_by_itself(visit: Visit) -> None:
    """No animation or transition anywhere, and a page loads again only for who asked for it."""
    page = visit.go(SHADOW)
    moving = page.evaluate(
        "[...document.querySelectorAll('*')].filter(e => { const s = getComputedStyle(e);"
        " return s.animationName !== 'none' || s.transitionDuration !== '0s' }).length"
    )
    assert moving == 0
    assert page.locator("meta[http-equiv]").count() == 0
    page.get_by_role("link", name="Load again every 30 seconds").click()
    page.get_by_role("link", name="Stop that").wait_for()  # the new page is still being drawn


def test_a_browser_asks_for_the_key_and_opens_with_it(browser: Browser, tmp_path: Path) -> None:
    """It asks, and nobody is there to answer; told the key as a password, it gets in."""
    with served(Settings(data_dir=tmp_path, api_key="a-key-for-tests")) as client:
        base = str(client.base_url)
        with (
            browser.new_context() as nobody,
            pytest.raises(Error, match="INVALID_AUTH_CREDENTIALS"),
        ):
            nobody.new_page().goto(base)
        known = {"username": "ada", "password": "a-key-for-tests"}
        with browser.new_context(http_credentials=known) as reader:
            page = reader.new_page()
            answer = page.goto(base)
            assert answer is not None
            assert answer.status == 503  # in, only to find no log
            assert "what is live goes on answering" in page.locator("main").inner_text()


def test_a_page_that_keeps_somebody_out_would_be_found(visits: Visits) -> None:
    """The check above can fail: an image without a text, a grey that is too faint."""
    page = visits.open(bypass_csp=True).go("/deployments")
    page.evaluate("document.querySelector('main').innerHTML += '<img src=\"/assets/icon.svg\">'")
    page.evaluate("document.querySelector('h1').style.color = '#bbb'")
    found = Axe().run(page, options=RULES)
    assert {one["id"] for one in found.response["violations"]} >= {"image-alt", "color-contrast"}


PICTURED: dict[str, Callable[[Page], str]] = {
    "overview": lambda _: "/",
    "shadow": lambda _: SHADOW,
    "request": request_path,
    "deployments": lambda _: "/deployments",
    "not-found": lambda _: "/requests?id=nobody",
}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_pictures_are_taken_for_people_to_look_at(visits: Visits, width: int, scheme: str) -> None:
    """Every page on a phone and on a desk, light and dark, into the folder .pictures."""
    opened = visits.open(width=width, scheme=scheme)
    first = opened.go(SHADOW)
    where = {name: path_of(first) for name, path_of in PICTURED.items()}
    for name, path in where.items():
        page = opened.go(path)
        opened.picture(f"{name}-{width}-{scheme}")
        paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert paper == ("rgb(255, 255, 255)" if scheme == "light" else "rgb(22, 24, 27)")
