"""A market over many years: what is built, stored and used up, when measures come and go, and who knew. One class for each of the crate's types; terms within terms are typed dicts."""

from __future__ import annotations

from .records import Schema, record_classes

_MADE = record_classes(Schema("horizon"), __name__)
globals().update(_MADE)
__all__ = [*_MADE]
