"""What happens to creators' money: where it is paid is said, it is asked for, approved or refused, paid or failed."""

from attise.management.earnings.actions.answer import approve_payout, fail_payout, mark_paid, refuse_payout
from attise.management.earnings.actions.ask import ask_payout, withdraw_payout
from attise.management.earnings.actions.name_account import name_account

__all__ = [
    "approve_payout",
    "ask_payout",
    "fail_payout",
    "mark_paid",
    "name_account",
    "refuse_payout",
    "withdraw_payout",
]
