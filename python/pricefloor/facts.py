"""The bundled, sourced facts of the rare earth world in 2025-26. Each row has its value, its unit and its source."""

from __future__ import annotations

from ._core import assumption, base_case, contract_term

__all__ = ["assumption", "base_case", "contract_term"]
