"""What `storywire topics check` says: a table and sentences for people, lines of JSON for programs."""

from collections.abc import Iterator, Sequence

import orjson

from agents.brokers.topic import TopicConfig, duration
from agents.cli.citation_text import hanging
from agents.cli.columns import columns
from agents.cli.width import width
from agents.inventory import Stock, is_public
from agents.topics import is_ours, prefixes_below

HEAD = ("topic", "partitions", "cleanup", "retention", "copies", "public")


def table(stocks: Sequence[Stock], prefix: str) -> Iterator[str]:
    """A row for each topic, then a sentence for each that is not as it should be.

    The topics of an installation whose prefix begins with ours are one sentence together.
    """
    others = prefixes_below(prefix, [stock.name for stock in stocks])
    shown = [stock for stock in stocks if not _of(others, stock, prefix)]
    yield from columns([HEAD, *(_row(stock, prefix) for stock in shown)])
    yield ""
    if prefix:
        yield f"All names begin with {prefix}"
    for stock in shown:
        for problem in stock.problems:
            yield from hanging("! ", f"{stock.name} {problem}", width())
        if stock.wanted is None:
            yield from hanging("? ", f"{stock.name} is not of this configuration", width())
    for other in others:
        count = sum(_of([other], stock, prefix) for stock in stocks)
        said = f"{count} topics that begin with {other} are another installation's"
        yield from hanging("? ", said, width())
    yield from _counted(shown)


def _of(prefixes: Sequence[str], stock: Stock, ours: str) -> bool:
    """Whether the topic is of an installation with one of these prefixes, below ours."""
    return stock.wanted is None and stock.name.startswith(tuple(prefixes)) and not is_ours(ours, stock.name)


def _counted(stocks: Sequence[Stock]) -> Iterator[str]:
    amiss = sum(bool(stock.problems) for stock in stocks)
    counted = sum(stock.wanted is not None for stock in stocks)
    yield f"{amiss} of {counted} topics are not as wanted" if amiss else f"{counted} topics are as wanted"
    if amiss:
        yield from hanging("", "`storywire topics create` makes what is missing; with --change it changes "
                           "what a log keeps", width())  # fmt: skip


def _row(stock: Stock, prefix: str) -> tuple[str, ...]:
    name, public = stock.name.removeprefix(prefix), "yes" if is_public(stock.name, prefix) else "no"
    if stock.config is None:
        return (name, "-", "missing", "-", "-", public)
    retention = _retention(stock.config)
    copies = str(stock.config.replication or "-")
    return (name, str(stock.partitions), stock.config.cleanup, retention, copies, public)


def _retention(config: TopicConfig) -> str:
    if config.cleanup == "compact":
        return "-"
    return "all" if config.retention is None else duration(config.retention)


def as_json(stocks: Sequence[Stock], prefix: str) -> Iterator[str]:
    """Every topic that begins with the prefix, those of other installations too."""
    for stock in stocks:
        found = stock.partitions and stock.config and _described(stock.partitions, stock.config)
        line = {
            "topic": stock.name,
            "public": is_public(stock.name, prefix),
            "found": found or None,
            "wanted": stock.wanted and _described(stock.wanted.partitions, stock.wanted.config),
            "problems": stock.problems,
        }
        yield orjson.dumps(line).decode()


def _described(partitions: int, config: TopicConfig) -> dict[str, object]:
    return {
        "partitions": partitions,
        "cleanup": config.cleanup,
        "retention": config.retention,
        "replication": config.replication or None,
    }
