"""The page of an endpoint is Markdown that shows what was said, whatever that is."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from understudy.artefacts.artefact import Artefact
from understudy.artefacts.manifest import Manifest
from understudy.artefacts.vetting import Waiver
from understudy.cli.deployments_page import fares, page, text
from understudy.log.roles import DeploymentRow, fold
from understudy.log.work import ShadowState

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
NASTY = "a|b `c` *d* _e_ <script>f</script> [g](h) \\ ~i~ &amp;\nj"


def _row(id: int, action: str, version: str, **more: object) -> DeploymentRow:
    at = NOW + timedelta(days=id)
    known: dict[str, object] = {"who": "ada@office", "why": f"why {id}", "waivers": ()}
    return DeploymentRow(
        id, at, action=action, name="tiny-houses", version=version, digest=version[0] * 64,  # type: ignore[arg-type]
        **(known | more),  # type: ignore[arg-type]
    )  # fmt: skip


def _tables(markdown: str) -> list[list[list[str]]]:
    """Return the cells of every table, as a reader of the page sees them."""
    tables: list[list[list[str]]] = []
    for token in MarkdownIt("commonmark").enable("table").parse(markdown):
        if token.type == "table_open":
            tables.append([])
        elif token.type == "tr_open":
            tables[-1].append([])
        elif token.type == "inline" and token.level > 1 and tables and tables[-1]:
            shown = "".join(
                "\n" if child.type == "html_inline" else child.content
                for child in token.children or ()
            )
            tables[-1][-1].append(shown)
    return tables


def test_live_previous_and_shadows_are_told_with_their_data(linear_artefact: Artefact) -> None:
    """Who serves, what each is made of, and every decision, the newest first."""
    waiver = Waiver("quality", "for the pilot", "ben")
    rows = [
        _row(1, "live", "1.0.0"),
        _row(2, "shadow", "2.0.0", waivers=(waiver,)),
        _row(3, "promote", "2.0.0", waivers=(waiver,)),
        _row(4, "shadow", "3.0.0", share=0.2, waivers=None),
    ]
    known: dict[str, Manifest | str] = {
        "1" * 64: linear_artefact.manifest, "2" * 64: linear_artefact.manifest,
        "3" * 64: "it is not in the artefact store",
    }  # fmt: skip
    state = ShadowState("tiny-houses", "3.0.0", "broken", "it is not | signed", NOW)
    made = page("houses", fold(rows), rows, known, {("tiny-houses", "3.0.0"): state})
    lines = made.splitlines()
    assert lines[0] == "# Endpoint houses"
    assert lines[2] == (
        "**tiny-houses:2.0.0** answers, trained on 220 rows, sold 2006 to 2009 (data set"
        f" `{linear_artefact.manifest.training.digest[:12]}`), since 2026-01-05 03:04:05 UTC, by"
        " the decision of ada@office: why 3"
    )
    assert lines[4].startswith("As of deployment 4, written 20")
    serving, artefacts, decisions = _tables(made)
    assert serving[1:] == [
        ["live", "tiny-houses:2.0.0", "–", "2026-01-05 03:04:05 UTC", "ada@office", "why 3",
         "quality, by ben: for the pilot"],
        ["shadow on 20%", "tiny-houses:3.0.0",
         "broken since 2026-01-02 03:04:05 UTC, not scored: it is not | signed",
         "2026-01-06 03:04:05 UTC", "ada@office", "why 4",
         "not recorded"],
        ["previous", "tiny-houses:1.0.0", "–", "2026-01-03 03:04:05 UTC", "ada@office", "why 1",
         "none"],
    ]  # fmt: skip
    _, live, shadow, previous = artefacts
    assert live[:3] == ["tiny-houses:2.0.0", "222222222222", linear_artefact.manifest.engine]
    assert live[3] == linear_artefact.manifest.training.digest[:12]
    assert live[4:6] == ["220", "sold 2006 to 2009"]
    assert live[6].startswith("mae ")
    assert shadow[2:] == ["–", "it is not in the artefact store", "–", "–", "–"]
    assert previous[0] == "tiny-houses:1.0.0"
    assert [row[0] for row in decisions[1:]] == ["4", "3", "2", "1"]
    assert [row[6] for row in decisions[1:]] == ["–", "quality", "quality", "–"]


def test_how_a_shadow_fares_is_said() -> None:
    """Whether it is scored, since when, and if not, why."""
    since = "since 2026-01-02 03:04:05 UTC"
    assert "no shadow process has taken it up" in fares(None)
    assert fares(ShadowState("m", "1", "scoring", "", NOW)) == f"scoring {since}"
    failing = fares(ShadowState("m", "1", "failing", "it ends", NOW))
    assert failing == f"failing {since}, not scored: it ends"


def test_a_version_without_a_time_column_has_no_range(linear_artefact: Artefact) -> None:
    """Nothing is invented where the data does not say when it is from."""
    manifest = linear_artefact.manifest
    timeless = replace(manifest, training=replace(manifest.training, time_column=None))
    rows = [_row(1, "live", "1.0.0")]
    made = page("e", fold(rows), rows, {"1" * 64: timeless}, {})
    assert _tables(made)[1][1][5] == "–"
    assert "trained on 220 rows (data set" in made


def test_without_data_and_reason_the_summary_still_stands() -> None:
    """What is known is who answers, since when, and who said so."""
    rows = [_row(1, "live", "1.0.0", why="")]
    made = page("e", fold(rows), rows, {"1" * 64: "gone"}, {})
    summary = "**tiny-houses:1.0.0** answers, since 2026-01-03 03:04:05 UTC, by the decision of"
    assert f"{summary} ada@office." in made


def test_an_endpoint_that_serves_nothing_has_a_page() -> None:
    """It says so."""
    made = page("e", fold([]), [], {}, {})
    assert made.count("Nothing yet.") == 3
    assert "Nothing is live." in made
    assert _tables(made) == []


def test_a_text_breaks_no_row_and_brings_no_markup() -> None:
    """Pipes, tags, links and line ends are shown as they were written, on one line."""
    rows = [_row(1, "live", "1.0.0", who=NASTY, why=NASTY, waivers=(Waiver("g", NASTY, NASTY),))]
    made = page(NASTY, fold(rows), rows, {"1" * 64: NASTY}, {})
    one_line = NASTY.replace("\n", " ")
    serving, artefacts, decisions = _tables(made)
    assert serving[1][4:6] == [one_line, one_line]
    assert serving[1][6] == f"g, by {one_line}: {one_line}"
    assert artefacts[1][3] == one_line
    assert decisions[1][7] == one_line
    html = MarkdownIt("commonmark").enable("table").render(made)
    assert "<script>" not in html
    assert "<a " not in html
    assert "<em>" not in html


@settings(max_examples=100, deadline=None)
@given(st.text())
def test_every_text_stays_in_its_cell(said: str) -> None:
    """However it is made, the row has as many cells as its head."""
    table = f"| a | b |\n|---|---|\n| {text(said)} | c |\n"
    (found,) = _tables(table)
    assert [len(row) for row in found] == [2, 2]
    assert found[1][1] == "c"
