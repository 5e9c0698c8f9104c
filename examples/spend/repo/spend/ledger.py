"""Reading expenses from text, one a line."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Iterable, Iterator


@dataclass(frozen=True)
class Expense:
    day: date
    amount: Decimal
    category: str
    note: str = ""


class LedgerError(Exception):
    """A line that cannot be read. Its message is for the person who wrote it."""


def read_expenses(lines: Iterable[str]) -> Iterator[Expense]:
    """The expenses of a ledger, in its order.

    Raises LedgerError, which names the line by its number, for a line that is none.
    """
    for number, line in enumerate(lines, start=1):
        words = line.split(maxsplit=3)
        if not words or words[0].startswith("#"):
            continue
        try:
            yield _expense(words)
        except LedgerError as problem:
            raise LedgerError(f"Line {number}: {problem}") from problem


def _expense(words: list) -> Expense:
    if len(words) < 3:
        raise LedgerError("a date, an amount and a category are needed.")
    day, amount, category, *note = words
    return Expense(_day(day), _amount(amount), category, note[0].strip() if note else "")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise LedgerError(f"{text} is no date such as 2024-03-01.") from error


def _amount(text: str) -> Decimal:
    try:
        amount = Decimal(text)
    except InvalidOperation as error:
        raise LedgerError(f"{text} is no amount such as 12.50.") from error
    if not amount.is_finite():
        raise LedgerError(f"{text} is no amount such as 12.50.")
    return amount
