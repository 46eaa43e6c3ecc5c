"""Rules of two subjects, an actor and a place: what a page needs to know of a configuration."""

import pytest

from pipeline.article.publisher import Publishers
from pipeline.event.world.actor import Actor
from pipeline.event.world.place import Place
from pipeline.mention.subject import Subject, read
from pipeline.rules import Rules, compile_rules


def subject(ident: str, title: str, *forms: str) -> Subject:
    made = read({"id": ident, "title": title, "aliases": {"en": list(forms)}}, f"{ident}.toml")
    assert isinstance(made, Subject), made
    return made


@pytest.fixture(scope="session")
def rules() -> Rules:
    made = compile_rules(
        [subject("ceasefire", "Ceasefire", "truce"), subject("hostages", "Hostages <&>", "hostage*")],
        Publishers(()),
        [Actor("hamas", "Hamas Movement", "organisation", {"en": ("Hamas",)})],
        [Place("egypt", "Egypt", {"en": ("Egypt",)})],
    )
    assert isinstance(made, Rules), made
    return made
