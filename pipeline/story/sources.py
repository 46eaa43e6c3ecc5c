"""Sources: how many outlets tell the story, and how many independent origins they rest on."""

from collections import Counter
from collections.abc import Mapping

from pipeline.story.limits import Limits
from pipeline.story.origins import seniority
from pipeline.story.provenance import Provenance
from pipeline.story.story import Story
from pipeline.story.summary import Outlet, Source, Sources

NAMED_OUTLETS = 12
"""Outlets listed under one origin; `by_outlet` holds the others."""


def sources(story: Story, limits: Limits) -> Sources:
    """Outlets and origins, those with most articles first, of equal ones by name."""
    by_origin: dict[str, list[Provenance]] = {}
    by_outlet: dict[str, list[Provenance]] = {}
    for source in story.articles:
        by_origin.setdefault(story.traced[source.article].origin, []).append(source)
        by_outlet.setdefault(source.outlet, []).append(source)
    origins = _most_first(by_origin)[: limits.origins]
    outlets = _most_first(by_outlet)[: limits.outlets]
    return Sources(
        outlets=len(by_outlet),
        origins=len(by_origin),
        by_origin=tuple(_origin(story.names[key], by_origin[key]) for key in origins),
        by_outlet=tuple(_outlet(by_outlet[key]) for key in outlets),
    )


def _most_first(groups: Mapping[str, list[Provenance]]) -> list[str]:
    return sorted(groups, key=lambda key: (-len(groups[key]), key))


def _origin(name: str, members: list[Provenance]) -> Source:
    outlets = Counter(source.publisher for source in members if source.publisher)
    return Source(
        name=name,
        articles=len(members),
        outlets=tuple(sorted(outlets, key=lambda outlet: (-outlets[outlet], outlet))[:NAMED_OUTLETS]),
        original=min(members, key=seniority).article,
    )


def _outlet(members: list[Provenance]) -> Outlet:
    publishers = Counter(source.publisher for source in members if source.publisher)
    families = Counter(source.family for source in members if source.family)
    return Outlet(_commonest(publishers), _commonest(families), len(members))


def _commonest(names: Counter[str]) -> str | None:
    return min(names, key=lambda name: (-names[name], name), default=None)
