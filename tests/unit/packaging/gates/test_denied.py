"""No feature is used that must not be."""

from collections.abc import Callable
from typing import Any

import pytest
from sklearn.linear_model import LinearRegression

from tests import tiny
from understudy.packaging.gates import denied
from understudy.packaging.gates.case import Case
from understudy.packaging.gates.denied import PROTECTED, matching, words_of

MakeCase = Callable[..., Case]
HOUSES = tiny.make_houses()


def case_of(make_case: MakeCase, renamed: dict[str, str], **limits: Any) -> Case:
    """Return a case whose numeric features were renamed."""
    houses = HOUSES[["area", "rooms", "built", "agent", "price"]].rename(columns=renamed)
    return make_case(
        LinearRegression(),
        train=houses[:220],
        test=houses[220:],
        carried=[renamed.get("agent", "agent")],
        limits={"denied": limits},
    )


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("applicant_sex", ("applicant", "sex")),
        ("ApplicantSex", ("applicant", "sex")),
        ("SEX", ("sex",)),
        ("HTTPAge", ("http", "age")),
        ("age-2020", ("age", "2020")),
        ("x12", ("x", "12")),
        ("größeÜberAlles", ("grösse", "über", "alles")),
        ("", ()),
    ],
)
def test_a_name_is_made_of_words(name: str, words: tuple[str, ...]) -> None:
    """Split where the case changes and at everything that is no letter."""
    assert words_of(name) == words


@pytest.mark.parametrize(
    ("feature", "name", "matches"),
    [
        ("applicant_sex", "sex", True),
        ("ApplicantSex", "SEX", True),
        ("sextant", "sex", False),
        ("mileage", "age", False),
        ("AgeAtSale", "age", True),
        ("countryOfBirth", "country_of_birth", True),
        ("birth_country_of", "country_of_birth", False),
        ("x7", "x12", False),
        ("x12", "x12", True),
        ("anything", "_", False),
    ],
)
def test_a_feature_matches_by_whole_words(feature: str, name: str, *, matches: bool) -> None:
    """All words of the name side by side, in their order."""
    assert (matching([feature], [name]) == [feature]) == matches


def test_a_denied_feature_is_refused(make_case: MakeCase) -> None:
    """By name."""
    case = case_of(make_case, {"rooms": "ApplicantSex", "built": "Age"}, names=["sex", "age"])
    found = denied.judge(case)
    assert found.status == "refused"
    assert "2 features are denied: ApplicantSex, Age" in found.summary
    assert found.figures["found"] == ["ApplicantSex", "Age"]


def test_what_is_denied_cannot_be_accepted(make_case: MakeCase) -> None:
    """Acceptance answers a warning, and lifts no ban."""
    case = case_of(make_case, {"rooms": "sex"}, names=["sex"], accepted=["sex"])
    assert denied.judge(case).status == "refused"


def test_features_that_nobody_denied_pass(make_case: MakeCase) -> None:
    """Neither by name nor by likeness."""
    found = denied.judge(case_of(make_case, {}, names=["income"]))
    assert found.status == "passed"
    assert found.summary == "none of 3 features is denied or named like a protected attribute"


def test_denying_one_attribute_does_not_silence_the_others(make_case: MakeCase) -> None:
    """They have to be accepted by name."""
    renamed = {"rooms": "age", "built": "marital_status"}
    found = denied.judge(case_of(make_case, renamed, names=["sex"], accepted=["age"]))
    assert found.status == "warned"
    assert "1 feature is named like a protected attribute: marital_status" in found.summary
    assert (found.figures["found"], found.figures["accepted"]) == (["marital_status"], ["age"])


def test_a_protected_attribute_is_a_warning(make_case: MakeCase) -> None:
    """Which says how to answer it."""
    found = denied.judge(case_of(make_case, {"rooms": "marital_status"}))
    assert found.status == "warned"
    assert "1 feature is named like a protected attribute: marital_status" in found.summary
    assert "denied.accepted" in found.summary
    assert "denied.names" in found.summary


def test_an_accepted_attribute_passes(make_case: MakeCase) -> None:
    """And is still told."""
    found = denied.judge(case_of(make_case, {"rooms": "house_age"}, accepted=["age"]))
    assert found.status == "passed"
    assert "but for house_age, which is accepted" in found.summary


def test_a_carried_field_is_not_used(make_case: MakeCase) -> None:
    """It serves to look at slices, for which it is needed most."""
    case = case_of(make_case, {"agent": "gender"})
    assert denied.judge(case).status == "passed"
    assert (
        denied.judge(case_of(make_case, {"agent": "gender"}, names=["gender"])).status == "passed"
    )


def test_many_features_are_counted(make_case: MakeCase) -> None:
    """The first five are named."""
    names = [f"age {i}" for i in range(7)]
    houses = HOUSES[["price"]].assign(**{name: HOUSES["area"] + i for i, name in enumerate(names)})
    case = make_case(LinearRegression(), train=houses[:220], test=houses[220:], carried=[])
    assert "age 0, age 1, age 2, age 3, age 4 and 2 more" in denied.judge(case).summary


def test_the_common_list_is_in_order_and_in_words() -> None:
    """So that a reader finds what is in it."""
    assert list(PROTECTED) == sorted(PROTECTED)
    assert all(" ".join(words_of(name)) == name for name in PROTECTED)
