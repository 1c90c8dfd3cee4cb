"""
The gates: what a model must show before it may be packaged.

Read `run` first: it lists the gates and turns their rulings into results or a refusal. `case` is
what a gate may look at, `limits` what `gates.yaml` sets, `ruling` what a gate says. Every other
file is one gate, or what several share: `losses` per row, `intervals` of their mean `difference`,
the `live_version` that is held against, and the `wording` of figures. `slicing` and `slice_tests`
belong to `slices`, `plain` to `simpler`, and `rows` to `schema`.
"""
