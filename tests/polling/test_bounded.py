"""Polling for months does not make the log grow: what polls leave is superseded or expires."""

from pathlib import Path

from agents.brokers.log import Log
from agents.topics import FEED_ASKED, FEED_LISTINGS, FEED_POLLS, FEED_STATES, topic_config
from tests.brokers.dated import START, append, folded, kept, size

DAY = 86_400.0
FEEDS = 20


async def test_ninety_days_of_polls_fill_no_more_than_two_weeks(tmp_path: Path) -> None:
    """Every poll leaves a record and three rows, as large as real ones; the file is tidied meanwhile."""
    log = Log(tmp_path / "log.db")
    for spec in (FEED_POLLS, FEED_STATES, FEED_LISTINGS, FEED_ASKED):
        await log.declare(spec.name, 1, topic_config(spec, spec.name, {}, 0))
    sizes, sent = [], 0
    for day in range(90):
        now = START + day * DAY
        for spec, bytes_ in (
            (FEED_POLLS, 3_000),
            (FEED_STATES, 900),
            (FEED_LISTINGS, 2_000),
            (FEED_ASKED, 30),
        ):
            rows = [(b"https://feed-%d.example/rss" % n, b"%d" % day + bytes(bytes_)) for n in range(FEEDS)]
            sent += len(rows)
            await append(log, spec.name, now, *rows)
        await log.tidy(now + 120)
        sizes.append(size(tmp_path / "log.db"))
    left = {spec.name: await kept(log, spec.name) for spec in (FEED_POLLS, FEED_STATES, FEED_LISTINGS)}
    assert len(left[FEED_POLLS.name]) == 7 * FEEDS
    assert len(left[FEED_STATES.name]) == len(folded(left[FEED_STATES.name])) == FEEDS
    assert all(value.startswith(b"89") for value in folded(left[FEED_LISTINGS.name]).values())
    assert max(sizes) <= 1.3 * sizes[13]
    assert (await log.appended()) == sent
    await log.close()
