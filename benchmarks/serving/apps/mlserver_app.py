"""
MLServer with adaptive batching, through a runtime of our own.

An instance travels as one element of a BYTES tensor. A tensor per feature, as its pandas codec
wants it, would be 46 tensors to merge per request: this is the kinder way.
"""

# Runs in an environment of its own; where types are checked, its library is missing.
# mypy: disable-error-code="import-not-found,misc,untyped-decorator"

import orjson
from mlserver import MLModel
from mlserver.codecs import NumpyCodec, StringCodec
from mlserver.types import InferenceRequest, InferenceResponse

from benchmarks.serving.apps.pipeline import load, predict


class Prices(MLModel):
    """One price for each instance."""

    async def load(self) -> bool:
        """Load the pipeline, once per worker."""
        self._pipeline = load()
        return True

    async def predict(self, payload: InferenceRequest) -> InferenceResponse:
        """Call the pipeline once for all instances of a batch."""
        import numpy as np

        texts = StringCodec.decode_input(payload.inputs[0])
        prices = predict(self._pipeline, [orjson.loads(text) for text in texts])
        column = np.array(prices).reshape(-1, 1)
        return InferenceResponse(
            model_name=self.name, outputs=[NumpyCodec.encode_output("price", column)]
        )
