"""`make week` runs, judges, and tells what was not kept."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

from tests.polling.judge import Verdict
from tests.polling.week import ROOT, faults

KEPT = Verdict(
    polls=10,
    cut_short=0,
    polls_per_feed_day=5.0,
    share_304=0.5,
    entries=30,
    mean_delay=60.0,
    median_delay=30.0,
    missing=(),
    invented=(),
    losses=1,
    unnoted=(),
    false_notes=(),
    too_soon=(),
    host_too_soon=(),
)


def test_a_short_week(tmp_path: Path) -> None:
    """A few feeds through some hours: the table by rates stands there, and all was kept."""
    command = [sys.executable, "-m", "tests.polling.week", "--feeds", "8", "--days", "0.1"]
    week = subprocess.run(
        [*command, "--folder", str(tmp_path / "made")], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert week.returncode == 0, week.stdout + week.stderr
    assert week.stdout.startswith("8 feeds through 0.1 simulated days")
    assert week.stdout.endswith("Everything that stood in a feed was sent, and every loss was told.\n")


def test_what_was_not_kept_is_told() -> None:
    """Each kind of fault is a line with its number and cases; a run without any has none."""
    assert list(faults(KEPT)) == []
    broken = replace(KEPT, missing=(("https://a.example/", 7),), too_soon=(("https://b.example/", 3.5),) * 5)
    assert [line.partition(":")[2][:60] for line in faults(broken)] == [
        " 1 entries stood in a feed at a poll and were not sent: ('ht",
        " 5 feeds were asked within their pace: ('https://b.example/'",
    ]
