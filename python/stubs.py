"""Writes the type stubs of the classes that the package makes from what the crate asks for.

`python python/stubs.py`, with the package installed. `./test python` runs it, so that a new measure has its stub.
"""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import Any

from pricefloor.records import Schema, spelled

FOLDER = Path(__file__).parent / "pricefloor"
# types that are classes of their own and not looked into
OPAQUE = {"MarketBuilder": "Market", "Measure": "Measure"}
SCALARS = {"number": "float", "count": "int", "text": "str", "flag": "bool", "unknown": "Any"}


class Stub:
    """The stub of one module."""

    def __init__(self, part: str) -> None:
        self.schema = Schema(part)
        self.part = part
        if part == "measures":
            self.classes = {name: name for _, name in self.schema.measures()}
            self.base = "Measure"
        else:
            self.classes = {type_name: name for name, type_name in self.schema.records()}
            self.base = "Record"

    def written(self, shape: Any) -> str:
        """A shape as a type expression."""
        if isinstance(shape, str):
            return SCALARS[shape]
        (kind, inner), = shape.items()
        if kind == "list":
            return f"Sequence[{self.written(inner)}]"
        if kind == "optional":
            return f"{self.written(inner)} | None"
        if inner in OPAQUE:
            return OPAQUE[inner]
        if inner == "Terms" and self.part not in ("demand", "horizon"):
            return "Demand | Supply | Mapping[str, Any]"
        if inner in self.classes:
            return f"{self.classes[inner]} | Mapping[str, Any]"
        if "choice" in self.schema.of(inner):
            return f"_{inner}"
        return self.schema.plain(inner)

    def fields(self, terms: list[dict[str, Any]]) -> list[str]:
        return [f'"{term["name"]}": {self.field(term)}' for term in terms]

    def field(self, term: dict[str, Any]) -> str:
        shape = self.written(term["shape"])
        return shape if term["required"] else f"NotRequired[{shape}]"

    def structure(self, name: str) -> str:
        plain = self.schema.plain(name)
        return f'{plain} = TypedDict("{plain}", {{{", ".join(self.fields(self.schema.terms(name)))}}})'

    def choice(self, name: str) -> str:
        words, parts, before = [], [], []
        for variant, payload in self.schema.of(name)["choice"]:
            if payload in ("nothing", "unseen"):
                words.append(f'"{variant}"')
                continue
            if "one" in payload:
                inner = self.written(payload["one"])
            else:
                inner = f"_{name}_{variant}"
                before.append(f'{inner} = TypedDict("{inner}", {{{", ".join(self.fields(payload["terms"]))}}})')
            tagged = f"_{name}_{variant}_"
            before.append(f'{tagged} = TypedDict("{tagged}", {{"{variant}": {inner}}})')
            parts.append(tagged)
        if words:
            parts.insert(0, f"Literal[{', '.join(words)}]")
        return "\n".join([*before, f"_{name}: TypeAlias = {' | '.join(parts)}"])

    def class_(self, type_name: str, name: str) -> str:
        lines = [f"class {name}({self.base}):"]
        doc = self.schema.doc(type_name).replace("\\", "\\\\")
        lines.append(textwrap.indent(f'"""{doc}\n"""', "    "))
        lines.append("    def __new__(\n        cls,\n        *,")
        for term in self.schema.terms(type_name):
            shape = self.written(term["shape"])
            if not term["required"]:
                shape += " = None" if shape.endswith("None") else " | None = None"
            lines.append(f"        {spelled(term['name'])}: {shape},")
        lines.append("    ) -> Self: ...")
        return "\n".join(lines)

    def text(self) -> str:
        own = {"Measure", "Terms"}  # measures and curves are classes of their own
        choices = [n for n, kind in self.schema.types.items() if "choice" in kind and n not in own]
        structures = list(self.schema.structures())
        exported = sorted([*self.classes.values(), *map(self.schema.plain, structures)])
        head = [
            "# Written by stubs.py from what the crate asks for.",
            "from collections.abc import Mapping, Sequence",
            "from typing import Any, Literal, NotRequired, Self, TypeAlias, TypedDict",
            "",
            "from ._core import Demand, Market, Measure, Record, Supply",
            "",
            "__all__ = [",
            *(f'    "{name}",' for name in exported),
            "]",
        ]
        if self.part == "measures":
            head += ["", "def from_json(text: str) -> Measure: ..."]
        body = [self.choice(name) for name in choices]
        body += [self.structure(name) for name in structures]
        body += [self.class_(type_name, name) for type_name, name in self.classes.items()]
        return "\n".join(head) + "\n\n" + "\n\n".join(body) + "\n"


def main() -> None:
    for part in ["demand", "finance", "horizon", "measures", "rivalry", "stochastic", "storage", "viability"]:
        path = FOLDER / f"{part}.pyi"
        text = Stub(part).text()
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            print(f"wrote {path}")


if __name__ == "__main__":
    main()
