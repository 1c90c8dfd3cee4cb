"""The command line `house-prices`: one clear line on an error, exit status 64 or 70."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pandas as pd

from house_prices import __version__
from house_prices.config import Config, default_config, read_config
from house_prices.data import load_openml, load_sales, split_sales, write_sales
from house_prices.errors import HousePricesError, PackagingFailed
from house_prices.pipeline import BUILDERS
from house_prices.synthetic import synthetic_sales
from house_prices.train import Trained, mean_absolute_error, package_trained, train

if TYPE_CHECKING:
    from understudy.artefacts.artefact import Artefact

USAGE, FAILURE, INTERRUPTED = 64, 70, 130
NO_UNDERSTUDY = "Packaging needs the distribution understudy: install house-prices[package]."
SYNTHETIC, OPENML = "synthetic", "openml"

config_option = click.option(
    "--config",
    "config_path",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="A configuration instead of the packaged one.",
)
data_option = click.option(
    "--data",
    default=SYNTHETIC,
    show_default=True,
    help="A CSV file with either Ames header, or `synthetic`, or `openml`.",
)


@click.group()
@click.version_option(__version__, prog_name="house-prices")
def cli() -> None:
    """Train and package the house-price models."""


@cli.command("train")
@click.option("--model", type=click.Choice([*BUILDERS, "all"]), default="all", show_default=True)
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), required=True)
@data_option
@config_option
def train_command(model: str, out: Path, data: str, config_path: Path | None) -> None:
    """
    Train a model, measure it on the serving years and package it below the folder OUT.

    With `all`, each version is held against the one before.
    """
    config = _config(config_path)
    sales = read_sales(data, config)
    artefact = None
    for name in BUILDERS if model == "all" else [model]:
        trained = train(name, sales, config)
        artefact = _packaged(trained, out, config, artefact)
        click.echo(
            f"{artefact.manifest.name}:{artefact.manifest.version}  {name}"
            f"  trained on {len(trained.train)} sales in {trained.seconds:.1f} s"
            f"  mean absolute error ${mean_absolute_error(trained, config):,.0f}"
            f" on {len(trained.serve)} later sales  {artefact.folder}"
        )


@cli.command("synthetic")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True)
@click.option("--seed", type=click.IntRange(min=0), help="The configuration's unless given.")
@config_option
def synthetic_command(out: Path, seed: int | None, config_path: Path | None) -> None:
    """Write a made-up market as CSV (or JSON lines, if OUT ends in .jsonl)."""
    sales = synthetic_sales(_config(config_path), seed=seed)
    write_sales(sales, out)
    click.echo(f"{len(sales)} sales written to {out}")


@cli.command("split")
@click.option(
    "--serve",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    help="Where to write the sales of the serving years, with their prices; .jsonl keeps types.",
)
@data_option
@config_option
def split_command(serve: Path, data: str, config_path: Path | None) -> None:
    """Write the sales that the models have not seen, in order of time, ready to be sent."""
    config = _config(config_path)
    parts = split_sales(read_sales(data, config), config)
    write_sales(parts.serve, serve)
    click.echo(f"{len(parts.serve)} sales written to {serve}")


def read_sales(data: str, config: Config) -> pd.DataFrame:
    """Sales from wherever `--data` points."""
    if data == SYNTHETIC:
        return synthetic_sales(config)
    if data == OPENML:
        return load_openml(config)
    if not Path(data).exists():
        raise click.BadParameter(f"the file {data} does not exist", param_hint="--data")
    return load_sales(data, config)


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs the command line and ends the process with its status."""
    sys.exit(_run(arguments))


def _run(arguments: Sequence[str] | None) -> int:
    try:
        status = cli.main(args=arguments, prog_name="house-prices", standalone_mode=False)
    except click.UsageError as error:
        click.echo(f"house-prices: {error.format_message()}", err=True)
        return USAGE
    except (HousePricesError, OSError) as error:
        click.echo(f"house-prices: {error}", err=True)
        return FAILURE
    except (click.Abort, KeyboardInterrupt):
        click.echo("house-prices: interrupted", err=True)
        return INTERRUPTED
    return status if isinstance(status, int) else 0


def _packaged(trained: Trained, out: Path, config: Config, live: "Artefact | None") -> "Artefact":
    try:
        from understudy.errors import UnderstudyError
    except ImportError as error:
        raise PackagingFailed(NO_UNDERSTUDY) from error
    try:
        return package_trained(trained, out, config, live)
    except UnderstudyError as error:
        raise PackagingFailed(" ".join(str(error).split())) from error


def _config(path: Path | None) -> Config:
    return read_config(path) if path else default_config()
