"""A finding's parts in short words: figures, days, acts and parties, for tags and cards."""

from agents.cli.page import Names
from agents.cli.safe import one_line
from pipeline.event.event import Act, Assumed, Days, Figure, Finding

ASSUMPTIONS: dict[Assumed, str] = {
    "nothing": "the words say all of it",
    "year": "no year is given: the nearest is assumed",
    "before": "the nearest such day up to publication is assumed",
    "after": "the nearest such day after publication is assumed",
    "counted": "counted from the day of publication",
}


def mention_text(subject: str, finding: Finding) -> str:
    """ "ceasefire", or "ceasefire, denied" where the sentence tells that much."""
    return subject if finding.polarity == "unknown" else f"{subject}, {finding.polarity}"


def figure_text(figure: Figure) -> str:
    """The value as a number with its unit: "40 days", "30-40 hostages"; the words hold what loosens it."""
    value = _number(figure.value)
    return f"{value if figure.high is None else f'{value}-{_number(figure.high)}'} {one_line(figure.unit)}"


def _number(value: float) -> str:
    """Digits in groups; no ".0"."""
    return f"{int(value):,}" if value == int(value) else f"{value:,}"


def days_text(days: Days) -> str:
    """The day, or the first and the last: "2024-05-04", "2024-04-22..2024-04-28"."""
    first, last = days.first.isoformat(), days.last.isoformat()
    return first if first == last else f"{first}..{last}"


def assumed_text(days: Days) -> str:
    """What was assumed to find the days, and which day they were read from."""
    said = ASSUMPTIONS[days.assumed]
    return said if days.read_from is None else f"{said} (read from {days.read_from.isoformat()})"


def act_text(act: Act) -> str:
    """What is done, and by and to whom where the sentence says so: "AGREE by Hamas to Israel"."""
    parts = (("by", act.by), ("to", act.to), ("through", act.mediator))
    return " ".join([act.type, *(f"{word} {one_line(who.words)}" for word, who in parts if who is not None)])


def actor_text(ident: str | None, written: str, names: Names) -> str:
    """The name of the configured actor behind the words; empty for none, or where the words are that name."""
    name = "" if ident is None else one_line(names.get(ident, ident))
    return "" if name == one_line(written) else name
