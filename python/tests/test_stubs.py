"""The type stubs say what there is: nothing public is missing, and signatures agree."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

# What is made at run time, and not for users.
ALLOWED = r"""
.*\.__signature__
.*\.__slots__
.*\.__getattr__
pricefloor\.__all__
pricefloor\._core\.__all__
pricefloor\._core\.(Measure|Record)
pricefloor\._parts\._unpacked
"""


def test_stubs_are_complete(tmp_path: Path) -> None:
    pytest.importorskip("mypy")
    allowed = tmp_path / "allowed"
    allowed.write_text(ALLOWED, encoding="utf-8")
    command = [sys.executable, "-m", "mypy.stubtest", "pricefloor", "--concise", "--allowlist", str(allowed)]
    ran = subprocess.run([*command, "--ignore-unused-allowlist"], capture_output=True, text=True, cwd=tmp_path)
    assert ran.returncode == 0, ran.stdout
