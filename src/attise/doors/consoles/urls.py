"""Addresses of the consoles. They are in French, whatever the language of the page: an address is a name."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpResponse
from django.urls import URLPattern, path, register_converter
from django.views.generic import RedirectView

from attise.doors.consoles import commands, inbox, sounds
from attise.doors.consoles.access import (
    account,
    consent,
    creator_consent,
    invitation,
    passwords,
    sign_in,
    sign_in_link,
)
from attise.doors.consoles.advertiser import (
    access_keys,
    accounts,
    billing,
    boost,
    library,
    members,
    promoted_posts,
    scout,
    statements,
)
from attise.doors.consoles.advertiser import home as ads_home
from attise.doors.consoles.advertiser.assistant import importing
from attise.doors.consoles.advertiser.assistant import page as assistant
from attise.doors.consoles.advertiser.comparison import page as comparison
from attise.doors.consoles.advertiser.events import export as events_export
from attise.doors.consoles.advertiser.events import page as events
from attise.doors.consoles.advertiser.lots import page as lots
from attise.doors.consoles.advertiser.reports import acts as report_acts
from attise.doors.consoles.advertiser.reports import page as report_page
from attise.doors.consoles.advertiser.tree import acts, detail, export, table
from attise.doors.consoles.advertiser.tree.levels import WORDS, Level
from attise.doors.consoles.converters import IdConverter
from attise.doors.consoles.creator import (
    access,
    ads,
    authorizations,
    authorize,
    earnings,
    editing,
    post,
    post_requests,
    posts,
    publish,
    sending,
    unpublished,
)
from attise.doors.consoles.creator import home as creator_home
from attise.doors.consoles.creator import statements as creator_statements
from attise.doors.consoles.operator import (
    accounts as operator_accounts,
)
from attise.doors.consoles.operator import (
    delivery,
    finances,
    host_keys,
    house_settings,
    journal,
    looks,
    people,
    reported,
    reported_ads,
    reviews,
    scoreboard,
)
from attise.doors.consoles.operator import home as operator_home
from attise.doors.consoles.viewer import acts as viewer_acts
from attise.doors.consoles.viewer import (
    cards,
    choices,
    commenting,
    feed,
    following,
    own_data,
    profile,
    reporting,
    search,
    tickets,
    why,
)
from attise.doors.consoles.viewer import home as viewer_home
from attise.doors.consoles.viewer import post as viewer_post
from attise.doors.consoles.viewer import settings as viewer_settings

register_converter(IdConverter, "house_id")

_COMING_IN: list[URLPattern] = [
    path("", feed.feed, name="viewer_feed"),
    path("accueil", viewer_home.home, name="viewer_home"),
    path("fil/billet", tickets.ticket, name="viewer_ticket"),
    path("fil/cartes", cards.cards, name="viewer_cards"),
    path("abonnements", following.following, name="viewer_following"),
    path("abonnements/comptes", following.followed, name="viewer_followed"),
    path("recherche", search.search, name="viewer_search"),
    path("@<str:handle>", profile.profile, name="viewer_profile"),
    path("@<str:handle>/suivre", profile.follow, name="viewer_follow"),
    path("@<str:handle>/p/<house_id:post_id>", viewer_post.post, name="viewer_post"),
    path("p/<house_id:post_id>/commentaire", commenting.comment, name="viewer_comment"),
    path(
        "p/<house_id:post_id>/commentaires/<house_id:comment_id>/signaler",
        reporting.report,
        name="viewer_report_comment",
    ),
    path("p/<house_id:post_id>/acte", viewer_acts.act, name="viewer_act"),
    path("w/<str:token>", why.why, name="why_ad"),
    path("w/<str:token>/signaler", why.report_ad, name="report_ad"),
    path("parametres/publicites", viewer_settings.settings_page, name="viewer_settings"),
    path("parametres/publicites/consentement", choices.consent, name="viewer_consent"),
    path("parametres/publicites/interets", choices.interest, name="viewer_interests"),
    path("parametres/publicites/pays", choices.country, name="viewer_country"),
    path("parametres/publicites/marques", choices.brand, name="viewer_brands"),
    path("parametres/publicites/annonces/<house_id:decision_id>", why.why_shown, name="why_shown"),
    path("parametres/donnees/exporter", own_data.export, name="viewer_export"),
    path("parametres/donnees/effacer", own_data.forget, name="viewer_forget"),
    path("connexion", sign_in.sign_in, name="sign_in"),
    path("connexion/lien/<str:secret>", sign_in_link.sign_in_link, name="sign_in_link"),
    path("deconnexion", sign_in.sign_out, name="sign_out"),
    path("mot-de-passe/oubli", passwords.forgotten, name="password_forgotten"),
    path("mot-de-passe/lien/<str:secret>", passwords.password_link, name="password_link"),
    path("compte", account.account, name="account"),
    path("boite", inbox.inbox, name="inbox"),
    path("commandes", commands.commands, name="commands"),
    path("clavier", commands.keys, name="keys"),
    path("invitation/<str:secret>", invitation.invitation, name="invitation"),
    path("portal/auth", consent.portal_auth, name="portal_auth"),
    path("portal/auth/", consent.portal_auth),
    path("v2/auth/authorize", creator_consent.creator_auth, name="creator_auth"),
    path("v2/auth/authorize/", creator_consent.creator_auth),
]
_CREATOR: list[URLPattern] = [
    path("creation", RedirectView.as_view(pattern_name="creator_home")),
    path("creation/", creator_home.home, name="creator_home"),
    path("creation/publications", posts.posts_page, name="creator_posts"),
    path("creation/publications/<house_id:post_id>", post.post_page, name="creator_post"),
    path("creation/publications/<house_id:post_id>/legende", post.caption, name="post_caption"),
    path("creation/publications/<house_id:post_id>/visibilite", post.visibility, name="post_visibility"),
    path("creation/publications/<house_id:post_id>/supprimer", post.delete, name="post_delete"),
    path(
        "creation/publications/<house_id:post_id>/commentaires/<house_id:comment_id>",
        post.moderate,
        name="moderate_comment",
    ),
    path("creation/publications/<house_id:post_id>/autoriser", authorize.authorize, name="authorize_post"),
    path("creation/publications/<house_id:post_id>/conseils", post.preflight, name="post_preflight"),
    path("creation/publications/<house_id:post_id>/comptes", post.export_counts, name="export_post_counts"),
    path("creation/publier", publish.publish, name="publish"),
    path("creation/publier/<house_id:unpublished_id>/montage", editing.edit, name="edit_unpublished"),
    path(
        "creation/publier/<house_id:unpublished_id>/couverture/<int:number>",
        editing.cover_picture,
        name="cover_picture",
    ),
    path("sons/<slug:sound>.wav", sounds.sound_file, name="sound_file"),
    path("creation/publier/envois", sending.sending, name="sending"),
    path("creation/publier/envois/<house_id:upload_id>", sending.sending, name="sending_one"),
    path("creation/publier/<house_id:unpublished_id>", unpublished.unpublished, name="unpublished"),
    path("creation/publier/<house_id:unpublished_id>/conseils", unpublished.preflight, name="unpublished_preflight"),
    path("creation/demandes/publications/<house_id:request_id>", post_requests.post_request, name="post_request"),
    path("creation/autorisations", authorizations.authorizations_page, name="creator_authorizations"),
    path("creation/autorisations/<house_id:authorization_id>/prolonger", authorize.extend, name="extend_authorization"),
    path("creation/autorisations/<house_id:authorization_id>/revoquer", authorize.revoke, name="revoke_authorization"),
    path("creation/annonces/<house_id:ad_id>/accord", ads.say_word, name="say_word"),
    path("creation/revenus", earnings.earnings, name="creator_earnings"),
    path("creation/revenus/exporter", earnings.export, name="export_earnings"),
    path("creation/revenus/releves/<str:period>", creator_statements.statement, name="creator_statement"),
    path(
        "creation/revenus/releves/<str:period>/autorisations/<house_id:authorization_id>",
        creator_statements.grant_statement,
        name="creator_grant_statement",
    ),
    path(
        "creation/revenus/releves/<str:period>/autorisations/<house_id:authorization_id>/exporter",
        creator_statements.export_grant,
        name="export_creator_grant",
    ),
    path("creation/revenus/compte", earnings.name_account, name="name_payout_account"),
    path("creation/revenus/demander", earnings.ask_payout, name="ask_payout"),
    path("creation/revenus/versements/<house_id:payout_id>/retirer", earnings.withdraw_payout, name="withdraw_payout"),
    path("creation/demandes", access.requests_page, name="creator_requests"),
    path("acces/<str:secret>", access.access_request, name="access_request"),
]


def _level(level: Level, base: str, page: Callable[..., HttpResponse]) -> list[URLPattern]:
    """Return the addresses of one level: its table, its pages, and what is done on them."""
    one, many, kept = WORDS[level].page_name, WORDS[level].list_name, {"level": level}
    found = [
        path(base, table.table, kept, name=many),
        path(f"{base}/exporter", export.export, kept, name=f"{many}_export"),
        path(f"{base}/lot", acts.bulk, kept, name=f"{many}_bulk"),
        path(f"{base}/<house_id:object_id>", page, name=one),
        path(f"{base}/<house_id:object_id>/diffusion", acts.switch, kept, name=f"{one}_switch"),
    ]
    if level is not Level.AD:
        found.append(path(f"{base}/<house_id:object_id>/budget", acts.budget, kept, name=f"{one}_budget"))
    return found


_ADVERTISER: list[URLPattern] = [
    path("ads", RedirectView.as_view(pattern_name="ads_home")),
    path("ads/", ads_home.home, name="ads_home"),
    path("ads/exporter", ads_home.export, name="export_overview"),
    *_level(Level.CAMPAIGN, "ads/campagnes", detail.campaign),
    *_level(Level.ADGROUP, "ads/groupes", detail.adgroup),
    *_level(Level.AD, "ads/annonces", detail.ad),
    path("ads/campagnes/<house_id:object_id>/temoin", detail.holdout, name="campaign_holdout"),
    path("ads/campagnes/<house_id:object_id>/conseils", detail.take_advice, name="take_advice"),
    path("ads/annonces/<house_id:object_id>/lancer", detail.launch, name="launch_ad"),
    path("ads/annonces/<house_id:object_id>/contester", detail.appeal, name="appeal_ad"),
    path("ads/creer", assistant.begin, name="assistant"),
    path("ads/creer/<house_id:draft_id>/supprimer", assistant.drop, name="assistant_drop"),
    path("ads/creer/<house_id:draft_id>/importer", importing.import_video, name="assistant_import"),
    path("ads/creer/<house_id:draft_id>/<slug:word>", assistant.step, name="assistant_step"),
    path("ads/creer/<house_id:draft_id>/videos/<house_id:unpublished_id>", importing.video, name="assistant_video"),
    path(
        "ads/creer/<house_id:draft_id>/videos/<house_id:unpublished_id>/montage",
        importing.edit,
        name="assistant_video_edit",
    ),
    path(
        "ads/creer/<house_id:draft_id>/videos/<house_id:unpublished_id>/conseils",
        importing.preflight,
        name="assistant_video_preflight",
    ),
    path(
        "ads/creer/<house_id:draft_id>/videos/<house_id:unpublished_id>/couverture/<int:number>",
        importing.cover_picture,
        name="assistant_cover",
    ),
    path("ads/envois", importing.sending, name="ads_sending"),
    path("ads/envois/<house_id:upload_id>", importing.sending, name="ads_sending_one"),
    path("ads/comparaison", comparison.comparison, name="comparison"),
    path("ads/comparaison/formats", comparison.compare_formats, name="compare_formats"),
    path("ads/comparaison/deux-cotes", comparison.compare_sides, name="compare_sides"),
    path("ads/comparaison/<house_id:split_id>", comparison.split_test, name="split_test"),
    path("ads/comparaison/<house_id:split_id>/lancer", comparison.launch_split, name="launch_split"),
    path("ads/comparaison/<house_id:split_id>/terminer", comparison.end_split, name="end_split"),
    path("ads/comparaison/<house_id:split_id>/abandonner", comparison.drop_split, name="drop_split"),
    path("ads/comparaison/<house_id:split_id>/exporter", comparison.export_split, name="export_split"),
    path("ads/a-booster", scout.scout_page, name="scout"),
    path("ads/a-booster/tirages", lots.lots, name="lots"),
    path("ads/a-booster/tirages/nouveau", lots.new_lot, name="new_lot"),
    path("ads/a-booster/tirages/<house_id:lot_id>", lots.lot, name="lot"),
    path("ads/a-booster/tirages/<house_id:lot_id>/tirer", lots.draw, name="draw_lot"),
    path("ads/a-booster/tirages/<house_id:lot_id>/abandonner", lots.drop, name="drop_lot"),
    path("ads/a-booster/tirages/<house_id:lot_id>/exporter", lots.export, name="export_lot"),
    path("ads/publications-promues", promoted_posts.what_ads_leave, name="what_ads_leave"),
    path("ads/publications-promues/exporter", promoted_posts.export, name="export_promoted_posts"),
    path("ads/a-booster/<house_id:post_id>", boost.boost, name="boost_post"),
    path("ads/a-booster/attentes/<house_id:boost_id>/lancer", boost.launch, name="launch_boost"),
    path("ads/a-booster/attentes/<house_id:boost_id>/abandonner", boost.drop, name="drop_boost"),
    path("ads/bibliotheque", library.library, name="library"),
    path("ads/bibliotheque/codes", library.codes, name="library_codes"),
    path("ads/bibliotheque/<house_id:post_id>", library.library_post, name="library_post"),
    path("ads/bibliotheque/<house_id:post_id>/retirer", library.remove, name="library_remove"),
    path("ads/bibliotheque/<house_id:post_id>/comptes", library.export_counts, name="export_library_counts"),
    path("ads/comptes", accounts.linked_accounts, name="linked_accounts"),
    path("ads/comptes/demander", accounts.ask, name="ask_account"),
    path("ads/comptes/lier", accounts.link_own, name="link_own_account"),
    path("ads/comptes/demandes/<house_id:request_id>", accounts.account_request, name="account_request"),
    path(
        "ads/comptes/demandes/<house_id:request_id>/etat", accounts.account_request_state, name="account_request_state"
    ),
    path("ads/comptes/demandes/<house_id:request_id>/renouveler", accounts.renew, name="renew_account_request"),
    path("ads/comptes/<house_id:creator_id>/attribuer", accounts.assign, name="assign_account"),
    path("ads/comptes/acces/<house_id:authorization_id>/terminer", accounts.end, name="end_account_access"),
    path("ads/rapports", report_page.reports, name="reports"),
    path("ads/rapports/nouveau", report_page.new_report, name="new_report"),
    path("ads/rapports/enregistrer", report_acts.save, name="save_report"),
    path("ads/rapports/exporter", report_acts.export, name="export_report"),
    path("ads/rapports/fichiers", report_acts.write_file, name="write_report_file"),
    path("ads/rapports/fichiers/<house_id:task_id>", report_acts.written_file, name="written_report_file"),
    path("ads/rapports/<house_id:report_id>", report_page.report, name="report"),
    path("ads/rapports/<house_id:report_id>/enregistrer", report_acts.change, name="change_report"),
    path("ads/rapports/<house_id:report_id>/supprimer", report_acts.delete, name="delete_report"),
    path("ads/rapports/<house_id:report_id>/envoi", report_acts.send_to_me, name="send_report"),
    path("ads/evenements", events.events, name="events"),
    path("ads/evenements/creer", events.create, name="create_pixel"),
    path("ads/evenements/<house_id:pixel_id>/nom", events.rename, name="rename_pixel"),
    path("ads/evenements/<house_id:pixel_id>/pause", events.pause, name="pause_pixel"),
    path("ads/evenements/<house_id:pixel_id>/essai", events.send_test, name="try_pixel"),
    path("ads/evenements/<house_id:pixel_id>/direct", events.live, name="live_events"),
    path("ads/evenements/<house_id:pixel_id>/exporter", events_export.export, name="export_events"),
    path("ads/facturation", billing.billing, name="billing"),
    path("ads/facturation/ajouter", billing.add_funds, name="add_funds"),
    path("ads/facturation/exporter", billing.export, name="export_billing"),
    path("ads/facturation/releves/<str:period>", statements.statement, name="statement"),
    path(
        "ads/facturation/releves/<str:period>/autorisations/<house_id:authorization_id>",
        statements.grant_statement,
        name="grant_statement",
    ),
    path(
        "ads/facturation/releves/<str:period>/autorisations/<house_id:authorization_id>/exporter",
        statements.export_grant,
        name="export_grant",
    ),
    path("ads/facturation/factures/<house_id:invoice_id>", billing.invoice, name="invoice"),
    path("ads/facturation/factures/<house_id:invoice_id>/pdf", billing.invoice_pdf, name="invoice_pdf"),
    path("ads/membres", members.members, name="members"),
    path("ads/membres/inviter", members.invite, name="invite_member"),
    path("ads/membres/invitations/<house_id:invitation_id>/retirer", members.withdraw, name="withdraw_invitation"),
    path("ads/membres/<house_id:person_id>/role", members.change, name="change_member"),
    path("ads/membres/<house_id:person_id>/retirer", members.remove, name="remove_member"),
    path("ads/acces-api", access_keys.access_keys, name="access_keys"),
    path("ads/acces-api/creer", access_keys.make, name="make_access_key"),
    path("ads/acces-api/<house_id:token_id>/retirer", access_keys.withdraw, name="withdraw_access_key"),
]
_OPERATOR: list[URLPattern] = [
    path("operateur", RedirectView.as_view(pattern_name="operator_home")),
    path("operateur/", operator_home.home, name="operator_home"),
    path("operateur/examen", reviews.review_queue, name="review_queue"),
    path("operateur/examen/<house_id:ad_id>", reviews.decide, name="decide_review"),
    path("operateur/signalements", reported.reported_posts, name="reported_posts"),
    path("operateur/signalements/annonces/<house_id:ad_id>", reported_ads.decide_ad, name="rule_on_ad"),
    path("operateur/publications/<house_id:post_id>", reported.post, name="operator_post"),
    path("operateur/publications/<house_id:post_id>/decision", reported.decide, name="rule_on_post"),
    path(
        "operateur/publications/<house_id:post_id>/commentaires/<house_id:comment_id>",
        reported.decide_comment,
        name="rule_on_comment",
    ),
    path("operateur/publications/<house_id:post_id>/comptes", reported.export_counts, name="export_operator_counts"),
    path("operateur/diffusion", delivery.delivery, name="delivery"),
    path("operateur/eclaireur", scoreboard.scoreboard, name="scoreboard"),
    path("operateur/eclaireur/exporter", scoreboard.export, name="export_scoreboard"),
    path("operateur/diffusion/publicites", delivery.switch_ads, name="switch_all_ads"),
    path("operateur/reglages", house_settings.house_settings, name="house_settings"),
    path("operateur/comptes", operator_accounts.accounts, name="operator_accounts"),
    path("operateur/comptes/login/<house_id:person_id>/voir", looks.begin_look, name="begin_look"),
    path("operateur/comptes/revenir", looks.end_look, name="end_look"),
    path("operateur/comptes/<slug:subject>/<house_id:subject_id>", operator_accounts.account, name="operator_account"),
    path(
        "operateur/comptes/<slug:subject>/<house_id:subject_id>/decision",
        operator_accounts.sanction,
        name="sanction_account",
    ),
    path("operateur/personnes", people.people, name="operator_people"),
    path("operateur/personnes/exporter", people.export, name="export_people"),
    path("operateur/personnes/creer", people.make_person, name="make_person"),
    path("operateur/personnes/<house_id:person_id>/lien", people.make_link, name="make_person_link"),
    path("operateur/finances", finances.finances, name="finances"),
    path("operateur/finances/emetteur", finances.state_issuer, name="state_issuer"),
    path("operateur/finances/remboursement", finances.refund, name="refund_advertiser"),
    path("operateur/finances/factures/<house_id:invoice_id>/pdf", finances.invoice_pdf, name="house_invoice_pdf"),
    *(
        path(
            f"operateur/finances/versements/<house_id:payout_id>/{act}",
            finances.answer_payout,
            {"act": act},
            name=f"{name}_payout",
        )
        for act, name in (("approuver", "approve"), ("refuser", "refuse"), ("payer", "pay"), ("echec", "fail"))
    ),
    path("operateur/cles", host_keys.host_keys, name="host_keys"),
    path("operateur/cles/<house_id:host_key_id>/revoquer", host_keys.revoke, name="revoke_host_key"),
    path("operateur/journal", journal.journal, name="journal"),
    path("operateur/journal/exporter", journal.export, name="export_journal"),
]
urlpatterns: list[URLPattern] = [*_COMING_IN, *_CREATOR, *_ADVERTISER, *_OPERATOR]
