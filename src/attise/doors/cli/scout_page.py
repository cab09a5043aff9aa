"""A ranking as one page: no request leaves it, no script runs in it, both languages, light and dark.

The language is switched by two radio buttons and the style sheet alone; the theme follows the reader's system. What a
file holds is escaped, and the page forbids itself everything but its own style.
"""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Final

from attise.doors.cli.scout_table import growth, said, summary, when
from attise.doors.cli.speaking import tongue_of
from attise.kernel.errors import N_
from attise.kernel.tongue import LANGUAGES, Tongue
from attise.measurement.scout import words
from attise.measurement.scout.bounds import GRID_H, WINDOW_FROM_H, WINDOW_TO_H
from attise.measurement.scout.ranking import Ranking, Scored
from attise.measurement.scout.reading import rows
from attise.measurement.scout.reading.gathered import Read

POSTS_SHOWN: Final = 500
TRACK: Final = (
    '<svg viewBox="0 0 100 14" preserveAspectRatio="none" aria-hidden="true">'
    '<rect class="track" width="100" height="14"/>'
)
TEXTS: Final[dict[str, str]] = {
    "title": N_("What to boost, and by when"),
    "score": N_("Score"),
    "age": N_("Age: %(age)s"),
    "signals": N_("Signals, beside the usual"),
    "unknown": N_("unknown"),
    "left_out": N_("Left out: %(count)s"),
    "file": N_("File"),
    "line": N_("Line"),
    "reason": N_("Reason"),
    "language": N_("Language"),
    "shown": N_("The first %(count)s are shown."),
    "for": N_("For:"),
    "against": N_("Against:"),
    "fact": N_("Fact:"),
}
NAMES: Final = {"fr": "Français", "en": "English"}
STYLE: Final = """
:root{color-scheme:light dark;--bg:light-dark(#faf9f7,#131211);--card:light-dark(#fff,#1b1a18);
--line:light-dark(#e6e2dc,#34312e);--ink:light-dark(#1d1b19,#f4f1ec);--ink2:light-dark(#5c564f,#b5ada3);
--ember:light-dark(#c2410c,#ff8b4f);--slate:light-dark(#3d6a9e,#83b2e6);--good:light-dark(#177245,#5fcf97);
--warn:light-dark(#8a5a00,#f0b94a);--sunk:light-dark(#f3f1ee,#232120)}
*{box-sizing:border-box}body{margin:0;background:var(--bg);color:var(--ink);font:14px/20px Inter,system-ui,sans-serif}
main{max-width:1200px;margin:0 auto;padding:24px 12px}h1{font-size:22px;line-height:28px;margin:0 0 8px}
h2{font-size:16px;line-height:24px;margin:32px 0 8px}p{margin:0 0 8px;max-width:68ch}.quiet{color:var(--ink2)}
fieldset{border:0;padding:0;margin:0 0 16px;display:flex;gap:16px}
legend{float:left;padding:0;margin-right:16px;line-height:32px}
label{display:flex;gap:6px;align-items:center;min-height:32px}
body:has(#in-fr:checked) [lang=en],body:has(#in-en:checked) [lang=fr]{display:none}
ol{list-style:none;margin:0;padding:0;display:grid;gap:12px}
.post{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:16px;display:grid;gap:16px;
grid-template-columns:minmax(0,1.1fr) minmax(0,1fr) minmax(0,1.6fr)}
.post :is(h2,h3){font-size:14px;line-height:20px;margin:0;overflow-wrap:anywhere}.title{overflow-wrap:anywhere}
.verdict{font-weight:600}.boost_now{color:var(--good)}.watch{color:var(--warn)}.too_early{color:var(--slate)}
.too_late{color:var(--ink2)}.figure{font-size:22px;line-height:30px;font-variant-numeric:tabular-nums}
svg{display:block;width:100%;height:14px;margin:4px 0}.track{fill:var(--sunk)}.range{fill:var(--ember);opacity:.35}
.mark{fill:var(--ember)}.band{fill:var(--slate);opacity:.35}.at{fill:var(--ink)}
ul{margin:0;padding:0;list-style:none}li.reason{display:grid;grid-template-columns:1.2em 1fr;gap:4px;margin-bottom:6px}
dl{margin:8px 0 0;display:grid;grid-template-columns:1fr auto;gap:0 12px;font-variant-numeric:tabular-nums}
dd{margin:0;text-align:right}table{border-collapse:collapse;width:100%}
th,td{text-align:left;padding:6px 8px;border-bottom:1px solid var(--line);vertical-align:top;overflow-wrap:anywhere}
.hide{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
:focus-visible{outline:2px solid light-dark(#1d4ed8,#9cc0ff);outline-offset:2px}
@media(max-width:760px){.post{grid-template-columns:minmax(0,1fr)}}
"""


def page_of(ranking: Ranking, read: Read, tongue: Tongue, zone: str) -> str:
    """Return the whole page; ``tongue`` is the one it opens in."""
    switch = "".join(
        f'<label><input type="radio" name="language" id="in-{one}"{" checked" if one == tongue.language else ""}>'
        f"{NAMES[one]}</label>"
        for one in LANGUAGES
    )
    posts = "".join(f"<li>{_post(one, zone)}</li>" for one in ranking.posts[:POSTS_SHOWN])
    head = _each(lambda one: _summary(ranking, one, zone), tag="p")
    return (
        f'<!doctype html><html lang="{tongue.language}"><head><meta charset="utf-8">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark">'
        f"<title>Attise – {escape(_of('title', tongue))}</title><style>{STYLE}</style></head>"
        f"<body><main><fieldset><legend>{_text('language')}</legend>{switch}</fieldset>"
        f"<h1>{_text('title')}</h1>{head}"
        + _each(lambda one: said("score", one), tag="p", css="quiet")
        + f"<ol>{posts}</ol>"
        + (
            _each(lambda one: _of("shown", one, count=str(POSTS_SHOWN)), tag="p")
            if len(ranking.posts) > POSTS_SHOWN
            else ""
        )
        + _skipped(read)
        + "</main></body></html>\n"
    )


def _summary(ranking: Ranking, tongue: Tongue, zone: str) -> str:
    if not ranking.posts:
        return said("none", tongue)
    return f"{summary(ranking, tongue, zone)}. {words.mode(ranking.mode, tongue)}"


def _post(one: Scored, zone: str) -> str:
    names = [part for part in (one.creator, one.category) if part]
    reasons = "".join(
        f'<li class="reason"><span aria-hidden="true">{"+" if reason.effect > 0 else "−" if reason.effect < 0 else "•"}'
        f'</span><span><span class="hide">{_text(_side(reason.effect))} </span>'
        + _each(lambda tongue, reason=reason: words.sentence(reason, tongue, zone))
        + "</span></li>"
        for reason in one.reasons
    )
    signals = "".join(
        f"<dt>{_each(lambda tongue, name=name: words.signal(name, tongue).capitalize())}</dt>"
        f"<dd>×{_each(lambda tongue, ratio=ratio: words.times(ratio, tongue))}</dd>"
        for name, ratio in one.signals.items()
    )
    return (
        f'<article class="post"><div><h2>{escape(one.post)}</h2>'
        + (f'<p class="title">{escape(one.title)}</p>' if one.title else "")
        + (f'<p class="quiet">{escape(" · ".join(names))}</p>' if names else "")
        + f'<p class="verdict {one.verdict}">{_each(lambda tongue: words.verdict(one.verdict, tongue))}</p>'
        + _each(lambda tongue: _begun(when(one, tongue, zone)), tag="p")
        + f'</div><div><p class="figure"><span class="hide">{_text("score")} </span>{one.score:.0f}'
        f'<span class="quiet"> [{one.interval[0]:.0f}–{one.interval[1]:.0f}]</span></p>{_score_bar(one)}'
        f'<p class="quiet">{_each(lambda tongue: _age(one, tongue))}</p>{_age_bar(one)}'
        f"<p>{_each(lambda tongue: _begun(growth(one, tongue)))}</p></div>"
        f"<div><ul>{reasons}</ul><h3>{_text('signals')}</h3><dl>{signals}</dl></div></article>"
    )


def _score_bar(one: Scored) -> str:
    low, high = one.interval
    return (
        f'{TRACK}<rect class="range" x="{low:.1f}" width="{max(high - low, 0.5):.1f}" height="14"/>'
        f'<rect class="mark" width="{one.score:.1f}" y="4" height="6"/></svg>'
    )


def _age_bar(one: Scored) -> str:
    """Return the hours since publication, 0 to 96, with the window of a boost drawn."""
    if one.age_h is None:
        return ""
    at = min(one.age_h, GRID_H) / GRID_H * 100
    begin, end = (hours / GRID_H * 100 for hours in (WINDOW_FROM_H, WINDOW_TO_H))
    return (
        f'{TRACK}<rect class="band" x="{begin:.1f}" width="{end - begin:.1f}" height="14"/>'
        f'<rect class="at" x="{max(0.0, at - 0.5):.1f}" width="1" height="14"/></svg>'
    )


def _age(one: Scored, tongue: Tongue) -> str:
    age = _of("unknown", tongue) if one.age_h is None else words.span(one.age_h, tongue)
    return _of("age", tongue, age=age)


def _begun(text: str) -> str:
    """Return a sentence of the table as one that stands by itself."""
    return text[:1].upper() + text[1:]


def _skipped(read: Read) -> str:
    if not read.skipped:
        return ""
    lines = "".join(
        f"<tr><td>{escape(rows.printable(one.file))}</td><td>{one.line or ''}</td>"
        f"<td>{_each(lambda tongue, one=one: tongue.gettext(rows.REASONS[one.reason]))}"
        + (f" ({escape(one.detail)})" if one.detail else "")
        + "</td></tr>"
        for one in read.skipped
    )
    count = len(read.skipped) + read.skipped_more
    left_out = _each(lambda tongue: _of("left_out", tongue, count=words.count(count, tongue)))
    return (
        f"<h2>{left_out}</h2><table><thead><tr><th>{_text('file')}</th><th>{_text('line')}</th>"
        f"<th>{_text('reason')}</th></tr></thead><tbody>{lines}</tbody></table>"
    )


def _side(effect: float) -> str:
    return "for" if effect > 0 else "against" if effect < 0 else "fact"


def _text(what: str) -> str:
    return _each(lambda tongue: _of(what, tongue))


def _of(what: str, tongue: Tongue, **figures: str) -> str:
    return tongue.gettext(TEXTS[what]) % figures


def _each(say: Callable[[Tongue], str], *, tag: str = "span", css: str = "") -> str:
    """Return a text in both languages, escaped; the style sheet shows one."""
    style = f' class="{css}"' if css else ""
    return "".join(f'<{tag} lang="{one}"{style}>{escape(say(tongue_of(one)))}</{tag}>' for one in LANGUAGES)
