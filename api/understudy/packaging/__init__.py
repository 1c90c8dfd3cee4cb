"""
Packaging: from a fitted estimator to an artefact, or to a refusal that says why.

Read `package` first: `package_model` is the whole interface. `given` checks what was passed in
(`forms` of rows, `targets`, `kinds` of estimators, `onnx_estimator`), `inference` describes the
columns, `schema_overrides` say what a person knows better, `engine_choice` proves an engine equal
to the fitted pipeline, `gates` judge the model, and `summary`, `metrics`, `reference` and `card`
write down what is known of it.
"""
