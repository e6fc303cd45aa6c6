"""The same numbers as Rust, bit for bit. The Rust suite writes its markets and the bits of their solutions."""

from __future__ import annotations

import json
import struct
from collections.abc import Iterable
from pathlib import Path

import pytest

import pricefloor as pf

FOLDER = Path(__file__).parents[2] / "target" / "parity"
FILES = sorted(FOLDER.glob("*.json"))


def bits(values: Iterable[float]) -> list[str]:
    return [struct.pack(">d", value).hex() for value in values]


@pytest.mark.skipif(not FILES, reason="the Rust suite has not run: ./test rust")
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_bits_of_the_rust_suite(file: Path) -> None:
    case = json.loads(file.read_text(encoding="utf-8"))
    market = pf.Market.from_json(json.dumps(case["market"]))
    policy = pf.Policy.from_json(json.dumps(case["policy"]))
    solved = market.solve(policy)
    ledger = solved.ledger()
    assert bits(solved.nodes["price"]) == case["prices"]
    assert bits(solved.nodes["demanded"]) == case["demanded"]
    assert bits(solved.activities["level"]) == case["levels"]
    assert bits(ledger.accounts["surplus"]) == case["surplus"]
    assert bits(ledger.payments["amount"]) == case["payments"]
