"""The group of all commands, and what each kind of ending means to the shell."""

import os
import sys
import traceback
from collections.abc import Sequence
from typing import NoReturn, TextIO

import click

from understudy.cli.commands import Commands
from understudy.errors import UnderstudyError, UsageError

# 0 to 3 belong to verdicts, so no typo or crash may end with one of them.
EXIT_USAGE = 64
EXIT_FAILED = 70
EXIT_INTERRUPTED = 130

# A command's module is imported when the command runs: `--help` needs none of them.
_COMMANDS = {
    "up": ("parts", "Run everything on this machine until Ctrl-C."),
    "serve": ("parts", "Run the api."),
    "agent": ("parts", "Ship the spools to Postgres and follow the deployments."),
    "shadow": ("parts", "Score the shadows."),
    "watch": ("parts", "Publish comparisons, lags and verdicts as metrics."),
    "migrate": ("parts", "Bring the database schema up to date."),
    "models": ("models", "Look after packaged models."),
    "deploy": ("roles", "Give a model version the live or a shadow role."),
    "withdraw": ("roles", "End a shadow role."),
    "promote": ("roles", "Make a shadow the live model."),
    "rollback": ("roles", "Make the previous live model live again."),
    "deployments": ("deployments", "Show who serves what, and who decided it."),
    "keys": ("keys", "Make, list, replace and revoke API keys."),
    "capture": ("capture", "Say what is recorded of the instances that clients send."),
    "erase": ("erasing", "Remove the contents of a request wherever they are."),
    "audit": ("audit", "Tell who changed what, when and why."),
    "trace": ("trace", "Go from an answer to the model, data and decision behind it."),
    "send": ("traffic", "Send the rows of a file through the api."),
    "outcomes": ("traffic", "Post the true values that are known by now."),
    "plan": ("plan", "Tell how long a candidate would have to stay in the shadow."),
    "policy": ("policy", "Look at what a shadow has to show."),
    "replay": ("replaying", "Score past traffic with a version that was not there then."),
    "reproduce": ("reproducing", "Score again what was served, and prove it equal."),
    "compare": ("verdicts", "Compare a shadow with the live model and give the verdict."),
    "verify": ("certificates", "Decide again from the log what a certificate says."),
    "drift": ("files.drift", "Compare the columns of two files, without any service."),
    "pairs": ("files.pairs", "Compare two models' answers in a file and give the verdict."),
    "windows": ("windows", "Tell whether live's traffic has moved, day after day."),
    "report": ("verdicts", "Write the analysis of a shadow as one HTML file."),
}


@click.group(
    cls=Commands,
    package="understudy.cli",
    table=_COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(package_name="understudy")
def program() -> None:
    """Serve a live model, score shadows on the same requests, and say who is fit to take over."""


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and end the process with the status that the ending deserves."""
    owner = os.getpid()
    try:
        status = _run(arguments)
        sys.stdout.flush()
    except SystemExit as ending:
        if os.getpid() != owner:
            raise  # a forked worker of gunicorn, whose statuses are gunicorn's business
        status = 0 if ending.code in (0, None) else EXIT_FAILED
    except BrokenPipeError:
        status = _silence(sys.stdout)
    except OSError as error:  # a full disk
        status = _silence(sys.stdout)
        try:
            click.echo(f"What was to be said cannot be written: {error}.", err=True)
        except OSError:
            _silence(sys.stderr)
    sys.exit(status)


def _run(arguments: Sequence[str] | None) -> int:
    try:
        status = program.main(args=arguments, prog_name="understudy", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return EXIT_USAGE
    except click.Abort:
        click.echo("Interrupted.", err=True)
        return EXIT_INTERRUPTED
    except (SystemExit, BrokenPipeError):
        raise
    except UnderstudyError as error:
        return _fail(error, EXIT_USAGE if isinstance(error, UsageError) else EXIT_FAILED)
    except Exception as error:  # noqa: BLE001 - the last door: no traceback reads as a verdict
        return _fail(error, EXIT_FAILED)
    return status if isinstance(status, int) else 0


def _fail(error: Exception, status: int) -> int:
    if _wants_tracebacks():
        traceback.print_exception(error)
    known = isinstance(error, UnderstudyError)
    text = str(error) if known else f"{type(error).__name__}: {error} (an unexpected error)"
    click.echo(f"Error: {text}", err=True)
    return status


def _wants_tracebacks() -> bool:
    from understudy.settings import read_settings

    try:
        return read_settings().log_level == "DEBUG"
    except UsageError:
        return False


def _silence(stream: TextIO) -> int:
    # Nobody can read it: Python's own flush at exit must not complain, nor change the status.
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    return EXIT_FAILED
