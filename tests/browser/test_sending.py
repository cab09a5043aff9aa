"""A creator sends a video over a network that breaks, and it arrives."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest
from playwright.sync_api import expect

from attise.management.posts.models import Post, Unpublished, Upload
from tests.browser.cutting import network_to
from tests.browser.town import a_clip

PAD_BYTES = 9_000_000


@pytest.fixture
def large(tmp_path) -> Path:
    """A real video of some megabytes: its pictures are few, and a box that nobody reads is large."""
    path = tmp_path / "large.mp4"
    path.write_bytes(a_clip().read_bytes() + struct.pack(">I4s", PAD_BYTES, b"free") + bytes(PAD_BYTES - 8))
    return path


@pytest.fixture
def network(visitors):
    with network_to(visitors.address) as network:
        visitors.address = network.address
        yield network
        for context in visitors.contexts:
            context.close()
        visitors.contexts.clear()
    # That requests fail is the story; anything else that went wrong still counts.
    visitors.wrong = [one for one in visitors.wrong if "net::ERR_" not in one]


def test_a_network_that_breaks_costs_one_piece_and_the_video_arrives(visitors, town, network, large):
    page = visitors.sign_in(town.lea, "creator", "/creation/publier", language="fr")
    page.get_by_label("Dépose une vidéo ou des images ici").set_input_files(large)
    page.get_by_role("textbox", name="Légende").fill("Depuis le train")
    network.cut_after(6_000_000)
    page.get_by_role("button", name="Publier").click()
    expect(page.locator("[data-progress] p")).to_contain_text("Le réseau a été coupé")
    assert network.is_cut.is_set()
    here = Upload.objects.get()
    network.mend()
    expect(page.get_by_role("heading", name="Depuis le train", level=1)).to_be_visible()
    assert not Upload.objects.filter(id=here.id).exists()
    assert Post.objects.get().media.duration_ms == 2_000
    assert network.sent_bytes < large.stat().st_size + 5_000_000


def test_a_page_that_was_closed_goes_on_with_the_same_file(visitors, town, network, large):
    page = visitors.sign_in(town.lea, "creator", "/creation/publier", language="fr")
    page.get_by_label("Dépose une vidéo ou des images ici").set_input_files(large)
    network.cut_after(6_000_000)
    page.get_by_role("button", name="Conseils d’abord").click()
    expect(page.locator("[data-progress] p")).to_contain_text("Le réseau a été coupé")
    network.mend()
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    network.cut_after(50_000_000)
    page.get_by_label("Dépose une vidéo ou des images ici").set_input_files(large)
    page.get_by_role("button", name="Conseils d’abord").click()
    expect(page.get_by_role("heading", name="Pas encore publié")).to_have_count(0)
    expect(page.get_by_role("button", name="Ne pas publier")).to_be_visible()
    assert network.sent_bytes < 6_000_000
    assert (Unpublished.objects.count(), Upload.objects.count()) == (1, 0)


def test_words_that_are_refused_do_not_send_the_video_again(visitors, town):
    page = visitors.sign_in(town.lea, "creator", "/creation/publier", language="fr", expected=(422,))
    page.get_by_label("Dépose une vidéo ou des images ici").set_input_files(a_clip())
    page.get_by_label("Tags").fill("a@b")
    page.get_by_role("button", name="Publier").click()
    expect(page.locator(".errors")).to_be_focused()
    expect(page.get_by_text("Ta vidéo a été reçue et est gardée")).to_be_visible()
    page.get_by_label("Tags").fill("a")
    page.get_by_role("button", name="Publier").click()
    expect(page.get_by_text("Ta vidéo est en ligne.")).to_be_visible()
    assert (Post.objects.count(), Upload.objects.count()) == (1, 0)
