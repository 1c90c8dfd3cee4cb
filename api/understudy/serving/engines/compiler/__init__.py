"""
Turns a fitted scikit-learn pipeline into a plan for the compiled engine; used when packaging.

The columns of the training frame become symbols (`symbols`). Each fitted transformer maps symbols
to symbols (`transformers`, `encoders`, `derived`), the estimator at the end becomes arrays
(`linear`, `trees`), and `layout` decides how the matrix is built. Nothing here has to be right by
itself: packaging holds the result against the fitted pipeline and drops it if it differs.
"""

from typing import Any

from understudy.artefacts.manifest import InputForm
from understudy.artefacts.schema import InputSchema
from understudy.serving.engines.compiler.estimators import compile_estimator
from understudy.serving.engines.compiler.symbols import NotCompilable, starting_columns
from understudy.serving.engines.plan import Plan

__all__ = ["NotCompilable", "compile_plan"]


def compile_plan(estimator: Any, schema: InputSchema, *, form: InputForm) -> Plan:
    """
    Translate a fitted estimator.

    Raises NotCompilable naming the first part that the compiled engine does not know.
    """
    try:
        return compile_estimator(estimator, starting_columns(schema, form))
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        # Fitted attributes may be arranged in ways never seen here.
        raise NotCompilable(f"{type(estimator).__name__}: {error!r}") from error
