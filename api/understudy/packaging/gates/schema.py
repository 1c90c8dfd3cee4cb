"""The gate schema: training and test rows hold what the schema says, and something to learn."""

from collections import defaultdict
from hashlib import blake2b

import pandas as pd

from understudy.packaging.gates.case import Case
from understudy.packaging.gates.rows import outside_rows
from understudy.packaging.gates.ruling import Ruling, passed, refused, warned
from understudy.packaging.given import Given

# Problems and columns that the summary names.
MOST_NAMED = 3


def judge(case: Case) -> Ruling:
    """
    Refuse rows outside of what the schema allows; warn of columns that teach nothing.

    Missing values and other types never come here: `refuse_rows` stops before they are scored.
    What teaches nothing is: nothing but missing values, one value throughout, the values of another
    column. Test rows with levels that no training row holds are a warning, too: their answers are
    guesses.
    """
    given = case.given
    rows = {"training rows": len(given.train), "test rows": len(given.test)}
    if problems := outside_rows(given):
        more = len(problems) - MOST_NAMED
        tail = f"; and {more} more" if more > 0 else ""
        return refused("; ".join(problems[:MOST_NAMED]) + tail, **rows, problems=problems)
    empty, constant = _uninformative(given)
    alike = _alike(given, {*empty, *constant})
    unseen = _unseen(given)
    figures = {"empty": empty, "constant": constant, "alike": alike, "unseen": unseen}
    told = [
        *_told(empty, "{} missing throughout training: {}"),
        *_told(constant, "{} constant in training: {}"),
        *_told([" = ".join(names) for names in alike], "{} alike in training: {}"),
        *(
            f"{name} has a level unseen in training in {count} of {len(given.test)} test rows"
            for name, count in unseen.items()
        ),
    ]
    if told:
        return warned("; ".join(told), **rows, **figures)
    return passed(
        f"{len(given.train)} training and {len(given.test)} test rows hold what the schema says of"
        f" {len(given.schema.fields)} fields",
        **rows,
    )


def _uninformative(given: Given) -> tuple[list[str], list[str]]:
    """Return the features without any value in training, and those with one throughout."""
    empty, constant = [], []
    for field in given.schema.features:
        column = given.train[field.name]
        if column.isna().all():
            empty.append(field.name)
        elif column.nunique(dropna=False) == 1:
            constant.append(field.name)
    return empty, constant


def _alike(given: Given, others: set[str]) -> list[list[str]]:
    """Return the groups of features that hold the same in every training row."""
    groups: dict[object, list[str]] = defaultdict(list)
    for field in given.schema.features:
        if field.name in others:
            continue
        codes, values = pd.factorize(given.train[field.name])
        groups[blake2b(codes.tobytes()).digest(), tuple(values.tolist())].append(field.name)
    return [names for names in groups.values() if len(names) > 1]


def _unseen(given: Given) -> dict[str, int]:
    """Count the test rows with a level that training never saw, by feature that has levels."""
    counts = {}
    for field in given.schema.features:
        if field.categories is None:
            continue
        test = given.test[field.name].dropna()
        if unseen := int((~test.isin(given.train[field.name].dropna().unique())).sum()):
            counts[field.name] = unseen
    return counts


def _told(names: list[str], sentence: str) -> list[str]:
    if not names:
        return []
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    count = "1 column is" if len(names) == 1 else f"{len(names)} columns are"
    return [sentence.format(count, ", ".join(names[:MOST_NAMED]) + more)]
