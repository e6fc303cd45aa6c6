"""Demands for several goods that stand in for one another. One class for each of the crate's types; terms within terms are typed dicts."""

from __future__ import annotations

from .records import Schema, record_classes

_MADE = record_classes(Schema("demand"), __name__)
globals().update(_MADE)
__all__ = [*_MADE]
