"""What storage costs: S3's list prices by region, from ``seeds/storage_prices.json``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).resolve().parents[1] / "seeds" / "storage_prices.json"
GB = 1024**3


@dataclass(frozen=True, slots=True)
class Prices:
    """Of one region, in dollars."""

    region: str
    as_of: str
    """The day on which they were looked up."""
    storage: Mapping[str, float]
    """Storage class to the price of a GB for a month."""
    transition_to_ia: float
    """Of moving a thousand files to Standard-IA."""

    def month(self, storage_class: str, size: int) -> float:
        """A month of that many bytes in a class; 0 for a class whose price is not known."""
        return self.storage.get(storage_class, 0.0) * size / GB


@cache
def of(region: str) -> Prices | None:
    """The prices of a region; None when they are not in the table."""
    table = json.loads(FILE.read_text(encoding="utf-8"))
    found = table["regions"].get(region)
    return Prices(region, table["as_of"], found["storage"], found["transition_to_ia"]) if found else None


def dollars(amount: float) -> str:
    """An amount on a bill: ``$1,204.50``, ``less than a cent``, ``nothing``."""
    if amount == 0:
        return "nothing"
    return f"${amount:,.2f}" if amount >= 0.005 else "less than a cent"
