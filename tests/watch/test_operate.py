"""docs/operate.md and the Containerfile name only what is there."""

import configparser
import importlib.util
import re
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry

from agents.batches import EX_CONFIG, EX_SOFTWARE, EX_TEMPFAIL
from agents.cli.context import USAGE
from agents.polling.metrics import Metrics
from agents.watch.metrics import WorkerMetrics
from config.settings import FILE_VARIABLE, PREFIX, Settings, load_settings
from tests.test_docs import ROOT, section

OPERATE = (ROOT / "docs/operate.md").read_text("utf-8")
CONTAINER = (ROOT / "Containerfile").read_text("utf-8")
INSTRUCTIONS = CONTAINER.replace("\\\n", " ").splitlines()
EXIT_CODES = {0, 1, USAGE, EX_SOFTWARE, EX_TEMPFAIL, EX_CONFIG}
SERIES = ("_total", "_bucket", "_sum", "_count")


def units() -> list[configparser.ConfigParser]:
    """The unit, and what a drop-in adds to it."""
    found = []
    for block in re.findall(r"```ini\n(.*?)```", OPERATE, re.DOTALL):
        unit = configparser.ConfigParser(strict=False, interpolation=None, dict_type=Repeated)
        unit.optionxform = str  # type: ignore[assignment,method-assign]
        unit.read_string(block)
        found.append(unit)
    return found


class Repeated(dict):  # type: ignore[type-arg]
    """A key that comes again is added to, as systemd does."""

    def __setitem__(self, key: object, value: object) -> None:
        if isinstance(value, list) and isinstance(self.get(key), list):
            value = [*self[key], *value]
        super().__setitem__(key, value)


def environment(unit: configparser.ConfigParser) -> dict[str, str]:
    """The variables that a unit sets, with a folder in place of systemd's specifiers."""
    lines = unit["Service"]["Environment"].splitlines()
    return {name: re.sub(r"%\w", "/run", value) for name, _, value in (line.partition("=") for line in lines)}


def kinds() -> dict[str, tuple[str, tuple[str, ...]]]:
    """Each metric of a worker with its kind and labels."""
    registry = CollectorRegistry()
    worker, polling = WorkerMetrics(), Metrics(registry)
    metrics = [one for own in (worker, polling) for one in vars(own).values() if hasattr(one, "_labelnames")]
    return {one._name: (one._type, tuple(one._labelnames)) for one in metrics}


def test_every_metric_has_its_line() -> None:
    """The table of metrics holds each with its kind and labels, in the order of the code, and no other."""
    rows = re.findall(r"^\| `(\w+)` \| (\w+) \|([^|]*)\|", section("Metrics"), re.MULTILINE)
    told = [(name, (kind, tuple(re.findall(r"`(\w+)`", labels)))) for name, kind, labels in rows]
    assert told == list(kinds().items())


def test_every_metric_that_rules_ask_for_exists() -> None:
    """The examples for Prometheus ask only for what a worker tells."""
    asked = set(re.findall(r"\bstorywire_\w+", section("Prometheus", "docs/operate.md")))
    known = {name + series for name in kinds() for series in ("", *SERIES)}
    assert asked and asked <= known


def test_every_exit_code_has_its_line() -> None:
    """The table of exit codes holds each that `run` ends with, and no other."""
    told = re.findall(r"^\| `(\d+)` \|", section("Exit codes", "docs/operate.md"), re.MULTILINE)
    assert [int(code) for code in told] == sorted(EXIT_CODES)


def test_the_unit_starts_a_command_that_exists(tmp_path: Path) -> None:
    """Its settings can be loaded, its command is the project's, and it stops later than the worker does."""
    unit, _ = units()
    service = unit["Service"]
    extra = environment(unit)
    assert extra.pop(FILE_VARIABLE) == "/etc/storywire/storywire.toml"
    settings = load_settings(extra, directory=tmp_path)
    assert settings.metrics_bind
    assert settings.state_dir == Path("/run/storywire")
    assert service["ExecStart"] == "/opt/storywire/.venv/bin/storywire run --no-seeds"
    assert float(service["TimeoutStopSec"].rstrip("s")) > Settings.model_fields["stop_timeout"].default + 5
    prevented = {int(code) for code in service["RestartPreventExitStatus"].split()}
    assert prevented == {USAGE, EX_CONFIG}


def test_the_password_is_handed_over_as_a_credential(tmp_path: Path) -> None:
    """The drop-in's settings can be loaded, and none of them is a password."""
    _, kafka = units()
    extra = environment(kafka)
    assert "STORYWIRE_KAFKA_PASSWORD" not in extra
    name = kafka["Service"]["LoadCredential"].partition(":")[0]
    assert load_settings(extra, directory=tmp_path).kafka_password_file == Path("/run") / name


def test_the_container_is_made_of_what_is_there() -> None:
    """Every file that is copied exists, every setting is one, every module can be run."""
    copied = [word for line in INSTRUCTIONS if line.startswith("COPY ") for word in line.split()[1:-1]]
    assert copied and all((ROOT / name).exists() for name in copied)
    assert {"agents", "config", "pipeline"} <= set(copied)
    variables = re.findall(rf"\b{PREFIX}\w+", CONTAINER)
    assert {name.removeprefix(PREFIX).lower() for name in variables} <= set(Settings.model_fields)
    for module in re.findall(r'"-m", "([\w.]+)"', CONTAINER + OPERATE):
        assert importlib.util.find_spec(module) is not None, module


@pytest.mark.parametrize("instruction", ["ENTRYPOINT", "CMD", "HEALTHCHECK"])
def test_signals_reach_the_process(instruction: str) -> None:
    """Commands are lists: with a shell in between SIGTERM would end there."""
    (line,) = [line for line in INSTRUCTIONS if line.startswith(instruction)]
    assert re.search(r'\["[^\]]+"\]$', line)


def test_the_container_runs_as_nobody_in_particular() -> None:
    """From the last USER on it has no rights, and its dependencies came by hash."""
    assert [line for line in INSTRUCTIONS if line.startswith("USER")] == ["USER 10001"]
    assert "--require-hashes" in CONTAINER
