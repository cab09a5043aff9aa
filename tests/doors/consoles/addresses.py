"""Every address of the consoles: whom it is for, and by which methods it is asked."""

from __future__ import annotations

import re

from django.urls import URLPattern

from attise.doors.consoles.urls import urlpatterns

OPEN = {
    "viewer_home", "sign_in", "sign_in_link", "sign_out", "password_forgotten", "password_link", "invitation",
    "why_ad", "viewer_feed", "viewer_ticket", "viewer_cards", "viewer_post", "viewer_act",
    "viewer_settings", "viewer_export", "viewer_forget", "viewer_brands", "viewer_country", "why_shown",
    "sound_file", "viewer_following", "viewer_followed", "viewer_search", "viewer_profile", "viewer_follow",
    "viewer_report_comment", "report_ad",
}  # fmt: skip
ANY_PERSON = {
    "account",
    "inbox",
    "commands",
    "keys",
    "portal_auth",
    "viewer_comment",
    "viewer_consent",
    "viewer_interests",
}
CREATOR = {
    "creator_home", "creator_posts", "creator_post", "export_post_counts",
    "post_caption", "post_preflight", "post_visibility", "post_delete", "moderate_comment",
    "authorize_post", "publish", "unpublished", "unpublished_preflight", "sending", "sending_one", "edit_unpublished",
    "cover_picture", "creator_auth", "creator_authorizations", "extend_authorization",
    "revoke_authorization", "creator_requests", "access_request", "say_word",
    "post_request", "creator_earnings", "export_earnings",
    "name_payout_account", "ask_payout", "withdraw_payout", "creator_statement", "creator_grant_statement",
    "export_creator_grant",
}  # fmt: skip
ANY_MEMBER = {"ads_home", "members"}
READS = {
    "comparison", "split_test", "export_split",
    "lots", "new_lot", "lot", "export_lot", "what_ads_leave", "export_promoted_posts",
    "scout", "boost_post", "library", "library_post", "export_library_counts",
    "linked_accounts", "ask_account", "account_request",
    "account_request_state",
    "access_keys", "make_access_key", "withdraw_access_key",
    "campaigns", "campaigns_export", "campaign", "adgroups", "adgroups_export", "adgroup", "ads", "ads_export", "ad",
    "events", "live_events", "export_events", "export_overview",
    "reports", "new_report", "report", "save_report", "change_report", "delete_report", "export_report",
    "write_report_file", "written_report_file", "send_report",
}  # fmt: skip
EDITS = {
    "assistant", "assistant_step", "assistant_drop", "assistant_import", "assistant_video", "assistant_video_edit",
    "assistant_video_preflight", "assistant_cover", "ads_sending", "ads_sending_one", "launch_boost", "drop_boost",
    "compare_formats", "compare_sides", "launch_split", "end_split", "drop_split", "draw_lot", "drop_lot",
    "library_codes", "library_remove", "renew_account_request", "end_account_access",
    "campaigns_bulk", "campaign_switch", "campaign_budget", "adgroups_bulk", "adgroup_switch", "adgroup_budget",
    "ads_bulk", "ad_switch", "launch_ad", "appeal_ad", "campaign_holdout", "take_advice",
    "create_pixel", "rename_pixel", "pause_pixel", "try_pixel",
}  # fmt: skip
ADMINISTERS = {
    "invite_member",
    "withdraw_invitation",
    "change_member",
    "assign_account",
    "link_own_account",
    "remove_member",
}
BILLS = {
    "billing", "export_billing", "invoice", "invoice_pdf", "statement", "grant_statement", "export_grant",
}  # fmt: skip
PAYS = {"add_funds"}
OPERATOR = {
    "operator_home", "operator_people", "export_people", "make_person", "make_person_link", "host_keys",
    "revoke_host_key", "journal", "export_journal", "review_queue", "decide_review", "finances", "state_issuer",
    "refund_advertiser", "house_invoice_pdf", "approve_payout", "refuse_payout", "pay_payout", "fail_payout",
    "reported_posts", "operator_post", "rule_on_post", "rule_on_comment", "export_operator_counts", "delivery",
    "scoreboard", "export_scoreboard",
    "switch_all_ads", "house_settings", "operator_accounts", "operator_account", "sanction_account",
    "begin_look", "end_look", "rule_on_ad",
}  # fmt: skip
KINDS = {
    "open": OPEN, "person": ANY_PERSON, "creator": CREATOR, "member": ANY_MEMBER, "reads": READS, "edits": EDITS,
    "administers": ADMINISTERS, "operator": OPERATOR, "bills": BILLS, "pays": PAYS,
}  # fmt: skip
ROLES = {
    "nobody": {"open"},
    "person": {"open", "person"},
    "creator": {"open", "person", "creator"},
    "finance": {"open", "person", "member", "bills", "pays"},
    "analyst": {"open", "person", "member", "reads"},
    "campaign_operator": {"open", "person", "member", "reads", "edits"},
    "admin": {"open", "person", "member", "reads", "edits", "administers", "bills", "pays"},
    "operator": {"open", "person", "operator"},
}
POSTS = {
    "sending", "ads_sending", "post_caption", "post_visibility", "post_delete", "moderate_comment",
    "authorize_post", "extend_authorization",
    "revoke_authorization", "library_remove", "link_own_account", "renew_account_request", "assign_account",
    "end_account_access", "invite_member", "withdraw_invitation", "change_member", "remove_member",
    "make_access_key", "withdraw_access_key", "make_person", "make_person_link", "export_people",
    "export_journal", "revoke_host_key",
    "campaigns_bulk", "campaign_switch", "adgroups_bulk", "adgroup_switch", "ads_bulk", "ad_switch",
    "launch_ad", "say_word", "appeal_ad", "campaign_holdout", "take_advice", "decide_review",
    "viewer_ticket", "viewer_cards", "viewer_act", "viewer_comment", "viewer_report_comment",
    "rule_on_comment", "viewer_consent", "viewer_interests",
    "viewer_forget", "viewer_brands", "viewer_country", "viewer_follow",
    "create_pixel", "rename_pixel", "pause_pixel", "try_pixel",
    "save_report", "change_report", "delete_report", "write_report_file", "send_report",
    "assistant_drop", "launch_boost", "drop_boost",
    "compare_formats", "compare_sides", "launch_split", "end_split", "drop_split", "draw_lot", "drop_lot",
    "name_payout_account", "ask_payout", "withdraw_payout", "add_funds", "state_issuer", "refund_advertiser",
    "approve_payout", "refuse_payout", "pay_payout", "fail_payout", "rule_on_post", "switch_all_ads",
    "sanction_account", "begin_look", "end_look", "report_ad", "rule_on_ad",
}  # fmt: skip
"""Addresses that are only posted to."""
BOTH = {
    "assistant",
    "assistant_step",
    "assistant_import",
    "assistant_video",
    "assistant_video_edit",
    "campaign_budget",
    "adgroup_budget",
    "library_codes",
    "boost_post",
    "new_lot",
    "ask_account",
    "publish",
    "unpublished",
    "edit_unpublished",
    "access_request",
    "post_request",
    "host_keys",
    "house_settings",
    "finances",
    "journal",
    "account",
    "inbox",
}


def named() -> dict[str, str]:
    """Return every named address with a place for its parts."""
    return {
        pattern.name: "/" + re.sub(r"<(\w+):(\w+)>", r"{\1}", str(pattern.pattern))
        for pattern in urlpatterns
        if isinstance(pattern, URLPattern) and pattern.name
    }


def methods_of(name: str) -> tuple[str, ...]:
    return ("post",) if name in POSTS else ("get", "post") if name in BOTH else ("get",)


def kind_of(name: str, method: str) -> str:
    """Return whom an address is for; some are read by more people than may act there."""
    if name in {"boost_post", "new_lot", "ask_account", "library_codes", "campaign_budget", "adgroup_budget"}:
        return "edits" if method == "post" else "reads"
    return next(kind for kind, names in KINDS.items() if name in names)
