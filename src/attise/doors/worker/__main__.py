"""``python -m attise.doors.worker ROLE``: ``settle`` or ``worker`` alone."""

from __future__ import annotations

import argparse
import logging
import os
import sys

from attise.doors.worker.process import ROLES, run
from attise.kernel import logs
from attise.kernel.errors import Outage
from attise.kernel.house import HouseError
from attise.kernel.lifeline import Lifeline
from attise.kernel.secrets import SecretsError


def main() -> int:
    """Run the role; returns the process's exit code."""
    parser = argparse.ArgumentParser(prog="attise-worker")
    parser.add_argument("role", choices=ROLES)
    role = parser.parse_args().role
    logs.configure(role)
    lifeline = Lifeline.from_environ(os.environ)
    lifeline.hold()
    try:
        return run(role, lifeline)
    except (HouseError, SecretsError, Outage) as error:
        logging.getLogger("attise.worker").critical("%s", error)
        return 1


if __name__ == "__main__":
    sys.exit(main())
