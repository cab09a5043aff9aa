"""Codes are found in what people paste, whatever stands around them; a code itself is never touched."""

import pytest

from attise.doors.consoles.advertiser.pasted import codes_of


@pytest.mark.parametrize(
    ("pasted", "codes"),
    [
        ("#AB/c+d=", ["#AB/c+d="]),
        ("  #AB=\n\n#CD=\r\n", ["#AB=", "#CD="]),
        ("#AB=, #CD=;#EF= #GH=", ["#AB=", "#CD=", "#EF=", "#GH="]),
        ("“#AB=”\n« #CD= »\n'#EF='", ["#AB=", "#CD=", "#EF="]),
        ("#AB=\n#AB=", ["#AB="]),
        ("#A b=\n#CD=", ["#A b=", "#CD="]),  # a plus that arrived as a space is the room's to repair
        ("hello", ["hello"]),
        (" \n ", []),
    ],
)
def test_codes_of_a_pasted_text(pasted, codes):
    assert codes_of(pasted) == codes
