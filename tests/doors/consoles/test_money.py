"""Money by hand: a brand adds funds and spends, a creator asks, the operator pays, a month is invoiced and read."""

from __future__ import annotations

import copy
import csv
import io

import pytest
from django.conf import settings

from attise.kernel.actor import COMMAND
from attise.kernel.house import Mode
from attise.ledger.verify import verify_ledger
from attise.management.accounts.actions import make_host_key
from attise.management.accounts.queries import get_advertiser
from attise.management.authorizations.models import Authorization
from attise.management.billing.queries import balance_of_advertiser
from attise.management.earnings.models import Payout
from attise.management.invoices.actions import issue_month
from tests.browser.money_pages import IBAN, SPENT_IN, spent
from tests.doors.native_api.conftest import Host

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo(monkeypatch):
    house = copy.copy(settings.HOUSE)
    house.mode = Mode.DEMO
    monkeypatch.setattr(settings, "HOUSE", house)


def rows(response) -> list[list[str]]:
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def test_funds_are_added_by_a_test_card_in_a_demo_and_refused_in_a_live_house(town, advertiser, demo):
    said = {"compte": town.advertiser.id, "amount": "1 200,50", "card_number": "9999 0000 0000 0000"}
    assert advertiser.post("/ads/facturation/ajouter", said).status_code == 302
    assert balance_of_advertiser(town.means, advertiser_id=town.advertiser.id).available_micros == 1_200_500_000
    declined = advertiser.post("/ads/facturation/ajouter", {**said, "card_number": "9999 0000 0000 0001"})
    assert declined.status_code == 422
    for amount in ("", "much", "-5", "0"):
        assert advertiser.post("/ads/facturation/ajouter", {**said, "amount": amount}).status_code == 422
    settings.HOUSE.mode = Mode.LIVE
    assert advertiser.post("/ads/facturation/ajouter", said).status_code == 422
    assert balance_of_advertiser(town.means, advertiser_id=town.advertiser.id).available_micros == 1_200_500_000


def test_a_creator_names_an_account_asks_and_is_paid_by_the_operator(town, creator, operator):
    spent(town)
    bad = creator.post("/creation/revenus/compte", {"holder": "Léa", "number": IBAN[:-1] + "0"})
    assert bad.status_code == 422
    assert creator.post("/creation/revenus/compte", {"holder": "Léa", "number": IBAN}).status_code == 302
    over = creator.post("/creation/revenus/demander", {"currency": "EUR", "amount": "1000"})
    assert over.status_code == 422
    assert "72.37" in over.content.decode()
    assert creator.post("/creation/revenus/demander", {"currency": "EUR", "amount": "50"}).status_code == 302
    payout = Payout.objects.get()
    assert IBAN.replace(" ", "") not in operator.get("/operateur/finances").content.decode()
    here = f"/operateur/finances/versements/{payout.id}"
    assert operator.post(f"{here}/payer", {"note": "VIR"}).status_code == 409
    assert operator.post(f"{here}/approuver", {}).status_code == 302
    assert IBAN.replace(" ", "") in operator.get("/operateur/finances").content.decode(), "to be paid, it is read"
    assert operator.post(f"{here}/payer", {"note": "VIR 9"}).status_code == 302
    payout.refresh_from_db()
    assert (payout.state, payout.reference, payout.amount_micros) == ("paid", "VIR 9", 50_000_000)
    told = rows(creator.get("/creation/revenus/exporter?du=2026-09-01&au=2026-12-31&format=intl"))
    amounts = [int(row[3].replace(".", "")) for row in told[1:]]
    assert sum(amounts[:-1]) == amounts[-1], "the lines add up to the closing"
    assert verify_ledger().difference is None


def test_a_month_is_read_as_a_page_and_a_pdf_by_its_advertiser(town, advertiser, operator):
    spent(town)
    stated = {"name": "Maison Vidéo", "address": "1 rue des Prés"}
    assert operator.post("/operateur/finances/emetteur", {"name": ""}).status_code == 422
    assert operator.post("/operateur/finances/emetteur", stated).status_code == 302
    (paper,) = issue_month(town.means, COMMAND, advertiser_id=town.advertiser.id, period=SPENT_IN)
    page = advertiser.get(f"/ads/facturation/factures/{paper.id}").content.decode()
    assert "F-2026-000001" in page
    assert "241.250004" in page, "the exact sum"
    pdf = advertiser.get(f"/ads/facturation/factures/{paper.id}/pdf")
    assert (pdf.headers["Content-Type"], pdf.content[:5]) == ("application/pdf", b"%PDF-")
    assert "F-2026-000001.pdf" in pdf.headers["Content-Disposition"]
    assert operator.get(f"/operateur/finances/factures/{paper.id}/pdf").content == pdf.content
    checked = operator.post("/operateur/finances").content.decode()
    assert "Everything holds" in checked


def test_a_brands_file_adds_up_to_the_micro_and_keeps_its_numbers(town, advertiser):
    spent(town)
    for form in ("intl", "fr"):
        response = advertiser.get(f"/ads/facturation/exporter?du=2026-09-01&au=2026-12-31&format={form}")
        text = b"".join(response.streaming_content).decode("utf-8-sig")
        told = list(csv.reader(io.StringIO(text), delimiter=";" if form == "fr" else ","))
        amounts = [int(row[3].replace(",", "").replace(".", "")) for row in told[1:]]
        assert sum(amounts[:-1]) == amounts[-1] == 1_686_749_996
        assert -241_250_004 in amounts


def test_the_operator_returns_funds_to_whom_it_names(town, operator):
    spent(town)
    said = {"advertiser_id": str(town.advertiser.id), "amount": "100", "reference": "VIR"}
    assert operator.post("/operateur/finances/remboursement", {**said, "advertiser_id": "5"}).status_code == 422
    assert operator.post("/operateur/finances/remboursement", {**said, "amount": "100000"}).status_code == 422
    before = balance_of_advertiser(town.means, advertiser_id=town.advertiser.id).available_micros
    assert operator.post("/operateur/finances/remboursement", said).status_code == 302
    after = balance_of_advertiser(town.means, advertiser_id=get_advertiser(town.advertiser.id).id).available_micros
    assert before - after == 100_000_000


def test_a_month_is_read_as_a_statement_alike_by_both_sides_and_by_the_host(town, advertiser, creator):
    spent(town)
    grant_id = Authorization.objects.values_list("id", flat=True).get()
    host = Host(make_host_key(town.means, name="app")[1])
    days = f"first={SPENT_IN}-01&last={SPENT_IN}-30"
    told = host.get(f"/v1/advertisers/{town.advertiser.id}/statement?{days}").json()
    earned = host.get(f"/v1/creators/{town.creator.id}/statement?{days}").json()
    assert (told["closing_micros"], earned["closing_micros"]) == (1_758_749_996, 72_375_001)

    page = advertiser.get(f"/ads/facturation/releves/{SPENT_IN}").content.decode()
    assert figures(page) == ["€0.00", "−€241.25", "€0.00", "€2,000.00", "€1,758.75"]
    here = f"/ads/facturation/releves/{SPENT_IN}/autorisations/{grant_id}"
    assert here in page
    assert "€241.25" in advertiser.get(here).content.decode()
    assert rows(advertiser.get(f"{here}/exporter?format=intl"))[1][1:] == ["2", "241.250004", "EUR"]

    page = creator.get(f"/creation/revenus/releves/{SPENT_IN}").content.decode()
    assert figures(page) == ["€0.00", "€72.38", "€0.00", "€0.00", "€72.38"]
    here = f"/creation/revenus/releves/{SPENT_IN}/autorisations/{grant_id}"
    assert here in page
    theirs = creator.get(here).content.decode()
    assert "€72.38" in theirs
    assert "€241.25" not in theirs, "what the brand spent is the brand's to tell"
    assert rows(creator.get(f"{here}/exporter?format=intl"))[1][1:] == ["2", "72.375001", "EUR"]

    nothing = creator.get("/creation/revenus/releves/2026-08").content.decode()
    assert "Nothing happened in this month." in nothing
    for month in ("2026-13", "2019-12", "2199-01", "2026-9", "septembre"):
        assert creator.get(f"/creation/revenus/releves/{month}").status_code == 404
        assert advertiser.get(f"/ads/facturation/releves/{month}").status_code == 404


def figures(page: str) -> list[str]:
    """Return the sums at the top of a statement."""
    told = page.partition('<dl class="figures">')[2].partition("</dl>")[0]
    return [one.partition("</dd>")[0] for one in told.split("<dd>")[1:]]
