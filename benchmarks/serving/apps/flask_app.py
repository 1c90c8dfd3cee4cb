"""Flask, as one writes it: parse, predict, answer."""

from flask import Flask, Response, jsonify, request

from benchmarks.serving.apps.pipeline import load, predict

app = Flask(__name__)
_pipeline = load()


@app.post("/predict")
def answer() -> Response:
    """Return one price for each instance."""
    return jsonify(predictions=predict(_pipeline, request.get_json()["instances"]))
