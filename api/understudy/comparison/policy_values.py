"""What a value in a comparison policy may be; each check names the key and what would help."""

import math
import re
from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from understudy.errors import PolicyInvalid


def nearest(given: object, known: Iterable[str]) -> str:
    """Gives the known name that was probably meant, as the end of a sentence, or nothing."""
    names = {name.lower(): name for name in known}
    near = get_close_matches(str(given).lower(), list(names), n=1)
    return f"; did you mean {names[near[0]]}?" if near else ""


def check_key(key: object, value: object, known: Sequence[str]) -> None:
    """Refuses a key that no policy has."""
    if key not in known:
        hint = nearest(key, known) or f"; known keys are {', '.join(known)}"
        raise PolicyInvalid(str(key), value, f"there is no such key{hint}")


def check_word(key: str, value: object, allowed: tuple[object, ...]) -> None:
    """Refuses what is not one of the allowed words, and 0 or 1 where true or false is meant."""
    if not any(value is word or (isinstance(word, str) and value == word) for word in allowed):
        words = [str(word).lower() if isinstance(word, bool) else str(word) for word in allowed]
        words = [word for word in words if word != "None"]
        hint = nearest(value, words)
        raise PolicyInvalid(key, value, f"it must be one of {', '.join(words)}{hint}")


def checked_guards(given: object, known: Sequence[str]) -> tuple[str, ...]:
    """Gives the guards in their own order; refuses a name that is none."""
    wanted = f"it must be a list of {', '.join(known)}"
    if not isinstance(given, (list, tuple)):
        raise PolicyInvalid("guards", given, wanted)
    for guard in given:
        if guard not in known:
            raise PolicyInvalid("guards", given, wanted + nearest(guard, known))
    return tuple(guard for guard in known if guard in given)


def checked_names(key: str, given: object) -> tuple[str, ...] | None:
    """Gives a list of names, each of them once; None stays None."""
    if given is None:
        return None
    names: tuple[object, ...] = tuple(given) if isinstance(given, (list, tuple)) else (None,)
    if not all(isinstance(name, str) and name for name in names) or len(set(names)) < len(names):
        raise PolicyInvalid(key, given, "it must be a list of names, each of them once")
    return tuple(str(name) for name in names)


def check_number(
    key: str,
    value: object,
    *,
    optional: bool = False,
    least: float | None = None,
    below: float = math.inf,
) -> None:
    """Refuses what is no finite number above nought (from `least`, if given) and under `below`."""
    if value is None and optional:
        return
    if isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value):
        from_least = least is not None and value >= least
        if value < below and (value > 0 or from_least):
            return
    bounds = "a number above 0" if least is None else f"a number from {least:g}"
    tail = f" and below {below:g}" if below < math.inf else ""
    # YAML 1.1 takes 5e3 for a text, and 5.0e+3 for a number.
    hint = "; to YAML this is a text, so write it out" if _is_exponential(value) else ""
    raise PolicyInvalid(key, value, f"it must be {bounds}{tail}{hint}")


def _is_exponential(value: object) -> bool:
    return isinstance(value, str) and re.fullmatch(r"[\d.]+[eE][+-]?\d+", value) is not None


def check_count(key: str, value: object, least: int = 1) -> None:
    """Refuses what is no whole number from `least`."""
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise PolicyInvalid(key, value, f"it must be a whole number from {least}")
