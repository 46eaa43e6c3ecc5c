"""Every agent on one screen: stage, input, output, name.

entries       -> article -> articles, events.<subject>, story-events   (table article-rows)
story-events  -> follow  -> stories, story-changes                     (table story-rows)

whatever cannot go on -> dead-letters
"""

from collections.abc import Callable

import faust

from agents.article import ArticleStage
from agents.batches import batches
from agents.follow import FollowStage
from agents.generations import Generation
from agents.outbox import Outbox
from agents.rows import Rows
from agents.topics import ARTICLE_ROWS, ENTRIES, STORY_EVENTS, STORY_ROWS
from agents.watch.metrics import WorkerMetrics
from config.settings import Settings
from pipeline.rules import Rules


def wire(
    app: faust.App,
    settings: Settings,
    rules: Rules,
    generation: Generation,
    die: Callable[[str, int], None],
    silent: bool,
    metrics: WorkerMetrics,
) -> None:
    """Put the two stages on `app`. `die` ends the process: it gets a message and an exit code.

    `silent`: summaries are published, and no changes (see FollowStage).
    """
    prefix = settings.topic_prefix
    outbox = Outbox(app, prefix, settings.event_timeout, metrics)
    article = ArticleStage(rules, generation.number, _rows(app, ARTICLE_ROWS, settings), outbox)
    rows = _rows(app, STORY_ROWS, settings)
    follow = FollowStage(rules.stories, generation.number, generation.versions, rows, outbox, silent)
    for name, stage, source, within in (
        ("article", article, ENTRIES, settings.batch_within),
        ("follow", follow, STORY_EVENTS, settings.story_within),
    ):
        topic = app.topic(
            prefix + source.name, partitions=settings.partitions, key_type=bytes, value_type=bytes
        )
        work = metrics.work(name, source.name)
        app.agent(topic, name=name)(batches(stage, within, settings, die, work))
    app.on_partitions_revoked.connect(lambda *_args, **_kwargs: follow.forget(), weak=False)


def _rows(app: faust.App, name: str, settings: Settings) -> Rows:
    return Rows(app.Table(name, partitions=settings.partitions, key_type=bytes, value_type=bytes))
