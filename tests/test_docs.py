"""The documents say what is there: every setting, topic, reason code and target has its line."""

import re
import tomllib
from pathlib import Path

import pytest
from pydantic import SecretStr

from agents.cli.subscribe import NAMED
from agents.topics import TOPICS
from config.settings import PREFIX, Settings
from pipeline.mention.subject import Subject, read
from pipeline.outcome import Reason

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])


def section(title: str, document: str = "docs/reference.md") -> str:
    """The text under a heading, up to the next one of its rank."""
    text = (ROOT / document).read_text("utf-8")
    found = re.search(rf"^## {title}\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    assert found is not None, f"{document} has no section {title!r}"
    return found[1]


def first_cells(text: str) -> list[str]:
    """What stands as code in the first cell of each row of a section's tables."""
    return re.findall(r"^\| `([^`]+)`", text, re.MULTILINE)


def test_every_reason_code_has_its_line() -> None:
    """The table of reason codes holds each code once, in the order of the code, and no other."""
    assert first_cells(section("Reason codes")) == [reason.value for reason in Reason]


def test_every_setting_has_its_line() -> None:
    """The table of settings holds each setting with its variable and default, and no other."""
    rows = re.findall(r"^\| `(\w+)` \| `(\w+)` \| ([^|]+) \|", section("Settings"), re.MULTILINE)
    assert [row[0] for row in rows] == list(Settings.model_fields)
    assert [row[1] for row in rows] == [PREFIX + name.upper() for name in Settings.model_fields]
    folders = {
        "config_dir": "`config/` of the project",
        "seeds_dir": "`seeds/` of the project",
        "feeds_file": "`config/feeds.opml` of the project",
    }
    for name, _, default in rows:
        given = Settings.model_fields[name].default
        assert default == folders.get(name, _written(given)), name


def _written(default: object) -> str:
    """A default as the table has it."""
    if isinstance(default, bool):
        return f"`{str(default).lower()}`"
    return "none" if default is None or default in ("", (), {}, SecretStr("")) else f"`{default}`"


def test_the_settings_file_of_the_reference_is_one() -> None:
    """The example of a settings file can be loaded."""
    example = re.search(r"```toml\n(.*?)```", section("Settings"), re.DOTALL)
    assert example is not None
    assert Settings.model_validate(tomllib.loads(example[1])).partitions == 8


def test_every_topic_has_its_line() -> None:
    """The table of topics holds each topic with its key and whether it is public, and no other."""
    rows = re.findall(r"^\| `([^`]+)` \| ([^|]+) \| .* \| (yes|no) \|$", section("Topics"), re.MULTILINE)
    assert rows == [(spec.name, spec.key, "yes" if spec.public else "no") for spec in TOPICS]


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_links_between_documents_lead_somewhere(path: Path) -> None:
    """A link to a file of the project leads to one."""
    links = re.findall(r"\]\((?!https?:)([^)#]+)", path.read_text("utf-8"))
    assert [link for link in links if not (path.parent / link).exists()] == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_targets_in_the_documents_exist(path: Path) -> None:
    """Whatever a document tells to `make` is a target of the Makefile."""
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    told = set(re.findall(r"(?:^|`)make ([a-z]+)", path.read_text("utf-8"), re.MULTILINE))
    assert told <= targets


def test_every_library_has_its_line() -> None:
    """docs/dependencies.md holds each declared library, with its licence, and no other."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    lists = [project["project"]["dependencies"], *project["dependency-groups"].values()]
    names = {re.split(r"[<>=!~\[; ]", line)[0] for declared in lists for line in declared}
    lines = [
        line
        for line in (ROOT / "docs/dependencies.md").read_text("utf-8").splitlines()
        if line.startswith("| `")
    ]
    told = {name for line in lines for name in re.findall(r"`([^`]+)`", line.split("|")[1])}
    assert told == names
    assert all(line.split("|")[3].strip() for line in lines)


def test_the_subject_of_the_readme_is_one() -> None:
    """The subject that the README adds is a subject file as the pipeline reads it."""
    example = re.search(
        r"subjects/aid\.toml`:\n\n```toml\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL
    )
    assert example is not None
    subject = read(tomllib.loads(example[1]), "aid.toml")
    assert isinstance(subject, Subject), subject
    assert subject.id == "aid"


def test_every_public_topic_can_be_followed() -> None:
    """`storywire subscribe` knows each public topic; those of events by their subjects."""
    public = {spec.name for spec in TOPICS if spec.public}
    assert set(NAMED.values()) == public - {"events.<subject>"}
