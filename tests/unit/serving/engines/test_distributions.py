"""The installed distributions that a model needs are found, named and demanded."""

import json
import sys
from pathlib import Path

import pytest

from understudy.errors import ArtefactInvalid
from understudy.serving.engines.distributions import (
    check_distributions,
    defining_distributions,
    is_defined_by,
)


def test_a_distribution_that_is_missing_is_named() -> None:
    """The error says what to install."""
    with pytest.raises(ArtefactInvalid, match=r"no-such-thing 1\.0"):
        check_distributions({"no-such-thing": "1.0"})


def test_an_editable_distribution_is_found_by_its_name(acme: str, tmp_path: Path) -> None:
    """An editable installation lists no packages; the name stands in."""
    (tmp_path / "acme_features-1.2.dist-info" / "top_level.txt").unlink()
    assert defining_distributions(["acme_features.Doubled"]) == {acme: "1.2"}
    assert defining_distributions(["nobody_at_all.Doubled"]) == {}


def test_an_editable_distribution_owns_its_folder(acme: str, tmp_path: Path) -> None:
    """What lies in the folder that is edited is its own, and nothing else."""
    origin = tmp_path / "acme_features-1.2.dist-info" / "direct_url.json"
    for folder, owners in ((tmp_path, {acme: "1.2"}), (tmp_path / "elsewhere", {})):
        content = {"url": folder.as_uri(), "dir_info": {"editable": True}}
        origin.write_text(json.dumps(content))
        assert defining_distributions(["acme_features.Doubled"]) == owners


def test_a_distribution_with_a_list_owns_what_is_on_it(acme: str, tmp_path: Path) -> None:
    """As every wheel has one."""
    described = tmp_path / "acme_features-1.2.dist-info"
    (described / "RECORD").write_text("acme_features/__init__.py,,\nacme_features/a.py,,\n")
    assert defining_distributions(["acme_features.Doubled"]) == {acme: "1.2"}


def test_modules_may_come_from_a_distribution_of_another_name() -> None:
    """XGBoost without CUDA is another distribution of the same module; either will do."""
    found = defining_distributions(["xgboost.sklearn.XGBRegressor", "lightgbm.basic.Booster"])
    assert set(found) == {"xgboost-cpu", "lightgbm"} or set(found) == {"xgboost", "lightgbm"}
    check_distributions({"xgboost": "1.0", "xgboost-cpu": "1.0"})
    check_distributions(found)


def test_what_everybody_has_is_not_named() -> None:
    """The standard library and what every manifest names."""
    assert defining_distributions(["functools.partial", "numpy.clip", "builtins.list"]) == {}


@pytest.mark.parametrize(
    "name", ["acme_features.nothing.Here", "acme_features..x", "acme_features"]
)
def test_a_type_that_is_nowhere_belongs_to_nobody(acme: str, name: str) -> None:
    """Not even to the distribution whose package it claims to be in."""
    assert not is_defined_by([acme], name)


def test_nothing_of_an_unnamed_distribution_is_imported(acme: str) -> None:
    """To be installed is no reason to be run."""
    assert not is_defined_by([], "acme_features.sub.Thing")
    assert "acme_features" not in sys.modules
