"""A printer for tests: speaks as the real one does, and draws when a file tells it to."""

import json
import os
import sys
import time
from pathlib import Path

folder = Path(sys.argv[1])
for number, line in enumerate(sys.stdin, start=1):
    kind, shadow = json.loads(line)
    (folder / f"asked-{os.getpid()}-{number}").write_text(shadow)
    while not (folder / "go").exists():
        time.sleep(0.01)
    if shadow.startswith("die"):
        sys.exit(1)
    if shadow.startswith("crash"):
        answer = {"crash": "Traceback: something nobody thought of"}
    elif shadow.startswith("unknown"):
        answer = {"error": "RecordUnknown", "message": f"{shadow} is not a shadow"}
    elif kind == "comparison":
        answer = {"made": {"verdict": "HOLD", "number": number}}
    else:
        sheet = {"title": f"{shadow} {number}", "card": "<p>", "content": "<b>",
                 "made_at": "2026-09-21T12:00:00+00:00"}  # fmt: skip
        answer = {"made": sheet}
    print(json.dumps(answer), flush=True)  # noqa: T201 - how a printer answers
