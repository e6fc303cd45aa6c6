"""Tables: named numpy columns with units."""

from __future__ import annotations

import html
import os
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ._extras import need
from .errors import InputError

__all__ = ["Table"]

_SHOWN = 60


class Table(Mapping[str, NDArray[Any]]):
    """Named numpy columns of one length, with the unit of each.

    ``table["price"]`` is a column. Through ``__arrow_c_stream__`` polars, pandas, DuckDB and pyarrow read it as it stands
    (extra ``arrow``), with the units in the fields' metadata.

    >>> table = Table({"region": ["Home", "Away"], "price": np.array([12.0, 11.0])}, {"price": "USD/t"})
    >>> float(table["price"].max()), table.units["price"], table.row(1)
    (12.0, 'USD/t', {'region': 'Away', 'price': 11.0})
    """

    def __init__(
        self,
        columns: Mapping[str, NDArray[Any] | Sequence[str]],
        units: Mapping[str, str] | None = None,
    ) -> None:
        if not isinstance(columns, Mapping) or not isinstance(units or {}, Mapping):
            raise InputError("columns and units must be mappings by the names of columns", "columns")
        self._columns = {
            name: column if isinstance(column, np.ndarray) else np.array(column, dtype=np.str_)
            for name, column in columns.items()
        }
        lengths = {len(column) for column in self._columns.values()}
        if len(lengths) > 1:
            raise InputError(f"columns have the lengths {sorted(lengths)}; they must have one", "columns")
        self._length = lengths.pop() if lengths else 0
        self.units: dict[str, str] = {name: unit for name, unit in (units or {}).items() if unit}

    def __getitem__(self, name: str) -> NDArray[Any]:
        return self._columns[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return self._length

    def row(self, index: int) -> dict[str, Any]:
        """One row as a dict."""
        if not isinstance(index, int) or not -self._length <= index < self._length:
            raise InputError(f"row {index!r} is not one of {self._length}", "index")
        return {name: column[index].item() for name, column in self._columns.items()}

    def to_arrow(self) -> Any:
        """The same buffers as a :class:`pyarrow.Table`, units in the fields' metadata. Needs the extra ``arrow``."""
        arrow = need("pyarrow", "arrow")
        fields, arrays = [], []
        for name, column in self._columns.items():
            array = arrow.array(column.tolist() if column.dtype.kind == "U" else column)
            unit = self.units.get(name)
            fields.append(
                arrow.field(name, array.type, nullable=False, metadata={"unit": unit} if unit else None)
            )
            arrays.append(array)
        return arrow.Table.from_arrays(arrays, schema=arrow.schema(fields))

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        return self.to_arrow().__arrow_c_stream__(requested_schema)

    def to_parquet(self, path: str | os.PathLike[str]) -> None:
        """Writes a Parquet file, units in the fields' metadata. Needs the extra ``arrow``."""
        need("pyarrow.parquet", "arrow").write_table(self.to_arrow(), os.fspath(path))

    def _cells(self) -> tuple[list[str], list[list[str]]]:
        heads = [f"{name} ({self.units[name]})" if name in self.units else name for name in self]
        shown = [
            [_cell(value) for value in column[:_SHOWN]] for column in self._columns.values()
        ]
        return heads, [list(row) for row in zip(*shown, strict=True)]

    def _rest(self) -> str:
        return f"{self._length - _SHOWN} more rows" if self._length > _SHOWN else ""

    def __repr__(self) -> str:
        heads, rows = self._cells()
        widths = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]
        numeric = [column.dtype.kind != "U" for column in self._columns.values()]

        def line(cells: Sequence[str]) -> str:
            parts = zip(cells, widths, numeric, strict=True)
            return "  ".join(c.rjust(w) if n else c.ljust(w) for c, w, n in parts).rstrip()

        return "\n".join([line(heads), *map(line, rows), *filter(None, [self._rest()])])

    def _repr_html_(self) -> str:
        heads, rows = self._cells()
        head = "".join(f"<th>{html.escape(cell)}</th>" for cell in heads)
        body = "".join(
            "<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>" for row in rows
        )
        rest = self._rest()
        return (
            f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
            + (f"<p>{rest}</p>" if rest else "")
        )

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Table)
            and list(self) == list(other)
            and self.units == other.units
            and all(
                np.array_equal(self[name], other[name], equal_nan=self[name].dtype.kind == "f")
                for name in self
            )
        )

    __hash__ = None  # type: ignore[assignment]


def _cell(value: Any) -> str:
    if isinstance(value, float | np.floating):
        size = abs(float(value))
        if size != 0.0 and (size < 1e-3 or size >= 1e12):
            return f"{value:.4e}"
        return f"{value:,.4f}".rstrip("0").rstrip(".")
    return str(value)


def _named_values(title: str, terms: Any) -> str:
    """Names and values as a readable table in a notebook."""
    entries = terms.items() if isinstance(terms, Mapping) else [("", terms)]
    rows = "".join(
        f"<tr><td>{html.escape(str(name))}</td><td>{html.escape(_shown(value))}</td></tr>"
        for name, value in entries
    )
    return f"<table><caption>{html.escape(title)}</caption><tbody>{rows}</tbody></table>"


def _shown(value: Any) -> str:
    if isinstance(value, Mapping):
        return "; ".join(f"{name} {_shown(inner)}" for name, inner in value.items())
    if isinstance(value, list):
        return ", ".join(_shown(inner) for inner in value)
    return _cell(value)
