"""The words for the metrics, which manifests and comparisons know by short names."""

METRICS = {
    "mae": "mean absolute error",
    "rmse": "root mean squared error",
    "rmsle": "root mean squared log error",
    "pinball": "pinball loss",
    "r2": "R²",
    "accuracy": "accuracy",
    "error_rate": "error rate",
    "log_loss": "log loss",
    "brier": "Brier score",
}
# Those that are told in the unit of the target.
IN_UNIT = ("mae", "rmse", "pinball")
