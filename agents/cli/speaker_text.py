"""A speaker as written, with the name it stands for where the words alone do not tell."""

from agents.cli.page import Names
from agents.cli.safe import one_line
from pipeline.event.vocabulary import words
from pipeline.story.summary import Claim, Statement

POINTING = words("i he she it they we one who this that these those the a an his her its their our my")
"""Words that point at somebody without naming them; a sentence that begins with one capitalises it."""


def speaker_text(statement: Statement, actor: str | None, names: Names) -> str:
    """Who says it: "Ismail Haniyeh", or "UNRWA (“the agency”)" for one who is only pointed at."""
    return name_text(statement.speaker, actor, names) or statement.citation.publisher or "unnamed speaker"


def claimant_text(claim: Claim, names: Names) -> str:
    """Who claims it; "it" or "the agency" that nobody resolved is shown with the outlet that writes so."""
    who = name_text(claim.claimant, claim.actor, names)
    if claim.actor or _tells(who) or who.split(" ")[0].casefold() not in POINTING:
        return who
    return f"“{who}” in {one_line(claim.citation.publisher or 'the article')}"


def name_text(written: str, actor: str | None, names: Names) -> str:
    """A name as written; of an actor only pointed at, its name as shown with what is written."""
    shown = one_line(written)
    if actor is None or _tells(shown):
        return shown
    name = one_line(names.get(actor, actor))
    return shown if name.casefold() in shown.casefold() else f"{name} (“{shown}”)" if shown else name


def _tells(written: str) -> bool:
    """Whether a name stands in it: a capitalised word that does not only point.

    Scripts without capitals never tell, so a reader of English gets the name beside them.
    """
    return any(word[:1].isupper() and word.casefold() not in POINTING for word in written.split())
