"""What npm installs for a test: pinned by the folder's package-lock.json, cached outside the tree."""

import fcntl
import hashlib
import os
import shutil
import subprocess
from pathlib import Path

SECONDS = 300
NODE = 20
"""The least that the Node reader's client runs with."""

FILES = ("package.json", "package-lock.json")


class Unavailable(Exception):
    """npm cannot be used on this machine; the message is one line."""


def installed(folder: Path) -> Path:
    """The folder that holds the `node_modules` of the package.json in `folder`; a second process waits.

    Raises `Unavailable` where Node or npm is missing or npm cannot install.
    """
    _check_node()
    pins = b"".join((folder / name).read_bytes() for name in FILES)
    into = _cache() / f"npm-{folder.name}-{hashlib.sha256(pins).hexdigest()[:16]}"
    into.parent.mkdir(parents=True, exist_ok=True)
    with into.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (into / "done").exists():
            _fill(into, folder)
    return into


def _check_node() -> None:
    if shutil.which("node") is None or shutil.which("npm") is None:
        raise Unavailable("no Node with npm")
    told = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout
    if int(told.removeprefix("v").partition(".")[0]) < NODE:
        raise Unavailable(f"no Node {NODE} or newer")


def _cache() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser()) / "storywire"


def _fill(into: Path, folder: Path) -> None:
    """An unfinished folder of an earlier try is emptied first."""
    shutil.rmtree(into, ignore_errors=True)
    into.mkdir()
    for name in FILES:
        shutil.copy(folder / name, into)
    # No scripts of packages run, and what is optional would be compiled code.
    command = ["npm", "ci", "--ignore-scripts", "--omit=optional", "--no-audit", "--no-fund"]
    try:
        done = subprocess.run(command, cwd=into, capture_output=True, text=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired as error:
        raise Unavailable(f"npm did not install {folder.name} within {SECONDS} s") from error
    if done.returncode:
        raise Unavailable(f"npm cannot install {folder.name}: {done.stderr.strip().splitlines()[:1]}")
    (into / "done").touch()
