"""Whatever the contract accepts has a finite answer."""

import warnings
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from sklearn.base import BaseEstimator, RegressorMixin
from sklearn.compose import ColumnTransformer
from sklearn.linear_model import LinearRegression, Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder

from tests import tiny, zoo
from understudy.packaging.engine_choice import gather_evidence
from understudy.packaging.gates import stable
from understudy.packaging.gates.case import Case
from understudy.packaging.given import Given

pytestmark = pytest.mark.no_cover

MakeCase = Callable[..., Case]
HOUSES = tiny.make_houses()


class Together(RegressorMixin, BaseEstimator):  # type: ignore[misc]
    """Has no answer only where two features are extreme at once."""

    def fit(self, X: Any, y: Any) -> "Together":
        """Remember the columns."""
        self.feature_names_in_ = np.array(X.columns, dtype=object)
        return self

    def predict(self, X: Any) -> Any:
        """Return nothing for a large house with many rooms."""
        return np.where((X["area"] > 1000) & (X["rooms"] > 100), np.inf, 1.0)


def with_schema(case: Case, given: Given) -> Case:
    """Return a case whose evidence was gathered under another schema."""
    evidence = gather_evidence(given, case.train_scores, case.test_scores)
    return replace(case, given=given, evidence=evidence)


def narrowed(case: Case, **changes: Any) -> Case:
    """Return a case whose number fields were changed."""
    model, schema = case.given.model, case.given.schema
    fields = tuple(
        replace(field, **changes) if field.type in ("number", "integer") else field
        for field in schema.features
    )
    given = replace(
        case.given, model=replace(model, fields=fields), schema=replace(schema, features=fields)
    )
    return with_schema(case, given)


def test_a_model_with_an_answer_to_everything_passes(make_case: MakeCase) -> None:
    """With the number of inputs generated."""
    found = stable.judge(make_case())
    assert found.status == "passed"
    assert 400 <= int(str(found.figures["inputs"])) <= 1000
    assert found.figures["unanswered"] == 0


@pytest.fixture(scope="module", params=["logarithm", "logarithm of the target"])
def unstable(request: pytest.FixtureRequest, make_case: MakeCase) -> Case:
    """A model that has no answer for numbers far from those of training."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return make_case(zoo.REGRESSIONS[request.param]())


def test_an_overflow_or_a_logarithm_of_nothing_is_refused(unstable: Case) -> None:
    """With the field that does it, what training saw of it, and the way out."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = stable.judge(unstable)
    assert found.status == "refused"
    assert "no answer for area = " in found.summary
    assert "(training saw between 57.6 and 386.1)" in found.summary
    assert "outside: refuse" in found.summary
    assert {row["field"] for row in found.rows} >= {"area", "rooms", "built"}


def test_a_declared_range_makes_it_stable(unstable: Case) -> None:
    """What clients cannot send needs no answer."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        narrow = narrowed(unstable, outside="refuse")
    assert stable.judge(narrow).status == "passed"


def test_an_encoder_that_knows_no_strangers_is_refused(make_case: MakeCase) -> None:
    """A new level will come, and the answer must not be an error."""
    strict = ColumnTransformer([("zone", OneHotEncoder(), ["zone"])], remainder="drop")
    case = make_case(make_pipeline(strict, Ridge()), train=HOUSES[:220], test=HOUSES[220:])
    found = stable.judge(case)
    assert "no answer for zone = 'a level that training never saw'" in found.summary
    assert "handle_unknown='ignore'" in found.summary
    assert "clip" not in found.summary


def test_a_null_without_an_answer_is_refused(make_case: MakeCase) -> None:
    """Whoever makes a field nullable promises an answer."""
    plain = HOUSES[["area", "rooms", "price"]]
    case = make_case(LinearRegression(), train=plain[:220], test=plain[220:])
    found = stable.judge(narrowed(case, nullable=True, required=False))
    assert "no answer for area = None" in found.summary
    assert "impute missing values" in found.summary
    absent = stable.judge(narrowed(case, required=False))
    assert "no answer for area absent" in absent.summary


def test_what_only_goes_wrong_together_is_told_together(make_case: MakeCase) -> None:
    """No field is to blame alone, so all that is unusual is named."""
    plain = HOUSES[["area", "rooms", "price"]]
    found = stable.judge(make_case(Together(), train=plain[:220], test=plain[220:]))
    assert found.status == "refused"
    assert " with rooms = " in found.summary
