"""Optional packages."""

from __future__ import annotations

import importlib
from typing import Any

from .errors import MissingExtraError


def need(module: str, extra: str) -> Any:
    """The module, or an error that names the extra that brings it."""
    try:
        return importlib.import_module(module)
    except ImportError as cause:
        package = module.partition(".")[0]
        raise MissingExtraError(
            f"{package} is not installed; it comes with `pip install 'pricefloor[{extra}]'`", package
        ) from cause
