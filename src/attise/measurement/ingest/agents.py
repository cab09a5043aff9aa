"""Agents that say of themselves that they are programs: one list, with a version that each doubt names.

Committed, not fetched: a day can be judged again by the list that judged it. Signs are looked for anywhere in an agent,
without regard to case. Source: what crawlers, link checkers and HTTP libraries publish as their own agents.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

VERSION: Final = 1
SIGNS: Final = (
    *("bot/", "bot;", "bot)", "bot-", "robot", "spider", "crawler", "crawling", "slurp", "archiver", "scrapy"),
    *("googlebot", "adsbot", "mediapartners-google", "google-read-aloud", "apis-google", "feedfetcher"),
    *("bingpreview", "facebookexternalhit", "facebookcatalog", "meta-externalagent", "whatsapp/", "embedly"),
    *("skypeuripreview", "slackbot", "discordbot", "telegrambot", "linkedinbot", "pinterestbot", "redditbot"),
    *("lighthouse", "pagespeed", "pingdom", "uptimerobot", "statuscake", "gtmetrix", "ptst/", "datadog"),
    *("curl/", "wget/", "libwww-perl", "lwp::", "httpie/", "postmanruntime", "insomnia/"),
    *("python-requests", "python-urllib", "python-httpx", "aiohttp/", "mechanize"),
    *("go-http-client", "apache-httpclient", "java/", "ruby", "php/", "guzzlehttp", "node-fetch", "axios/", "undici"),
    *("phantomjs", "slimerjs", "zgrab", "masscan", "nmap", "nikto", "sqlmap"),
)
HEADLESS: Final = ("headlesschrome", "electron/", "puppeteer", "playwright", "selenium", "webdriver")
"""Browsers that nobody sits before. Looked for in a live house alone: a sandbox is there to be driven by them."""

_NOT_A_MAKER: Final = "(?<!cu)"
"""Cubot makes telephones."""


class Agents:
    """Looks for signs in agents. Threads may share it."""

    def __init__(self, *, is_live: bool) -> None:
        """Use the list of a house: a live one takes no browser without a person before it."""
        signs = SIGNS + (HEADLESS if is_live else ())
        self._pattern = re.compile("|".join(_NOT_A_MAKER + re.escape(sign) for sign in signs), re.IGNORECASE)
        self.sign_of = lru_cache(4_096)(self._sign_of)
        """Return the sign by which an agent says that it is a program, in lower case; empty: it does not."""

    def _sign_of(self, agent: str) -> str:
        found = self._pattern.search(agent)
        return "" if found is None else found[0].lower()
