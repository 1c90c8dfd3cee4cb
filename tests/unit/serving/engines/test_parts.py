"""Whatever a fitted estimator holds is found, and a search is only as much as its best."""

import numpy as np
from sklearn.ensemble import GradientBoostingRegressor
from sklearn.linear_model import Ridge
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler
from sklearn.tree import DecisionTreeRegressor

from understudy.serving.engines.parts import answering_part, parts_of, qualified_name

X = np.arange(40.0).reshape(20, 2)
Y = X[:, 0]


def test_parts_are_found_in_lists_arrays_and_mappings() -> None:
    """Steps of pipelines, trees of ensembles, functions and classes; each once."""
    trees = GradientBoostingRegressor(n_estimators=3).fit(X, Y)
    pipeline = make_pipeline(FunctionTransformer(np.log1p, kw_args={"k": Ridge}), trees)
    pipeline.self_ = pipeline
    found = list(parts_of(pipeline))
    assert sum(isinstance(part, DecisionTreeRegressor) for part in found) == 3
    assert [part for part in found if part is np.log1p or part is Ridge] != []
    assert len({id(part) for part in found}) == len(found)
    names = {qualified_name(part) for part in found}
    assert {"sklearn.pipeline.Pipeline", "sklearn.tree._tree.Tree"} <= names
    assert "sklearn.linear_model._ridge.Ridge" in names


def test_a_search_answers_by_its_best_estimator() -> None:
    """What it tried is not needed to serve; a search of a search neither."""
    pipeline = make_pipeline(StandardScaler(), Ridge())
    search = GridSearchCV(GridSearchCV(pipeline, {"ridge__alpha": [1, 2]}, cv=2), {}, cv=2)
    search.fit(X, Y)
    best = answering_part(search)
    assert [name for name, _ in best.steps] == ["standardscaler", "ridge"]
    np.testing.assert_array_equal(best.predict(X), search.predict(X))
    assert answering_part(best) is best
    unfitted = GridSearchCV(pipeline, {})
    assert answering_part(unfitted) is unfitted
