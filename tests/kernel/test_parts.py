"""Values in lists of up to so many: none lost, none twice, none read before it is asked for."""

from hypothesis import given
from hypothesis import strategies as st

from attise.kernel.parts import in_parts


@given(st.lists(st.integers(), max_size=50), st.integers(min_value=1, max_value=10))
def test_every_value_comes_once_in_order_in_parts_that_are_full_but_for_the_last(values, most):
    parts = list(in_parts(values, most))
    assert [value for part in parts for value in part] == values
    assert all(len(part) == most for part in parts[:-1])
    assert all(0 < len(part) <= most for part in parts)


def test_no_value_is_read_before_its_part_is_asked_for():
    read = []
    parts = in_parts((read.append(value) for value in range(5)), 2)
    assert not read
    next(parts)
    assert read == [0, 1]
