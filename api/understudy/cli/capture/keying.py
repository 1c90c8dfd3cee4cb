"""`understudy capture key`: the key that the capture policy's hashes are made with."""

import click

from understudy.cli.output import as_json, print_json
from understudy.cli.places import find_settings


@click.command()
@as_json
def key(wants_json: bool) -> None:
    """
    Make the key of the hashes, unless it is there already.

    `understudy up` does so by itself. Every machine that runs the api of an endpoint needs the same
    file: with another key, equal values no longer look equal.
    """
    from understudy.serving.capture_key import make_key, read_key

    path = find_settings().capture_key_file
    is_new = make_key(path)
    read_key(path)
    if wants_json:
        print_json({"file": path, "is_new": is_new})
    else:
        click.echo(f"The key in {path} {'is made' if is_new else 'was there already'}.")
