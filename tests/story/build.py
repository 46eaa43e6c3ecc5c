"""Events built from texts: offsets are searched, so that they cut the right words by construction."""

import tomllib
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pipeline.event.event import ArticleRef, Attribution, Event, Figure, Finding
from pipeline.ids import content_hash, revision_name
from pipeline.mention.mention import Field, Sentence
from pipeline.story.contribution import Contribution, contribution
from pipeline.story.row import StoryRow

GOLDENS = Path(__file__).parent / "goldens"


@dataclass(frozen=True, slots=True)
class Declared:
    """What a story's declaration says of itself."""

    id: str = "cairo-talks"
    title: str = "The Cairo talks"
    note: str = ""


SCOPE = Declared()


def at(moment: str | datetime | None) -> datetime | None:
    """A time in UTC; "2031-03-01T10" is enough."""
    if moment is None or isinstance(moment, datetime):
        return moment
    return datetime.fromisoformat(moment + (":00" if len(moment) == 13 else "")).replace(tzinfo=UTC)


def ref(article: str, text: str, **known: Any) -> ArticleRef:
    """A reference to the revision of an article whose text is `text`."""
    observed = at(known.pop("observed", None))
    published = at(known.pop("published", None))
    title = known.pop("title", f"Title of {article}")
    return ArticleRef(
        id=article,
        revision=revision_name(observed, content_hash(title, text, (), False)),
        origin=known.pop("origin", "seed"),
        title=title,
        url=known.pop("url", f"https://news.example/{article}"),
        published=published,
        dated_by="published" if published else None,
        observed=observed,
        **known,
    )


def figure(surface: str, text: str, value: float, unit: str = "people", **known: Any) -> Figure:
    """A figure whose surface is found in `text`."""
    start = text.index(surface)
    return Figure(value, unit, surface, start, start + len(surface), **known)


def finding(
    sentence: str, whole: str, field: Field = "text", said: dict[str, Any] | None = None, **known: Any
) -> Finding:
    """A finding whose mention is the first word of a sentence of `whole`."""
    start = whole.index(sentence)
    first = sentence.split(maxsplit=1)[0]
    figures = tuple(figure(text=whole, **each) for each in known.pop("figures", ()))
    attribution = None
    if said is not None:
        said = dict(said)
        words = said.pop("words")
        begin = whole.index(words)
        attribution = Attribution(
            words=words, start=begin, end=begin + len(words), quoted=said.pop("quoted", False), **said
        )
    return Finding(
        field=field,
        start=start,
        end=start + len(first),
        surface=first,
        alias=first,
        sentence=Sentence(field, start, start + len(sentence), sentence),
        attribution=attribution,
        figures=figures,
        **known,
    )


def event(source: ArticleRef, *findings: Finding, subject: str = "ceasefire", **known: Any) -> Event:
    """An event of `source` with these findings."""
    return Event(
        article=source,
        subject=subject,
        stories=(SCOPE.id,),
        mentions=findings,
        salience=known.pop("salience", 0.5),
        rules="0123456789abcdef",
        **known,
    )


def row(found: Event, sequence: int = 1, version: int = 1) -> StoryRow:
    """The row of a delivered event."""
    return StoryRow(found, f"0001.{sequence:08d}", version)


def simple(article: str, sentence: str, **known: Any) -> StoryRow:
    """A row of an article of one sentence; `said`, `figures`, `hedge` and `subject` belong to it."""
    inner = {key: known.pop(key) for key in ("said", "figures", "hedge", "polarity") if key in known}
    outer = {key: known.pop(key) for key in ("subject", "salience", "ended", "retracted") if key in known}
    sequence, version = known.pop("sequence", 1), known.pop("version", 1)
    findings = () if outer.get("ended") or outer.get("retracted") else (finding(sentence, sentence, **inner),)
    return row(event(ref(article, sentence, **known), *findings, **outer), sequence, version)


def contributions(rows: list[StoryRow]) -> list[Contribution]:
    """The contributions of rows."""
    return [contribution(each) for each in rows]


@dataclass(frozen=True, slots=True)
class Golden:
    """A hand-made story: its rows, the texts they were cut from, and the facts its summary must show."""

    rows: list[StoryRow]
    texts: dict[tuple[str, str], dict[str, str]]
    expected: dict[str, Any]


def golden(name: str) -> Golden:
    """The story in `goldens/<name>.toml`. Each `[[article]]` is a revision, with findings per subject."""
    data = tomllib.loads((GOLDENS / f"{name}.toml").read_text("utf-8"))
    rows: list[StoryRow] = []
    texts: dict[tuple[str, str], dict[str, str]] = {}
    for article in data["article"]:
        found = _rows(dict(article))
        rows += found
        source = found[0].event.article
        texts[source.id, source.revision] = {"title": source.title, "text": article.get("text", "")}
    return Golden(rows, texts, data["expected"])


def _rows(article: dict[str, Any]) -> list[StoryRow]:
    text, ended = article.pop("text", ""), article.pop("ended", None)
    sequence, version = article.pop("sequence", 1), article.pop("version", 1)
    salience, findings = article.pop("salience", 0.5), article.pop("findings", [])
    subjects = article.pop("subjects", None) or list(dict.fromkeys(each["subject"] for each in findings))
    source = ref(article.pop("id"), text, **article)
    return [
        row(_event(source, subject, text, findings, salience=salience, ended=ended), sequence, version)
        for subject in subjects
    ]


def _event(
    source: ArticleRef, subject: str, text: str, findings: list[dict[str, Any]], **known: Any
) -> Event:
    found = []
    for each in findings:
        if each["subject"] == subject:
            inner = {key: value for key, value in each.items() if key not in ("subject", "sentence", "field")}
            field = each.get("field", "text")
            whole = source.title if field == "title" else text
            found.append(finding(each["sentence"], whole, field, **inner))
    return replace(event(source, *found, subject=subject), **known)
