"""The set-up: done once for each state of the pins, never half, and from pins that name no place."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[1]
PINS = ("requirements.txt", "requirements-dev.txt", "requirements-bench.txt")
PEER = "requirements-quix.txt"
"""Of a peer of the bench, which has an environment of its own because it wants other versions."""
PIN = re.compile(
    r"^([a-z0-9-]+)==([^ ;]+)(?: ; ([^\\]+?))?((?: \\\n    --hash=sha256:[0-9a-f]{64})+)\n", re.MULTILINE
)


@pytest.fixture(scope="module")
def script() -> ModuleType:
    """scripts/environment.py, which is not in a package because it runs before anything is installed."""
    spec = spec_from_file_location("environment", ROOT / "scripts" / "environment.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Recorder:
    """Runs nothing but makes the interpreter that a venv would bring; fails at a command if told so."""

    def __init__(self, folder: Path, fail_at: str = "") -> None:
        self.folder, self.fail_at = folder, fail_at
        self.commands: list[str] = []

    def __call__(self, command: list[str]) -> None:
        line = " ".join(command)
        self.commands.append(line)
        if "-m venv" in line:
            shutil.rmtree(self.folder, ignore_errors=True)
            (self.folder / "bin").mkdir(parents=True)
            (self.folder / "bin" / "python").touch()
        if self.fail_at and self.fail_at in line:
            raise KeyboardInterrupt


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    for name in (*PINS, "pyproject.toml"):
        (tmp_path / name).write_text(name, "utf-8")
    return tmp_path


def set_up(script: ModuleType, root: Path, purpose: str, fail_at: str = "") -> list[str]:
    """The commands that a set-up for `purpose` ran."""
    recorder = Recorder(root / ".venv", fail_at)
    environment = script.Environment(root, root / ".venv", recorder)
    if missing := environment.missing(purpose):
        environment.install(missing)
    return recorder.commands


def test_a_set_up_is_done_once(script: ModuleType, checkout: Path) -> None:
    """The first call makes the environment, installs the pins and the project; the second runs nothing."""
    first = set_up(script, checkout, "run")
    assert [("-m venv" in line, "requirements.txt" in line, "--editable" in line) for line in first] == [
        (True, False, False),
        (False, True, False),
        (False, False, True),
    ]
    assert set_up(script, checkout, "run") == []


def test_tests_add_to_what_runs(script: ModuleType, checkout: Path) -> None:
    """`make test` after `make run` adds its pins to the same environment and undoes nothing of it."""
    set_up(script, checkout, "run")
    assert ["requirements-dev.txt" in line for line in set_up(script, checkout, "dev")] == [True]
    assert set_up(script, checkout, "run") == []


@pytest.mark.parametrize("fail_at", ["-m venv", "requirements.txt", "--editable"])
def test_an_interrupted_set_up_is_made_again_from_nothing(
    script: ModuleType, checkout: Path, fail_at: str
) -> None:
    """Wherever the set-up is cut short, the next one starts with a new environment."""
    with pytest.raises(KeyboardInterrupt):
        set_up(script, checkout, "run", fail_at)
    again = set_up(script, checkout, "run")
    assert len(again) == 3
    assert "-m venv --clear" in again[0]


def test_an_interrupted_addition_is_made_again_from_nothing(script: ModuleType, checkout: Path) -> None:
    """An environment that was complete for `make run` is not trusted after a cut-short addition to it."""
    set_up(script, checkout, "run")
    with pytest.raises(KeyboardInterrupt):
        set_up(script, checkout, "dev", "requirements-dev.txt")
    assert "-m venv --clear" in set_up(script, checkout, "run")[0]


def test_no_pin_wants_what_is_not_pinned() -> None:
    """Nothing is resolved at set-up; what is installed has all that it depends on all the same."""
    done = subprocess.run([sys.executable, "-m", "pip", "check"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_other_pins_make_it_again(script: ModuleType, checkout: Path) -> None:
    """Changed pins give a new environment, so that nothing of the old ones stays behind."""
    set_up(script, checkout, "dev")
    (checkout / "requirements-dev.txt").write_text("other", "utf-8")
    assert "-m venv --clear" in set_up(script, checkout, "run")[0]


def test_a_changed_project_is_installed_again_in_place(script: ModuleType, checkout: Path) -> None:
    """A change of pyproject.toml alone costs no download."""
    set_up(script, checkout, "run")
    (checkout / "pyproject.toml").write_text("other", "utf-8")
    assert ["--no-index" in line for line in set_up(script, checkout, "run")] == [True]


def test_a_moved_checkout_makes_it_again(script: ModuleType, checkout: Path, tmp_path: Path) -> None:
    """An environment holds absolute paths, so a checkout that was moved gets a new one."""
    set_up(script, checkout, "run")
    moved = tmp_path.rename(tmp_path.with_name("moved"))
    assert "-m venv --clear" in set_up(script, moved, "run")[0]


@pytest.fixture
def shims(tmp_path: Path) -> Iterator[Path]:
    """A folder to be the whole PATH."""
    folder = tmp_path / "path"
    folder.mkdir()
    yield folder


def shim(folder: Path, name: str, script: str) -> None:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n", "utf-8")
    path.chmod(0o755)


def find_python(path: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    command = ["/bin/sh", str(ROOT / "scripts" / "find-python")]
    return subprocess.run(
        command, env={"PATH": str(path), **environ}, capture_output=True, text=True, check=False
    )


OLD = 'case "$2" in *version_info*3,*) exit 10;; esac; exit 0'
WITHOUT_VENV = 'case "$2" in *ensurepip*) exit 1;; *print*) echo python3.12;; esac; exit 0'


def test_a_shim_without_its_version_is_passed_over(shims: Path) -> None:
    """A name that does not run, or is too old, does not hide a later one that will do."""
    shim(shims, "python3.13", "exit 127")
    shim(shims, "python3.12", OLD)
    shim(shims, "python3.11", "exit 0")
    assert find_python(shims).stdout == "python3.11\n"


def test_no_python_is_said_plainly(shims: Path) -> None:
    """Without a new enough Python the message says which is needed and how to name one."""
    shim(shims, "python3", OLD)
    found = find_python(shims)
    assert found.returncode == 1
    assert "no Python 3.11 or newer found" in found.stderr
    assert "make PYTHON=/path/to/python" in found.stderr


def test_a_missing_venv_module_names_the_package(shims: Path) -> None:
    """Where Debian left the venv module out, the message names the package to install."""
    shim(shims, "python3", WITHOUT_VENV)
    found = find_python(shims)
    assert found.returncode == 1
    assert "apt install python3.12-venv" in found.stderr


def test_a_named_python_is_the_only_one_tried(shims: Path) -> None:
    """PYTHON=... is taken at its word: where it will not do, no other is chosen silently."""
    shim(shims, "python3.13", "exit 0")
    found = find_python(shims, PYTHON="python9")
    assert (found.returncode, found.stdout) == (1, "")
    assert "PYTHON=python9 is not a Python 3.11 or newer" in found.stderr


def pins(name: str) -> dict[tuple[str, str], str]:
    """Version of each (distribution, marker) that a list pins."""
    return {(m[1], m[3] or ""): m[2] for m in PIN.finditer((ROOT / name).read_text("utf-8"))}


@pytest.mark.parametrize("name", [*PINS, PEER])
def test_pins_are_hashed_and_name_no_place(name: str) -> None:
    """Each line of a list is a comment or belongs to a pin with hashes: no URL, index, option or path."""
    text = (ROOT / name).read_text("utf-8")
    rest = PIN.sub("", text)
    assert [line for line in rest.splitlines() if line and not line.startswith("#")] == []
    assert "://" not in text
    assert pins(name)


@pytest.mark.parametrize("name", PINS[1:])
def test_the_lists_agree(name: str) -> None:
    """What the worker runs with is what it is tested and measured with."""
    assert pins(PINS[0]).items() <= pins(name).items()


def test_make_says_what_can_be_made() -> None:
    """`make` alone lists the targets of the documents."""
    environ = {"PATH": os.environ["PATH"]}
    shown = subprocess.run(
        ["make", "-s"], cwd=ROOT, env=environ, capture_output=True, text=True, check=True
    ).stdout
    targets = {line.split()[1] for line in shown.splitlines()}
    assert (
        " ".join(sorted(targets)) == "bench chaos check clean crowd fix help kafka lock quality run test week"
    )
