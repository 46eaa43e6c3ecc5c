"""When a worker is stuck, as a table of what was seen in which order."""

from dataclasses import replace

import pytest

from agents.watch.seen import Done, Phase, Seen
from tests.watch.looks import BLIND, ENTRIES, Judged, reach, running

HANGS = running(reach(10, 50))
SPARE = running(reach(10, 50), reach(10, 50), held=frozenset())


def busy(number: int, committed: int = 10, messages: int = 0) -> Seen:
    """The stage has finished `number` parts."""
    return running(reach(committed, 500), done=Done(number, messages))


def ends(words: str, looks: Judged) -> None:
    """Stuck only at the end, with these words."""
    assert [verdict.stuck for verdict in looks.verdicts[:-1]] == [""] * (len(looks.verdicts) - 1)
    assert words in looks.verdicts[-1].stuck


STUCK = [
    pytest.param(125, HANGS, "40 messages wait on entries/0 from offset 10", id="nothing moves"),
    pytest.param(125, running(reach(None, 3)), "3 messages wait on entries/0", id="never committed"),
    pytest.param(
        125, running(reach(10, 10), reach(7, 9)), "2 messages wait on entries/1", id="one partition of two"
    ),
    pytest.param(
        125,
        [busy(number, messages=491 * number) for number in range(1, 40)],
        "no progress",
        id="processed, never committed (faust#596)",
    ),
    pytest.param(
        125,
        [running(reach(number, number, own=5)) for number in range(6, 60)],
        "takes entries/0 for its own",
        id="another commits what it holds: the coordinator forgot it (faust#523)",
    ),
    pytest.param(125, Seen(Phase.STARTING, reach={}), "starting for 120 s", id="no partition ever came"),
    pytest.param(
        125, Seen(Phase.REBALANCING, reach={}), "rebalancing for 120 s", id="a rebalance without end"
    ),
    pytest.param(125, Seen(Phase.STOPPING, reach={}), "stopping for 120 s", id="a stop without end"),
    pytest.param(
        125,
        Seen(Phase.RECOVERING, reach={}, remaining=7),
        "recovering for 120 s without progress (7 records to go)",
        id="a recovery without end",
    ),
    pytest.param(
        125,
        [Seen((Phase.REBALANCING, Phase.RECOVERING)[n % 2], reach={}) for n in range(60)],
        "without progress",
        id="rebalance after rebalance",
    ),
    pytest.param(
        245, SPARE, "80 messages waited and nobody read for 240 s", id="a spare worker, and nobody reads"
    ),
]

WELL = [
    pytest.param(running(reach(10, 10)), id="idle"),
    pytest.param([running(reach(n, 500)) for n in range(800)], id="behind, and moving"),
    pytest.param(running(reach(10, 12, oldest=None)), id="offsets without a message at the end"),
    pytest.param([busy(number) for number in range(800)], id="one long batch, part after part"),
    pytest.param(
        [running(reach(10, 10)), *(busy(number) for number in range(800))], id="a long batch after a pause"
    ),
    pytest.param(
        [busy(number, messages=number // 20) for number in range(800)], id="a slow stage with a long queue"
    ),
    pytest.param(BLIND, id="the broker is away"),
    pytest.param([HANGS, *[BLIND] * 800], id="the broker went away while messages waited"),
    pytest.param(replace(BLIND, phase=Phase.REBALANCING), id="rebalancing while the broker is away"),
    pytest.param(
        [Seen(Phase.REBALANCING, reach={}, remaining=9_000 - n) for n in range(800)], id="a long recovery"
    ),
    pytest.param(running(reach(10, 10), held=frozenset()), id="a spare worker, nothing to do"),
    pytest.param(
        [running(reach(n, 900), held=frozenset()) for n in range(800)], id="a spare worker, others work"
    ),
    pytest.param(
        [running(reach(number, 500, own=number - number % 2)) for number in range(800)],
        id="its own word comes a moment later",
    ),
    pytest.param(running(reach(None, 500, oldest=None, own=0)), id="all dropped by retention"),
]


@pytest.mark.parametrize(("seconds", "looks", "words"), STUCK)
def test_stuck(seconds: float, looks: Seen | list[Seen], words: str) -> None:
    """After the limit, and not before, the verdict names what gets nowhere."""
    judged = Judged()
    judged.over(seconds, looks)
    ends(words, judged)


@pytest.mark.parametrize("looks", WELL)
def test_well(looks: Seen | list[Seen]) -> None:
    """It is left alone for an hour."""
    judged = Judged()
    judged.over(3_600, looks)
    assert [verdict.stuck for verdict in judged.verdicts if verdict.stuck] == []


def test_time_in_which_nothing_is_known_does_not_count() -> None:
    """An outage in between only puts off the verdict by its length."""
    judged = Judged()
    judged.over(60, HANGS)
    judged.over(600, BLIND)
    assert judged.over(65, HANGS) == ""
    judged.over(5, HANGS)
    ends("for 120 s", judged)


def test_a_process_that_slept_did_not_stand_still() -> None:
    """A step of an hour between two looks counts as the longest step that looks can take."""
    judged = Judged()
    assert judged.over(10 * 3_600 / 2, HANGS, every=3_600) == ""
    judged.over(3_600, HANGS, every=3_600)
    ends("for 125 s", judged)


def test_a_commit_begins_anew() -> None:
    """Each offset has the whole limit for itself."""
    judged = Judged()
    for committed in range(10, 20):
        assert judged.over(115, running(reach(committed, 50))) == ""
    assert judged.verdicts[-1].stood == 110


def test_a_stage_that_stops_in_the_midst_of_a_long_batch_is_stuck() -> None:
    """The excuse ends with the last finished part."""
    judged = Judged()
    judged.over(600, [busy(number) for number in range(120)])
    assert judged.over(115, busy(119)) == ""
    judged.over(5, busy(119))
    ends("no progress", judged)


def test_partitions_that_come_back_begin_anew() -> None:
    """What stood before a rebalance is not held against the worker after it."""
    judged = Judged()
    judged.over(115, HANGS)
    judged.over(30, Seen(Phase.REBALANCING, reach={}))
    assert judged.over(120, HANGS) == ""
    assert judged.verdicts[-1].memory.standing[ENTRIES].stood == 115
