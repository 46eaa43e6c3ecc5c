"""Dateline and credit: where a text says it was written, and whose words it says it carries."""

import re
from typing import NamedTuple

from pipeline.article.publisher import Publishers

_WINDOW = 90
"""Characters of the beginning and of the end that are read: agencies' datelines stay under 70."""

_MAX_PLACE_CHARS = 40
_MAX_PLACE_WORDS = 5

# What announces a kind of piece where a place would stand; a lead with any of them is no dateline.
_KIND_WORDS = """
    exclusive breaking watch video photos opinion analysis live update updated editorial comment report
    review explainer factbox correction alert urgent special first on podcast listen read just in now
    exclusif vidéo direct analyse reportage tribune exclusiva vídeo análisis directo eilmeldung kommentar
    عاجل خاص فيديو شاهد بالفيديو بالصور تقرير تحليل مباشر تحديث رأي
    דעה בלעדי וידאו צפו פרשנות עדכון
    ब्रेकिंग वीडियो लाइव विशेष विश्लेषण एक्सक्लूसिव अपडेट रिपोर्ट देखें राय
"""
_KINDS = frozenset(_KIND_WORDS.split())
_MONTHS = (
    "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|janv|févr|avr|mai|juin|juil|août|déc|ene|abr|ago|dic|mär|okt"
    "|dez|يناير|فبراير|مارس|أبريل|مايو|يونيو|يوليو|أغسطس|سبتمبر|أكتوبر|نوفمبر|ديسمبر"
)
_DASH = re.compile(r"\s*[—–]\s+|\s+--?\s+")
_BRACKET = re.compile(r"\s*\(([^()]{2,40})\)$")
_DATE = re.compile(
    rf",?\s+\(?(?:\d{{1,2}}\.?\s+(?:{_MONTHS})[^\s,()\d]*|(?:{_MONTHS})[^\s,()\d]*\s+\d{{1,2}})(?:,?\s+\d{{4}})?\)?$",
    re.IGNORECASE,
)
_WORD = r"[^\W\d_][\w.'’\-\u0300-\u036f\u0591-\u05c7\u064b-\u0652\u0900-\u0963]*"
"""Letters with their marks: Latin accents, Hebrew and Arabic points, Devanagari vowel signs."""
_PLACE = re.compile(rf"{_WORD}(?:(?:,?\s|/\s?){_WORD})*")
_JOINTS = re.compile(r"\s*(?:[/,+&]|\band\b|\bet\b|\bund\b)\s*")
# Only after a sentence's end: "... said. (AFP)", but not "... the relief agency (UNRWA)."
_TAIL = re.compile(r"(?<=[.!?…\"”’»)\]।؟。])\s*(?:[—–(\[/]|--?)\s*([^()\[\]—–\n/]{2,60}?)\s*[)\]]?\s*\.?$")
_LAST_LINE = re.compile(r"\n([^\n]{2,60}?)\.?$")
_INTRODUCTION = re.compile(
    r"(?:(?:source|with|via|credit|avec|mit|con|المصدر|مع|מקור)\b\s*:?|עם)\s+", re.IGNORECASE
)


def dateline_of(text: str, publishers: Publishers) -> tuple[str | None, str | None]:
    """Place and agency at the head of a text ("GAZA CITY, May 4 (Reuters) - ...", "القاهرة - ...").

    The place is as written, without the date; it counts when it stands in capitals, when a known
    agency follows it, or in a script without capitals when it is short. The agency is the
    publisher's name. None for what is not there.
    """
    head = _head(text, publishers)
    return head.place, head.agency


def dateline_end(text: str, publishers: Publishers) -> int:
    """Where the prose of a text begins: behind its dateline and the dash, 0 where it has none."""
    return _head(text, publishers).end


class _Head(NamedTuple):
    """A text's dateline; the text goes on at `end`."""

    place: str | None
    agency: str | None
    end: int


def _head(text: str, publishers: Publishers) -> _Head:
    dash = _DASH.search(text, 0, _WINDOW)
    lead = text[: dash.start()] if dash else _bracketed_lead(text)
    if not lead:
        return _Head(None, None, 0)
    agency, rest = _agency(lead, publishers)
    place = _DATE.sub("", rest).strip(" ,")
    named = _is_place(place) and (agency is not None or (dash is not None and _stands_alone(place)))
    end = dash.end() if dash else len(text) - len(text[len(lead) :].lstrip())
    return _Head(place if named else None, agency, end if named or (agency and not place) else 0)


def credit_of(text: str, publishers: Publishers) -> str | None:
    """The publisher that the end of a text credits ("... said. — BBC", "(AFP)", a last line
    "Source: Reuters"), by its name; None when no known one is."""
    tail = text[-_WINDOW:]
    for pattern in (_TAIL, _LAST_LINE):
        if match := pattern.search(tail):
            found = _credited(_INTRODUCTION.sub("", match[1].strip("()[] ")), publishers)
            if found is not None:
                return found
    return None


def _bracketed_lead(text: str) -> str | None:
    """The head of a text up to its first closing bracket ("Paris (AFP) Talks ...")."""
    end = text.find(")", 0, _WINDOW)
    return text[: end + 1] if end > 0 else None


def _agency(lead: str, publishers: Publishers) -> tuple[str | None, str]:
    """The agency at the end of a dateline, bracketed or as its last word, and what stands before it."""
    bracket = _BRACKET.search(lead)
    if bracket:
        return _credited(bracket[1], publishers), lead[: bracket.start()]
    before, _, last = lead.rpartition(" ")
    agency = publishers.credited(last)
    return (agency.name, before) if agency else (None, lead)


def _credited(names: str, publishers: Publishers) -> str | None:
    """The first known publisher of "AFP", "AFP/Reuters", "AP and Reuters"; letters as configured."""
    whole = publishers.credited(names)
    if whole is not None:
        return whole.name
    known = (publishers.credited(name) for name in _JOINTS.split(names))
    return next((publisher.name for publisher in known if publisher is not None), None)


def _is_place(words: str) -> bool:
    if not words or len(words) > _MAX_PLACE_CHARS or not _PLACE.fullmatch(words):
        return False
    parts = words.casefold().replace(",", " ").split()
    return len(parts) <= _MAX_PLACE_WORDS and _KINDS.isdisjoint(parts)


def _stands_alone(place: str) -> bool:
    """Whether a place without agency is one: a city in capitals, or up to three words of a script
    that has none."""
    city = place.partition(",")[0]
    if city.upper() == city.lower():
        return len(place.split()) <= 3
    return city.isupper() and sum(character.isalpha() for character in city) >= 3
