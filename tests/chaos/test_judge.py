"""The judge of the chaos run tells each kind of fault; a run without one is good."""

from pathlib import Path

import pytest

from agents.brokers.message import Message
from agents.envelope import headers, sequence
from tests.chaos.account import Account
from tests.chaos.judge import Verdict, judge
from tests.whole.command import FILES


def message(topic: str, key: bytes, identity: str, knowledge: int, value: bytes, offset: int = 0) -> Message:
    found = headers("storywire.article.v1", identity, sequence=sequence(1, knowledge))
    return Message(topic, 0, offset, 0, key, found, value)


def published(*further: Message, without: bytes = b"") -> Account:
    """Two articles, one of them in a story of two versions, and what else is given."""
    account = Account()
    known = (
        message("articles", b"one", "id-1", 1, b"first"),
        message("articles", b"two", "id-2", 1, b"second"),
        message("articles", b"two", "id-2", 2, b"second, also in another feed"),
    )
    for one in (*known, *further):
        if one.key != without:
            account.add(one.topic, one)
    for version in (1, 2):
        account.stories.add(message("stories", b"talks", f"s{version}", version, b"summary %d" % version))
    return account


def folds(folder: Path, differing: str = "") -> tuple[Path, Path]:
    for name in ("calm", "storm"):
        (folder / name).mkdir()
        for file in FILES:
            (folder / name / file).write_text(name if file == differing else "same")
    return folder / "calm", folder / "storm"


def verdict(folder: Path, found: Account, differing: str = "", waiting: str = "") -> Verdict:
    return judge({b"one", b"two"}, published(), found, folds(folder, differing), waiting)


def test_an_equal_run_is_good(tmp_path: Path) -> None:
    """Copies are counted as duplicates and are no fault."""
    found = published(message("articles", b"one", "id-1", 1, b"first"))
    assert list(verdict(tmp_path, found).faults()) == []
    assert (found.total, found.duplicates) == (4, 1)


def test_a_lost_message_is_told(tmp_path: Path) -> None:
    """An article without a revision, and each message that is missing, are named."""
    told = verdict(tmp_path, published(without=b"one"))
    assert told.unfed == ["one"]
    assert told.lost == [("articles", b"one", "id-1", sequence(1, 1))]


def test_an_invented_message_is_told(tmp_path: Path) -> None:
    """A copy under another id, or of other knowledge, is none of the undisturbed run's messages."""
    further = (
        message("articles", b"one", "id-9", 1, b"first"),
        message("articles", b"one", "id-1", 2, b"first"),
    )
    assert len(verdict(tmp_path, published(*further)).invented) == 2


def test_a_copy_that_disagrees_is_told(tmp_path: Path) -> None:
    """Each copy counts: one other value among many equal ones is a fault."""
    equal, other = (message("articles", b"one", "id-1", 1, value) for value in (b"first", b"other"))
    told = verdict(tmp_path, published(equal, other, equal))
    assert told.disagree == [("articles", b"one", "id-1", sequence(1, 1))]


def test_a_story_that_goes_back_is_told(tmp_path: Path) -> None:
    """A sequence lower than the one before it, and a last summary that is another, are faults."""
    found = published()
    found.stories.add(message("stories", b"talks", "s1", 1, b"summary 1", offset=7))
    assert verdict(tmp_path, found).stories == [
        "talks: its last summary is another",
        f"the sequence goes back: talks at offset 7: {sequence(1, 1)}",
    ]


@pytest.mark.parametrize("fault", ["fold", "waiting", "dead", "unreadable"])
def test_every_other_fault_is_told(tmp_path: Path, fault: str) -> None:
    """A fold that differs, what was never drained, dead letters and foreign messages are no good run."""
    found = published()
    found.dead += ["article: undecodable: no entry"] * (fault == "dead")
    found.unreadable = int(fault == "unreadable")
    differing = "events.jsonl" if fault == "fold" else ""
    told = verdict(tmp_path, found, differing, "not drained" if fault == "waiting" else "")
    assert len(list(told.faults())) == 1
    assert not told.good
