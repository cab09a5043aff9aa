"""The tables of campaigns, ad groups and ads, where a browser adds nothing: addresses, switches, budgets, files."""

from __future__ import annotations

import re

import pytest
from django.conf import settings

from attise.doors.consoles.advertiser.tree import changes, said
from attise.doors.site.statuses import LOOKS
from attise.kernel.actor import Actor
from attise.kernel.money import MICROS
from attise.management.campaigns import actions, queries, status
from attise.management.campaigns.blockers import KINDS
from tests.browser.town import Town
from tests.campaigns import a_campaign
from tests.doors.consoles.tables import CAMPAIGNS, names_in, read, rows_of

pytestmark = pytest.mark.django_db

BY_SCRIPT = {"HX-Request": "true"}


@pytest.fixture
def town(brand) -> Town:
    return brand.town


def campaign_now(town, object_id: int):
    return queries.get_campaign(town.means, advertiser_id=town.advertiser.id, campaign_id=object_id)


# ---- the catalogue of what is said


def test_every_status_has_words_and_a_shape_and_every_blocker_a_rank():
    every = (*status.CAMPAIGN_STATUSES, *status.ADGROUP_STATUSES, *status.AD_STATUSES)
    assert set(said.SAID) == set(every)
    for one in said.SAID.values():
        assert one.key in LOOKS
        assert said.rank(one) >= 0
    assert set(said._BY_BLOCKER) <= set(KINDS)
    assert set(KINDS) >= said._QUIET


# ---- filters in the address


def test_an_address_keeps_what_was_asked_and_each_chip_leads_to_it_without_that(brand, advertiser):
    page = read(advertiser, f"{CAMPAIGNS}?q=s&statut=en-pause&objectif=trafic")
    assert names_in(page) == ["Savon, hors saison"]
    assert 'href="?statut=en-pause&amp;objectif=trafic"' in page
    assert 'href="?q=s&amp;objectif=trafic"' in page
    assert 'href="?q=s&amp;statut=en-pause"' in page
    assert "1 campaign" in page


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("statut=en-diffusion", 8),
        ("statut=supprimees", 0),
        ("objectif=notoriete", 0),
        ("q=BAUME", 1),
        ("q=%25", 0),
        ("statut=nonsense&objectif=nonsense&page=x", 9),
        ("page=0", 9),
        ("page=99999999999999999999", 9),
        ("page=99999", 0),
        ("q=%00", 0),
        ("campagne=5&groupe=x", 9),
    ],
)
def test_whatever_an_address_asks_it_is_a_page(brand, advertiser, query, expected):
    assert len(names_in(read(advertiser, f"{CAMPAIGNS}?{query}"))) == expected


def test_lower_levels_are_narrowed_to_what_is_above_them(brand, advertiser):
    page = read(advertiser, f"/ads/groupes?campagne={brand.ids['mixed']}")
    assert names_in(page) == ["France et Belgique"]
    assert "Brume visage · dans mon sac" in page
    ads = names_in(read(advertiser, f"/ads/annonces?groupe={brand.ids['group']}"))
    assert ads == ["La brume dans le métro", "Mon sac de sport, version hiver", "Brume : le geste de 16 h"]


# ---- what a row says


def test_a_row_says_the_worst_of_its_ads_only_when_none_runs(brand, advertiser):
    page = read(advertiser, CAMPAIGNS)
    rows = dict(
        zip(names_in(page), page.partition("<tbody")[2].partition("</tbody>")[0].split("<tr ")[1:], strict=True)
    )
    assert "1 ad of 3 is blocked" in rows["Brume visage · dans mon sac"]
    assert "Active" in rows["Brume visage · dans mon sac"]
    assert "Rejected" in rows["Sérum nuit, promesse forte"]
    assert "In review" in rows["Huile de nuit"]
    assert "Scheduled" in rows["Calendrier de l’avent"]
    assert "Paused" in rows["Savon, hors saison"]
    assert "No ad group yet" in rows["Nouvelle gamme printemps"]
    assert "Authorization ending" in rows["Baume lèvres · test 24 h"]
    assert 'class="tag standard"' in rows["Crème hiver · vidéo studio"]
    assert 'class="tag spark"' in rows["Huile de nuit"]


# ---- switches


def test_a_switch_is_a_form_without_scripts_and_a_row_with_them(brand, advertiser, town):
    path = f"{CAMPAIGNS}/{brand.ids['running']}/diffusion"
    back = advertiser.post(path, {"operation_status": "DISABLE", "retour": "?q=s&page=2"})
    assert (back.status_code, back.headers["Location"]) == (302, f"{CAMPAIGNS}?q=s&page=2")
    assert campaign_now(town, brand.ids["running"]).operation_status == "DISABLE"
    row = advertiser.post(path, {"operation_status": "ENABLE"}, headers=BY_SCRIPT)
    assert row.status_code == 200
    assert row.content.decode().startswith(f'<tr role="row" id="row-{brand.ids["running"]}"')
    assert "Campaign resumed." in row.content.decode()
    assert campaign_now(town, brand.ids["running"]).operation_status == "ENABLE"


def test_a_form_leads_back_to_pages_of_ours_alone(brand, advertiser):
    path = f"{CAMPAIGNS}/{brand.ids['running']}/diffusion"
    for elsewhere in ("//evil.example/x", "https://evil.example", "/\\evil.example", "javascript:alert(1)"):
        back = advertiser.post(path, {"operation_status": "ENABLE", "retour": elsewhere})
        assert back.headers["Location"].startswith(CAMPAIGNS), elsewhere
    page = f"{CAMPAIGNS}/{brand.ids['mixed']}"
    assert advertiser.post(path, {"operation_status": "ENABLE", "retour": page}).headers["Location"] == page


def test_an_ad_that_can_never_run_is_not_switched_on_and_says_why_where_it_was_asked(brand, advertiser, town):
    path = f"/ads/annonces/{brand.ids['blocked']}/diffusion"
    advertiser.post(path, {"operation_status": "DISABLE"})
    row = advertiser.post(path, {"operation_status": "ENABLE"}, headers=BY_SCRIPT)
    assert row.status_code == 422
    assert "The creator revoked this authorization." in row.content.decode()
    whole = advertiser.post(path, {"operation_status": "ENABLE", "retour": "?q=brume"}).content.decode()
    assert "La brume dans le métro stays as it was." in whole
    assert len(names_in(whole)) == 2


@pytest.mark.parametrize("value", ["", "DELETE", "enable"])
def test_a_switch_has_two_positions(brand, advertiser, town, value):
    path = f"{CAMPAIGNS}/{brand.ids['running']}/diffusion"
    assert advertiser.post(path, {"operation_status": value}).status_code == 404
    assert not campaign_now(town, brand.ids["running"]).is_deleted


def test_several_are_switched_at_once_and_those_left_out_are_named_with_the_reason(brand, advertiser):
    ads = [brand.ids["blocked"], brand.ids["off"]]
    advertiser.post("/ads/annonces/lot", {"id": ads, "act": "pause"})
    page = advertiser.post("/ads/annonces/lot", {"id": ads, "act": "reprendre"}).content.decode()
    assert "1 of 2 left as it was:" in page
    assert re.search(r"<b>La brume dans le métro</b> The creator revoked this authorization\.", page)
    assert "1 resumed." in page
    done = advertiser.post("/ads/annonces/lot", {"id": ads, "act": "pause", "retour": "?q=b"})
    assert (done.status_code, done.headers["Location"]) == (302, "/ads/annonces?q=b")


def test_another_brands_rows_are_left_out_without_a_word_about_them(brand, advertiser, town):
    theirs = a_campaign(town.means, town.a_rival().id, "Foreign campaign")
    page = advertiser.post(f"{CAMPAIGNS}/lot", {"id": [theirs.id, brand.ids["running"]], "act": "pause"})
    assert page.status_code == 200
    assert "Foreign" not in page.content.decode()
    assert (
        queries.get_campaign(town.means, advertiser_id=theirs.advertiser_id, campaign_id=theirs.id).operation_status
        == "ENABLE"
    )


def test_nothing_selected_and_no_act_are_said(brand, advertiser):
    assert "Select at least one row." in advertiser.post(f"{CAMPAIGNS}/lot", {"act": "pause"}).content.decode()
    assert advertiser.post(f"{CAMPAIGNS}/lot", {"id": [brand.ids["running"]], "act": "delete"}).status_code == 404


# ---- budgets


def budget_of(town, object_id: int) -> int:
    return campaign_now(town, object_id).budget_micros // MICROS


def test_a_budget_is_saved_as_people_type_it(brand, advertiser, town):
    path = f"{CAMPAIGNS}/{brand.ids['running']}/budget"
    for typed, euros in (("130", 130), ("131,00 €", 131), ("  132.00", 132), ("140,0", 140)):
        revision = campaign_now(town, brand.ids["running"]).revision
        done = advertiser.post(path, {"budget": typed, "revision": revision, "retour": "?q=s"})
        assert (done.status_code, done.headers["Location"]) == (302, f"{CAMPAIGNS}?q=s"), typed
        assert budget_of(town, brand.ids["running"]) == euros


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("49,99", "At least €50 per day are needed."),
        ("lots", "This is not an amount in €."),
        ("", "This is not an amount in €."),
        ("-60", "This is not an amount in €."),
        ("1e3", "This is not an amount in €."),
        ("60,0001", "This is not an amount in €."),
    ],
)
def test_a_refused_budget_is_kept_in_its_field_with_the_reason_under_it(brand, advertiser, town, typed, why):
    path = f"{CAMPAIGNS}/{brand.ids['running']}/budget"
    for headers in (BY_SCRIPT, {}):
        answer = advertiser.post(path, {"budget": typed, "revision": "1", "retour": "?q=s"}, headers=headers)
        page = answer.content.decode()
        assert answer.status_code == 422
        assert why in page
        assert f'name="budget" value="{typed}"' in page
        assert 'aria-invalid="true"' in page
    assert budget_of(town, brand.ids["running"]) == 120


def test_a_large_rise_is_asked_once_with_the_most_it_may_cost(brand, advertiser, town):
    path = f"{CAMPAIGNS}/{brand.ids['running']}/budget"
    asked = advertiser.post(path, {"budget": "200", "revision": "1"}, headers=BY_SCRIPT).content.decode()
    assert "€120 now, €200 from this on. At most €7,800 until 31 Oct 2026." in asked
    assert 'name="oui" value="200"' in asked
    assert budget_of(town, brand.ids["running"]) == 120
    other = advertiser.post(path, {"budget": "900", "oui": "200", "revision": "1"}, headers=BY_SCRIPT)
    assert "€900 from this on" in other.content.decode()
    advertiser.post(path, {"budget": "200,00", "oui": "200", "revision": "1"}, headers=BY_SCRIPT)
    assert budget_of(town, brand.ids["running"]) == 200
    revision = campaign_now(town, brand.ids["running"]).revision
    assert advertiser.post(path, {"budget": "300", "revision": revision}).status_code == 302


def test_what_somebody_changed_meanwhile_is_shown_beside_ones_own(brand, advertiser, town):
    path = f"{CAMPAIGNS}/{brand.ids['running']}/budget"
    paul = town.a_member("paul@example.org", "Paul Petit", "campaign_operator")
    actions.update_campaign(
        town.means,
        Actor("person", paul.id),
        advertiser_id=town.advertiser.id,
        campaign_id=brand.ids["running"],
        budget_micros=110 * MICROS,
    )
    answer = advertiser.post(path, {"budget": "130", "revision": "1"}, headers=BY_SCRIPT)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert re.search(r"Changed by Paul Petit at \d\d:\d\d: the budget is €110\.", page)
    assert 'name="budget" value="130"' in page
    assert 'name="revision" value="2"' in page
    assert budget_of(town, brand.ids["running"]) == 110
    assert advertiser.post(path, {"budget": "130", "revision": "2"}).status_code == 302
    assert budget_of(town, brand.ids["running"]) == 130


def test_a_budgets_cell_opens_and_closes_with_or_without_scripts(brand, advertiser):
    path = f"{CAMPAIGNS}/{brand.ids['running']}/budget"
    opened = advertiser.get(f"{path}?retour=%3Fq%3Ds", headers=BY_SCRIPT).content.decode()
    assert 'name="budget" value="120"' in opened
    assert 'name="retour" value="?q=s"' in opened
    closed = advertiser.get(f"{path}?annuler&retour=%3Fq%3Ds", headers=BY_SCRIPT).content.decode()
    assert 'name="budget"' not in closed
    plain = advertiser.get(f"{path}?retour=%3Fq%3Ds")
    assert plain.headers["Location"] == f"{CAMPAIGNS}?q=s&budget={brand.ids['running']}"
    assert 'name="budget" value="120"' in read(advertiser, plain.headers["Location"])


# ---- roles


def test_an_analyst_sees_every_control_disabled_with_the_reason_and_may_export(brand, town, signed_in):
    analyst = signed_in(town.a_member("ana@example.org", "Ana", "analyst"))
    page = read(analyst, CAMPAIGNS)
    switches = re.findall(r"<button[^>]*role=\"switch\"[^>]*>", page)
    assert len(switches) == 9
    assert all("disabled" in one and 'aria-describedby="reserved-edit"' in one for one in switches)
    assert "Reserved to administrators and campaign operators of the Business Center" in page
    assert 'name="id"' not in page
    assert 'class="in-cell"' not in page
    assert 'name="budget"' not in read(analyst, f"{CAMPAIGNS}?budget={brand.ids['running']}")
    assert analyst.get(f"{CAMPAIGNS}/exporter").status_code == 200
    assert analyst.get(f"/ads/annonces/{brand.ids['off']}").status_code == 200


# ---- files


def test_a_file_holds_what_the_table_shows_in_the_readers_format(brand, signed_in, town):
    french = signed_in(town.ines, language="fr")
    response = french.get(f"{CAMPAIGNS}/exporter?format=fr&q=brume")
    assert (
        response.headers["Content-Disposition"] == 'attachment; filename="attise-campagnes-2026-08-26_2026-09-22.csv"'
    )
    header, row = rows_of(response, ";")
    told = dict(zip(header, row, strict=True))
    assert told["Nom"] == "Brume visage · dans mon sac"
    assert (told["Budget"], told["Budget par"], told["Devise"]) == ("60,00", "jour", "EUR")
    assert (told["Dépense"], told["Statut"], told["Début"], told["Fin"]) == ("0,00", "Active", "2026-09-21", "")
    assert told["Identifiant"] == str(brand.ids["mixed"])
    english = french.get(f"{CAMPAIGNS}/exporter?format=intl", headers={"Accept-Language": "en"})
    assert len(rows_of(english, ",")) == 10


@pytest.mark.parametrize(("place", "columns"), [("groupes", 28), ("annonces", 24)])
def test_the_other_levels_are_exported_too(brand, advertiser, place, columns):
    rows = rows_of(advertiser.get(f"/ads/{place}/exporter"), ",")
    assert {len(row) for row in rows} == {columns}
    assert len(rows) > 8


# ---- one object


def test_a_page_tells_all_that_is_in_the_way_with_what_to_do(brand, advertiser):
    page = read(advertiser, f"{CAMPAIGNS}/{brand.ids['mixed']}")
    assert "The creator revoked this authorization." in page
    assert "Choose another video, or ask the creator for a new code." in page
    assert 'href="/ads/bibliotheque?dialog=codes"' in page
    assert "France et Belgique" in page
    ad = read(advertiser, f"/ads/annonces/{brand.ids['rejected']}")
    assert "It promises or claims what is not shown to be true." in ad
    assert "efface les rides en une nuit" in ad


def test_a_launch_tells_what_is_in_the_way_or_launches(brand, advertiser, town):
    path = f"/ads/annonces/{brand.ids['off']}/lancer"
    page = advertiser.post(path, {"revision": "99"})
    assert page.status_code == 409
    done = advertiser.post(path, {}, follow=True)
    assert "Launched." in done.content.decode()
    actions.switch_ads(
        town.means,
        Actor("person", town.ines.id),
        advertiser_id=town.advertiser.id,
        ad_ids=[brand.ids["rejected"]],
        to="DISABLE",
    )
    refused = advertiser.post(f"/ads/annonces/{brand.ids['rejected']}/lancer", {}, follow=True)
    assert "Not launched yet: something is in the way." in refused.content.decode()


def test_what_is_over_has_a_switch_that_is_idle(brand, advertiser, clock):
    groups = "/ads/groupes?statut=toutes"
    assert all(row.can_switch for row in advertiser.get(groups).context["rows"])
    clock.advance(days=45)
    over = [row for row in advertiser.get(groups).context["rows"] if row.said.key == said.ENDED]
    assert over, "the schedule of one of them ends"
    assert not any(row.can_switch for row in over)


def test_a_history_of_an_ad_says_where_its_creation_put_it_in_the_review(brand, advertiser):
    page = read(advertiser, f"/ads/annonces/{brand.ids['rejected']}").partition('id="historique"')[2]
    assert re.search("Created(, approved by the automatic review| and sent for review)", page)


def test_a_history_names_who_did_what_and_both_sides_of_it(brand, advertiser, town):
    advertiser.post(f"{CAMPAIGNS}/{brand.ids['running']}/budget", {"budget": "130", "revision": "1"})
    advertiser.post(f"{CAMPAIGNS}/{brand.ids['running']}/diffusion", {"operation_status": "DISABLE"})
    page = read(advertiser, f"{CAMPAIGNS}/{brand.ids['running']}")
    history = page.partition('id="historique"')[2]
    assert history.count("Inès Roy") == 2
    assert re.search(r"Budget <span class=\"muted\">€120</span>.*<b>€130</b>", history)
    assert history.index("On ") < history.index("Budget ")


def test_a_holdout_is_typed_in_percent_and_told_in_words(brand, advertiser, town):
    path = f"{CAMPAIGNS}/{brand.ids['running']}"
    assert "<dt>Holdout</dt><dd>Nobody</dd>" in read(advertiser, path)
    assert 'name="holdout" value="0"' in read(advertiser, path)
    answer = advertiser.post(f"{path}/temoin", {"holdout": "12.5 %", "revision": "1"})
    assert (answer.status_code, answer["Location"]) == (302, path)
    assert campaign_now(town, brand.ids["running"]).holdout_ppm == 125_000
    page = read(advertiser, path)
    assert "12.5% of the viewers, who never see its ads" in page
    assert 'name="holdout" value="12.5"' in page
    assert re.search(r"Holdout <span class=\"muted\">0%</span>.*<b>12.5%</b>", page.partition('id="historique"')[2])
    advertiser.cookies[settings.LANGUAGE_COOKIE_NAME] = "fr"
    french = read(advertiser, path)
    assert "12,5\u00a0% des spectateurs" in french
    assert 'name="holdout" value="12,5"' in french


@pytest.mark.parametrize("typed", ["", "much", "-1", "101", "10.00001", "1e1", "٣", "9" * 60])
def test_what_is_no_percentage_stays_beside_why(brand, advertiser, town, typed):
    answer = advertiser.post(f"{CAMPAIGNS}/{brand.ids['running']}/temoin", {"holdout": typed, "revision": "1"})
    assert answer.status_code == 422
    assert "Give a percentage from 0 to 50" in answer.content.decode()
    assert f'name="holdout" value="{typed[:40]}"' in answer.content.decode()
    assert campaign_now(town, brand.ids["running"]).holdout_ppm == 0


def test_more_than_half_and_an_older_revision_are_refused_where_they_were_typed(brand, advertiser, town):
    path = f"{CAMPAIGNS}/{brand.ids['running']}/temoin"
    answer = advertiser.post(path, {"holdout": "50.1", "revision": "1"})
    assert (answer.status_code, "one half of the viewers" in answer.content.decode()) == (422, True)
    assert advertiser.post(path, {"holdout": "5", "revision": "1"}).status_code == 302
    answer = advertiser.post(path, {"holdout": "20", "revision": "1"})
    page = answer.content.decode()
    assert (answer.status_code, "Inès Roy" in page) == (409, True)
    assert ('name="holdout" value="20"' in page, 'name="revision" value="2"' in page) == (True, True)
    assert campaign_now(town, brand.ids["running"]).holdout_ppm == 50_000


def test_every_verb_of_histories_has_words(brand, town):
    seen = {entry.verb for entry in queries.page_history(advertiser_id=town.advertiser.id, limit=100).items}
    assert seen <= set(changes.VERBS)


def test_a_history_goes_on_by_parts(brand, advertiser, town):
    path = f"{CAMPAIGNS}/{brand.ids['running']}"
    for number in range(21):
        to = "DISABLE" if number % 2 == 0 else "ENABLE"
        advertiser.post(f"{path}/diffusion", {"operation_status": to})
    page = read(advertiser, path)
    older = re.search(r'href="(\?apres=\d+)#historique"', page)
    assert older is not None
    assert "Created" in read(advertiser, path + older[1])


# ---- what a page weighs
