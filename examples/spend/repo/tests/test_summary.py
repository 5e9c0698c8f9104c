import unittest
from decimal import Decimal

from spend.ledger import read_expenses
from spend.summary import totals

LEDGER = [
    "2024-03-31  0.10  groceries",
    "2024-03-05  5.00  books",
    "2024-01-02  0.20  groceries",
]


class Totals(unittest.TestCase):
    def test_are_summed_for_each_category(self):
        self.assertEqual(totals(read_expenses(LEDGER)), {"books": Decimal("5.00"), "groceries": Decimal("0.30")})

    def test_are_sorted_by_name(self):
        self.assertEqual(list(totals(read_expenses(LEDGER))), ["books", "groceries"])

    def test_are_exact_to_the_cent(self):
        thousand = ["2024-03-01 0.10 coffee"] * 1000
        self.assertEqual(totals(read_expenses(thousand)), {"coffee": Decimal("100.00")})

    def test_of_nothing_are_nothing(self):
        self.assertEqual(totals([]), {})
