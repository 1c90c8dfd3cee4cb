"""Pages say what is known, keep everything in its place, and say so when nothing is known."""

import re
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser
from importlib.resources import files
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from markupsafe import Markup, escape

from tests.unit.dashboard.conftest import LIVE, REQUEST, SHADOW, WHEN, MakeBoard, make_pair
from understudy.artefacts.vetting import Waiver
from understudy.comparison import Policy
from understudy.comparison.coverage import Segment
from understudy.comparison.explanation import Explanation, Rule
from understudy.comparison.noise import NoiseFloor
from understudy.comparison.slice_shapes import Slice, SliceReport
from understudy.dashboard import explained, noise, slices
from understudy.dashboard.answer import answer_page, found_page, told
from understudy.dashboard.endpoint import (
    deployments_page,
    overview_page,
    problem_page,
    twin_card,
    unavailable_card,
)
from understudy.dashboard.latest import latest
from understudy.dashboard.rendering import Frame, page
from understudy.dashboard.shadow import draw_sheet, segments
from understudy.dashboard.table import link, table
from understudy.log.comparisons import KeptComparison
from understudy.log.predictions import (
    ClientRequest,
    ClientRequests,
    LivePrediction,
    OutcomeRevision,
    RecordedRequest,
    ShadowPrediction,
)
from understudy.log.roles import DeploymentRow, Deployments
from understudy.review.answer import Answer
from understudy.review.board import Board

EVIL = "\"><script>alert('x')</script>=cmd|' /C calc'!A0"


class Reader(HTMLParser):
    """Collects what a page holds, as a browser would see it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).split())

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def whole(content: str) -> Reader:
    """Return a page around some content, read."""
    return Reader(page(Frame("A title", "houses", "/", 0, WHEN), Markup(content)))  # noqa: S704 - ours


VERDICTS: dict[str, dict[str, Any]] = {
    "PROMOTE": {},
    "REJECT": {"shadow_sd": 40.0},
    "HOLD": {"policy": Policy(aim="not_worse", outcome_influenced=True)},
    "NEED_MORE_DATA": {"n": 150},
}


@pytest.mark.parametrize("word", VERDICTS)
def test_the_verdict_comes_first_in_a_word_a_sign_and_sentences(make: MakeBoard, word: str) -> None:
    """The first heading of a shadow's page holds the verdict, and the card of the overview too."""
    board = make(**VERDICTS[word])
    assert board.comparison.verdict == word
    sheet = draw_sheet(board)
    shown = word.replace("_", " ")
    assert re.search(rf"<h1[^>]*>.*?{shown}.*?</h1>", sheet.content, re.DOTALL)
    assert sheet.title == f"{shown}: houses:2.0.0"
    for part in (sheet.card, sheet.content):
        read = Reader(part)
        assert read.text.index(shown) < read.text.index("take over")
        assert any(tag["class"] == "sign" for tag in read.all("svg"))


def test_a_page_has_every_part_of_a_comparison(make: MakeBoard) -> None:
    """Verdict, limits, sequence, histogram, outcomes, coverage, slices, drift, pairs, policy."""
    board = make(policy=Policy(aim="same", difference_margin=9000.0))
    read = whole(draw_sheet(board).content)
    names = [tag["id"] for tag in read.all("section") if tag.get("id")]
    assert names == ["why", "limits", "time", "disagreement", "outcomes", "coverage", "slices",
                     "drift", "pairs", "behind", "earlier"]  # fmt: skip
    for guard in board.comparison.guards:
        assert guard.what.lower() in read.text.lower()
    assert board.comparison.slices is not None
    assert board.comparison.slices.note in read.text
    assert "All 7 findings on the inputs" in read.text or "findings on the inputs" in read.text
    assert "“may do better”" in read.text
    assert SHADOW.digest in read.text


def test_headings_never_skip_a_level_and_the_page_has_one_first(usual: Board) -> None:
    """A screen reader walks a page by its headings."""
    read = whole(draw_sheet(usual).content)
    levels = [int(tag[1]) for tag, _ in read.tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_every_table_has_a_caption_and_cells_that_know_their_heads(usual: Board) -> None:
    """Columns and rows are named by `th` with a scope."""
    read = whole(draw_sheet(usual).content)
    tables = len(read.all("table"))
    assert tables >= 8
    assert len(read.all("caption")) == tables
    assert all(tag.get("scope") in ("col", "row") for tag in read.all("th"))


def test_every_drawing_says_something_or_is_passed_over(usual: Board) -> None:
    """An svg is an image with a text, or hidden, or within another."""
    content = draw_sheet(usual).content
    outer = [tag for tag in Reader(content).all("svg") if "preserveaspectratio" not in tag]
    assert outer
    for tag in outer:
        assert tag.get("aria-hidden") == "true" or (tag.get("role") == "img" and tag["aria-label"])


def test_ids_are_unique(usual: Board) -> None:
    """A link within the page leads to one place."""
    read = whole(draw_sheet(usual).content)
    ids = [tag["id"] for _, tag in read.tags if "id" in tag]
    assert len(ids) == len(set(ids))
    targets = [str(tag["href"])[1:] for tag in read.all("a") if str(tag["href"]).startswith("#")]
    assert set(targets) <= set(ids)


def test_no_page_holds_style_or_script(usual: Board) -> None:
    """The policy of the pages forbids both, so a stray one would be a defect."""
    html = page(Frame("t", "houses", "/", 0, WHEN), draw_sheet(usual).content)
    read = Reader(html)
    assert not read.all("script")
    assert not read.all("style")
    assert all(
        "style" not in tag and not any(k.startswith("on") for k in tag) for _, tag in read.tags
    )
    assert all(
        str(tag["href"]).startswith(("/", "#")) for tag in [*read.all("a"), *read.all("link")]
    )


def test_a_shadow_that_has_seen_nothing_has_a_page(empty: Board) -> None:
    """Each part says that nothing is there yet, and none is missing."""
    read = whole(draw_sheet(empty).content)
    for sentence in (
        "NEED MORE DATA",
        "There is nothing to draw yet",
        "There are no pairs yet.",
        "No outcome of a compared instance is known yet",
        "There are no live inputs to compare",
    ):
        assert sentence in read.text


def test_labels_are_shown_as_a_table(make: MakeBoard) -> None:
    """A classifier without probabilities has no histogram, but its labels can be counted."""
    rng = np.random.default_rng(1)
    live = rng.choice(["cheap", EVIL], 400)
    board = make(
        400, live=None, shadow=None, task="multiclass", live_labels=live,
        shadow_labels=np.where(rng.random(400) < 0.9, live, "cheap"),
        outcomes=live, offline={}, inputs=None, reference=None, measured_in="",
    )  # fmt: skip
    read = whole(draw_sheet(board).content)
    assert f"live: {EVIL}" in " ".join(read.texts)
    assert not read.all("script")
    assert "of 400 pairs" in read.text


def test_what_comes_from_outside_stays_text_everywhere(make: MakeBoard) -> None:
    """Names, reasons, labels and outcomes that hold HTML are shown as they are."""
    board = make(shadow_name=EVIL, live_name=EVIL, target=EVIL, measured_in=EVIL)
    board = replace(
        board,
        shadow=replace(SHADOW, why=EVIL, who=EVIL),
        latest=(make_pair(outcome=EVIL, shadow_label=EVIL, live_label=EVIL, request_id=EVIL),),
    )
    sheet = draw_sheet(board)
    for part in (sheet.card, sheet.content):
        read = Reader(part)
        assert not read.all("script")
        assert EVIL in " ".join(read.texts)


def test_the_latest_pairs_lead_to_their_requests() -> None:
    """Numbers, labels, failures and outcomes, each row with a link."""
    pairs = [
        make_pair(),
        make_pair(instance_no=3, live_label="a", shadow_label="b", live_value=None,
                  shadow_value=None, outcome="a"),
        make_pair(shadow_value=None, error="boom", outcome=None),
    ]  # fmt: skip
    rows = latest(pairs, "USD").rows
    assert 'href="/requests/01900000-0000-7000-8000-000000000001"' in rows[0][0]
    assert rows[0][2:] == ("200,000", "201,500", "+1,500", "199,000")
    assert "/ 3" in rows[1][0]
    assert rows[1][2:] == ("a", "b", "differs", "a")
    assert rows[2][2:] == ("200,000", "failed", "–", "–")


ZONE = Slice(
    name=f"zone = {EVIL}", conditions=(("zone", f"= {EVIL}"),), units=120, rows=130,
    live_loss=10.0, shadow_loss=14.0, effect=0.4, interval=(0.2, 0.6), p_value=0.0001,
    p_adjusted=0.001, is_bad=True, disagreement=3.0, examples=(f"{REQUEST}/0", f"{REQUEST}/2"),
)  # fmt: skip
FOUND = SliceReport(4, 900, 40, (ZONE, replace(ZONE, is_bad=False)), (ZONE,), "")


def test_slices_tell_their_state_and_lead_to_examples(usual: Board) -> None:
    """A confirmed slice is marked by a sign and a word, not by colour alone."""
    shown = slices.worst(FOUND, usual.comparison)
    assert shown is not None
    bad, open_ = shown.rows
    assert bad[:7] == (
        f"zone = {EVIL}", "✕ BAD", "+40.0\xa0%", "+20.0\xa0% to +60.0\xa0%",
        "0.0010", "120", "10 → 14",
    )  # fmt: skip
    assert open_[1] == "○ open"
    assert f'href="/requests/{REQUEST}">…0001</a>' in bad[7]
    assert "…0001/2</a>" in bad[7]
    assert "slice margin of +10.0\xa0%" in shown.note
    apart = slices.apart(FOUND, usual.comparison)
    assert apart is not None
    assert apart.head[1] == "Mean distance (USD)"
    assert apart.rows[0][1] == "3"
    assert slices.searched(FOUND) == "40 slices searched among 900 units (look 4)."
    nothing = replace(FOUND, worst=(), apart=())
    assert slices.worst(nothing, usual.comparison) is None
    assert slices.apart(nothing, usual.comparison) is None


@pytest.mark.parametrize(
    ("name", "unit"),
    [("client-7/0", "request"), ("a/b/0", "client"), (f"{REQUEST}/0", "client"), (EVIL, "request")],
)
def test_an_example_that_is_no_request_is_no_link(name: str, unit: str) -> None:
    """Where the unit is a client, its name leads nowhere, even one that looks like a request id."""
    read = Reader(str(escape(slices.examples((name,), unit))))
    assert read.text == name
    assert not read.all("a")
    assert slices.examples((), unit) == "–"


def test_the_page_of_a_shadow_shows_slices_and_what_drives_the_difference(usual: Board) -> None:
    """Rules with their share, the features behind them, and the slices with links to requests."""
    why = Explanation((Rule("zone = Hill", 400, 0.4, -1500.0),), 0.62, (("zone", 1.0),))
    board = replace(usual, comparison=replace(usual.comparison, slices=FOUND, explanation=why))
    read = whole(draw_sheet(board).content)
    assert "1 rule explains 62.0\xa0% of how the difference varies" in " ".join(read.texts)
    for cell in ("zone = Hill", "−1,500", "40.0\xa0%", "400", "✕ BAD"):
        assert cell in read.texts
    assert any(tag.get("href") == f"/requests/{REQUEST}" for tag in read.all("a"))
    assert not read.all("script")


@pytest.mark.parametrize(
    ("why", "words"),
    [
        (None, "There is too little to explain"),
        (
            Explanation((), 0.004, ()),
            "explain next to nothing of where the answers part (0.40\xa0%)",
        ),
    ],
)
def test_what_is_not_explained_is_said_honestly(why: Explanation | None, words: str) -> None:
    """No rule is made up where the columns tell nothing."""
    assert words in explained.sentence(why)
    assert explained.rules(why, "USD", is_signed=True) is None
    assert explained.features(why) is None


FLOOR = NoiseFloor(500, 480, 2, 0.25, None, 10.0, 90.0, 400.0, 700.0)


@pytest.mark.parametrize(
    ("floor", "words"),
    [
        (None, "has not been measured: no twin"),
        (
            FLOOR,
            "differ on 25.0\xa0% of 480 units, by less than 400\xa0USD in 99\xa0% of the pairs",
        ),
        (replace(FLOOR, differing=0.0), "the same answer to all 480 units"),
        (replace(FLOOR, p99=None), "differ on 25.0\xa0% of 480 units; no shadow"),
    ],
)
def test_the_noise_floor_stands_beside_the_disagreement(
    usual: Board, floor: NoiseFloor | None, words: str
) -> None:
    """A sentence always; figures of twin and shadow side by side where there is a twin."""
    found = replace(usual.comparison, noise=floor)
    read = whole(draw_sheet(replace(usual, comparison=found)).content)
    assert words in " ".join(read.texts)
    shown = noise.figures(found)
    assert (shown is None) == (floor is None)
    if floor is not None and floor.p99 is not None:
        assert shown is not None
        assert shown.rows[-2][1] == "400"
        assert shown.rows[-2][2] not in ("–", "400")


def test_a_small_twin_warns_of_its_outer_figures(usual: Board) -> None:
    """The 99th percentile of forty is their largest."""
    shown = noise.figures(replace(usual.comparison, noise=replace(FLOOR, units=40)))
    assert shown is not None
    assert "Fewer than 100 units" in shown.note


def test_a_changed_share_is_counted_by_itself(usual: Board) -> None:
    """One share needs no table of its own, two have one."""
    half, all_ = Segment(0.5, 100, 48, 50, 1, 1), Segment(1.0, 200, 200, 0, 0, 0)
    assert segments(replace(usual.comparison, segments=(all_,))) is None
    shown = segments(replace(usual.comparison, segments=(half, all_)))
    assert shown is not None
    assert shown.rows == (
        ("50.0\xa0%", "100", "48", "50", "1", "1"), ("100\xa0%", "200", "200", "0", "0", "0"),
    )  # fmt: skip


KEPT = KeptComparison(
    id=1, endpoint="houses", deployment_id=2, live_name="houses", live_version="0.9.0",
    live_digest="c" * 64, name="houses", version="2.0.0", digest="b" * 64,
    policy={"aim": "same"}, policy_digest="d" * 64, shadows=1, started_at=WHEN,
    ended_at=WHEN + timedelta(days=3), folds=2,
    verdict={"verdict": "HOLD", "reasons": [EVIL]}, judged_at=WHEN,
)  # fmt: skip


def test_earlier_comparisons_end_the_page_of_a_shadow(usual: Board) -> None:
    """Against whom, from when to when, under which policy, and what came out."""
    read = whole(draw_sheet(replace(usual, earlier=(KEPT,))).content)
    assert not read.all("script")
    text = " ".join(read.texts)
    for cell in ("houses:0.9.0", "2026-09-24 12:00", "‖ HOLD", EVIL, "dddddddddddd"):
        assert cell in text
    first = whole(draw_sheet(usual).content)
    assert "This is the first comparison of houses:2.0.0." in first.text


def test_the_deployments_list_every_comparison() -> None:
    """Those under way and those that were never judged as well."""
    going = replace(KEPT, ended_at=None, verdict=None)
    read = Reader(deployments_page("houses", Deployments(1, LIVE), [], [going, KEPT]))
    assert "Every comparison, newest first" in read.text
    assert "under way" in read.text
    assert "never judged" in read.text
    assert "‖ HOLD" in read.text


def test_a_twin_is_called_one_and_leads_to_no_verdict() -> None:
    """The overview and the deployments tell it from a shadow."""
    twin = replace(SHADOW, version="1.0.0", share=0.5)
    card = Reader(twin_card(twin))
    assert "the twin of the live model" in card.text
    assert "Scored on 50\xa0% of the requests" in " ".join(card.texts)
    assert not card.all("a")
    rows = [
        DeploymentRow(1, WHEN, "ada", "", "live", "houses", "1.0.0", "a" * 64),
        DeploymentRow(2, WHEN, "ada", "", "shadow", "houses", "1.0.0", "a" * 64, share=0.5),
        DeploymentRow(3, WHEN, "ada", "", "shadow", "houses", "2.0.0", "b" * 64),
    ]
    roles = Reader(deployments_page("houses", Deployments(3, LIVE, None, (twin, SHADOW)), rows))
    assert roles.texts.count("twin") == 2
    assert roles.texts.count("shadow") == 2
    assert [tag["href"] for tag in roles.all("a")] == ["/shadows/houses:2.0.0"]


def test_the_overview_says_who_is_live_and_what_to_do_without_anybody() -> None:
    """Three states of an endpoint: nobody, live alone, live with a shadow."""
    nobody = Reader(overview_page("houses", Deployments(), []))
    assert "No model is live yet." in nobody.text
    assert "understudy deploy NAME:VERSION --live" in nobody.text
    alone = Reader(overview_page("houses", Deployments(1, LIVE), []))
    assert (
        "houses:1.0.0 is live since 2026-09-21 12:00:00 UTC, by ada: “the first one”" in alone.text
    )
    assert "No model is in the shadow." in alone.text
    both = Reader(
        overview_page("houses", Deployments(2, LIVE, None, (SHADOW,)), [Markup("<p>card</p>")])
    )
    assert "No model is in the shadow." not in both.text
    broken = Reader(unavailable_card(SHADOW, EVIL))
    assert "houses:2.0.0" in broken.text
    assert not broken.all("script")


def test_the_deployments_tell_every_decision_newest_first() -> None:
    """Who, why and which gates were waived, with what they typed shown as text."""
    rows = [
        DeploymentRow(1, WHEN, "ada", EVIL, "live", "houses", "1.0.0", "a" * 64, waivers=()),
        DeploymentRow(2, WHEN, EVIL, "", "shadow", "houses", "2.0.0", "b" * 64,
                      waivers=(Waiver("quality", "why", "ada"),)),
    ]  # fmt: skip
    read = Reader(deployments_page("houses", Deployments(2, LIVE, None, (SHADOW,)), rows))
    assert not read.all("script")
    history = read.text.index("Every decision")
    assert read.text.index("quality") > history
    assert read.text.index("2 2026", history) < read.text.index("1 2026", history)
    assert any(tag.get("href") == "/shadows/houses:2.0.0" for tag in read.all("a"))
    nothing = Reader(deployments_page("houses", Deployments(), []))
    assert "Nothing has been deployed yet." in nothing.text


def recorded(**changes: Any) -> RecordedRequest:
    """Return a request of two instances with a shadow's answers and a revised outcome."""
    known: dict[str, Any] = {
        "request_id": "01900000-0000-7000-8000-000000000001",
        "client_id": EVIL,
        "name": "houses",
        "version": "1.0.0",
        "deployment_id": 1,
        "served_at": WHEN,
        "recorded_at": WHEN,
        "predictions": [
            LivePrediction(0, {"zone": EVIL, "area": 90.5, "deep": {"a": None}}, 2.5, 2.5, None),
            LivePrediction(1, {"area": None}, 3.0, 3.0, None),
        ],
        "shadows": [
            ShadowPrediction(0, "houses", "2.0.0", "scored", 3.0, 3.0, None, None, WHEN),
            ShadowPrediction(1, "houses", "2.0.0", "failed", None, None, None, EVIL, WHEN),
        ],
        "outcomes": [OutcomeRevision(0, 1, 2.0, WHEN), OutcomeRevision(0, 2, EVIL, WHEN)],
    }
    return RecordedRequest(**(known | changes))


def test_the_page_of_a_request_tells_all_that_is_known_of_it() -> None:
    """The instance, every answer, every revision of the outcome; nothing of it is markup."""
    read = Reader(answer_page(Answer(recorded(), None, {("houses", "1.0.0"): "a" * 64})))
    assert not read.all("script")
    text = " ".join(read.texts)
    assert text.count(EVIL) >= 4
    for known in ("90.5", '{"a":null}', "+0.5", "failed: ", "was not recorded with the answer"):
        assert known in text
    assert "Instance 1" in text
    assert "No outcome is known yet." in text


def test_a_list_of_requests_leads_to_each() -> None:
    """Found by the client's own id, which may hold anything."""
    one = ClientRequest("01900000-0000-7000-8000-000000000001", WHEN, "houses", "1.0.0", 2)
    read = Reader(found_page(EVIL, ClientRequests([one], has_more=True)))
    assert not read.all("script")
    assert any(tag["href"] == f"/requests/{one.request_id}" for tag in read.all("a"))


def test_a_problem_is_told_with_what_helps() -> None:
    """Postgres down: predictions go on. No key: what to type."""
    down = Reader(problem_page(503, "Not ready", EVIL, "/"))
    assert "what is live goes on answering" in down.text
    assert not down.all("script")
    assert "the password is the key" in Reader(problem_page(401, "Unauthorized", "", "/")).text


def test_a_page_offers_to_load_itself_again_only_where_that_helps() -> None:
    """Nobody's page moves unless asked; whoever asked can stop it."""
    plain = page(Frame("t", "e", "/shadows/a:1", 0, WHEN), Markup(""))
    assert 'href="/shadows/a:1?refresh=30"' in plain
    moving = page(Frame("t", "e", "/", 30, WHEN), Markup(""))
    assert "every 30 seconds" in moving
    assert "Stop that" in moving
    assert "refresh" not in page(Frame("t", "e", "/deployments"), Markup(""))


def test_columns_of_figures_and_of_long_texts_are_told_apart() -> None:
    """Figures stand to the right; only long texts are broken into lines."""
    found = table("c", ("a", "b", "c"), [("x", "−1.5", "a text of more than some letters")])
    assert found.kinds == ("", "figure", "long")


def test_the_path_of_a_link_may_hold_anything() -> None:
    """Slashes, quotes and question marks become part of one segment."""
    assert link("x", "shadows", 'a/b"?#:1') == '<a href="/shadows/a%2Fb%22%3F%23:1">x</a>'


@pytest.mark.parametrize(
    ("value", "text"), [("a", "a"), (1.5, "1.5"), (None, "null"), ([1], "[1]")]
)
def test_json_values_are_told_as_they_were_sent(value: object, text: str) -> None:
    """A text without quotes, everything else as JSON."""
    assert told(value) == text


def test_no_page_can_do_anything() -> None:
    """The one form asks for a page: there is no action that another site could forge."""
    for template in files("understudy.dashboard").joinpath("templates").iterdir():
        for form in re.findall(r"<form[^>]*>", template.read_text("utf-8")):
            assert 'method="get"' in form
        assert not re.search(
            r"formaction|formmethod|<button[^>]*name=", template.read_text("utf-8")
        )
