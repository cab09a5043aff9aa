"""``python -m attise.doors.cli``: the ``attise`` command without its script."""

import sys

from attise.doors.cli import main

if __name__ == "__main__":  # read by processes that it starts, too
    sys.exit(main())
