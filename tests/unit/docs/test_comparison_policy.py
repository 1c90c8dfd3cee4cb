"""The page about the comparison policy says what the policy is."""

import re
from dataclasses import fields
from pathlib import Path

import yaml

from understudy.comparison import Policy
from understudy.comparison.jsonable import as_json
from understudy.comparison.policy import AIMS, GUARDS, LOSSES
from understudy.review.policy_file import read_policy

PAGE = (Path(__file__).parents[3] / "docs/comparison-policy.md").read_text()
ROWS = dict(re.findall(r"^\| `(\w+)` \| (.*?) \| ", PAGE, re.MULTILINE))


def test_every_key_stands_on_the_page_in_order() -> None:
    """No key is missing, none is made up."""
    assert list(ROWS) == [field.name for field in fields(Policy)]


def test_every_default_on_the_page_is_that_of_the_policy() -> None:
    """A dash stands for None; everything else is written as YAML would read it."""
    told = {
        key: None if text == "–" else yaml.safe_load(text.strip("`")) for key, text in ROWS.items()
    }
    assert told == as_json(Policy())


def test_every_word_of_the_policy_is_explained() -> None:
    """Aims, guards and losses are all named."""
    for word in (*AIMS, *GUARDS, *(loss for losses in LOSSES.values() for loss in losses)):
        assert f"`{word}`" in PAGE


def test_the_example_is_a_policy(tmp_path: Path) -> None:
    """Copied as it stands, it is read, and it says what the page says."""
    (example,) = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    file = tmp_path / "policy.yaml"
    file.write_text(example)
    policy, keys = read_policy(file)
    assert policy.unit == "client_id"
    assert set(keys) < set(ROWS)
