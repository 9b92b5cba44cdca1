"""Money: whole cents of US dollars, from exact decimals."""

from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")


def cents(amount: Decimal | int) -> int:
    """An amount in USD as whole cents, half up. S-9"""
    return int((Decimal(amount) / CENT).quantize(Decimal(1), ROUND_HALF_UP))


def usd(whole_cents: int) -> str:
    """Whole cents as scripts read them: `8000.00`."""
    return f"{Decimal(whole_cents) * CENT:.2f}"
