"""The configuration as shipped, compiled once, and articles of one revision."""

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipeline.article.article import Article
from pipeline.event.event import Event
from pipeline.event.events import events
from pipeline.rules import Rules
from tests.shipped import shipped

CONFIG = Path(__file__).resolve().parents[2] / "config"
CASES = Path(__file__).parent / "cases"

Finder = Callable[..., dict[str, Event]]


def toml(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text("utf-8"))


def cases(name: str) -> list[Any]:
    """The rows of a case file as pytest parameters, named by their `name`."""
    return [pytest.param(row, id=row["name"]) for row in toml(CASES / f"{name}.toml")["case"]]


@pytest.fixture(scope="session")
def rules() -> Rules:
    return shipped()


def article(title: str, text: str, revision: str = "r1", **more: Any) -> Article:
    fields = {"id": "u1", "feed": "wire", "origin": "feed", "language": "en"} | more
    return Article(revision=revision, title=title, text=text, **fields)


@pytest.fixture
def found(rules: Rules) -> Finder:
    """The events of an article of one revision, by subject."""

    def find(title: str, text: str, **more: Any) -> dict[str, Event]:
        return {event.subject: event for event in events((article(title, text, **more),), rules)}

    return find
