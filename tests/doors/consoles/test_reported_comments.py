"""Comments that viewers reported: once each, kept or hidden for a reason, and asked again by the next report."""

from __future__ import annotations

import re

import pytest
from django.db import DatabaseError, transaction

from attise.doors.site.forgetting import forget_viewer
from attise.kernel.actor import COMMAND
from attise.management.accounts.actions import make_host_key
from attise.management.posts.models import Comment
from attise.management.review.actions import report_comment
from attise.management.review.models import CommentReport, CommentRuling
from attise.management.viewers import actions as viewers
from tests.doors.native_api.conftest import Host, errors_of

pytestmark = pytest.mark.django_db
REPORTS = "/operateur/signalements"


@pytest.fixture
def host(means) -> Host:
    _, key = make_host_key(means, name="app")
    return Host(key)


def waiting(client) -> list[str]:
    page = client.get(REPORTS).content.decode().partition('id="comments"')[2]
    return re.findall(r"</small><p>(.*?)</p></div>", page)


def reported(town, comment, times: int) -> None:
    for _ in range(times):
        viewer = viewers.create_viewer(town.means)
        report_comment(town.means, post_id=comment.post_id, comment_id=comment.id, viewer_id=viewer.id)


def test_whoever_watches_reports_a_comment_once_and_sees_that_they_did(town, signed_in, creator):
    post = town.a_post("Sérum C")
    said, own = town.a_comment(post, "Achète mes abonnés"), None
    here = f"/@lea.peau/p/{post.id}"
    for client in (signed_in(None), creator):
        address = re.search(r'action="(/p/\d+/commentaires/\d+/signaler)"', client.get(here).content.decode())[1]
        assert address == f"/p/{post.id}/commentaires/{said.id}/signaler"
        for _ in range(2):
            assert client.post(address).headers["Location"] == f"{here}#comments"
        page = client.get(here).content.decode()
        assert "You reported this comment." in page
        assert "/signaler" not in page
    assert CommentReport.objects.count() == 2
    own = town.a_comment(post, "Merci", viewer_id=viewers.viewer_of_person(town.means, person_id=town.lea.id).id)
    assert f"/commentaires/{own.id}/signaler" not in creator.get(here).content.decode(), "one's own"
    for wrong in (f"/p/{post.id}/commentaires/{post.id}/signaler", f"/p/{said.id}/commentaires/{said.id}/signaler"):
        assert creator.post(wrong).status_code == 404
    Comment.objects.filter(id=said.id).update(state="hidden")
    assert creator.post(address).status_code == 404, "a hidden comment is there for nobody"


def test_the_operator_hides_for_a_reason_that_its_writer_reads_or_keeps_until_the_next_report(
    town, operator, advertiser
):
    post = town.a_post("Sérum C")
    writer = viewers.viewer_of_person(town.means, person_id=town.ines.id)
    rude, plain = town.a_comment(post, "Une insulte", viewer_id=writer.id), town.a_comment(post, "Pas d'accord")
    reported(town, plain, 1)
    reported(town, rude, 2)
    assert waiting(operator) == ["Une insulte", "Pas d&#x27;accord"]
    assert "2 comments" in operator.get("/operateur/").content.decode()
    here = f"/operateur/publications/{post.id}/commentaires"
    refused = operator.post(f"{here}/{rude.id}", {"reports": "2", "verdict": "hidden", "note": " "})
    assert refused.status_code == 422
    assert f'id="error-{rude.id}"' in refused.content.decode()
    assert operator.post(f"{here}/{rude.id}", {"reports": "2", "verdict": "burn"}).status_code == 422
    assert Comment.objects.get(id=rude.id).state == "shown"
    done = operator.post(f"{here}/{rude.id}", {"reports": "2", "verdict": "hidden", "note": "Une injure."})
    assert done.headers["Location"] == f"{REPORTS}#comments"
    assert Comment.objects.get(id=rude.id).state == "hidden"
    assert "Une insulte" not in operator.get(f"/@lea.peau/p/{post.id}").content.decode()
    assert "was hidden. Why: Une injure." in advertiser.get("/boite").content.decode()
    operator.post(f"{here}/{plain.id}", {"reports": "1", "verdict": "kept"})
    assert waiting(operator) == []
    assert Comment.objects.get(id=plain.id).state == "shown"
    reported(town, plain, 1)
    assert waiting(operator) == ["Pas d&#x27;accord"]
    assert "Last decision: Kept" in operator.get(REPORTS).content.decode()


def test_the_api_reports_lists_and_decides(town, host):
    post = town.a_post("Sérum C")
    said = town.a_comment(post, "Une insulte")
    here = f"/v1/posts/{post.id}/comments/{said.id}"
    viewer_id = host.post("/v1/viewers", {}).json()["viewer_id"]
    for _ in range(2):
        assert host.post(f"{here}/reports", {"viewer_id": viewer_id}).status_code == 201
    (item,) = host.get("/v1/review/comments").json()["items"]
    assert (item["comment"]["text"], item["reports"], item["fresh"], item["last"]) == ("Une insulte", 1, 1, None)
    refused = host.post(f"{here}/decide", {"reports": 1, "verdict": "hidden"})
    assert errors_of(refused) == [("note", "field_required")]
    ruled = host.post(f"{here}/decide", {"reports": 1, "verdict": "hidden", "note": "An insult."})
    assert (ruled.status_code, ruled.json()["verdict"], ruled.json()["note"]) == (200, "hidden", "An insult.")
    assert host.get("/v1/review/comments").json()["items"] == []
    assert host.post(f"{here}/reports", {"viewer_id": viewer_id}).status_code == 404
    assert (
        host.post(f"/v1/posts/{said.id}/comments/{said.id}/decide", {"reports": 1, "verdict": "kept"}).status_code
        == 404
    )


def test_reports_go_with_the_viewer_and_with_the_comment_and_decisions_stay(town, host):
    post = town.a_post("Sérum C")
    writer, reader = viewers.create_viewer(town.means), viewers.create_viewer(town.means)
    said = town.a_comment(post, "Une insulte", viewer_id=writer.id)
    report_comment(town.means, post_id=post.id, comment_id=said.id, viewer_id=reader.id)
    reported(town, said, 1)
    forget_viewer(town.means, viewer_id=reader.id)
    assert CommentReport.objects.count() == 1
    host.post(f"/v1/posts/{post.id}/comments/{said.id}/decide", {"reports": 1, "verdict": "kept"})
    forget_viewer(town.means, viewer_id=writer.id)
    assert CommentReport.objects.count() == 0
    assert str(COMMAND) != CommentRuling.objects.get().reviewer
    for change in (lambda: CommentRuling.objects.update(note="x"), lambda: CommentRuling.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
