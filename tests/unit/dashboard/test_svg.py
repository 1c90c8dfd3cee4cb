"""Elements of SVG hold what they are given and nothing else."""

from xml.etree import ElementTree

from understudy.dashboard.svg import decoration, element, image, points, written


def test_attributes_and_texts_are_escaped() -> None:
    """Whatever a name holds, it stays within its quotes and between its tags."""
    drawn = element("text", {"class": '"><script>'}, "<script>alert(1)</script> & more")
    found = ElementTree.fromstring(drawn)  # noqa: S314 - our own text
    assert found.attrib["class"] == '"><script>'
    assert found.text == "<script>alert(1)</script> & more"
    assert len(found) == 0


def test_elements_within_elements_stay_elements() -> None:
    """What was made by `element` is not escaped again."""
    assert element("g", {}, element("line", {"x1": 1})) == '<g><line x1="1"></line></g>'


def test_an_image_says_what_it_shows_and_a_decoration_is_passed_over() -> None:
    """The two ways in which a drawing can meet a screen reader."""
    assert 'role="img" aria-label="one &amp; two"' in image("one & two", {"width": 3})
    assert 'aria-hidden="true"' in decoration({"width": 3})


def test_numbers_are_short_and_never_minus_zero() -> None:
    """Two digits do for a screen."""
    assert [written(value) for value in (1.0, 1.256, -0.001, 100.0, "50%")] == [
        "1", "1.26", "0", "100", "50%",
    ]  # fmt: skip
    assert points([(0, 1.5), (2.256, 3)]) == "0,1.5 2.26,3"
