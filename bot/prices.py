"""What asking a model costs: Bedrock's list prices, in one place, with their date."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

AS_OF = "2026-11-22"
"""When the prices were looked up, https://aws.amazon.com/bedrock/pricing, on demand, us-east-1, in US dollars."""
LEX_TEXT_REQUEST = 0.00075
"""Amazon Lex V2, a text request, https://aws.amazon.com/lex/pricing: what the benchmark compares with."""


@dataclass(frozen=True, slots=True)
class Price:
    """Dollars for a million tokens."""

    name: str
    input: float
    output: float


PRICES: Mapping[str, Price] = {
    "nova-micro": Price("Nova Micro", 0.035, 0.14),
    "nova-lite": Price("Nova Lite", 0.06, 0.24),
    "nova-pro": Price("Nova Pro", 0.80, 3.20),
}
"""By what the ids of the model and of its inference profiles contain."""


def model_name(model_id: str) -> str:
    """The model as people call it; its id when it is none of ours."""
    price = _price(model_id)
    return price.name if price else model_id or "the model"


def cost(model_id: str, usage: Mapping[str, int]) -> float | None:
    """Dollars for the tokens of one question; None for a model whose price is not known here."""
    price = _price(model_id)
    if price is None:
        return None
    return (usage.get("input", 0) * price.input + usage.get("output", 0) * price.output) / 1_000_000


def dollars(amount: float) -> str:
    """An amount of which most are far below a cent: ``$0.00003``, ``$1.20``."""
    if 0 < amount < 0.000005:
        return "under $0.00001"
    return f"${amount:,.2f}" if amount >= 1 or amount == 0 else f"${amount:.5f}"


def _price(model_id: str) -> Price | None:
    return next((price for part, price in PRICES.items() if f".{part}-" in f".{model_id}-"), None)
