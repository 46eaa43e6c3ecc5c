"""Sentence spans in the original text, for every listed language.

Own code: pysbd rewrites the text (offsets drift) and takes milliseconds; see docs/subjects.md.
"""

import re
from collections.abc import Iterator

Span = tuple[int, int]

LONGEST_SENTENCE = 2_000
"""Characters. Longer stretches without a full stop are no prose, and each mention carries its sentence."""

_END = re.compile(
    r"""(?P<stop>[.!?…؟।॥۔。！？]++)
        (?P<close>["'”’»›)\]“‟\u200e\u200f\u202c\u2069]*+(?:[\u00a0\u202f\ ]»)?)
        (?P<gap>\s++|\Z|(?<=[؟।॥۔。！？]))
      | (?P<line>\n\s*+)""",
    re.VERBOSE,
)
_OPENERS = re.compile(r"""["'“”„‘«‹([¿¡—–\-•*\s\u200e\u200f\u202a-\u202e\u2066-\u2069]{0,12}""")
_BLANK = re.compile(r"\s*+")
_PARAGRAPH = re.compile(r"\n[^\S\n]*+\n")
_LAST_WORD = re.compile(r"[^\s(\[\"'“«—–]+\Z")
_NEXT_WORD = re.compile(r"[^\W\d_]{1,12}")
_LOOK_BACK = 24
_GOES_ON = frozenset(",،:;؛-–—־(")

# Titles, ranks, months, courts, measures: what stands before a name or a number. Small letters, no last dot.
_ABBREVIATED = """
    mr mrs ms dr prof gen lt col sgt maj capt cmdr adm brig gov sen rep rev hon st sr jr pres supt det
    vs no nos art fig vol pp ed est dept univ inc ltd co corp bros mt ft ave blvd approx op cit cf al e.g i.e
    jan feb mar apr jun jul aug sep sept oct nov dec mon tue wed thu fri sat sun
    m mm mme mlle mgr me av env janv févr juil déc cie p.ex
    sra srta dra ud uds gral cnel núm pág ee.uu dña
    z.b u.a d.h bzw ca nr hr fr dipl ing evtl ggf inkl rd str tel usw tsd mio mrd
    डॉ प्रो श्री मो पं सं क्र рис ул им гг см стр тыс млн млрд
"""
_STARTING = """
    the a an in on at he she it they we i this that these those but and however officials after before
    when while as for if there its his her their meanwhile earlier le la les il elle el los der die das
"""
ABBREVIATIONS = frozenset(_ABBREVIATED.split())
_STARTERS = frozenset(_STARTING.split())


def split(text: str, language: str | None = None) -> tuple[Span, ...]:
    """The sentences of `text` in order, as spans without surrounding white space.

    A blank line always ends a sentence, a single line break where the next line looks like a new one.
    `language` is a BCP 47 tag or None; it only matters for ordinals ("3. Oktober"). Linear in the text.
    """
    spans: list[Span] = []
    start = _skip(text, 0)
    for match in _END.finditer(text):
        if match.start() >= start and _ends(text, start, match, language or ""):
            end = match.end("close") if match["stop"] else start + len(text[start : match.start()].rstrip())
            spans += _pieces(text, start, end)
            start = match.end()
    return (*spans, *_pieces(text, start, start + len(text[start:].rstrip())))


def _pieces(text: str, start: int, end: int) -> Iterator[Span]:
    """The sentence, in pieces cut at spaces where nobody set a full stop for too long."""
    while end - start > LONGEST_SENTENCE:
        cut = max(
            text.rfind(" ", start, start + LONGEST_SENTENCE),
            text.rfind("\n", start, start + LONGEST_SENTENCE),
        )
        cut = cut if cut > start else start + LONGEST_SENTENCE
        yield start, cut
        start = _skip(text, cut)
    if start < end:
        yield start, end


def _skip(text: str, start: int) -> int:
    """The first place from `start` that is no white space."""
    match = _BLANK.match(text, start)
    return match.end() if match else start


def _before(text: str, end: int) -> int:
    """The end of what stands before `end` without the white space between."""
    while end > 0 and text[end - 1].isspace():
        end -= 1
    return end


def _ends(text: str, start: int, match: re.Match[str], language: str) -> bool:
    """Does a sentence that began at `start` end with this stop or line break?"""
    if match.end() >= len(text):
        return True
    if "\n" in match.group() and _PARAGRAPH.search(match.group()):
        return True
    opened = _OPENERS.match(text, match.end())
    following = opened.end() if opened else match.end()
    if text[following : following + 1].islower():
        return False
    stop = match["stop"]
    if stop is None:
        return text[_before(text, match.start()) - 1] not in _GOES_ON
    if stop != "." or match["close"].strip("\u200e\u200f"):
        return True
    return not _abbreviated(
        text[max(start, match.start() - _LOOK_BACK) : match.start()], text, following, language
    )


def _abbreviated(before: str, text: str, following: int, language: str) -> bool:
    """Does the full stop behind `before` belong to an abbreviation, an initial or an ordinal?"""
    match = _LAST_WORD.search(before)
    if match is None:
        return False
    word = match.group().lower()
    if word.isdigit():
        return match.start() == 0 or (language.startswith("de") and len(word) <= 2)
    if word in ABBREVIATIONS:
        return True
    if len(word.rsplit(".", 1)[-1]) != 1 or not word[-1].isalpha():
        return False
    following_word = _NEXT_WORD.match(text, following)
    return not ("." in word and following_word and following_word.group().lower() in _STARTERS)
