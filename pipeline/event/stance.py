"""Stance of an English sentence towards a mention in it: how far it is hedged, asserted or denied."""

from pipeline.event.event import Polarity
from pipeline.event.reading import Reading, Token
from pipeline.event.vocabulary import words

EVIDENTIAL = words(
    "reportedly allegedly purportedly supposedly unconfirmed apparently rumored rumoured alleged"
)
TENTATIVE = words(
    "could may might appears appear appeared seems seem seemed likely possibly perhaps potentially"
)

HEDGES = EVIDENTIAL | TENTATIVE | {"according"}

NEGATORS = words("no without never neither nor")
"""Words that deny the noun phrase they open."""

REFUSALS = words("rejected rejects rejecting refused refuses refusing")
"""Verbs that deny the noun phrase right behind them."""

FILLERS = words(
    "a an any the immediate new further sign hope prospect temporary permanent lasting humanitarian full "
    "such more pause release of other israeli palestinian formal"
)
"""What may stand between such a word and the mention."""

PROPOSALS = words(
    "proposal proposals deal deals offer offers plan plans talks negotiations agreement agreements terms "
    "resolution draft demand demands call calls bid push negotiator negotiators negotiating"
)
"""A mention before one of these names the talk about the thing: "rejected a ceasefire proposal"."""

IRREALIS = words(
    "if unless would could should may might must can will shall cannot whether potential possible hope hopes "
    "hoped hoping propose proposed proposal proposals plan plans planned want wants wanted seek seeks sought "
    "demand demands demanded demanding urge urges urged urging call calls called calling offer "
    "offers offered "
    "discuss discussed negotiate negotiations negotiation talks secure securing toward towards "
    "reject rejects "
    "rejected refuse refused intention intends intend push pushing expected awaiting pending until "
    "yet likely "
    "ready resume resuming aimed draft deal not never no without ? prospect prospects efforts threatened "
    "threatens considers considering mull mulls eyed fear fears feared denied deny denies ruled demands "
    "accepting accept continue wording discussion terms draft"
)
"""With one of these in it a sentence asserts nothing that is certain about its mention."""

REALIS = words(
    "is are was were has have had took takes began begun came held holds holding broke struck fell left fled "
    "won went met led brought saw set hit kept"
)
"""Verbs, beside those in -ed, that say that something is or was so."""


def hedge(reading: Reading) -> str | None:
    """The hedge as written: a word of evidence or "according to" first, else one of doubt."""
    doubt: str | None = None
    for i, token in enumerate(reading.tokens):
        low = token.low
        if low not in HEDGES:
            continue
        if low in EVIDENTIAL:
            return reading.text[token.start : token.end]
        if low == "according" and i + 1 < len(reading.tokens) and reading.tokens[i + 1].low == "to":
            return reading.text[token.start : reading.tokens[i + 1].end]
        if doubt is None and low in TENTATIVE and not _month(reading, token):
            doubt = reading.text[token.start : token.end]
    return doubt


def _month(reading: Reading, token: Token) -> bool:
    """Whether the token is May and not the verb that opens a question."""
    return token.low == "may" and reading.text[token.start] == "M" and token != reading.tokens[0]


def polarity(reading: Reading, start: int, end: int) -> Polarity:
    """Whether the sentence asserts or denies what the span `[start:end]` names; unknown where it "
    "does neither."""
    first = next((i for i, token in enumerate(reading.tokens) if token.end > start), len(reading.tokens))
    last = next((i for i, token in enumerate(reading.tokens) if token.start >= end), len(reading.tokens))
    if _denied(reading, first, last):
        return "denied"
    lows = {token.low for token in reading.tokens if token.low != "may" or not _month(reading, token)}
    if lows & IRREALIS or lows & EVIDENTIAL or lows & TENTATIVE or "according" in lows:
        return "unknown"
    realis = any(
        token.low in REALIS or (token.low.endswith("ed") and len(token.low) > 4) for token in reading.tokens
    )
    return "asserted" if realis else "unknown"


def _denied(reading: Reading, first: int, last: int) -> bool:
    """Whether a negator or a refusal opens the mention's noun phrase."""
    tokens = reading.tokens
    i = first - 1
    while i >= 0 and first - i <= 4 and tokens[i].low in FILLERS:
        if tokens[i].low == "release":
            return False
        i -= 1
    if i < 0 or first - i > 4:
        return False
    if tokens[i].low in NEGATORS or (tokens[i].low == "of" and tokens[i - 1].low in {"lack", "absence"}):
        return True
    refused = tokens[i].low in REFUSALS or (
        tokens[i].low == "out" and i > 0 and tokens[i - 1].low in {"ruled", "rules"}
    )
    return refused and (last >= len(tokens) or tokens[last].low not in PROPOSALS)
