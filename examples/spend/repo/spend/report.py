"""Totals as text."""

from decimal import Decimal
from typing import Dict


def report(totals: Dict[str, Decimal]) -> str:
    """One line for each total and one for their sum, the amounts aligned at the point."""
    rows = [*totals.items(), ("total", sum(totals.values(), Decimal(0)))]
    amounts = [f"{amount:.2f}" for _, amount in rows]
    name_width = max(len(name) for name, _ in rows)
    amount_width = max(len(amount) for amount in amounts)
    return "".join(
        f"{name:<{name_width}}  {amount:>{amount_width}}\n" for (name, _), amount in zip(rows, amounts)
    )
