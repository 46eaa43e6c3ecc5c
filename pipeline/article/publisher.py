"""Publisher: what is known of an outlet or agency, and the index that finds it by host or by name."""

import re
import tomllib
from collections.abc import Iterable
from functools import lru_cache
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pipeline.faults import faults, like
from pipeline.urls import UrlRules, host_of, parents

Name = Annotated[str, Field(min_length=1, max_length=200)]
Host = Annotated[str, like(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?", "a host, as in news.paper.example")]
Slug = Annotated[str, like(r"[a-z0-9][a-z0-9-]*", "small letters, digits and hyphens")]
Wrapper = Annotated[str, like(r"https?://[a-z0-9.-]+/\S*", "the beginning of a web address")]


class PublisherError(ValueError):
    """A publishers file that cannot be used; the message names the entry, the key and what is wrong."""


class Publisher(BaseModel):
    """One outlet or agency, as configured.

    `family` groups outlets of one house, whose copies of a story are one voice. `hosts` cover their
    subdomains. `aliases` are other names under which feeds name it and texts credit it, in the
    letters used ("AFP", "رويترز"); `title_suffixes` are endings of its titles that are no name of
    it ("Middle East"). `drop_params` are query parameters of its own that select nothing.
    `wrappers` are address beginnings before which another address is wrapped, `*` for one path
    segment. `aggregator`: its links hide what they lead to.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Slug
    name: Name
    family: Slug | None = None
    hosts: tuple[Host, ...] = ()
    aliases: tuple[Name, ...] = ()
    title_suffixes: tuple[Name, ...] = ()
    drop_params: tuple[Name, ...] = ()
    wrappers: tuple[Wrapper, ...] = ()
    aggregator: bool = False

    @property
    def house(self) -> str:
        """The family, which of a house with one outlet is its own id."""
        return self.family or self.id

    @property
    def endings(self) -> tuple[str, ...]:
        """Everything that stands after a dash at the end of this publisher's titles."""
        return (self.name, *self.aliases, *self.title_suffixes)


class Publishers:
    """The configured publishers, found by host (subdomains included), name or alias. Immutable."""

    def __init__(self, publishers: Iterable[Publisher] = ()) -> None:
        """Raises PublisherError when two publishers claim one id, host, name or alias."""
        self.all = tuple(publishers)
        self._by_id: dict[str, Publisher] = {}
        self._by_host: dict[str, Publisher] = {}
        self._by_name: dict[str, Publisher] = {}
        self._by_credit: dict[str, Publisher] = {}
        for publisher in self.all:
            _claim(self._by_id, publisher.id, publisher, "id")
            for host in publisher.hosts:
                _claim(self._by_host, host, publisher, "host")
            for name in (publisher.name, *publisher.aliases, publisher.id):
                _claim(self._by_name, folded(name), publisher, "name or alias")
            for name in (publisher.name, *publisher.aliases):
                self._by_credit[name] = publisher
        self.url_rules = _url_rules(self.all)

    def by_host(self, host: str) -> Publisher | None:
        """The publisher of a host or of the nearest parent domain of it."""
        return next((self._by_host[domain] for domain in parents(host) if domain in self._by_host), None)

    def by_url(self, canonical_url: str) -> Publisher | None:
        """The publisher whose site a canonical URL stands on."""
        return self.by_host(host_of(canonical_url))

    def by_name(self, name: str) -> Publisher | None:
        """The publisher with this name, alias or id, whatever the case and punctuation."""
        return self._by_name.get(folded(name))

    def credited(self, name: str) -> Publisher | None:
        """The publisher that a text credits by exactly these letters ("AP" is one, "ap" is none)."""
        return self._by_credit.get(name)

    def family(self, name: str | None, canonical_url: str | None) -> str | None:
        """The house a publisher belongs to: the configured one of its name or of its site; of one that
        nobody configured the domain of its link, else its name. None for nobody."""
        site = self.by_url(canonical_url) if canonical_url else None
        known = self.by_name(name) if name else None
        if known is None and site is not None and not site.aggregator:
            known = site
        if known is not None:
            return known.house
        if canonical_url and site is None:
            return _domain(host_of(canonical_url))
        return folded(name).replace(" ", "-") or None if name else None


def _domain(host: str) -> str:
    """The domain that somebody registered, nearly: the last two labels, three below a country's
    general second level ("news.example.co.uk" -> "example.co.uk")."""
    labels = host.split(".")
    second_level = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SECOND_LEVELS
    return ".".join(labels[-3:] if second_level else labels[-2:])


@lru_cache(maxsize=4096)
def folded(name: str) -> str:
    """A name as compared: case folded, runs of anything but letters and digits as one blank."""
    return " ".join(_NO_WORD.sub(" ", name.casefold()).split())


_SECOND_LEVELS = frozenset(("ac", "co", "com", "edu", "go", "gov", "mil", "ne", "net", "or", "org"))
_NO_WORD = re.compile(r"[\W_]+")


def parse_publishers(toml: str, source: str = "publishers.toml") -> Publishers:
    """The index of a publishers file: a TOML document of `[[publisher]]` tables.

    Raises PublisherError with a line for each fault: `source`, the entry by position and id, the key and
    the trouble.
    """
    try:
        document = tomllib.loads(toml)
    except tomllib.TOMLDecodeError as error:
        raise PublisherError(f"{source}: {error}") from None
    unknown = sorted(document.keys() - {"publisher"})
    if unknown:
        raise PublisherError(f"{source}: unknown key {unknown[0]!r}; publishers are [[publisher]] tables")
    rows = document.get("publisher", [])
    if not isinstance(rows, list):
        raise PublisherError(f"{source}: 'publisher' has to be written [[publisher]]")
    try:
        return Publishers(_publishers(rows))
    except PublisherError as error:
        raise PublisherError("\n".join(f"{source}: {line}" for line in str(error).splitlines())) from None


def _publishers(rows: list[object]) -> list[Publisher]:
    """The entries; raises PublisherError with a line for each fault of all of them."""
    read: list[Publisher] = []
    wrong: list[str] = []
    for number, row in enumerate(rows, 1):
        try:
            read.append(Publisher.model_validate(row))
        except ValidationError as error:
            who = row.get("id", "without id") if isinstance(row, dict) else row
            wrong += [
                f"entry {number} ({who}): {one}" for one in faults(error, lambda _: Publisher.model_fields)
            ]
    if wrong:
        raise PublisherError("\n".join(wrong))
    return read


def _claim(index: dict[str, Publisher], key: str, publisher: Publisher, kind: str) -> None:
    holder = index.setdefault(key, publisher)
    if holder is not publisher:
        raise PublisherError(f"{kind} {key!r} is claimed by both {holder.id} and {publisher.id}")


def _url_rules(publishers: Iterable[Publisher]) -> UrlRules:
    drop: dict[str, frozenset[str]] = {}
    wrappers: dict[str, tuple[re.Pattern[str], ...]] = {}
    for publisher in publishers:
        names = frozenset(name.lower() for name in publisher.drop_params)
        drop |= dict.fromkeys(publisher.hosts, names) if names else {}
        for wrapper in publisher.wrappers:
            host = host_of(wrapper)
            wrappers[host] = (*wrappers.get(host, ()), _wrapper_pattern(wrapper))
    return UrlRules(drop, wrappers)


def _wrapper_pattern(wrapper: str) -> re.Pattern[str]:
    rest = wrapper.partition("://")[2]
    return re.compile(
        "https?://" + re.escape(rest).replace(r"\*", "[^/]+") + "(?=https?(?::|%3a))", re.IGNORECASE
    )
