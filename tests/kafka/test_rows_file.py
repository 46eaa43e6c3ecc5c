"""The file of a worker's rows belongs to the topics that they were derived from."""

from pathlib import Path

from aiokafka.admin import AIOKafkaAdminClient

from agents.brokers.access import Access
from agents.brokers.kafka.broker import KafkaBroker
from agents.generations import ensure, group
from agents.topics import GENERATIONS
from agents.worker import tables_file
from config.settings import Settings
from tests.polling.house import rules


async def test_topics_made_anew_have_rows_of_their_own(kafka: str, kafka_prefix: str, tmp_path: Path) -> None:
    """The same log has the same file at each start; deleted and made anew in the same cluster, another one,
    and the one before is removed: its offsets would be taken for those of the new changelogs."""
    broker = KafkaBroker(tuple(kafka.split(",")), Access(), kafka_prefix)
    settings = Settings(broker=f"kafka://{kafka}", topic_prefix=kafka_prefix, state_dir=tmp_path)
    name = group(kafka_prefix, await ensure(broker, kafka_prefix, rules()))
    before = await tables_file(settings, broker, name)
    before.write_bytes(b"rows")
    assert await tables_file(settings, broker, name) == before
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka)
    await admin.start()
    await admin.delete_topics([kafka_prefix + GENERATIONS.name])
    await admin.close()
    assert group(kafka_prefix, await ensure(broker, kafka_prefix, rules())) == name
    after = await tables_file(settings, broker, name)
    assert (after != before, before.exists()) == (True, False)
    await broker.close()
