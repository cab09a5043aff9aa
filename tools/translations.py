"""Keep the two catalogues of texts full, right and compiled, without GNU gettext.

    translations.py                      what is missing or wrong (same as ``check``)
    translations.py extract              gather every marked text of src/attise into both catalogues, then compile
    translations.py translate [FILE]     extract, take translations from a JSON file (or standard input), compile, check
    translations.py compile              write the compiled catalogues
    translations.py check                prove the catalogues; 1 when something is to mend

``translate`` takes ``{"English text": "French text"}``; a text with a context is written ``"context|English text"``, a
plural as ``{"English one": ["French one", "French many"]}``. French typography (narrow spaces, no-break spaces, curly
apostrophes) is set by the tool: type plain spaces and straight apostrophes.

The English text is the message id, so the English catalogue fills itself. Files are sorted, one entry a block, with no
line numbers and no dates, so that two branches that add texts merge without trouble. One lock keeps two runs apart.
"""

from __future__ import annotations

import argparse
import ast
import fcntl
import json
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import polib
from babel.messages.extract import extract as babel_extract

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "src/attise"
LOCALE = SOURCE / "doors/site/locale"
LANGUAGES = ("en", "fr")
PLURALS = {"en": "nplurals=2; plural=(n != 1);", "fr": "nplurals=2; plural=(n > 1);"}

_ONE, _PLURAL = None, (1, 2)
_CONTEXT, _CONTEXT_PLURAL = ((1, "c"), 2), ((1, "c"), 2, 3)
KEYWORDS: dict[str, Any] = {
    **dict.fromkeys(("_", "N_", "gettext", "gettext_lazy", "gettext_noop"), _ONE),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), _PLURAL),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), _CONTEXT),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), _CONTEXT_PLURAL),
}
Key = tuple[str, str, str]
"""A text: its context or "", its message id, its plural id or ""."""

# ---- typography and words

NARROW, HARD = "\u202f", "\u00a0"
_KEPT = re.compile(
    r"%\(\w+\)[sd]|%[sd%]|\{\w*\}|<[^>]*>|&#?\w+;|`[^`]*`|\w+://[^\s»”\"'<>]+|\b\d{1,2}:\d{2}\b|[\w.+-]+@[\w-]+\.[\w.-]+"
)
"""What typography leaves alone: places, tags, entities, code in backquotes, addresses, times."""
_SLOT = "\ue000"
WIRE_ROOMS = ("doors/marketing_api/",)
"""What programs alone read there keeps the words of its dialect; what people read does not."""

FORBIDDEN = {
    "fr": {
        r"veuillez": "say it without 'veuillez'",
        r"oups": "no 'oups'",
        r"tokens?": "'jeton d’accès' or 'code'",
        r"crédits?": "'solde'",
        r"(?:users?|utilisateurs?|utilisatrices?)": "say who: spectateur, créateur, annonceur",
        r"posts?": "'publication'",
        r"boosts?": "'booster' as a verb",
    },
    "en": {
        r"oops": "no 'oops'",
        # A refresh token has no other name; an item's is named by the field of the API that it comes in.
        r"(?<!refresh )(?<!item )tokens?": "'access key' or 'code'",
        r"credits?": "'balance'",
        r"users?(?! name)": "say who: viewer, creator, advertiser",
    },
}


def typeset_french(text: str) -> str:
    """Return a French text with its own spaces and apostrophes; what is typeset already stays as it is."""
    kept: list[str] = []

    def keep(match: re.Match[str]) -> str:
        kept.append(match[0])
        return _SLOT

    body = _KEPT.sub(keep, text)
    body = body.replace("...", "…")
    body = re.sub(r"(?<=\w)'(?=[\w\ue000«])", "’", body)
    body = re.sub(rf"[ {HARD}{NARROW}]*([;!?]+)(?=[\s»”)\].,…]|$)", rf"{NARROW}\1", body)
    body = re.sub(rf"(?<=\S)[ {HARD}{NARROW}]*:(?=[\s»]|$)", rf"{HARD}:", body)
    body = re.sub(rf"«[ {HARD}{NARROW}]*", f"«{HARD}", body)
    body = re.sub(rf"[ {HARD}{NARROW}]*»", f"{HARD}»", body)
    body = re.sub(rf"(?<=[\d{_SLOT}])[ {HARD}{NARROW}]+(?=[%€](?:\W|$))", HARD, body)
    pieces = iter(kept)
    return re.sub(_SLOT, lambda _: next(pieces), body)


# ---- gathering

_MARKED = re.compile(rf"\b(?:{'|'.join(KEYWORDS)})\(")
_RENAMED = re.compile(r"\b\w*gettext\w* as (\w+)")


def messages() -> dict[Key, set[str]]:
    """Return every marked text of the package, sorted, with the files it is in.

    Raises: SyntaxError for a file that cannot be read, ValueError for one that marks texts by a name of its own.
    """
    found: dict[Key, set[str]] = {}

    def add(key: Key, path: Path) -> None:
        if key[1]:
            found.setdefault(key, set()).add(path.relative_to(SOURCE).as_posix())

    for path in sorted(SOURCE.rglob("*.py")):
        for key in python_messages(path):
            add(key, path)
    for path in sorted(SOURCE.rglob("templates/**/*.html")):
        for key in template_messages(path.read_text(), str(path)):
            add(key, path)
    return dict(sorted(found.items()))


def python_messages(path: Path) -> Iterator[Key]:
    """Yield the texts of one file of Python."""
    source = path.read_text()
    for name in _RENAMED.findall(source):
        if name not in KEYWORDS:
            raise ValueError(f"{path}: texts marked by {name}() would not be gathered; use {', '.join(KEYWORDS)}")
    if not _MARKED.search(source):  # six files in seven, whose reading took most of the time
        return
    yield from formatted_messages(ast.parse(source, str(path)))  # half-written code is an error, not a file without any
    with path.open("rb") as file:
        for _line, message, _comments, context in babel_extract("python", file, keywords=KEYWORDS):
            one, many = message if isinstance(message, tuple) else (message, "")
            yield context or "", one, many


def formatted_messages(tree: ast.Module) -> Iterator[Key]:
    """Yield the texts that are marked inside an f-string, where the reader of some Pythons does not look."""
    for whole in ast.walk(tree):
        if not isinstance(whole, ast.JoinedStr):
            continue
        for call in ast.walk(whole):
            if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name) or call.func.id not in KEYWORDS:
                continue
            texts = [one.value for one in call.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
            places = KEYWORDS[call.func.id] or (1,)
            has_context = isinstance(places[0], tuple)
            context = texts.pop(0) if has_context and texts else ""
            if texts:
                yield context, texts[0], texts[1] if len(places) - has_context > 1 and len(texts) > 1 else ""


def is_wire(files: set[str]) -> bool:
    """Tell whether a text is read by programs alone."""
    return all(file.startswith(WIRE_ROOMS) for file in files)


_STRING = r"""u?(?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')"""
_CALL = re.compile(rf"(?<![\w.])(_|gettext|pgettext|ngettext|npgettext)\(\s*({_STRING}(?:\s*,\s*{_STRING})*)")


def template_messages(source: str, name: str = "") -> Iterator[Key]:
    """Yield the texts of one Django template."""
    from django.utils.translation.template import templatize

    for call in _CALL.finditer(templatize(source, origin=name)):
        texts = [ast.literal_eval(text) for text in re.findall(_STRING, call[2])]
        keyword = call[1]
        context = texts.pop(0) if "pgettext" in keyword else ""
        yield context, texts[0], texts[1] if "ngettext" in keyword or "npgettext" in keyword else ""


# ---- catalogues


def path_of(language: str, kind: str = "po") -> Path:
    """Return where a catalogue is kept."""
    return LOCALE / language / "LC_MESSAGES" / f"django.{kind}"


def read(language: str) -> polib.POFile:
    """Return a catalogue as it is; an empty one when there is none."""
    path = path_of(language)
    return polib.pofile(str(path), wrapwidth=0) if path.exists() else polib.POFile(wrapwidth=0)


def key_of(entry: polib.POEntry) -> Key:
    """Return which text an entry is."""
    return entry.msgctxt or "", entry.msgid, entry.msgid_plural or ""


def write(language: str, entries: list[polib.POEntry]) -> None:
    """Write a catalogue: fixed heading, entries sorted."""
    book = polib.POFile(wrapwidth=0)
    book.metadata = {
        "Project-Id-Version": "Attise",
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": PLURALS[language],
    }
    book.extend(sorted(entries, key=key_of))
    path = path_of(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(str(book).rstrip("\n") + "\n")


def entry_of(key: Key, language: str, known: dict[Key, polib.POEntry]) -> polib.POEntry:
    """Return the entry of a text: English says itself, another language keeps what it knew."""
    context, one, many = key
    entry = polib.POEntry(msgid=one, msgctxt=context or None)
    if "%(" in one or "%s" in one or "%d" in one:
        entry.flags = ["python-format"]
    if many:
        entry.msgid_plural = many
        entry.msgstr_plural = {0: one, 1: many} if language == "en" else {0: "", 1: ""}
    elif language == "en":
        entry.msgstr = one
    before = known.get(key)
    if before is not None and language != "en":
        entry.msgstr, entry.msgstr_plural = before.msgstr, before.msgstr_plural
    return entry


def extract() -> None:
    """Bring both catalogues in line with the sources; texts that are gone leave."""
    keys = messages()
    for language in LANGUAGES:
        known = {key_of(entry): entry for entry in read(language)}
        write(language, [entry_of(key, language, known) for key in keys])
    compile_all()


def compiled(language: str) -> bytes:
    """Return the compiled form of a catalogue; the same entries always give the same bytes."""
    return bytes(read(language).to_binary())


def compile_all() -> None:
    """Write the compiled catalogues."""
    for language in LANGUAGES:
        path_of(language, "mo").write_bytes(compiled(language))


def take(given: dict[str, Any]) -> list[str]:
    """Put translations into the French catalogue; returns what could not be placed."""
    book = read("fr")
    by_name: dict[str, polib.POEntry] = {}
    for entry in book:
        by_name[f"{entry.msgctxt}|{entry.msgid}" if entry.msgctxt else entry.msgid] = entry
    lost = []
    for name, words in given.items():
        entry = by_name.get(name)
        if entry is None or isinstance(words, list) != bool(entry.msgid_plural):
            lost.append(f"no such text, or not of that kind: {name!r}")
        elif isinstance(words, list):
            entry.msgstr_plural = {place: typeset_french(text) for place, text in enumerate(words)}
        else:
            entry.msgstr = typeset_french(words)
    write("fr", list(book))
    compile_all()
    return lost


# ---- proving

_PLACES = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")
_TAGS = re.compile(r"</?\w+")


def faults_of(entry: polib.POEntry, language: str, *, wire: bool = False) -> Iterator[str]:
    """Yield what is wrong with one entry; ``wire`` leaves out the words, which are then the dialect's."""
    forms = entry.msgstr_plural if entry.msgid_plural else {0: entry.msgstr}
    if "fuzzy" in entry.flags:
        yield "is marked fuzzy"
    if entry.msgid_plural and sorted(forms) != [0, 1]:
        yield "does not have two plural forms"
    for number, text in forms.items():
        source = entry.msgid_plural if number and entry.msgid_plural else entry.msgid
        if not text:
            yield f"has no {language} text"
            continue
        if sorted(_PLACES.findall(text)) != sorted(_PLACES.findall(source)):
            yield f"does not have the same places: {text!r}"
        if sorted(_TAGS.findall(text)) != sorted(_TAGS.findall(source)):
            yield f"does not have the same tags: {text!r}"
        if text != text.strip() and source == source.strip():
            yield f"begins or ends with a space: {text!r}"
        if not wire:
            yield from _faults_of_words(text, language)
        if language == "fr" and text != typeset_french(text):
            yield f"is not typeset; it should be {typeset_french(text)!r}"


def _faults_of_words(text: str, language: str) -> Iterator[str]:
    """Yield words and signs that are not ours."""
    bare = _KEPT.sub(" ", text)
    for pattern, instead in FORBIDDEN[language].items():
        if re.search(rf"\b{pattern}\b", bare, re.IGNORECASE):
            yield f"uses a word that is not ours ({instead}): {text!r}"
    if "!" in bare:
        yield f"exclaims: {text!r}"


def faults() -> list[str]:
    """Return everything that is wrong with the catalogues, in words; nothing when all is well."""
    wrong = []
    keys = messages()
    for language in LANGUAGES:
        book = read(language)
        known = {key_of(entry) for entry in book}
        wrong += [f"{_name(key)} is not in the catalogue; extract" for key in keys if key not in known]
        wrong += [f"{_name(key)} is not in the sources; extract" for key in sorted(known - set(keys))]
        for entry in book:
            wire = is_wire(keys.get(key_of(entry), {""}))
            wrong += [f"{language}: {_name(key_of(entry))} {fault}" for fault in faults_of(entry, language, wire=wire)]
        if book.metadata.get("Plural-Forms") != PLURALS[language]:
            wrong.append(f"{language}: the plural rule is not {PLURALS[language]!r}")
        path = path_of(language, "mo")
        if not path.exists() or path.read_bytes() != compiled(language):
            wrong.append(f"{language}: the compiled catalogue is not fresh; compile")
    return list(dict.fromkeys(wrong))  # what both catalogues lack is told once


def _name(key: Key) -> str:
    return repr(f"{key[0]}|{key[1]}" if key[0] else key[1])


@contextmanager
def locked() -> Iterator[None]:
    """Keep two runs apart; the kernel releases the lock."""
    with Path(__file__).open() as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def main(arguments: list[str] | None = None) -> int:
    """Run the command of the command line; 1 when something is to mend."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = ("check", "extract", "translate", "compile")
    parser.add_argument("command", nargs="?", choices=commands, default="check")
    parser.add_argument("file", nargs="?", type=argparse.FileType(), default="-", help="JSON of translations")
    given = parser.parse_args(arguments)
    wrong = []
    with locked():
        if given.command in {"extract", "translate"}:
            extract()
        if given.command == "translate":
            wrong += take(json.load(given.file))
        if given.command == "compile":
            compile_all()
        else:
            wrong += faults()
    for line in wrong:
        print(line, file=sys.stderr)
    return 1 if wrong and given.command != "extract" else 0


if __name__ == "__main__":
    sys.exit(main())
