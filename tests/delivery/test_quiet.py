"""What a worker on a cluster does not say."""

import logging

import pytest

from tests.delivery.app import add_stage
from tests.delivery.conftest import Place, running


async def test_an_idle_worker_is_no_error(kafka_place: Place, caplog: pytest.LogCaptureFixture) -> None:
    """After hours without a message nothing is complained of: changelogs are not fetched by the group."""
    app = kafka_place.create_app(2)
    add_stage(app)
    async with running(app):
        app.consumer._thread.time_started -= 7_200
        assert app.consumer.assignment()
        caplog.clear()  # a cluster that has never had a group has no coordinator for the first moments
        await app.consumer.verify_all_partitions_active()
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []
