"""Turns a fitted scikit-learn pipeline into a plan for the compiled engine; used when packaging."""


class NotCompilable(Exception):
    """A model has a part that the compiled engine does not know."""


def compile_plan(estimator, schema, *, form):
    raise NotCompilable("not written yet")
