"""Generations among messages of somebody else's."""

from pathlib import Path

import pytest

from agents.brokers.broker import open_broker
from agents.brokers.errors import Unusable
from agents.brokers.message import Outgoing
from agents.envelope import sequence
from agents.generations import Generation, begin, current
from config.load import load_rules
from config.settings import Settings
from pipeline.rules import Rules


async def test_a_foreign_record_is_named(tmp_path: Path) -> None:
    """Which generation it is nobody can tell then: the record's place is said, and what to do."""
    broker = open_broker(f"sqlite:///{tmp_path}/log.db")
    await broker.declare("t.generations", 1)
    await broker.publish([Outgoing("t.generations", None, b"not ours")])
    with pytest.raises(Unusable, match=r"t\.generations/0/0 is no generation's record"):
        await current(broker, "t.")
    await broker.close()


async def test_versions_of_foreign_messages_are_none(tmp_path: Path) -> None:
    """A rebuild goes on from the versions of our stories, whatever else lies on the topic."""
    rules = load_rules(Settings().config_dir)
    assert isinstance(rules, Rules)
    broker = open_broker(f"sqlite:///{tmp_path}/log.db")
    await broker.declare("t.stories", 1)
    ours = (("ce_sequence", sequence(1, 7).encode()),)
    foreign = [(b"\xff", ours), (b"talks", (("ce_sequence", b"zz"),)), (b"k", ()), (None, ())]
    await broker.publish([Outgoing("t.stories", key, b"", headers) for key, headers in foreign])
    await broker.publish([Outgoing("t.stories", b"talks", b"{}", ours)])
    found = await begin(broker, "t.", rules, None)
    assert (found.number, found.versions) == (Generation().number + 1, {"talks": 7})
    await broker.close()
