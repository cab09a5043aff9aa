"""The catalogues are full, right, compiled and typeset; and the tool that proves it finds each planted fault."""

from __future__ import annotations

import ast
import re

import polib
import pytest
from django.utils import translation
from django.utils.translation import gettext, ngettext, pgettext

from tests.doors.site.tool_modules import load

N, H = "\u202f", "\u00a0"


tool = load("translations")


def test_both_catalogues_are_full_right_and_compiled():
    assert tool.faults() == []


def test_english_says_itself_and_french_says_something_else():
    english, french = tool.read("en"), tool.read("fr")
    assert len(english) == len(french) > 100
    assert all(entry.msgstr == entry.msgid for entry in english if not entry.msgid_plural)
    assert sum(entry.msgstr != entry.msgid for entry in french) > 0.9 * len(french)


def test_pages_speak_french_and_count_as_french_does():
    with translation.override("fr"):
        assert gettext("Skip to content") == "Aller au contenu"
        assert pgettext("theme", "Dark") == "Sombre"
        one, many = "%(number)s point to correct", "%(number)s points to correct"
        assert [ngettext(one, many, count) % {"number": count} for count in (0, 1, 2)] == [
            "0 point à corriger",
            "1 point à corriger",
            "2 points à corriger",
        ]
    with translation.override("en"):
        assert ngettext("%(number)s point to correct", "%(number)s points to correct", 0) % {"number": 0} == (
            "0 points to correct"
        )


@pytest.mark.long
def test_gathering_twice_gives_the_same_bytes(tmp_path, monkeypatch):
    for language in tool.LANGUAGES:
        for kind in ("po", "mo"):
            path = tmp_path / language / "LC_MESSAGES" / f"django.{kind}"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(tool.path_of(language, kind).read_bytes())
    monkeypatch.setattr(tool, "LOCALE", tmp_path)
    tool.extract()
    before = {path: path.read_bytes() for path in tmp_path.rglob("django.*")}
    tool.extract()
    assert {path: path.read_bytes() for path in tmp_path.rglob("django.*")} == before


def test_catalogues_bear_no_dates_and_no_line_numbers():
    for language in tool.LANGUAGES:
        text = tool.path_of(language).read_text()
        assert not re.search(r"^#:|Creation-Date|Revision-Date", text, re.MULTILINE)


@pytest.mark.parametrize(
    ("typed", "typeset"),
    [
        ("C'est fini !", f"C’est fini{N}!"),
        ("Mot de passe oublié?", f"Mot de passe oublié{N}?"),
        ("un; deux", f"un{N}; deux"),
        ("Référence : 12", f"Référence{H}: 12"),
        ("Référence: 12", f"Référence{H}: 12"),
        ("« ici »", f"«{H}ici{H}»"),
        ("à 14:05, sur https://a.example/b?c=1", "à 14:05, sur https://a.example/b?c=1"),
        ("<a href='x'>l'autre</a>", "<a href='x'>l’autre</a>"),
        ("%(part)s % de l'ensemble", f"%(part)s{H}% de l’ensemble"),
        ("350 € au plus", f"350{H}€ au plus"),
        ("attends...", "attends…"),
        ("d'%(name)s et d'{autre}", "d’%(name)s et d’{autre}"),
        ("Content-Type&nbsp;: `a: b`", f"Content-Type&nbsp;{H}: `a: b`"),
    ],
)
def test_french_is_typeset_and_stays_so(typed, typeset):
    assert tool.typeset_french(typed) == typeset
    assert tool.typeset_french(typeset) == typeset


@pytest.mark.parametrize(
    ("one", "french", "fault"),
    [
        ("Sign in", "", "has no fr text"),
        ("%(days)s days", "jours", "same places"),
        ("%(days)s days", "%(day)s jours", "same places"),
        ("{n} codes", "codes", "same places"),
        ("<b>Now</b>", "Maintenant", "same tags"),
        ("Try again", "Veuillez réessayer", "not ours"),
        ("Sorry", "Oups", "not ours"),
        ("Key", "Token d’accès", "not ours"),
        ("Balance", "Vos crédits", "not ours"),
        ("People", "Les utilisateurs", "not ours"),
        ("Posts", "Vos posts", "not ours"),
        ("Done", f"Succès{N}!", "exclaims"),
        ("Who?", "Qui ?", "not typeset"),
        ("It is", "C'est", "not typeset"),
        ("Done", "Fait ", "begins or ends"),
    ],
)
def test_each_fault_is_found(one, french, fault):
    assert any(fault in found for found in tool.faults_of(polib.POEntry(msgid=one, msgstr=french), "fr"))


def test_a_fuzzy_entry_and_a_missing_plural_are_found():
    fuzzy = polib.POEntry(msgid="Sign in", msgstr="Se connecter", flags=["fuzzy"])
    assert list(tool.faults_of(fuzzy, "fr")) == ["is marked fuzzy"]
    half = polib.POEntry(msgid="%(n)s code", msgid_plural="%(n)s codes", msgstr_plural={0: "%(n)s code"})
    assert "does not have two plural forms" in list(tool.faults_of(half, "fr"))


def test_words_of_the_dialect_pass_where_programs_alone_read():
    entry = polib.POEntry(msgid="Access token has expired.", msgstr="Access token has expired.")
    assert any("not ours" in found for found in tool.faults_of(entry, "en"))
    assert not list(tool.faults_of(entry, "en", wire=True))
    assert tool.is_wire({"doors/marketing_api/wire/errors.py"})
    assert not tool.is_wire({"doors/marketing_api/wire/errors.py", "kernel/errors.py"})


def test_texts_of_templates_are_gathered_with_contexts_and_plurals():
    source = """{% load i18n %}{% translate "Sign in" %}{% translate "Post" context "noun" %}
    {% include "x.html" with label=_("It's a code") help=_("Long") %}
    {% blocktranslate trimmed count n=n with a=b %}
      {{ n }} code{% plural %}{{ n }} codes of {{ a }}{% endblocktranslate %}"""
    assert set(tool.template_messages(source)) == {
        ("", "Sign in", ""),
        ("noun", "Post", ""),
        ("", "It's a code", ""),
        ("", "Long", ""),
        ("", "%(n)s code", "%(n)s codes of %(a)s"),
    }


def test_translations_are_taken_typeset_and_what_has_no_place_is_told(tmp_path, monkeypatch):
    for language in tool.LANGUAGES:
        path = tmp_path / language / "LC_MESSAGES" / "django.po"
        path.parent.mkdir(parents=True)
        path.write_bytes(tool.path_of(language).read_bytes())
    monkeypatch.setattr(tool, "LOCALE", tmp_path)
    lost = tool.take({"Password forgotten?": "Mot de passe perdu ?", "Never written": "Jamais", "Copy": ["a", "b"]})
    assert [line.split(": ")[1] for line in lost] == ["'Never written'", "'Copy'"]
    assert f"Mot de passe perdu{N}?" in (tmp_path / "fr/LC_MESSAGES/django.po").read_text()


def test_a_text_marked_inside_a_formatted_string_is_gathered_too():
    source = """
f"mailto:?subject={quote(_('Video code'))}&body={body}"
f"{pgettext('verb', 'Fix')}{ngettext('%(n)s code', '%(n)s codes', n)}{npgettext('x', 'one', 'many', n)}{other('no')}"
_("outside")
"""
    assert sorted(tool.formatted_messages(ast.parse(source))) == [
        ("", "%(n)s code", "%(n)s codes"),
        ("", "Video code", ""),
        ("verb", "Fix", ""),
        ("x", "one", "many"),
    ]


def test_a_name_for_marking_that_the_tool_does_not_know_is_told(monkeypatch, tmp_path):
    (tmp_path / "words.py").write_text(
        'from django.utils.translation import gettext_lazy as later\nA = later("Lost")\n'
    )
    monkeypatch.setattr(tool, "SOURCE", tmp_path)
    with pytest.raises(ValueError, match=r"words\.py: texts marked by later\(\)"):
        tool.messages()
