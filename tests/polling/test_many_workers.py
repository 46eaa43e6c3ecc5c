"""Three workers on a real cluster that come and go: each feed is asked by one at a time, at its pace."""

from pathlib import Path

from tests.polling.crowd.crowd import Course, course


async def test_workers_come_and_go_and_no_feed_notices(kafka: str, kafka_prefix: str, tmp_path: Path) -> None:
    """SIGTERM, kill -9 and pauses beyond the session at drawn moments: no feed of 300 is asked by two at a
    time, or twice within its pace, or forgotten, and every entry that was served is sent."""
    verdict = await course(f"kafka://{kafka}", tmp_path, kafka_prefix, Course())
    assert not verdict.wrong, verdict.text() + "\n" + (tmp_path / "workers.log").read_text()[-3000:]
    assert verdict.workers >= 3
    assert verdict.entries > 1_000
