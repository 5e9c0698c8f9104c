import unittest
from datetime import date
from decimal import Decimal

from spend.ledger import Expense, LedgerError, read_expenses


class ReadExpenses(unittest.TestCase):
    def test_a_line_is_an_expense(self):
        self.assertEqual(
            list(read_expenses(["2024-03-01  12.50  groceries  bread and cheese\n"])),
            [Expense(date(2024, 3, 1), Decimal("12.50"), "groceries", "bread and cheese")],
        )

    def test_a_note_may_be_missing(self):
        [expense] = read_expenses(["2024-03-02 800.00 rent"])
        self.assertEqual(expense.note, "")

    def test_empty_lines_and_comments_are_left_out(self):
        self.assertEqual(list(read_expenses(["\n", "# March\n", "   \n"])), [])

    def test_a_line_that_cannot_be_read_is_named(self):
        for line, problem in {
            "2024-03-01 12.50": "Line 2: a date, an amount and a category are needed.",
            "01.03.2024 12.50 rent": "Line 2: 01.03.2024 is no date such as 2024-03-01.",
            "2024-03-01 much rent": "Line 2: much is no amount such as 12.50.",
            "2024-03-01 nan rent": "Line 2: nan is no amount such as 12.50.",
        }.items():
            with self.subTest(line), self.assertRaises(LedgerError) as raised:
                list(read_expenses(["# first", line]))
            self.assertEqual(str(raised.exception), problem)
