"""Every notebook runs to its end and is rendered."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parents[1] / "notebooks"


def runner() -> Any:
    spec = importlib.util.spec_from_file_location("notebook_runner", FOLDER / "run.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


RUNNER = runner()


@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("name", RUNNER.names())
def test_notebook(name: str) -> None:
    pytest.importorskip("matplotlib").use("agg")
    page = RUNNER.run(name).read_text(encoding="utf-8")
    assert page.count("<pre>") >= 3
    assert "Traceback" not in page
