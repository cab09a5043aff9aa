"""What is kept of an object is found by that very object, and never of another one."""

from attise.kernel.kept import Kept


class One:
    """An object like every other."""

    def __eq__(self, other):
        return True

    __hash__ = None


def test_what_is_kept_is_found_by_the_same_object_and_not_by_one_that_is_equal():
    kept = Kept(4)
    first, twin = One(), One()
    assert kept.find(first) is None
    assert kept.keep(first, "found") == "found"
    assert kept.find(first) == "found"
    assert kept.find(twin) is None
    assert kept.find_all([twin, first, first, twin]) == [None, "found", "found", None]


def test_an_object_that_is_gone_leaves_its_number_to_nobody():
    kept = Kept(1_000)
    numbers = set()
    for _ in range(100):
        one = One()
        assert kept.find(one) is None
        kept.keep(one, 1)
        numbers.add(id(one))
    assert len(numbers) == len(kept) == 100


def test_room_is_made_for_the_next():
    kept = Kept(2)
    ones = [One() for _ in range(3)]
    for number, one in enumerate(ones):
        kept.keep(one, number)
    assert len(kept) == 2
    assert [kept.find(one) for one in ones] == [None, 1, 2]


def test_what_is_asked_for_stays_however_much_comes_after_it():
    kept = Kept(10)
    asked, alone = One(), One()
    kept.keep(asked, "asked")
    kept.keep(alone, "alone")
    ones = [One() for _ in range(100)]
    for number, one in enumerate(ones):
        kept.keep(one, number)
        assert (kept.find if number % 2 else lambda one: kept.find_all([one])[0])(asked) == "asked"
        assert len(kept) <= 10
    assert kept.find(alone) is None
    assert [kept.find(one) for one in (ones[0], ones[90], ones[99])] == [None, None, 99]
