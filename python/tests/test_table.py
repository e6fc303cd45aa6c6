"""Tables as Arrow, with units."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

import pricefloor as pf


def test_arrow_has_the_buffers_and_the_units(textbook: pf.Market) -> None:
    arrow = pytest.importorskip("pyarrow")
    nodes = textbook.solve().nodes
    table = nodes.to_arrow()
    assert table.schema.field("price").metadata == {b"unit": b"USD/t"}
    assert table.column("region").to_pylist() == ["Home"]
    # no copy: the numbers are where numpy has them
    address = table.column("price").chunk(0).buffers()[1].address
    assert address == nodes["price"].ctypes.data
    assert arrow.table(nodes).equals(table)


def test_other_libraries_read_it(textbook: pf.Market) -> None:
    polars = pytest.importorskip("polars")
    nodes = textbook.solve().nodes
    frame = polars.DataFrame(nodes)
    assert frame["price"].to_list() == pytest.approx([10.0])
    pandas = pytest.importorskip("pandas")
    assert list(pandas.DataFrame.from_arrow(nodes)["price"]) == pytest.approx([10.0])
    duckdb = pytest.importorskip("duckdb")
    rows = duckdb.sql("select region, price from nodes").fetchall()
    assert rows == [("Home", pytest.approx(10.0))]


def test_parquet(textbook: pf.Market, tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    nodes = textbook.solve().nodes
    nodes.to_parquet(tmp_path / "nodes.parquet")
    table = parquet.read_table(tmp_path / "nodes.parquet")
    assert table.schema.field("price").metadata[b"unit"] == b"USD/t"
    assert table.column("price").to_numpy().tobytes() == nodes["price"].tobytes()


def test_a_missing_extra_is_named(textbook: pf.Market, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(pf.MissingExtraError, match=r"pricefloor\[arrow\]") as caught:
        textbook.solve().nodes.to_arrow()
    assert caught.value.place == "pyarrow"


def test_shape() -> None:
    table = pf.Table({"name": ["a", "b"], "value": np.array([1.0, np.nan])}, {"value": "t"})
    assert (len(table), table.rows) == (2, 2)
    assert table.row(0) == {"name": "a", "value": 1.0}
    assert table == pf.Table(dict(table), table.units)
    assert "value (t)" in repr(table)
    with pytest.raises(pf.InputError, match="lengths"):
        pf.Table({"a": ["x"], "b": ["x", "y"]})
