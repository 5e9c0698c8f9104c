import contextlib
import io
import os
import tempfile
import unittest

from spend.__main__ import main


def spend(ledger, *options):
    """Runs the command on a ledger; gives its exit status and what it wrote."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "expenses.txt")
        with open(path, "w", encoding="utf-8") as file:
            file.write(ledger)
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            status = main([path, *options])
    return status, out.getvalue(), err.getvalue()


class Command(unittest.TestCase):
    def test_prints_the_totals_and_their_sum(self):
        status, out, _ = spend("2024-03-01 12.50 groceries\n2024-03-02 800.00 rent\n2024-04-01 9.99 groceries\n")
        self.assertEqual(status, 0)
        self.assertEqual(out, "groceries   22.49\nrent       800.00\ntotal      822.49\n")

    def test_a_line_that_cannot_be_read_ends_it(self):
        status, out, err = spend("2024-03-01 12.50 groceries\nnonsense\n")
        self.assertEqual((status, out), (1, ""))
        self.assertIn("Line 2", err)

    def test_a_file_that_is_missing_ends_it(self):
        err = io.StringIO()
        with contextlib.redirect_stderr(err):
            self.assertEqual(main(["missing.txt"]), 1)
        self.assertIn("missing.txt", err.getvalue())
