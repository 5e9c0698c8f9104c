"""Adding up expenses."""

from collections import defaultdict
from decimal import Decimal
from typing import Dict, Iterable

from spend.ledger import Expense


def totals(expenses: Iterable[Expense]) -> Dict[str, Decimal]:
    """What was spent in each category, sorted by its name. Exact to the cent."""
    sums = defaultdict(Decimal)
    for expense in expenses:
        sums[expense.category] += expense.amount
    return dict(sorted(sums.items()))
