"""A comparison policy in a file, as YAML or JSON."""

from pathlib import Path

from understudy.errors import UsageError


def read_policy_file(path: Path) -> object:
    """Read what a policy file says; raises UsageError if it is neither YAML nor JSON."""
    import yaml

    try:
        return yaml.safe_load(path.read_text("utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} is neither YAML nor JSON: {error}.") from error
