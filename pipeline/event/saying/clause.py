"""Clause: a reading's words with the roles that the lexicon of its language gives them."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import NamedTuple

from pipeline.event.lexicon import Cue, Lexicon
from pipeline.event.reading import Reading
from pipeline.event.world.gazetteer import Named

MARKS = (
    "\\u0300-\\u036f\\u0591-\\u05c7\\u05f3\\u0610-\\u061a\\u0640\\u064b-\\u065f\\u0670\\u0900-\\u0903"
    "\\u093a-\\u094f\\u0951-\\u0957\\u0962\\u0963\\u200c\\u200d"
)
WORD = re.compile(
    rf"[\w{MARKS}]+(?:(?<=[\u05d0-\u05ea])[\"״](?=[\u05d0-\u05ea])[\w{MARKS}]+)*|[^\w\s{MARKS}]"
)
"""Letters and digits with their combining marks, a Hebrew acronym with its gershayim; else one sign."""

BESIDE = re.compile(
    r"(?<=\w) \([^()\n“”„«»\"]{1,24}\)"
    r"|^\s*\d{1,2}(?::\d\d(?: Uhr| GMT)?|[.:]\d\d Uhr)(?!\d)(?: ?[:—–-])?(?= )"
)
"""What stands beside a sentence: a few letters in brackets behind a word ("(SPD)"), the hour of a live
report."""

STOPS = frozenset(".!?…؟।॥۔;")
OPENING, QUOTING = frozenset("“„«‘‚\"״'"), frozenset("“”„«»‘’‚\"״'")
DASHES = frozenset("—–-")
NO_ROLES: frozenset[str] = frozenset()
VERBS = ("say", "ask", "cite", "according", "behind", "citing")
"""Roles of the words that credit somebody."""
ASIDE = frozenset(("aside", "addressee"))
"""Roles of words that look like them and credit nobody."""


class Token(NamedTuple):
    """A word or sign; `roles` with the role above each ("say" for "say.bare"). `hard`: a phrase ends here.

    A tuple, as there is one per word.
    """

    start: int
    end: int
    roles: frozenset[str]
    sign: str = ""
    hard: bool = False


@dataclass(frozen=True, slots=True)
class Verb:
    """A word that credits somebody: its tokens `[first:last]`, its letters, and what is written in front."""

    first: int
    last: int
    start: int
    end: int
    roles: frozenset[str]
    prefix: str = ""


@dataclass(frozen=True)
class Clause:
    """The words of a reading by their roles. Offsets are those of the reading's text."""

    reading: Reading
    lexicon: Lexicon

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        """The words and signs from left to right."""
        text, roles = self.reading.text, self._roles
        tokens: list[Token] = []
        for at, (start, end) in enumerate(self._bounds):
            first = text[start]
            sign = "" if end - start > 1 or first.isalnum() or first == "_" else first
            hard = bool(sign) and self._hard(start, sign)
            tokens.append(Token(start, end, roles.get(at, NO_ROLES), sign, hard))
        return tuple(tokens)

    @cached_property
    def cues(self) -> tuple[Cue, ...]:
        """The lexicon's phrases in the reading."""
        return self.lexicon.cues_in(self.reading.text)

    @cached_property
    def _ends(self) -> Sequence[int]:
        return [end for _, end in self._bounds]

    @cached_property
    def _bounds(self) -> tuple[tuple[int, int], ...]:
        text = self.reading.text
        beside = [found.span() for found in BESIDE.finditer(text)]
        spans = [found.span() for found in WORD.finditer(text)]
        if not beside:
            return tuple(spans)
        return tuple([one for one in spans if not any(a <= one[0] and one[1] <= b for a, b in beside)])

    @cached_property
    def _roles(self) -> dict[int, frozenset[str]]:
        """The roles of each token that a phrase covers."""
        found: dict[int, frozenset[str]] = {}
        for cue, first, last, prefix in self._placed:
            if prefix and _credits(cue.role) and prefix not in self.joined:
                continue
            family = _family(cue.role)
            for at in range(first, last):
                found[at] = found[at] | family if at in found else family
        return found

    @cached_property
    def _placed(self) -> tuple[tuple[Cue, int, int, str], ...]:
        """Each cue with its tokens `[first:last]` and the letters of the first that stand in front of it."""
        placed: list[tuple[Cue, int, int, str]] = []
        text, bounds, count, at = self.reading.text, self._bounds, len(self._bounds), 0
        for cue in self.cues:
            start, end = cue.start, cue.end
            while at < count and bounds[at][1] <= start:
                at += 1
            last = at
            while last < count and bounds[last][0] < end:
                last += 1
            if last > at:
                placed.append((cue, at, last, text[bounds[at][0] : start]))
        return tuple(placed)

    @cached_property
    def joined(self) -> frozenset[str]:
        """What may be written in front of a verb, of all that Arabic and Hebrew write there."""
        return frozenset(self.lexicon.roles.get("joined", ()))

    @cached_property
    def verbs(self) -> tuple[Verb, ...]:
        """The words that credit somebody, from left to right, of two that overlap the longer one."""
        if not any(_credits(cue.role) for cue in self.cues):
            return ()  # so in many a sentence; its words need not be told apart
        found: list[Verb] = []
        for cue, first, last, prefix in self._placed:
            if not _credits(cue.role) or (prefix and prefix not in self.joined):
                continue
            if not self._roles.get(first, NO_ROLES).isdisjoint(("aside", "addressee")) or self._in_name(
                first, cue
            ):
                continue
            if found and first < found[-1].last:
                if cue.start == found[-1].start and cue.end == found[-1].end:
                    roles = found[-1].roles | _family(cue.role)
                    found[-1] = Verb(first, last, cue.start, cue.end, roles, prefix)
                continue
            found.append(Verb(first, last, cue.start, cue.end, _family(cue.role), prefix))
        return tuple(found)

    def _in_name(self, at: int, cue: Cue) -> bool:
        """Whether the word is part of a name ("the United States")."""
        named = self.names.get(at)
        return named is not None and named.start <= cue.start and cue.end <= named.end

    def has(self, at: int, *roles: str) -> bool:
        """Whether the token is there and has one of the roles."""
        tokens = self.tokens
        return 0 <= at < len(tokens) and bool(own := tokens[at].roles) and not own.isdisjoint(roles)

    def hard(self, at: int) -> bool:
        """Whether a phrase ends at the token, or the reading does."""
        tokens = self.tokens
        return not 0 <= at < len(tokens) or tokens[at].hard

    def sign(self, at: int) -> str:
        """The sign that the token is, "" for a word and beyond the ends."""
        tokens = self.tokens
        return tokens[at].sign if 0 <= at < len(tokens) else ""

    def stops(self, at: int) -> bool:
        """Whether a sentence ends at the token."""
        tokens = self.tokens
        return not 0 <= at < len(tokens) or (tokens[at].hard and tokens[at].sign in STOPS)

    def quoted(self, at: int) -> tuple[int, int] | None:
        """The quotation that holds the token."""
        return self.reading.quote_at(self.tokens[at].start) if at < len(self.tokens) else None

    def quote_from(self, at: int) -> tuple[int, int] | None:
        """The quotation that opens with the token."""
        if self.sign(at) not in OPENING | QUOTING or not self.sign(at):
            return None
        return next((q for q in self.reading.quotes if q[0] == self.tokens[at].end), None)

    def token_at(self, position: int) -> int:
        """The first token that ends behind the position."""
        return bisect_right(self._ends, position)

    @cached_property
    def names(self) -> dict[int, Named]:
        """The naming that each token is part of."""
        found: dict[int, Named] = {}
        for named in self.reading.named:
            at = self.token_at(named.start)
            while at < len(self.tokens) and self.tokens[at].start < named.end:
                found[at] = named
                at += 1
        return found

    def sentence_start(self, at: int) -> int:
        """The token with which the sentence of the token begins; stops inside quotations end none."""
        while at > 0:
            if self.stops(at - 1) and self.quoted(at - 1) is None:
                break
            at -= 1
        while at < len(self.tokens) and self.sign(at) in QUOTING - OPENING and self.sign(at):
            at += 1
        return at

    def words(self, first: int, last: int) -> Iterator[int]:
        """The tokens of the range that are words."""
        return (at for at in range(first, min(last, len(self.tokens))) if not self.tokens[at].sign)

    def _hard(self, at: int, sign: str) -> bool:
        """Whether the sign ends a phrase: not in a number, an abbreviation or a word with a hyphen."""
        text = self.reading.text
        before, after = text[at - 1 : at], text[at + 1 : at + 2]
        if sign == "." and before.isupper() and not text[max(0, at - 2) : at - 1].isalnum():
            return not text[at + 1 :].strip()
        if sign in ".,:،٫":
            return not (after.isalnum() and before.isalnum())
        if sign in "'’׳":
            return not (after.isalnum() and before.isalnum())
        if sign == "-":
            return not after or after.isspace()
        return sign not in "‑־/&%+#@*’"


@cache
def _credits(role: str) -> bool:
    """Whether words of the role credit somebody."""
    return role.partition(".")[0] in VERBS


@cache
def _family(role: str) -> frozenset[str]:
    """The role and those above it: "say.bare" is a "say" too."""
    parts = role.split(".")
    return frozenset(".".join(parts[:n]) for n in range(1, len(parts) + 1))
