"""A real Chromium on pages of a real api over a real log."""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.filled import fill_log
from tests.integration.conftest import postgres_url as postgres_url
from tests.unit.controllers.conftest import served
from understudy.artefacts.artefact import Artefact
from understudy.log.database import connect
from understudy.log.deployments import Change, append
from understudy.log.migrate import migrate
from understudy.settings import Settings

PICTURES = Path(__file__).parents[2] / ".pictures"
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
MISSING = (
    "These tests need Chromium, and there is none on the PATH. On Debian this installs it:\n"
    "  apt-get update && apt-get install -y chromium   # as root, or with sudo"
)
EVIL = "<script>document.title = 'stolen'</script>"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Return the Chromium of this machine; without one the tests fail and say what helps."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        pytest.fail(MISSING)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield running
        running.close()


@pytest.fixture(scope="session")
def site(
    postgres_url: str, tmp_path_factory: pytest.TempPathFactory,
    linear_artefact: Artefact, boosting_artefact: Artefact,
) -> Iterator[str]:  # fmt: skip
    """Return the address of an api with a live model, a shadow, pairs and outcomes."""
    migrate(postgres_url)
    database = connect(postgres_url)
    settings = Settings(data_dir=tmp_path_factory.mktemp("site"), database_url=postgres_url)
    fill_log(database, settings, linear_artefact, boosting_artefact, 250)
    known = boosting_artefact.manifest
    change = Change("shadow", "ann", known.name, known.version, known.digest, EVIL)
    with database.begin() as connection:
        append(connection, settings.endpoint, change)
    database.dispose()
    with served(settings) as client:
        for _ in range(6):  # a busy machine may need longer than one reader waits
            if client.get("/shadows/tiny-houses:2.0.0", timeout=60).status_code == 200:
                break
        yield str(client.base_url).rstrip("/")


class Visit:
    """A page with everything that it asked for and complained about."""

    def __init__(self, context: BrowserContext, base: str) -> None:
        self.base = base
        self.page: Page = context.new_page()
        self.asked: list[str] = []
        self.complaints: list[str] = []
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def go(self, path: str) -> Page:
        """Load a page and return it."""
        self.page.goto(self.base + path, wait_until="load")
        return self.page

    def picture(self, name: str) -> None:
        """Keep a picture of the whole page."""
        PICTURES.mkdir(exist_ok=True)
        self.page.screenshot(path=PICTURES / f"{name}.png", full_page=True)


class Visits:
    """Opens pages at a width and in a colour scheme."""

    def __init__(self, browser: Browser, base: str, open_ones: ExitStack) -> None:
        self._browser, self._base, self._open = browser, base, open_ones

    def open(self, width: int = 1280, scheme: str = "light", **options: object) -> Visit:
        """Return a fresh visit."""
        context = self._browser.new_context(
            viewport={"width": width, "height": 800}, color_scheme=scheme, **options
        )
        self._open.callback(context.close)
        return Visit(context, self._base)


@pytest.fixture
def visits(browser: Browser, site: str) -> Iterator[Visits]:
    """Return what opens pages of the site."""
    with ExitStack() as open_ones:
        yield Visits(browser, site, open_ones)
