"""The weather is a plan that its seed makes, and leaves brokers time to stand up; articles are as given."""

from itertools import pairwise

import pytest

from config.load import ConfigProblems, load_rules
from config.settings import Settings
from pipeline.codec import decode
from pipeline.feed.entry import Entry
from tests.chaos.articles import observations
from tests.chaos.feeder import BATCH, batches
from tests.chaos.weather import BROKERS, CATCH_UP, ON_BROKERS, ON_WORKERS, SHORT, Blow, plan


def on_brokers(seed: int) -> list[Blow]:
    return [blow for blow in plan(seed, 600, 800) if blow.kind in ON_BROKERS]


def test_the_same_seed_makes_the_same_weather() -> None:
    """A plan depends on its arguments alone, is in order, and in ten minutes holds every kind of blow."""
    blows = plan(1, 600, 800)
    assert blows == plan(1, 600, 800) != plan(2, 600, 800)
    assert [blow.at for blow in blows] == sorted(blow.at for blow in blows)
    assert {blow.kind for blow in blows} == {*ON_WORKERS, *ON_BROKERS}
    assert len(blows) > 30


@pytest.mark.parametrize("seed", range(20))
def test_two_brokers_are_down_for_seconds_only(seed: int) -> None:
    """Two are down together for at most SHORT seconds, three never; then the copies have time to catch up."""
    blows = on_brokers(seed)
    assert {blow.who for blow in blows} == set(range(1, BROKERS + 1))
    for first, then in pairwise(blows):
        together = first.at + first.back - then.at
        assert together < -CATCH_UP + 1e-6 or (then.at == first.at + 1 and then.back <= SHORT)
        assert first.who != then.who or together < 0


def test_the_embedded_log_knows_only_kill_9() -> None:
    """Without brokers its one worker is killed, and nothing else falls."""
    assert {(blow.kind, blow.who) for blow in plan(1, 600, 800, workers=1, brokers=0)} == {
        ("worker kill -9", 1)
    }


def test_articles_come_in_one_order() -> None:
    """The same arguments give the same observations; no batch holds two of one article."""
    rules = load_rules(Settings().config_dir)
    assert not isinstance(rules, ConfigProblems)
    found = list(observations(1_000, 3, rules.publishers))
    assert found == list(observations(1_000, 3, rules.publishers))
    assert [one.behind for one in found] == sorted(one.behind for one in found)
    assert len({one.entry.key for one in found}) == 1_000
    fed = list(batches(found))
    assert [one for batch in fed for one in batch] == found
    for batch in fed:
        assert len({one.entry.key for one in batch}) == len(batch) <= BATCH


def test_articles_hold_all_that_makes_a_row_grow() -> None:
    """Second and fuller feeds, revisions, withdrawals, late observations and fiction are among them."""
    rules = load_rules(Settings().config_dir)
    assert not isinstance(rules, ConfigProblems)
    entries = [decode(Entry, one.entry.data) for one in observations(1_000, 3, rules.publishers)]
    feeds = {entry.feed.rpartition("/")[2] for entry in entries}
    assert feeds == {"rss", "all", "full"}
    assert {entry.origin for entry in entries} == {"feed", "seed"}
    assert any(entry.withdrawn for entry in entries)
    assert any(entry.observed and entry.published and entry.observed < entry.published for entry in entries)
