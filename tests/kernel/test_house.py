"""A data folder is what it was made: its mode, its secrets, its one server."""

from __future__ import annotations

import json
import os
from dataclasses import replace

import pytest

from attise.kernel.house import HouseError, Mode, Settings, is_house, open_house
from attise.kernel.secrets import SecretsError


@pytest.fixture
def settings(tmp_path) -> Settings:
    return Settings(data=tmp_path / "house")


def test_a_folder_keeps_the_mode_and_the_secrets_of_its_first_opening(settings):
    house = open_house(settings, mode=Mode.SANDBOX)
    again = open_house(settings)
    assert (again.mode, again.seed) == (Mode.SANDBOX, "attise-sandbox")
    assert again.secrets.key("media") == house.secrets.key("media") != house.secrets.key("code-seal")
    assert (settings.data / "secrets.json").stat().st_mode & 0o777 == 0o600
    assert settings.data.stat().st_mode & 0o777 == 0o700
    with pytest.raises(HouseError, match="is a sandbox one and cannot be opened as live"):
        open_house(settings, mode=Mode.LIVE)


def test_lost_secrets_are_never_made_anew_wherever_the_data_are(settings):
    """The book of the folder knows, so that it holds for a database on a server too."""
    remote = replace(settings, database_url="postgresql://db.example/attise")
    open_house(remote)
    (settings.data / "secrets.json").unlink()
    with pytest.raises(SecretsError, match="Restore it from a backup"):
        open_house(remote)
    assert not (settings.data / "secrets.json").exists()


def test_the_secrets_of_another_house_are_refused(settings, tmp_path):
    open_house(settings)
    other = replace(settings, data=tmp_path / "other")
    open_house(other)
    with pytest.raises(HouseError, match="is not what sealed the data"):
        open_house(replace(settings, secrets_file=tmp_path / "other" / "secrets.json"))


def test_secrets_may_be_moved_out_of_the_folder(settings, tmp_path):
    before = open_house(settings).secrets.fingerprint
    kept = tmp_path / "kept.json"
    (settings.data / "secrets.json").rename(kept)
    assert open_house(replace(settings, secrets_file=kept)).secrets.fingerprint == before


def test_a_folder_made_before_fingerprints_were_kept_gets_its_own(settings):
    open_house(settings)
    book = settings.data / "house.json"
    told = json.loads(book.read_text())
    fingerprint = told.pop("secrets")
    book.write_text(json.dumps(told))
    open_house(settings)
    assert json.loads(book.read_text())["secrets"] == fingerprint


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604])
def test_secrets_that_others_can_read_are_refused(settings, mode):
    open_house(settings)
    (settings.data / "secrets.json").chmod(mode)
    with pytest.raises(SecretsError, match="can be read by others"):
        open_house(settings)


@pytest.mark.parametrize("text", ["", "{}", '{"master": "zz"}', '{"master": "00"}', "[]"])
def test_a_secrets_file_that_is_none_is_said(settings, text):
    open_house(settings)
    (settings.data / "secrets.json").write_text(text)
    with pytest.raises(SecretsError):
        open_house(settings)


@pytest.mark.parametrize("text", ["", "{}", '{"mode": "castle"}', "[]"])
def test_a_damaged_book_is_said(settings, text):
    open_house(settings)
    (settings.data / "house.json").write_text(text)
    with pytest.raises(HouseError, match="is damaged"):
        open_house(settings)


def test_one_server_at_a_time(settings):
    house = open_house(settings)
    with house.serve_lock(), pytest.raises(HouseError, match=f"process {os.getpid()}"), house.serve_lock():
        pytest.fail("two servers on one folder")
    with house.serve_lock():
        assert (settings.data / "serve.lock").read_text() == str(os.getpid())


def test_a_folder_too_deep_for_a_socket_keeps_it_elsewhere(tmp_path):
    deep = tmp_path / ("d" * 90)
    house = open_house(Settings(data=deep))
    assert not house.run.is_relative_to(deep)
    assert len(os.fsencode(house.run / "site.sock")) < 108
    assert house.run.stat().st_mode & 0o777 == 0o700
    house.run.rmdir()


def test_a_folder_that_cannot_be_made_is_said(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(HouseError, match="cannot be used"):
        open_house(Settings(data=tmp_path / "file" / "house"))


@pytest.mark.parametrize("url", ["ads.example", "ftp://ads.example", "https://", "https://ads.example/under"])
def test_a_public_address_is_one_without_path(url):
    with pytest.raises(HouseError, match="ATTISE_PUBLIC_URL"):
        Settings.from_environ({"ATTISE_PUBLIC_URL": url})


def test_settings_come_from_the_environment(tmp_path):
    read = Settings.from_environ(
        {
            "ATTISE_DATA": str(tmp_path),
            "ATTISE_PUBLIC_URL": "https://ads.example/",
            "ATTISE_MEDIA_HOSTS": "media.internal, [::1]:8080 ,",
            "ATTISE_DEBUG": "yes",
        }
    )
    assert (read.data, read.public_url, read.is_secure) == (tmp_path, "https://ads.example", True)
    assert (read.media_hosts, read.debug) == (("media.internal", "[::1]:8080"), False)


def test_a_server_is_found_at_its_address_while_it_lives_and_no_longer(settings):
    house = open_house(settings)
    assert house.served_at is None
    with house.telling_where("http://127.0.0.1:8001"):
        assert open_house(settings).served_at == "http://127.0.0.1:8001"
        with house.serve_lock(), pytest.raises(HouseError, match=r"at http://127\.0\.0\.1:8001"), house.serve_lock():
            pytest.fail("two servers on one folder")
    assert house.served_at is None
    (house.run / "served").write_text("http://127.0.0.1:8002\n")
    assert house.served_at is None, "what a killed server left behind is nobody's"


def test_looking_for_a_house_makes_none(settings):
    assert not is_house(settings)
    assert not settings.data.exists()
    open_house(settings)
    assert is_house(settings)
    assert not is_house(replace(settings, data=settings.data / "house.json"))
