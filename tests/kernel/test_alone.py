"""One writer at a time: the second is told at once, and comes in when the first has let go."""

from attise.kernel.alone import alone, take


def test_a_folder_is_held_by_one(tmp_path):
    with alone(tmp_path) as first, alone(tmp_path) as second:
        assert (first, second) == (True, False)
    with alone(tmp_path) as third:
        assert third


def test_a_file_is_held_until_it_is_closed(tmp_path):
    (tmp_path / "waiting").write_bytes(b"")
    with (tmp_path / "waiting").open("rb") as first, (tmp_path / "waiting").open("rb") as second:
        assert take(first)
        assert not take(second)
        first.close()
        assert take(second)
