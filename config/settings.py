"""Settings of one installation: what they are, where each may be set, and who wins.

Defaults, then `storywire.toml`, then the environment, then the command line; the later one wins.
"""

import difflib
import re
import tomllib
from collections.abc import Iterator, Mapping
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import quote, unquote

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
)

from config.kafka import kafka_problems, servers_of
from pipeline.faults import Fault, faults, like

FOLDER = Path(__file__).resolve().parent
FILE = "storywire.toml"
PREFIX = "STORYWIRE_"
FILE_VARIABLE = "STORYWIRE_SETTINGS"


class SettingsError(ValueError):
    """Settings that cannot be used: one line for each, naming the setting, where it stands and what to do."""


def _known_broker(url: str) -> str:
    if url.startswith("kafka://"):
        if not servers_of(url):
            raise ValueError(
                "a cluster is written kafka://HOST:9092,HOST:9092; kafka_user and kafka_password are settings"
            )
        return url
    if "#" in url or "?" in url:
        raise ValueError("in a path, # is written %23 and ? is written %3F")
    if not url.startswith("sqlite:///") or url == "sqlite:///":
        raise ValueError(
            "a broker is written sqlite:///PATH, with a fourth slash for an absolute path, or kafka://HOST:9092"
        )
    return url


def _by_topic(value: object) -> object:
    """A table, which an environment variable writes as articles=90,feed-notes=30."""
    if not isinstance(value, str):
        return value
    pairs = (one.partition("=") for one in value.split(",") if one.strip())
    return {name.strip(): days.strip() for name, _, days in pairs}


def _lower(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


def _listed(value: object) -> object:
    """A list, which an environment variable writes with commas."""
    return [one.strip() for one in value.split(",") if one.strip()] if isinstance(value, str) else value


def _network(value: str) -> str:
    try:
        return str(ip_network(value))
    except ValueError as error:
        raise ValueError(f"write an address or a network, as in 10.1.0.0/16: {error}") from None


Network = Annotated[str, AfterValidator(_network)]
"""An address or network in CIDR notation, in its normal form."""


def _known_proxy(url: str) -> str:
    if url and not re.fullmatch(r"https?://[^\s/@]+(:\d{1,5})?/?", url):
        raise ValueError("a proxy is written http://HOST:PORT")
    return url


def _known_callback(url: str) -> str:
    if url and not re.fullmatch(r"https?://[^\s/?#]+(/[^\s?#]*)?", url):
        raise ValueError("the address under which hubs reach this worker, as in https://news.example/hub")
    return url.rstrip("/")


def _known_port(bind: str) -> str:
    if bind and int(bind.rpartition(":")[2]) > 65_535:
        raise ValueError("must have a port of at most 65535")
    return bind


_OF_THIS_MACHINE = like(
    r"|(127(\.\d{1,3}){3}|localhost|\[::1\]):\d{1,5}",
    "HOST:PORT of this machine itself, as in 127.0.0.1:9464, or nothing",
)
Bind = Annotated[str, _OF_THIS_MACHINE, AfterValidator(_known_port)]
"""Where something of this machine listens for this machine alone; port 0 takes any that is free."""


class Settings(BaseModel):
    """One installation. Durations are in seconds; relative paths are taken from the working directory.

    `batch` and `batch_within` bound what a stage takes at once: that many messages, or those that
    came within that time of the first; `story_within` is that time for summaries, which are derived
    once per batch. `event_timeout` bounds the retries of one batch before the worker gives up;
    `stop_timeout` bounds a clean end after a stop signal.

    Of polling: `poll_shortest` and `poll_longest` bound the interval that a feed's habit calls for;
    `host_pace` lies between two requests to one host; `fetchers` is how many requests run at once,
    `fetch_timeout` how long each may take in all. `contact` goes into the User-Agent. `allow_networks`
    are addresses beyond the public internet that feeds may stand on.

    `kafka_*` say how a cluster is reached; `kafka_password` is shown nowhere. `replication` 0 is 3, or as
    many as there are brokers. `retention_days` holds days by topic, without prefix. A worker that gets
    nothing done for `stuck_after` although there is something to do ends itself.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)

    broker: Annotated[str, AfterValidator(_known_broker)] = "sqlite:///state/storywire.db"
    state_dir: Path = Path("state")
    config_dir: Path = FOLDER
    seeds_dir: Path = FOLDER.parent / "seeds"
    topic_prefix: Annotated[
        str, like(r"[A-Za-z0-9._-]{0,64}", "at most 64 letters, digits, dots, hyphens and underscores")
    ] = "storywire."
    partitions: int = Field(default=4, ge=1, le=256)
    commit_interval: float = Field(default=0.25, gt=0, le=60)
    batch: int = Field(default=200, ge=1, le=10_000)
    batch_within: float = Field(default=0.05, gt=0, le=10)
    story_within: float = Field(default=0.5, gt=0, le=10)
    event_timeout: float = Field(default=30, gt=0, le=55)
    stop_timeout: float = Field(default=10, gt=0, le=300)
    log_level: Annotated[Literal["debug", "info", "warning", "error"], BeforeValidator(_lower)] = "info"
    feeds_file: Path = FOLDER / "feeds.opml"
    contact: Annotated[str, like(r"[ -~]{0,200}", "at most 200 printable ASCII characters")] = ""
    poll_shortest: float = Field(default=300, ge=60, le=86_400)
    poll_longest: float = Field(default=3_600, ge=60, le=86_400)
    host_pace: float = Field(default=5, ge=0, le=3_600)
    fetchers: int = Field(default=32, ge=1, le=512)
    fetch_timeout: float = Field(default=30, gt=0, le=300)
    allow_networks: Annotated[tuple[Network, ...], BeforeValidator(_listed)] = ()
    proxy: Annotated[str, AfterValidator(_known_proxy)] = ""
    websub_callback: Annotated[str, AfterValidator(_known_callback)] = ""
    websub_bind: Bind = "127.0.0.1:8477"
    metrics_bind: Bind = ""
    kafka_tls: bool = False
    kafka_ca: Path | None = None
    kafka_certificate: Path | None = None
    kafka_key: Path | None = None
    kafka_user: str = ""
    kafka_password: SecretStr = SecretStr("")
    kafka_password_file: Path | None = None
    kafka_mechanism: Literal["SCRAM-SHA-512", "SCRAM-SHA-256", "PLAIN"] = "SCRAM-SHA-512"
    replication: int = Field(default=0, ge=0, le=32)
    retention_days: Annotated[Mapping[str, Annotated[float, Field(gt=0)]], BeforeValidator(_by_topic)] = {}
    stuck_after: float = Field(default=120, ge=10, le=86_400)


SECRETS = frozenset(name for name, one in Settings.model_fields.items() if one.annotation is SecretStr)
"""Settings whose values are shown nowhere."""


def load_settings(
    environ: Mapping[str, str], overrides: Mapping[str, object] | None = None, directory: Path = Path()
) -> Settings:
    """The settings in force. `overrides` are the command line's; None there means "not given".

    The file is the one that STORYWIRE_SETTINGS names, else `storywire.toml` in `directory`. Where
    only one of `broker` and `state_dir` is set, the other is beside it; where only `config_dir` is set,
    `feeds_file` stands in it. Raises SettingsError, naming every problem.
    """
    found: dict[str, object] = {}
    places: dict[str, str] = {}
    for name, written, place, value in _given(environ, overrides or {}, directory):
        found[name], places[name] = value, f"{written} ({place})"
    problems = [_unknown(name, places[name]) for name in found if name not in Settings.model_fields]
    if problems:
        raise SettingsError("\n".join(problems))
    if "state_dir" in found and "broker" not in found:
        found["broker"] = f"sqlite:///{quote(str(found['state_dir']))}/storywire.db"
    if str(found.get("broker", "")).startswith("sqlite:///") and "state_dir" not in found:
        found["state_dir"] = Path(unquote(str(found["broker"]).removeprefix("sqlite:///"))).parent
    if "config_dir" in found and "feeds_file" not in found:
        found["feeds_file"] = Path(str(found["config_dir"])) / "feeds.opml"
    return _checked(found, places)


def _given(
    environ: Mapping[str, str], overrides: Mapping[str, object], directory: Path
) -> Iterator[tuple[str, str, str, object]]:
    """Every setting that a source gives: name, as written there, the source, value; the winner last."""
    path = Path(environ[FILE_VARIABLE]) if FILE_VARIABLE in environ else directory / FILE
    for name, value in _file(path, named=FILE_VARIABLE in environ).items():
        yield name, name, str(path), value
    for variable in sorted(environ):
        if variable.startswith(PREFIX) and variable != FILE_VARIABLE:
            yield variable.removeprefix(PREFIX).lower(), variable, "environment", environ[variable]
    for name, given in overrides.items():
        if given is not None:
            yield name, f"--{name.replace('_', '-')}", "command line", given


def _file(path: Path, named: bool) -> dict[str, Any]:
    """The table in a settings file; an absent file is empty unless somebody named it."""
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        if not named:
            return {}
        raise SettingsError(
            f"{path} ({FILE_VARIABLE}): no such file; create it or unset the variable"
        ) from None
    except OSError as error:
        raise SettingsError(f"{path}: cannot be read: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: not TOML: {error}") from None


def _unknown(name: str, place: str) -> str:
    near = difflib.get_close_matches(name, Settings.model_fields, n=1)
    if not near:
        return f"{place}: no such setting; the settings are {', '.join(sorted(Settings.model_fields))}"
    written = place.partition(" ")[0]
    meant = f"{PREFIX}{near[0].upper()}" if written.startswith(PREFIX) else near[0]
    return f"{place}: no such setting; did you mean {meant}?"


def _said(problem: Fault) -> str:
    """What is wrong; of a secret without its value."""
    return problem.words.partition(", not ")[0] if problem.key in SECRETS else problem.words


def _checked(found: dict[str, object], places: dict[str, str]) -> Settings:
    try:
        settings = Settings.model_validate(found)
    except ValidationError as error:
        problems = faults(error, lambda _: Settings.model_fields)
        raise SettingsError(
            "\n".join(f"{places.get(one.key, one.key)}: {_said(one)}" for one in problems)
        ) from None
    given = {name for name in Settings.model_fields if getattr(settings, name)}  # a SecretStr has a length
    if unfit := [f"{places.get(name, name)}: {words}" for name, words in kafka_problems(given)]:
        raise SettingsError("\n".join(unfit))
    return settings
