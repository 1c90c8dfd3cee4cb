"""The templates, with every text escaped, and the frame that all pages share."""

from dataclasses import dataclass
from datetime import datetime

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

import understudy

EVERY_S = 30
"""How often a page is loaded again for whoever asks for it."""


def _moment(moment: datetime | None) -> str:
    return "–" if moment is None else moment.strftime("%Y-%m-%d %H:%M:%S UTC")


_TEMPLATES = Environment(
    loader=PackageLoader("understudy.dashboard"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_TEMPLATES.filters["moment"] = _moment
_TEMPLATES.globals["version"] = understudy.__version__


@dataclass(frozen=True)
class Frame:
    """
    What stands around the content of a page.

    `path` is the page's own. It is loaded again every `refresh_s` seconds, for 0 only if asked, and
    None offers neither. `made_at` is when its figures were made.
    """

    title: str
    endpoint: str
    path: str
    refresh_s: int | None = None
    made_at: datetime | None = None


def fragment(template: str, **values: object) -> Markup:
    """Return a part of a page."""
    return Markup(_TEMPLATES.get_template(template).render(values))  # noqa: S704 - autoescaped


def page(frame: Frame, content: Markup) -> str:
    """Return a whole page around its content."""
    return _TEMPLATES.get_template("page.html").render(
        frame=frame, content=content, every_s=EVERY_S
    )
