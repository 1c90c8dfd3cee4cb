"""The gate leakage: the rows a model is judged by are not rows it was trained on."""

import numpy as np

from understudy.packaging.fingerprints import row_fingerprints
from understudy.packaging.gates.case import Case
from understudy.packaging.gates.ruling import Ruling, passed, refused, warned
from understudy.packaging.gates.wording import figure, percent

# Rows that are shown.
MOST_SHOWN = 5


def judge(case: Case) -> Ruling:
    """
    Count the test rows whose features and target are those of a training row.

    Figures: their number and share, and how many test rows repeat an earlier one, which makes the
    test look larger than it is. Row numbers count from 0.
    """
    given, limit = case.given, case.limits.leakage.share
    features = given.schema.features
    train = row_fingerprints(given.train, given.train_target, features)
    test = row_fingerprints(given.test, given.test_target, features)
    leaked = np.flatnonzero(np.isin(test, train))
    share = len(leaked) / len(test)
    figures = {
        "rows": len(test),
        "leaked": len(leaked),
        "share": figure(share),
        "limit": limit,
        "repeated": len(test) - len(np.unique(test)),
        "examples": leaked[:MOST_SHOWN].tolist(),
    }
    if not len(leaked):
        return passed(f"none of {len(test)} test rows stands in the training data", **figures)
    shown = ", ".join(map(str, figures["examples"])) + (" …" if len(leaked) > MOST_SHOWN else "")
    found = (
        f"{len(leaked)} of {len(test)} test rows ({percent(share)}) stand in the training data,"
        f" features and target alike (rows {shown})"
    )
    if share > limit:
        return refused(
            f"{found}: more than {percent(limit)}; split before duplicating, and drop duplicates",
            **figures,
        )
    return warned(f"{found}; up to {percent(limit)} is let pass", **figures)
