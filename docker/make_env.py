"""Write `.env` with random secrets for docker-compose.yml; an existing file is left as it is."""

import os
import secrets
import sys
from pathlib import Path

SECRETS = ("POSTGRES_PASSWORD", "UNDERSTUDY_API_KEY", "GRAFANA_ADMIN_PASSWORD")
_HEAD = """\
# Secrets of this checkout, made by `make env`. Keep them out of version control and backups.
# Changing POSTGRES_PASSWORD here does not change it in an existing database.
"""


def make_env(path: Path) -> bool:
    """
    Write the file, readable by its owner only; False if there was one already.

    The secrets have letters and digits only, so that they can stand in a URL and in a shell.
    """
    lines = [f"{name}={secrets.token_hex(24)}" for name in SECRETS]
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    with os.fdopen(handle, "w") as file:
        file.write(_HEAD + "\n".join(lines) + "\n")
    return True


def main(arguments: list[str]) -> int:
    """Write the file named on the command line, else `.env` of this checkout."""
    path = Path(arguments[0]) if arguments else Path(__file__).parent.parent / ".env"
    is_new = make_env(path)
    print(f"Wrote {path}." if is_new else f"{path} is there already and was left as it is.")  # noqa: T201 - a command
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
