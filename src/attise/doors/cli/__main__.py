"""``python -m attise.doors.cli``: the ``attise`` command without its script."""

import sys

from attise.doors.cli import main

sys.exit(main())
