"""Workers as real processes, each with a state folder of its own, started again when they end.

A supervisor would do the same: systemd's Restart=always. The warden of the brokers kills them should
the run itself be killed.
"""

import asyncio
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.kafka.node import GUARDED
from tests.whole.command import ROOT, command, environment

PAUSE = 1.0
"""Seconds until one that ended by itself is started again."""
LEAVE = 30.0
"""Seconds that a worker has to leave after a SIGTERM; then it is killed, and counted as one that hung."""
PAGE = 4096


@dataclass(slots=True)
class Slot:
    """A machine for a worker: its number, and the process that runs there now."""

    number: int
    wanted: asyncio.Event = field(default_factory=asyncio.Event)
    process: asyncio.subprocess.Process | None = None
    told: bool = False
    """Whether we ended the process ourselves."""


class Fleet:
    """Workers 1..n on `broker`. `ended` counts exit codes of those that ended by themselves."""

    def __init__(self, broker: str, folder: Path, extra: Mapping[str, str]) -> None:
        self._broker, self._folder, self._extra = broker, folder, extra
        self._slots: dict[int, Slot] = {}
        self._lives: list[asyncio.Task[None]] = []
        self._warden: subprocess.Popen[bytes] | None = None
        self.starts = self.hung = 0
        self.ended: Counter[int] = Counter()
        self.peak = 0.0
        """Megabytes of the largest worker seen."""

    async def __aenter__(self) -> "Fleet":
        self._folder.mkdir(parents=True, exist_ok=True)
        self._warden = subprocess.Popen(  # noqa: ASYNC220  starts at once
            [sys.executable, "-S", "-m", "tests.kafka.warden"],
            stdin=subprocess.PIPE,
            cwd=ROOT,
            start_new_session=True,
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        for life in self._lives:
            life.cancel()
        await asyncio.gather(*self._lives, return_exceptions=True)
        for slot in self._slots.values():
            if slot.process is not None:
                with suppress(ProcessLookupError):
                    slot.process.kill()
                await slot.process.wait()
        assert self._warden is not None
        assert self._warden.stdin is not None
        self._warden.stdin.close()
        await asyncio.to_thread(self._warden.wait, 10)

    def join(self, number: int) -> None:
        """A worker on machine `number`, from now on."""
        if number not in self._slots:
            self._slots[number] = Slot(number)
            self._lives.append(asyncio.create_task(self._live(self._slots[number])))
        self._slots[number].wanted.set()

    def runs(self, number: int) -> bool:
        """Whether a worker runs there now."""
        slot = self._slots.get(number)
        return slot is not None and slot.process is not None and slot.process.returncode is None

    async def leave(self, number: int) -> None:
        """SIGTERM; returns when the worker is gone. None is started there until it joins again."""
        slot = self._slots[number]
        slot.wanted.clear()
        process = self._signalled(slot, signal.SIGTERM)
        if process is None:
            return
        try:
            await asyncio.wait_for(process.wait(), LEAVE)
        except TimeoutError:
            self.hung += 1
            self._signalled(slot, signal.SIGKILL)
            await process.wait()

    async def kill(self, number: int) -> None:
        """kill -9; none is started there until it joins again."""
        slot = self._slots[number]
        slot.wanted.clear()
        process = self._signalled(slot, signal.SIGKILL)
        if process is not None:
            await process.wait()

    def weigh(self) -> dict[int, float]:
        """Megabytes that each worker holds now; Linux tells."""
        found = {}
        for slot in self._slots.values():
            if slot.process is not None:
                with suppress(OSError, IndexError):
                    pages = int(Path(f"/proc/{slot.process.pid}/statm").read_text().split()[1])
                    found[slot.number] = pages * PAGE / 1e6
        self.peak = max([self.peak, *found.values()])
        return found

    def log(self, number: int) -> Path:
        """What the workers of that machine said, in all their lives."""
        return self._folder / f"worker-{number}.log"

    def said(self) -> str:
        """What all workers said."""
        return "".join(self.log(number).read_text("utf-8", "replace") for number in sorted(self._slots))

    def _signalled(self, slot: Slot, number: signal.Signals) -> asyncio.subprocess.Process | None:
        if slot.process is None or slot.process.returncode is not None:
            return None
        slot.told = True
        slot.process.send_signal(number)
        return slot.process

    async def _live(self, slot: Slot) -> None:
        """One process after the other, as long as one is wanted there."""
        while True:
            await slot.wanted.wait()
            slot.told = False
            slot.process = await self._start(slot)
            code = await slot.process.wait()
            self._guard(f"-{slot.process.pid}")
            slot.process = None
            if not slot.told:
                self.ended[code] += 1
                await asyncio.sleep(PAUSE)

    async def _start(self, slot: Slot) -> asyncio.subprocess.Process:
        assert self._warden is not None
        assert self._warden.stdin is not None
        guard = self._warden.stdin.fileno()
        self.starts += 1
        state = self._folder / f"state-{slot.number}"
        run = command(["run", "--no-seeds", "--no-feeds", "--broker", self._broker, "--state-dir", state])
        with self.log(slot.number).open("ab") as log:
            return await asyncio.create_subprocess_exec(
                *[sys.executable, "-S", "-c", GUARDED, str(guard), *run],
                cwd=self._folder,
                env=environment(self._extra),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=log,
                pass_fds=(guard,),
            )

    def _guard(self, line: str) -> None:
        assert self._warden is not None
        assert self._warden.stdin is not None
        self._warden.stdin.write(f"{line}\n".encode())
        self._warden.stdin.flush()
