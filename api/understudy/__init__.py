"""
Understudy proves a new model before anyone depends on it.

A request's way: `controllers` (HTTP) → `serving` (model, micro-batches, spool) → `agent` (ships the
spool) → `log` (Postgres) → `shadow` (scores it again) → `review` (gathers) → `comparison` (judges).

    errors, settings, records,  what everybody shares
    keys, priority
    artefacts                   a packaged model: manifest, schema, store
    packaging                   from a fitted estimator to an artefact, or to a refusal
    serving                     engines, generations, MicroBatcher, spool: the live path
    log                         the prediction log: tables, migrations, writers, readers
    comparison                  pure functions over arrays: drift, pairs, outcomes, verdict
    review                      the evidence of one shadow, from log and artefacts
    report                      the same as a page: the notebook executed, words, tables, plots
    presentation                how numbers are written and plots drawn, in cards and reports
    agent, shadow, monitoring   the processes beside the api, and what they can be watched by
    dashboard                   the pages of a browser: templates, charts, no script
    controllers, app, serve     the api: HTTP only, its composition root, gunicorn
    stack, cli                  everything on one machine; the command line
"""

from typing import TYPE_CHECKING

__version__ = "0.1.0"
__all__ = ["package_model"]

if TYPE_CHECKING:
    from understudy.packaging.package import package_model


def __getattr__(name: str) -> object:
    # Imported on demand: packaging needs scikit-learn, serving a compiled model does not.
    if name == "package_model":
        from understudy.packaging.package import package_model

        return package_model
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
