"""Signs: units that are written as signs or codes."""

from pipeline.event.figures.line import Line

MONEY = frozenset({"USD", "EUR", "GBP", "ILS", "RUB", "INR", "EGP"})

SIGNS = {
    "$": "USD",
    "€": "EUR",
    "£": "GBP",
    "₪": "ILS",
    "₽": "RUB",
    "₹": "INR",
    "%": "percent",
    "٪": "percent",
    "％": "percent",
}

CODES = {
    "USD": "USD",
    "EUR": "EUR",
    "GBP": "GBP",
    "ILS": "ILS",
    "NIS": "ILS",
    "RUB": "RUB",
    "INR": "INR",
    "EGP": "EGP",
}
"""Codes of ISO 4217, and the one that Israel uses."""


def sign_at(line: Line, at: int) -> str | None:
    """The unit of a sign or code."""
    return SIGNS.get(line.word(at)) or CODES.get(line.word(at))


def behind_money(line: Line, at: int, unit: str | None = None) -> int:
    """The piece behind a currency (that of `unit`, if given) in front of digits, else the same."""
    found = sign_at(line, at)
    known = found in MONEY if unit is None else found == unit
    return at + 1 if known and line.kind(at + 1) == "digits" else at
