"""LitServe with batching: requests that come together are one call of the pipeline."""

# Runs in an environment of its own; where types are checked, its library is missing.
# mypy: disable-error-code="import-not-found,misc,untyped-decorator"

import os
from itertools import islice
from typing import Any

import litserve

Instances = list[dict[str, Any]]


class Prices(litserve.LitAPI):
    """One price for each instance of a request."""

    def setup(self, device: str) -> None:
        """Load the pipeline, once per worker."""
        from benchmarks.serving.apps.pipeline import load, predict

        self._pipeline, self._predict = load(), predict

    def decode_request(self, request: dict[str, Instances]) -> Instances:
        """Return the instances of a request."""
        return request["instances"]

    def batch(self, inputs: list[Instances]) -> list[Instances]:
        """Keep the requests apart, so that each gets its own prices back."""
        return inputs

    def predict(self, requests: list[Instances]) -> list[list[float]]:
        """Call the pipeline once for all requests of a batch."""
        prices = iter(self._predict(self._pipeline, [one for many in requests for one in many]))
        return [list(islice(prices, len(many))) for many in requests]

    def unbatch(self, output: list[list[float]]) -> list[list[float]]:
        """Return the prices of each request."""
        return output

    def encode_response(self, output: list[float]) -> dict[str, list[float]]:
        """Return the body of an answer."""
        return {"predictions": output}


def main() -> None:
    """Serve with two workers and as many processes for HTTP, and the fast queue."""
    server = litserve.LitServer(
        Prices(max_batch_size=64, batch_timeout=0.001),
        accelerator="cpu",
        workers_per_device=2,
        fast_queue=True,
    )
    server.run(
        host="127.0.0.1",
        port=int(os.environ["BENCHMARK_PORT"]),
        num_api_servers=2,
        generate_client_file=False,
        log_level="warning",
    )


if __name__ == "__main__":
    main()
