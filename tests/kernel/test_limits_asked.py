"""Guessing and rates are limited everywhere but in a sandbox, and there when asked."""

import pytest

from attise.kernel.house import Mode, Settings, open_house


@pytest.mark.parametrize(
    ("mode", "asked", "limited"),
    [
        (Mode.LIVE, "", True),
        (Mode.DEMO, "", True),
        (Mode.SANDBOX, "", False),
        (Mode.SANDBOX, "1", True),
    ],
)
def test_a_sandbox_waits_for_nobody_unless_asked(tmp_path, mode, asked, limited):
    settings = Settings.from_environ({"ATTISE_DATA": str(tmp_path), "ATTISE_SANDBOX_LIMITS": asked})
    assert open_house(settings, mode=mode).has_limits is limited
