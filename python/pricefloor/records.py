"""Classes made from what the crate asks for: a new measure, or a new term of an old one, needs no line here."""

from __future__ import annotations

import inspect
import keyword
from collections.abc import Iterator
from typing import Any, TypedDict

from . import _core

__all__ = ["from_json"]

_CLASSES: dict[str, type[_core.Record]] = {}


def from_json(kind: str, text: str) -> _core.Record:
    """The record of a kind that was written as JSON."""
    terms = _core.read_record(kind, text)
    return _CLASSES[kind](**{spelled(name): value for name, value in terms.items()})


def spelled(term: str) -> str:
    """A term as a Python keyword argument: ``from`` is ``from_``."""
    return term + "_" if keyword.iskeyword(term) else term


class Schema:
    """The named types of one part of the crate."""

    def __init__(self, part: str) -> None:
        found = _core.schema(part)
        self.roots: list[tuple[str, Any]] = found["roots"]
        self.types: dict[str, Any] = found["types"]
        self.docs: dict[tuple[str, str], str] = found["docs"]

    def of(self, name: str) -> Any:
        """The type that a shape names, by its Rust name."""
        return self.types[name]

    def terms(self, name: str) -> list[dict[str, Any]]:
        """The terms of a record, needed ones first."""
        record: list[dict[str, Any]] = self.types[name]["record"]
        return sorted(record, key=lambda term: not term["required"])

    def measures(self) -> Iterator[tuple[str, str]]:
        """Tag and type of each built-in measure."""
        for tag, payload in self.types["Measure"]["choice"]:
            yield tag, payload["one"]["named"]

    def records(self) -> Iterator[tuple[str, str]]:
        """Class and type of each root."""
        for name, shape in self.roots:
            yield name, shape["named"]

    def structures(self) -> Iterator[str]:
        """Types with terms that are not classes of their own."""
        classes = {name for _, name in self.records()}
        if "Measure" in self.types:
            classes = {name for _, name in self.measures()}
        for name, kind in self.types.items():
            if "record" in kind and name not in classes:
                yield name

    def plain(self, name: str) -> str:
        """The name of terms within terms: without its ending, unless a class has that name."""
        plain = name.removesuffix("Terms")
        return name if plain in {cls for cls, _ in self.records()} else plain

    def doc(self, name: str) -> str:
        """Docstring of a type: what it is, and its terms."""
        plain = name.removesuffix("Terms").removesuffix("Builder")
        parts = [self.docs.get((plain, "")) or self.docs.get((name, "")) or plain]
        if made := self.docs.get((plain, "new")):
            parts.append(made)
        lines = []
        for term in self.terms(name):
            text = self.docs.get((name, term["name"])) or self.docs.get((plain, term["name"])) or ""
            lines.append(f"{spelled(term['name'])}: {' '.join(text.split())}".rstrip(": "))
        return "\n\n".join([*parts, "\n".join(lines)])

    def signature(self, name: str) -> inspect.Signature:
        """Keywords of a type's constructor."""
        kind = inspect.Parameter.KEYWORD_ONLY
        return inspect.Signature(
            [
                inspect.Parameter(spelled(term["name"]), kind)
                if term["required"]
                else inspect.Parameter(spelled(term["name"]), kind, default=None)
                for term in self.terms(name)
            ]
        )


def _given(signature: inspect.Signature, terms: dict[str, Any]) -> dict[str, Any]:
    """The terms that were given: one that is left out, or ``None``, has its default."""
    bound = signature.bind(**terms)
    return {
        name: value
        for name, value in bound.arguments.items()
        if value is not None or signature.parameters[name].default is inspect.Parameter.empty
    }


def record_classes(schema: Schema, module: str) -> dict[str, Any]:
    """The classes and structures of one part of the crate."""
    made: dict[str, Any] = {}
    for name, type_name in schema.records():
        made[name] = _class(schema, module, _core.Record, name, type_name, name)
        _CLASSES[name] = made[name]
    made.update(structures(schema))
    return made


def measure_classes(schema: Schema, module: str) -> dict[str, Any]:
    """The classes of all measures, by their tag in files."""
    return {
        tag: _class(schema, module, _core.Measure, type_name, type_name, tag)
        for tag, type_name in schema.measures()
    }


def structures(schema: Schema) -> dict[str, Any]:
    """Terms within terms, as typed dicts."""
    return {
        (plain := schema.plain(name)): TypedDict(plain, {})  # type: ignore[operator]
        for name in schema.structures()
    }


def _class(schema: Schema, module: str, base: Any, name: str, type_name: str, first: str) -> Any:
    signature = schema.signature(type_name)

    def __new__(cls: Any, **terms: Any) -> Any:
        try:
            given = _given(signature, terms)
        except TypeError as error:
            raise TypeError(f"{name}: {error}") from None
        return base.__new__(cls, first, given)

    def __repr__(self: Any) -> str:
        terms = self.terms().items()
        return f"{name}({', '.join(f'{spelled(term)}={value!r}' for term, value in terms)})"

    body = {
        "__new__": __new__,
        "__repr__": __repr__,
        "__doc__": schema.doc(type_name),
        "__signature__": signature,
        "__slots__": (),
        "__module__": module,
    }
    return type(name, (base,), body)
