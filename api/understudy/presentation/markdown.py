"""Markdown from data: whatever a name holds, it reads as that name and does nothing else."""

import re
from collections.abc import Sequence

# Control characters, halves of pairs, and what turns the direction of reading around.
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]+")
_MARKS = re.compile(r"[\\`*\[\]<>|&~]|(?<![0-9A-Za-z])_|_(?![0-9A-Za-z])")
_LISTED = re.compile(r"(\d{1,9})(?=[.)])")


def plain(text: str) -> str:
    """Return a text that reads in Markdown as it stands, on one line."""
    return _MARKS.sub(lambda mark: "\\" + mark.group(), _on_one_line(text))


def paragraphs(text: str) -> str:
    """Return what a person wrote as plain text; empty lines part paragraphs, hyphens make lists."""
    blocks: list[list[str]] = [[]]
    for line in text.splitlines():
        is_item = re.match(r"\s*[-*] ", line) is not None
        if is_item or not line.strip():
            blocks.append([])
        blocks[-1].append(line)
    return "\n\n".join(filter(None, map(_block, blocks)))


def code(text: str) -> str:
    """Return a name in the type of code, also within a table."""
    shown = _on_one_line(text).replace("|", "\\|") or " "
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", shown)), default=0))
    room = " " if "`" in (shown[0], shown[-1]) else ""
    return f"{fence}{room}{shown}{room}{fence}"


def table(header: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[int] = ()) -> str:
    """Return a table of cells that are Markdown already; `right` are columns of figures."""
    rule = ["---:" if column in right else "---" for column in range(len(header))]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in [header, rule, *rows])


def bullets(lines: Sequence[str]) -> str:
    """Return a list of lines that are Markdown already."""
    return "\n".join(f"- {line}" for line in lines)


def _on_one_line(text: str) -> str:
    return " ".join(_UNSEEN.sub(" ", text).split())


def _block(lines: Sequence[str]) -> str:
    """Return one paragraph or item of a list, which starts nothing else."""
    text = plain(" ".join(lines))
    item = re.match(r"(?:-|\\\*) (?=\S)", text)
    mark, line = ("- ", text[item.end() :]) if item else ("", text)
    if line[:1] in ("#", "+", "=", "-"):
        return f"{mark}\\{line}"
    number = _LISTED.match(line)
    return mark + (line if number is None else f"{number[0]}\\{line[number.end() :]}")
