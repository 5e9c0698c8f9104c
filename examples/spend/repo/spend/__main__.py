"""The command: python3 -m spend FILE"""

import argparse
import sys
from typing import List, Optional

from spend.ledger import LedgerError, read_expenses
from spend.report import report
from spend.summary import totals


def main(arguments: Optional[List[str]] = None) -> int:
    """Prints the totals of a ledger. Gives the exit status: 1 for a file that cannot be read."""
    parser = argparse.ArgumentParser(prog="spend", description="Adds up what was spent.")
    parser.add_argument("file", help="the ledger, one expense a line")
    options = parser.parse_args(arguments)
    try:
        with open(options.file, encoding="utf-8") as ledger:
            sums = totals(read_expenses(ledger))
    except (OSError, LedgerError) as error:
        print(f"spend: {error}", file=sys.stderr)
        return 1
    print(report(sums), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
