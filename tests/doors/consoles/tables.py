"""The tables of campaigns, ad groups and ads, read as a browser gets them."""

from __future__ import annotations

import csv
import io
import re

CAMPAIGNS = "/ads/campagnes"


def names_in(page: str) -> list[str]:
    """Return the names of a table's rows."""
    table = page.partition("<tbody")[2].partition("</tbody>")[0]
    return re.findall(r'<a class="row-link" href="[^"]*">([^<]*)</a><small>', table)


def read(client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, response.content[:300]
    return response.content.decode()


def rows_of(response, separator: str) -> list[list[str]]:
    raw = b"".join(response.streaming_content)
    assert raw.startswith("\ufeff".encode())
    return list(csv.reader(io.StringIO(raw.decode("utf-8-sig")), delimiter=separator))
