"""FastAPI without a schema of the instance: orjson in, orjson out, the model on the loop."""

# Runs in an environment of its own; where types are checked, its library is missing.
# mypy: disable-error-code="import-not-found,misc,untyped-decorator"

import orjson
from fastapi import FastAPI, Request, Response

from benchmarks.serving.apps.pipeline import load, predict

app = FastAPI()
_pipeline = load()


@app.post("/predict")
async def answer(request: Request) -> Response:
    """Return one price for each instance."""
    prices = predict(_pipeline, orjson.loads(await request.body())["instances"])
    return Response(orjson.dumps({"predictions": prices}), media_type="application/json")
