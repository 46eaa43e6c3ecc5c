"""Where the time goes: `python -m tests.bench.steps PATH FOLDER` replays PATH and prints CPU time by step.

The very path of `storywire replay`, in this process, with counters around its steps. Prints JSON:
nanoseconds and calls by step, and the CPU time of the whole process, start included.
"""

import asyncio
import resource
import sys
from pathlib import Path

import orjson

import agents.article
import agents.follow
import agents.prepare
import agents.replay.entries
import agents.replay.replay
import agents.replay.send
import pipeline.publication
from agents.article import ArticleStage
from agents.brokers.broker import open_broker
from agents.brokers.log import Log
from agents.brokers.sqlite import Transport
from agents.brokers.statefile import StateFile
from agents.brokers.strict import StrictConsumer
from agents.brokers.writer import Writer
from agents.drain import Backlog
from agents.follow import FollowStage
from agents.outbox import Outbox
from agents.replay.replay import replay_all
from agents.replay.spool import Spool
from agents.rows import Rows
from config.load import ConfigProblems, load_rules
from config.settings import load_settings
from pipeline.mention.detect import Detector
from tests.bench.counters import Counters

START = "start: imports, rules, the log"
APPEND = "append to entries"
WRITER = "append outputs and changelogs (writer)"
REST = "Faust's streams, event loop, the rest"
TABLE = "table row and changelog"
SPOOL = "spool: write, sort, read back"


def main(path: Path, folder: Path) -> None:
    """Replay with counters and print what they say."""
    settings = load_settings(
        {}, {"broker": f"sqlite:///{folder.absolute()}/log.db", "state_dir": folder / "state"}, folder
    )
    rules = load_rules(settings.config_dir)
    assert not isinstance(rules, ConfigProblems), rules
    counters = Counters()
    install(counters)

    async def replayed() -> None:
        broker = open_broker(settings.broker)
        counters.spent[START] = cpu()
        try:
            await replay_all(settings, rules, broker, [path], Silent())
        finally:
            await broker.close()

    asyncio.run(replayed())
    counters.spent[REST] = cpu() - counters.spent.total()
    sys.stdout.buffer.write(orjson.dumps({"spent": counters.spent, "calls": counters.calls}))


def cpu() -> int:
    """Nanoseconds of CPU that this process has taken, all threads."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return round((used.ru_utime + used.ru_stime) * 1e9)


def install(counters: Counters) -> None:
    """Put counters around every step that a replay takes, in the order of the flow."""
    _sending(counters)
    _consuming(counters)
    _publishing(counters)
    counters.count("follow: rows, messages", FollowStage, "__call__")
    counters.count("follow: contribution", agents.follow, "contribution")
    counters.count("follow: derive the summary", agents.follow, "summarise", "changes")


def _sending(counters: Counters) -> None:
    counters.count("read and parse", agents.replay.send, "read")
    counters.count("read and parse", agents.replay.entries, "parse_feed")
    counters.count("compare with the feed's last", agents.replay.entries, "compare")
    counters.count("identity", agents.prepare, "article_id")
    counters.count("encode entry", agents.prepare, "encode")
    counters.count(SPOOL, Spool, "add", "ordered")
    counters.count(APPEND, Log, "publish")
    counters.count(WRITER, Writer, "_transaction")
    counters.then(agents.replay.replay, "send", lambda: counters.rename(WRITER, APPEND))


def _consuming(counters: Counters) -> None:
    counters.count("consume: fetch from the log", Transport.Consumer, "fetch", "_to_message")
    counters.count("consume: hand to streams", StrictConsumer, "_deliver")
    counters.count("commit", StrictConsumer, "_commit_offsets")
    counters.count(lambda kind, _: f"decode {kind.__name__}", agents.article, "decode")
    counters.count("table read", Rows, "read")
    counters.count("observe", agents.article, "observe")
    counters.count("row add", agents.article, "add")


def _publishing(counters: Counters) -> None:
    counters.count("publications: compare, ids", agents.article, "publications")
    counters.count("publications: revise", pipeline.publication, "revise")
    counters.count("publications: detect", Detector, "detect")
    counters.count("publications: events", pipeline.publication, "events")
    counters.count("publications: encode", pipeline.publication, "encode")
    counters.count("append outputs (loop)", ArticleStage, "_sending")
    counters.count("append outputs (loop)", Outbox, "confirm")
    counters.count("encode row", agents.article, "encode")
    counters.count(TABLE, Rows, "write")
    counters.count(TABLE, StateFile, "write")
    counters.count("article stage, the rest of it", ArticleStage, "__call__")


class Silent:
    """Hears of a replay's progress and says nothing."""

    def reading(self, items: int) -> None:
        """So many items of the files have been read."""

    def sending(self, sent: int, total: int) -> None:
        """So many of all items have been sent."""

    def draining(self, backlog: Backlog) -> None:
        """So many messages are still to be worked on."""


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
