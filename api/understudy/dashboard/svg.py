"""SVG as text: elements whose attributes and texts are escaped, and no style but classes."""

from collections.abc import Mapping

from markupsafe import Markup, escape

Attribute = str | float
Attributes = Mapping[str, Attribute]


def element(name: str, attributes: Attributes, *children: str) -> Markup:
    """Return one element; children that are not `Markup` are texts."""
    given = "".join(f' {key}="{escape(written(value))}"' for key, value in attributes.items())
    return Markup(f"<{name}{given}>{''.join(map(escape, children))}</{name}>")  # noqa: S704 - all parts are escaped


def image(alternative: str, attributes: Attributes, *children: str) -> Markup:
    """Return a whole drawing that a screen reader tells as one image with this text."""
    return element("svg", {"role": "img", "aria-label": alternative, **attributes}, *children)


def decoration(attributes: Attributes, *children: str) -> Markup:
    """Return a drawing that says nothing beyond the text beside it, and is passed over."""
    return element("svg", {"aria-hidden": "true", "focusable": "false", **attributes}, *children)


def written(value: Attribute) -> str:
    """Write an attribute: numbers with two digits at most, and never as −0."""
    if isinstance(value, str):
        return value
    return f"{round(value, 2) + 0.0:.2f}".rstrip("0").rstrip(".")


def points(places: list[tuple[float, float]]) -> str:
    """Write places as the points of a line or an area."""
    return " ".join(f"{written(x)},{written(y)}" for x, y in places)
