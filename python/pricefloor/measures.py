"""Government measures, one class each, as the crate lists them; and the structures of their terms, as typed dicts.

Terms with alternatives are a string or a dict of one entry, as in files: ``coverage={"first": 8.0}``,
``rate={"ad_valorem": {"rate": 0.25, "base": "delivered"}}``.
"""

from __future__ import annotations

from typing import Any

from . import _core
from .records import Schema, measure_classes, structures

_SCHEMA = Schema("measures")
_BY_TAG = measure_classes(_SCHEMA, __name__)


def from_json(text: str) -> _core.Measure:
    """A measure out of JSON, in the shape that the Rust crate writes."""
    tag, terms = _core.split_measure(text)
    measure: _core.Measure = _BY_TAG[tag](**terms)
    return measure


_MADE: dict[str, Any] = {made.__name__: made for made in _BY_TAG.values()} | structures(_SCHEMA)
globals().update(_MADE)
__all__ = [*_MADE]
