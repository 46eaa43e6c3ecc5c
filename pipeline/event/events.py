"""Events: from the revisions of an article to what is published about each subject in it."""

from collections.abc import Iterable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol

from pipeline.article.article import Article
from pipeline.article.dateline import dateline_end
from pipeline.article.publisher import Publishers
from pipeline.codec import encode
from pipeline.event.context import Context
from pipeline.event.days.days import dateline_day
from pipeline.event.event import ArticleRef, Ended, Event, Finding
from pipeline.event.lexicon import Lexicon, lexicons, listed
from pipeline.event.original import Original
from pipeline.event.salience import salience
from pipeline.event.world.actor import Actor
from pipeline.event.world.gazetteer import Gazetteer, Named
from pipeline.event.world.scope import Anchors, StoryScope, belongs
from pipeline.mention.bare import bare
from pipeline.mention.detect import Detector
from pipeline.mention.mention import Mention, behind_dateline

MOST_MENTIONS = 200
"""Findings of one event; the rest are counted in `mentions_dropped`."""

SURELY_FIT = 20
"""So many findings fit in any case: a sentence, its attributed words and figures stay under 36 kB."""

ROOM = 600_000
"""Bytes of findings in an event: with its article's title and links it stays under a broker's 1 MB."""


class EventRules(Protocol):
    """What events are decided by; `pipeline.rules.Rules` is one."""

    @property
    def detector(self) -> Detector: ...
    @property
    def publishers(self) -> Publishers: ...
    @property
    def gazetteer(self) -> Gazetteer: ...
    @property
    def actors_by_id(self) -> Mapping[str, Actor]: ...
    @property
    def scopes(self) -> Sequence[tuple[StoryScope, Anchors]]: ...
    @property
    def grammar(self) -> Mapping[str, Mapping[str, Lexicon]]: ...
    @property
    def digest(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Content:
    """What detection depends on in a revision. `day` is that of its publication, else of its observation, in
    UTC: what "on Saturday" is read from."""

    title: str
    text: str
    language: str | None
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What a content says: per subject its mentions and findings, and all namings in title and text."""

    mentions: Mapping[str, tuple[Mention, ...]]
    findings: Mapping[str, tuple[Finding, ...]]
    named: tuple[tuple[Named, ...], tuple[Named, ...]]


NOTHING = Found({}, {}, ((), ()))
Memory = MutableMapping[Content, Found]
"""Findings by content, so that a caller who asks for overlapping lists of revisions reads each once."""


def events(
    revisions: Sequence[Article], rules: EventRules, memory: Memory | None = None
) -> tuple[Event, ...]:
    """The events of an article's revisions, given from the oldest on; sorted by revision, then subject.

    A revision that mentions a subject is an event. The first that does not, after one that does, is
    an event without mentions, `ended`. A withdrawn revision mentions nothing. An event keeps the
    stories of the one before it, so that whoever follows a story hears of every later revision.
    """
    memory = {} if memory is None else memory
    result: list[Event] = []
    last: dict[str, Event] = {}
    for article in revisions:
        found = NOTHING if article.withdrawn else _remembered(article, rules, memory)
        for subject in sorted({*found.findings, *last}):
            event = _event(article, subject, found, rules, last.get(subject))
            if event is not None:
                result.append(event)
                last[subject] = event
    return tuple(result)


def _event(
    article: Article, subject: str, found: Found, rules: EventRules, before: Event | None
) -> Event | None:
    """The event of one subject in one revision; None when the subject had left it already."""
    if subject not in found.findings:
        if before is None or before.ended is not None:
            return None
        return Event(
            reference(article), subject, before.stories, (), 0.0, rules.digest, ended=_ended(article)
        )
    mentions, findings = found.mentions[subject], found.findings[subject]
    stories = set(_stories(article, subject, findings, found, rules)) | set(before.stories if before else ())
    return Event(
        reference(article),
        subject,
        tuple(sorted(stories)),
        findings,
        salience(article, mentions),
        rules.digest,
        mentions_dropped=len(mentions) - len(findings),
        read="whole" if listed(rules.grammar, article.language) else "names",
    )


def _ended(article: Article) -> Ended:
    if article.moved_to is not None:
        return "moved"
    return "withdrawn" if article.withdrawn else "edited"


def _stories(
    article: Article, subject: str, findings: Sequence[Finding], found: Found, rules: EventRules
) -> Iterable[str]:
    for scope, anchors in rules.scopes:
        if subject in scope.subjects and belongs(scope, anchors, article, findings, found.named):
            yield scope.id


def _remembered(article: Article, rules: EventRules, memory: Memory) -> Found:
    moment = article.published or article.observed
    content = Content(article.title, article.text, article.language, moment.date() if moment else None)
    found = memory.get(content)
    if found is None:
        found = memory[content] = find(content, rules)
    return found


def find(content: Content, rules: EventRules) -> Found:
    """What a content says of each subject. Without a mention nothing else is looked for."""
    original = Original(bare(content.title), bare(content.text))
    if original.untouched:
        return _found(content, rules)
    found = _found(replace(content, title=original.title.text, text=original.text.text), rules)
    return Found(
        {subject: tuple(map(original.mention, own)) for subject, own in found.mentions.items()},
        {subject: tuple(map(original.finding, own)) for subject, own in found.findings.items()},
        (original.named("title", found.named[0]), original.named("text", found.named[1])),
    )


def _found(content: Content, rules: EventRules) -> Found:
    detected = rules.detector.detect(content.title, content.text, content.language)
    if not detected:
        return NOTHING
    body = dateline_end(content.text, rules.publishers)
    mentions: dict[str, list[Mention]] = {}
    for mention in detected:
        mentions.setdefault(mention.subject, []).append(behind_dateline(mention, body))
    named = rules.gazetteer.find(content.title, content.text)
    words = lexicons(rules.grammar, content.language)
    day = content.day and dateline_day(content.text[:body], words["dates"], content.day)
    context = Context(
        content.title, content.text, content.language, named, rules.actors_by_id, body, words, day
    )
    findings = {subject: _findings(context, own) for subject, own in mentions.items()}
    return Found({subject: tuple(own) for subject, own in mentions.items()}, findings, named)


def _findings(context: Context, mentions: Sequence[Mention]) -> tuple[Finding, ...]:
    """The findings of the first mentions, as many as an event has room for."""
    findings = tuple(context.finding(mention) for mention in mentions[:MOST_MENTIONS])
    return findings if len(findings) <= SURELY_FIT else _fitting(findings)


def _fitting(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    size = 0
    for count, finding in enumerate(findings):
        size += len(encode(finding)) + 1
        if size > ROOM:
            return findings[:count]
    return findings


def reference(article: Article) -> ArticleRef:
    """What an event carries of its article."""
    return ArticleRef(
        article.id, article.revision, article.origin, article.title, article.url, article.publisher,
        article.family, article.credit, article.language, article.published, article.dated_by,
        article.observed, article.dateline, article.fingerprint, article.text_from,
    )  # fmt: skip
