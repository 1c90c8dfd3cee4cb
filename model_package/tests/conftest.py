"""One synthetic market and, where it is at hand, the real file, shared by all tests."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd
import pytest
import yaml
from threadpoolctl import threadpool_limits

from house_prices.config import Config, default_config
from house_prices.data import load_sales
from house_prices.synthetic import synthetic_sales
from house_prices.train import Trained, train

CHECKOUT = Path(__file__).parents[2]
REAL = CHECKOUT.parent / "shared" / "data" / "ames" / "AmesHousing.csv"


@pytest.fixture(scope="session", autouse=True)
def one_thread() -> Iterator[None]:
    """Two threads that wait for each other in small batches are slower than one."""
    with threadpool_limits(limits=1):
        yield


@pytest.fixture(scope="session")
def config() -> Config:
    return default_config()


@pytest.fixture(scope="session")
def sales(config: Config) -> pd.DataFrame:
    return synthetic_sales(config)


@pytest.fixture(scope="session")
def real_sales(config: Config) -> pd.DataFrame:
    if not REAL.exists():
        pytest.skip("the real Ames file is not at hand")
    return load_sales(REAL, config)


@pytest.fixture(scope="session", params=["linear", "boosting"])
def trained(request: pytest.FixtureRequest, sales: pd.DataFrame, config: Config) -> Trained:
    return train(request.param, sales, config)


@pytest.fixture
def config_text() -> Callable[..., str]:
    """Returns the packaged configuration as YAML after a change made to its content."""
    import house_prices

    content = (Path(house_prices.__file__).parent / "config.yaml").read_text(encoding="utf-8")

    def changed(change: Callable[[dict], None]) -> str:
        loaded = yaml.safe_load(content)
        change(loaded)
        return yaml.safe_dump(loaded, sort_keys=False)

    return changed
