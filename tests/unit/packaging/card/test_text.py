"""The card says in plain words what the manifest knows, and what nobody has said."""

from dataclasses import replace

import pytest
from markdown_it import MarkdownIt

from understudy.artefacts.artefact import Artefact, QuizItem
from understudy.artefacts.manifest import FeatureSummary, Manifest
from understudy.artefacts.schema import Field, InputSchema
from understudy.artefacts.vetting import Compared, GateResult, Waiver
from understudy.packaging.card.facts import Facts, Plot
from understudy.packaging.card.text import card_text

FACTS = Facts(test_rows=80)
LIVE = Compared("tiny-houses", "0.9.0", "abcdef0123456789")
LOSSES: dict[str, object] = {
    "loss": "absolute", "new_loss": 8126.0, "live_loss": 5805.0, "difference": 2320.0,
    "low": 944.0, "high": 3677.0,
}  # fmt: skip


@pytest.fixture
def manifest(linear_artefact: Artefact) -> Manifest:
    """Return the manifest of a regression, with nothing but what a test adds to its gates."""
    return replace(linear_artefact.manifest, gates=(GateResult("quiz", "passed", "all right"),))


def section(text: str, title: str) -> str:
    """Return the body of one section of a card."""
    return text.split(f"\n## {title}\n")[1].split("\n## ")[0]


def test_the_same_manifest_gives_the_same_card(manifest: Manifest) -> None:
    """It is part of the digest; it says that dates and costs stand in the provenance."""
    text = card_text(manifest, FACTS)
    assert text == card_text(manifest, FACTS)
    assert "`provenance.json`" in section(text, "How to verify")
    assert "understudy models verify tiny-houses:1.0.0" in text


def test_the_first_paragraph_suffices_for_those_in_a_hurry(manifest: Manifest) -> None:
    """What it predicts, learnt from what, how well, and how the gates went."""
    gates = [GateResult(n, s, "x") for n, s in (("quiz", "passed"), ("live", "skipped"))]  # type: ignore[arg-type]
    text = card_text(replace(manifest, gates=tuple(gates)), FACTS)
    paragraph = text.split("\n\n")[1]
    for part in (
        "Predicts the number `price` in EUR.", "7 features", "220 rows from 2006 to 2009",
        "On 80 held-out rows its mean absolute error is", "95 % interval",
        "Of 2 gates, 1 passed, 1 skipped.",
    ):  # fmt: skip
        assert part in paragraph


def test_what_nobody_has_said_is_named_as_such(manifest: Manifest) -> None:
    """An empty section would look like a model without limits."""
    text = card_text(manifest, FACTS)
    assert "Nobody has stated what this model is meant for" in section(text, "Intended use")
    assert "Nobody has stated what this model must not" in section(text, "Out of scope")
    assert "held against no other version" in section(text, "Against the live version")
    assert "No slices were looked at" in section(text, "Slices")


def test_what_a_person_said_stands_there(manifest: Manifest) -> None:
    """As plain text: nobody slips a heading or HTML into a card."""
    told = replace(
        manifest, description="Prices of *houses*.", intended_use="Estimates.\n\n## Gates",
        limitations="<b>Not</b> for flats.",
    )  # fmt: skip
    text = card_text(told, FACTS)
    assert "Estimates." in section(text, "Intended use")
    assert text.count("\n## Gates\n") == 1
    html = MarkdownIt("commonmark").render(text)
    assert "Prices of *houses*." in html
    assert "&lt;b&gt;Not&lt;/b&gt; for flats." in html
    assert "Nobody has stated" not in text


def test_every_metric_has_its_interval_and_unit(manifest: Manifest) -> None:
    """Errors are in the unit of the target, a share of variance is in none."""
    text = section(card_text(manifest, FACTS), "Quality")
    assert "| mean absolute error | " in text
    assert text.count("EUR") == 2
    assert text.count(" to ") == 3


def test_a_comparison_with_live_shows_both_losses(manifest: Manifest) -> None:
    """And what the gates say of it, with the largest discrepancies."""
    gates = (
        GateResult("live", "warned", "not shown to be as good", LOSSES),
        GateResult("deviation", "passed", "few", rows=({"row": 4, "live": 1.5, "new": 2.5},)),
    )
    text = card_text(replace(manifest, gates=gates, compared_with=LIVE), FACTS)
    found = section(text, "Against the live version")
    assert "`tiny-houses:0.9.0`, digest `abcdef012345`" in found
    assert "**Warned**: not shown to be as good." in found
    assert "| mean absolute error | value | 95 % interval |" in found
    assert "| `tiny-houses:1.0.0` | 8,126 |  |" in found
    assert "| `tiny-houses:0.9.0` | 5,805 |  |" in found
    assert "| difference | 2,320 | 944 to 3,677 |" in found
    assert "| 4 | 1.5 | 2.5 |" in found


def test_a_comparison_that_found_no_losses_has_no_table(manifest: Manifest) -> None:
    """An interval may be unknown, and a gate may have had too few rows."""
    gates = (
        GateResult("live", "warned", "too few rows", LOSSES | {"low": None}),
        GateResult("deviation", "skipped", "no rows"),
    )
    found = section(
        card_text(replace(manifest, gates=gates, compared_with=LIVE), FACTS),
        "Against the live version",
    )
    assert "too few rows" in found
    assert "no rows" not in found
    assert "|" not in found


def test_slices_stand_in_the_order_of_the_gate(manifest: Manifest) -> None:
    """The worst first; a column that says nothing is left out, and a long table is cut."""
    rows: list[dict[str, object]] = [
        {"slice": f"zone = {i}|{i}", "rows": 40 + i, "loss": 1.25, "live_loss": None}
        for i in range(25)
    ]
    gates = (GateResult("slices", "warned", "zone = 0 is bad", rows=tuple(rows)),)
    plot = Plot("card-slices.svg", "slices", "Loss by slice", "The worst first.")
    text = card_text(replace(manifest, gates=gates), replace(FACTS, plots=(plot,)))
    found = section(text, "Slices")
    assert "**Warned**: zone = 0 is bad." in found
    assert "| slice | rows | loss |" in found
    assert found.index("zone = 0\\|0") < found.index("zone = 1\\|1")
    assert "5 more stand in the manifest." in found
    assert "![Loss by slice](card-slices.svg)\n\n*The worst first.*" in found
    assert "card-slices" not in section(text, "Quality")


def test_waivers_stand_before_everything_else(manifest: Manifest) -> None:
    """With who, why, and what the gate had found; a stranger must not read past them."""
    gates = (GateResult("live", "waived", "it is worse"),)
    waivers = (Waiver("live", "the <board> wanted it", "Ada"), Waiver("gone", "why not", "Ben"))
    text = card_text(replace(manifest, gates=gates, waivers=waivers), FACTS)
    head = text.split("\nPredicts")[0]
    assert "refused and overruled" in head
    assert (
        "> - `live` was waived by Ada: “the \\<board\\> wanted it”. It had found: it is worse."
        in head
    )
    assert "nothing that is on record" in head
    assert "**waived**" in section(text, "Gates")
    assert "Refused by the gate, and overruled, `live`: it is worse." in section(text, "Limits")
    assert "overruled" not in card_text(manifest, FACTS).split("## Gates")[0]


def test_every_gate_is_listed_with_its_question(manifest: Manifest) -> None:
    """Also one that this version of Understudy does not know."""
    gates = (
        GateResult("quiz", "passed", "all right"), GateResult("future", "warned", "a | b"),
    )  # fmt: skip
    text = card_text(replace(manifest, gates=gates), FACTS)
    found = section(text, "Gates")
    assert "| `quiz` | Are the known questions answered rightly? | passed | all right |" in found
    assert "| `future` |  | **warned** | a \\| b |" in found
    assert "Warned by the gate `future`: a \\| b." in section(text, "Limits")
    assert "`quiz`" not in section(text, "Limits")


def test_the_cost_says_where_its_figure_stands(manifest: Manifest) -> None:
    """It differs from one packaging to the next, and so it is no part of the card."""
    gates = (GateResult("cost", "passed", "at most 5 ms"), GateResult("quiz", "passed", "right"))
    found = section(card_text(replace(manifest, gates=gates), FACTS), "Gates")
    told = "| at most 5 ms; the cost that was measured stands in `provenance.json` |"
    assert told in found
    assert found.count("provenance.json") == 1


def test_limits_name_what_is_refused_and_what_is_only_unproven(manifest: Manifest) -> None:
    """Required fields by name, the range of answers, the end of the training data."""
    found = section(card_text(manifest, FACTS), "Limits")
    assert "an instance that lacks `area`, `rooms`, `built`, `zone`, `garage`," in found
    assert "`UNDERSTUDY_EXPECTATIONS=refuse`" in found
    assert "The answers to held-out rows ran from" in found
    assert "Nothing after 2009 was known in training." in found
    output = replace(manifest.output, minimum=None)
    timeless = replace(
        manifest, output=output, training=replace(manifest.training, time_column=None)
    )
    bare = card_text(timeless, FACTS)
    assert "ran from" not in section(bare, "Limits")
    assert "Nothing after" not in section(bare, "Limits")
    assert "Nobody has named a column" in section(bare, "Data")
    assert "The seed was 0." in section(card_text(timeless, FACTS), "Data")
    assert "The seed" not in card_text(replace(timeless, seed=None), FACTS)


def test_the_table_of_features_tells_the_contract(manifest: Manifest) -> None:
    """Names come from data: pipes and backticks in them break nothing."""
    fields = (
        Field("a|b`c", "number", True, False, 1.0, 2.0, outside="refuse", unit="m²",
              description="The <size>."),
        Field("level", "string", False, True, categories=("level 0",)),
        Field("word", "string", True, False),
        Field("empty", "number", False, True),
    )  # fmt: skip
    levels = {f"level {i}": 100 - i for i in range(10)} | {"long text " * 30: 99}
    features = {
        "a|b`c": FeatureSummary(0.0, 9, 1.0, 2.0, 1.5),
        "level": FeatureSummary(0.25, 10, levels=levels),
        "word": FeatureSummary(0.0, 1234, levels={"Dear Ada": 1}),
        "empty": FeatureSummary(1.0, 0),
    }
    text = card_text(replace(manifest, input_schema=InputSchema(fields), features=features), FACTS)
    found = section(text, "Features")
    assert "| ``a\\|b`c`` (m²): The \\<size\\>. | number | yes | refused | 0\u00a0% |" in found
    assert "| 1 to 2 | refused |" in found
    assert "| no | allowed | 25.0\u00a0% | `level 0` (100), " in found
    assert "`long text long text long text long text…` (99)" in found
    assert "3 more | served |" in found
    assert "1,234 different" in found
    assert "Ada" not in found
    assert "| 100\u00a0% | – | served |" in found
    assert "Accepted and not looked at" not in found
    assert "Accepted and not looked at: `agent`, `sold`." in card_text(manifest, FACTS)


def test_many_required_fields_are_counted(manifest: Manifest) -> None:
    """A list of a hundred names is read by nobody."""
    fields = tuple(Field(f"x{i}", "number", True, False) for i in range(40))
    features = {field.name: FeatureSummary(0.0, 1) for field in fields}
    told = replace(manifest, input_schema=InputSchema(fields), features=features)
    assert "`x11` and 28 more" in section(card_text(told, FACTS), "Limits")
    free = tuple(replace(field, required=False) for field in fields)
    free_text = card_text(replace(told, input_schema=InputSchema(free)), FACTS)
    assert "an instance with a value of another type" in section(free_text, "Limits")


def test_the_engine_is_named_with_why_no_faster_one_serves(manifest: Manifest) -> None:
    """And how many questions of the quiz came from a person."""
    items = tuple(QuizItem({}, 1.0, None, origin) for origin in ("given", "model", "model"))
    told = replace(manifest, engine="exact", engine_reasons={"compiled": "no plan for SVR."})
    found = section(card_text(told, replace(FACTS, quiz=items)), "Serving")
    assert "Runs in the engine `exact`" in found
    assert "- Not in `compiled`: no plan for SVR.\n" in found
    assert "3 quiz questions" in found
    assert "1 given by a person and 2 taken" in found
    nobody = section(card_text(told, replace(FACTS, quiz=items[1:])), "Serving")
    assert "none of them given by a person" in nobody


def test_a_binary_model_is_told_by_its_positive_class(binary_artefact: Artefact) -> None:
    """With the probability from which on it is the label."""
    text = card_text(binary_artefact.manifest, FACTS)
    assert "one of `cheap`, `dear`" in text
    assert "the probability of `dear`, and its label from 0.5 on" in text
    assert "The probabilities to held-out rows ran from" in text
    assert "its accuracy is 0." in text


def test_a_model_of_many_classes(multiclass_artefact: Artefact) -> None:
    """Only the first classes are listed; one without probabilities says so."""
    manifest = multiclass_artefact.manifest
    text = card_text(manifest, FACTS)
    assert "one of `low`, `mid`, `top`" in text
    assert "the probability of each class" in text
    many = replace(manifest.output, classes=tuple(f"c{i}" for i in range(30)))
    assert "`c9` and 20 more" in card_text(replace(manifest, output=many), FACTS)
    silent = replace(manifest.output, has_probabilities=False)
    assert "a label and no probabilities" in card_text(replace(manifest, output=silent), FACTS)
