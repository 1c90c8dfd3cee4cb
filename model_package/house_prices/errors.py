"""
Every error of the house-price models.

    HousePricesError
    ├── ConfigInvalid      config.yaml says something that cannot be
    ├── DataError          sales cannot be had or used
    │   ├── DataUnreadable
    │   ├── DataInvalid
    │   └── SourceUnreachable
    ├── FeatureInvalid     a derived column cannot be computed
    └── PackagingFailed    a trained model does not become an artefact
"""

from pathlib import Path


class HousePricesError(Exception):
    """Something this package can name went wrong; the message says what would help."""


class ConfigInvalid(HousePricesError):
    """The configuration says something that cannot be."""

    def __init__(self, where: str, problem: str) -> None:
        super().__init__(f"{where}: {problem}")


class DataError(HousePricesError):
    """Sales cannot be had or used."""


class DataUnreadable(DataError):
    """A file is missing or is no CSV table."""

    def __init__(self, path: Path | str, reason: str) -> None:
        super().__init__(f"{path} cannot be read as a CSV table: {reason}.")


class DataInvalid(DataError):
    """A table of sales has a column or a value that cannot be used."""


class SourceUnreachable(DataError):
    """The public copy of the data cannot be fetched."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"OpenML cannot be reached ({reason}). Give a CSV file, or use the synthetic sales."
        )


class FeatureInvalid(HousePricesError):
    """A derived column is described wrongly or lacks an input."""

    def __init__(self, column: str, problem: str) -> None:
        super().__init__(f"derived column {column!r}: {problem}")


class PackagingFailed(HousePricesError):
    """A trained model does not become an artefact; the message passes the reasons on."""
