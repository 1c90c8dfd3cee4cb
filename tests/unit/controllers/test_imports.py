"""An api worker carries only what answering a prediction needs."""

import subprocess
import sys

HEAVY = ("pandas", "scipy", "statsmodels", "sklearn", "pyarrow", "skops", "matplotlib", "alembic",
         "cryptography", "onnxruntime", "s3fs")  # fmt: skip


def test_the_application_imports_no_heavy_library() -> None:
    """Statistics and training are imported by who asks for them, not by every worker."""
    script = f"import sys, understudy.app; print([n for n in {HEAVY} if n in sys.modules])"
    found = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script], capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == "[]"
