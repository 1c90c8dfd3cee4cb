"""
Writes the payloads anew: `python -m differential_tests.make_payloads`.

They are frozen: run this only to ask something new, since changed payloads cannot be compared with
what was found before. The houses are drawn from the synthetic market under a seed that no training
uses; no row of a real file is among them.
"""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from differential_tests.bad_requests import bad_requests
from house_prices.config import Config, default_config
from house_prices.data import to_instances
from house_prices.synthetic import synthetic_sales

SEED = 77_001
SINGLES, BATCHES, BATCH = 40, 3, 50
LARGE = 2**53 - 1
FRACTIONS = ("LotFrontage", "GarageArea", "MasVnrArea")

Instance = dict[str, Any]
Request = dict[str, Any]


def main() -> None:
    """Write every file of payloads."""
    config = default_config()
    houses = _houses(config)
    house = next(h for h in houses if all(h[name] is not None for name in config.features))
    folder = Path(__file__).parent / "payloads"
    _write(folder / "sales.json", _sales(houses, config))
    _write(folder / "edges.json", _edges(house, config))
    _write(folder / "bad.json", bad_requests(_features(house, config)))
    _write(folder / "contract.json", _contract())


def _houses(config: Config) -> list[Instance]:
    sales = synthetic_sales(config, rows=600, seed=SEED)
    return to_instances(sales.drop(columns=config.target.name))


def _features(house: Instance, config: Config) -> Instance:
    return {name: house[name] for name in config.features}


def _sales(houses: list[Instance], config: Config) -> Iterator[Request]:
    """Ordinary houses, one at a time and many at once, as whole records and as features alone."""
    for number, house in enumerate(houses[:SINGLES]):
        is_whole = number % 2 == 0
        instance = house if is_whole else _features(house, config)
        yield {"name": f"single-{number:02}", "instances": [instance]}
    rest = [_features(house, config) for house in houses[SINGLES:]]
    for number in range(BATCHES):
        batch = rest[number * BATCH : (number + 1) * BATCH]
        yield {"name": f"batch-{number}", "instances": batch}


def _edges(house: Instance, config: Config) -> Iterator[Request]:
    """What the contract allows and training rarely or never saw, one matter per request."""
    base = _features(house, config)
    nullable = [name for name in config.features if config.columns[name].nullable]
    numbers = [n for n in config.features if config.columns[n].kind != "category"]
    texts = [n for n in config.features if config.columns[n].kind == "category"]
    required = {name: base[name] for name in config.features if name not in nullable}

    def changed(names: Iterable[str], value: object) -> list[Instance]:
        return [{**base, name: value} for name in names]

    yield {"name": "null-each", "instances": changed(nullable, None)}
    yield {"name": "absent-each", "instances": [_without(base, name) for name in nullable]}
    yield {
        "name": "null-all-and-absent-all",
        "instances": [{**base, **dict.fromkeys(nullable)}, required],
    }
    yield {"name": "unseen-each", "instances": changed(texts, "never seen in training")}
    strange = ["", " ", "NA", "nan", "None", "Ω—ß", "x" * 500, "1"]
    yield {
        "name": "strange-text",
        "instances": [{**base, "GarageType": text, "MSZoning": text} for text in strange],
    }
    yield {"name": "zero-each", "instances": changed(numbers, 0)}
    for value in (0, 1, -1, 10**6, LARGE, -LARGE):
        # Apart, since one that cannot be answered would take the others with it.
        extreme = {**base, **dict.fromkeys(numbers, value)}
        yield {"name": f"all-numbers-{value}", "instances": [extreme]}
    yield {
        "name": "tiny-fractions",
        "instances": changed(FRACTIONS, 1e-300) + changed(FRACTIONS, -0.0),
    }
    yield {"name": "huge-fractions", "instances": changed(FRACTIONS, 1e300)}
    yield {"name": "whole-numbers-with-a-point", "instances": [{**base, "LotArea": 9000.0}]}
    yield {"name": "carried", "instances": [house, {**house, "PoolQC": "never", "MiscVal": None}]}
    backwards = dict(reversed(list(base.items())))
    yield {"name": "fields-in-another-order", "instances": [backwards]}
    yield {"name": "the-same-fifty-times", "instances": [base] * 50}


def _without(instance: Instance, name: str) -> Instance:
    return {key: value for key, value in instance.items() if key != name}


def _contract() -> Iterator[Request]:
    """What can be asked of a service that has no database."""
    for name, path in {
        "openapi": "/openapi.json",
        "live": "/health/live",
        "ready": "/health/ready",
        "models": "/v1/models",
        "deployments-without-database": "/v1/deployments",
        "comparison-without-database": "/v1/comparisons/house-prices:9.9.9",
        "record-without-database": "/v1/predictions/00000000-0000-7000-8000-000000000000",
        "record-with-a-bad-id": "/v1/predictions/seven",
        "no-such-path": "/v1/nothing",
        "unknown-parameter": "/v1/models?limit=3",
    }.items():
        yield {"name": name, "path": path}
    yield {"name": "wrong-method", "method": "DELETE", "path": "/v1/predictions"}


def _write(path: Path, requests: Iterable[Request]) -> None:
    """Write one instance per line, so that a change can be read in a diff."""
    entries = []
    for request in requests:
        head = {key: value for key, value in request.items() if key != "instances"}
        text = json.dumps(head, ensure_ascii=False)
        if "instances" in request:
            lines = (json.dumps(item, ensure_ascii=False) for item in request["instances"])
            text = text[:-1] + ', "instances": [\n  ' + ",\n  ".join(lines) + "\n]}"
        entries.append(text)
    path.write_text("[\n" + ",\n".join(entries) + "\n]\n", encoding="utf-8")


if __name__ == "__main__":
    main()
