"""Settings: where they come from, who wins, and what a mistake is told."""

from pathlib import Path

import pytest

from config.settings import Settings, SettingsError, load_settings


def write(folder: Path, text: str) -> Path:
    path = folder / "storywire.toml"
    path.write_text(text, "utf-8")
    return path


def error_of(environ: dict[str, str], folder: Path, **overrides: object) -> str:
    with pytest.raises(SettingsError) as caught:
        load_settings(environ, overrides, folder)
    return str(caught.value)


def test_defaults_need_nothing(tmp_path: Path) -> None:
    """Without a file, a variable or an option the documented defaults hold."""
    settings = load_settings({"PATH": "/bin"}, None, tmp_path)
    assert settings == Settings()
    assert settings.broker == "sqlite:///state/storywire.db"
    assert (settings.partitions, settings.topic_prefix) == (4, "storywire.")
    assert (settings.config_dir / "settings.py").is_file()


def test_the_later_source_wins(tmp_path: Path) -> None:
    """The command line beats the environment, which beats the file, which beats the defaults."""
    write(tmp_path, 'partitions = 2\nbatch = 3\nlog_level = "debug"\n')
    environ = {"STORYWIRE_PARTITIONS": "5", "STORYWIRE_BATCH": "6"}
    settings = load_settings(environ, {"partitions": 7, "log_level": None}, tmp_path)
    assert (settings.partitions, settings.batch, settings.log_level) == (7, 6, "debug")


def test_the_log_follows_the_state_folder(tmp_path: Path) -> None:
    """Who moves only `state_dir` moves the embedded log with it; a broker given by name stays."""
    moved = load_settings({"STORYWIRE_STATE_DIR": "/var/lib/wire"}, None, tmp_path)
    assert moved.broker == "sqlite:////var/lib/wire/storywire.db"
    kept = load_settings({"STORYWIRE_STATE_DIR": "x", "STORYWIRE_BROKER": "sqlite:///y.db"}, None, tmp_path)
    assert kept.broker == "sqlite:///y.db"


def test_a_named_file_is_read_and_must_exist(tmp_path: Path) -> None:
    """STORYWIRE_SETTINGS names the file in force; a name that leads nowhere is an error."""
    path = write(tmp_path, "batch = 9\n")
    elsewhere = tmp_path / "elsewhere"
    assert load_settings({"STORYWIRE_SETTINGS": str(path)}, None, elsewhere).batch == 9
    message = error_of({"STORYWIRE_SETTINGS": str(tmp_path / "gone.toml")}, tmp_path)
    assert "gone.toml (STORYWIRE_SETTINGS): no such file" in message


@pytest.mark.parametrize(
    ("environ", "overrides", "text", "expected"),
    [
        pytest.param(
            {"STORYWIRE_PARTITION": "3"},
            {},
            "",
            "STORYWIRE_PARTITION (environment): no such setting; did you mean STORYWIRE_PARTITIONS?",
            id="typo in a variable",
        ),
        pytest.param(
            {},
            {},
            "brokker = 'x'",
            "storywire.toml): no such setting; did you mean broker?",
            id="typo in the file",
        ),
        pytest.param(
            {"STORYWIRE_QZX": "1"}, {}, "", "the settings are allow_networks, batch, ", id="nothing near"
        ),
        pytest.param(
            {"STORYWIRE_BATCH": "many"},
            {},
            "",
            "STORYWIRE_BATCH (environment): 'many' is no whole number",
            id="wrong type",
        ),
        pytest.param(
            {},
            {"partitions": 0},
            "",
            "--partitions (command line): must be at least 1, not 0",
            id="out of range",
        ),
        pytest.param(
            {"STORYWIRE_BROKER": "kafka://me:pw@h:9092"},
            {},
            "",
            "a cluster is written kafka://HOST:9092",
            id="kafka",
        ),
        pytest.param(
            {"STORYWIRE_KAFKA_USER": "u"},
            {},
            "",
            "STORYWIRE_KAFKA_USER (environment): needs kafka_password",
            id="user without password",
        ),
        pytest.param(
            {"STORYWIRE_KAFKA_PASSWORD": "p"},
            {},
            "",
            "STORYWIRE_KAFKA_PASSWORD (environment): needs kafka_user",
            id="password without user",
        ),
        pytest.param(
            {"STORYWIRE_KAFKA_USER": "u", "STORYWIRE_KAFKA_PASSWORD": "p"},
            {},
            'kafka_password_file = "f"',
            "storywire.toml): set either this or kafka_password, not both",
            id="password twice",
        ),
        pytest.param(
            {},
            {},
            'kafka_tls = true\nkafka_certificate = "c"',
            "storywire.toml): needs kafka_key",
            id="certificate without key",
        ),
        pytest.param(
            {},
            {},
            'kafka_tls = true\nkafka_key = "k"',
            "storywire.toml): needs kafka_certificate",
            id="key without certificate",
        ),
        pytest.param(
            {},
            {},
            'kafka_ca = "c"',
            "storywire.toml): is of no use without kafka_tls",
            id="authority without TLS",
        ),
        pytest.param(
            {"STORYWIRE_BROKER": ""}, {}, "", "a broker is written sqlite:///PATH", id="empty broker"
        ),
        pytest.param({}, {}, "partitions = ", "storywire.toml: not TOML: ", id="broken TOML"),
        pytest.param(
            {}, {}, "topic_prefix = 'a b'", "storywire.toml): must be at most 64 letters", id="topic prefix"
        ),
        pytest.param(
            {"STORYWIRE_METRICS_BIND": "127.0.0.1:65536"},
            {},
            "",
            "STORYWIRE_METRICS_BIND (environment): must have a port of at most 65535",
            id="no such port for metrics",
        ),
        pytest.param(
            {},
            {},
            "websub_bind = '[::1]:70000'",
            "storywire.toml): must have a port of at most 65535, not '[::1]:70000'",
            id="no such port for hubs",
        ),
    ],
)
def test_a_mistake_names_setting_place_and_remedy(
    environ: dict[str, str], overrides: dict[str, object], text: str, expected: str, tmp_path: Path
) -> None:
    """Each mistake is one line that names the setting, where it was set, and what would be right."""
    write(tmp_path, text)
    assert expected in error_of(environ, tmp_path, **overrides)


@pytest.mark.parametrize(
    ("environ", "text"),
    [
        ({"STORYWIRE_BROKER": "kafka://me:hu/nt@er2@h:9092"}, ""),
        ({"STORYWIRE_PROXY": "http://me:hunter2@h:1"}, ""),
        ({}, 'kafka_user = "me"\nkafka_password = ["hunter2"]'),
    ],
)
def test_a_mistake_shows_no_password(environ: dict[str, str], text: str, tmp_path: Path) -> None:
    """Neither one in an address, where none belongs, nor one that is no text."""
    write(tmp_path, text)
    said = error_of(environ, tmp_path)
    assert "er2" not in said and "nt@" not in said and "hunter" not in said


@pytest.mark.parametrize("bind", ["127.0.0.1:65535", "localhost:0", "[::1]:80", ""])
def test_where_this_machine_may_listen(bind: str) -> None:
    """Every port that there is, on this machine alone, or nowhere."""
    assert load_settings({"STORYWIRE_METRICS_BIND": bind}).metrics_bind == bind


def test_every_mistake_is_told_at_once(tmp_path: Path) -> None:
    """Two mistakes of one kind give two lines, so that a person mends them in one go."""
    message = error_of({"STORYWIRE_BATCH": "x", "STORYWIRE_PARTITIONS": "y"}, tmp_path)
    assert len(message.splitlines()) == 2


def test_settings_do_not_change_in_flight() -> None:
    """A loaded Settings is frozen."""
    with pytest.raises(ValueError, match="frozen"):
        Settings().batch = 1  # type: ignore[misc]
