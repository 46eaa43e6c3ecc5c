"""docs/asyncapi.json: what the program prints, and valid by AsyncAPI's own JSON Schema."""

import copy
import json
from pathlib import Path
from typing import Any

import orjson
import pytest
from jsonschema import Draft7Validator
from typer.testing import CliRunner

from agents.cli.main import app
from agents.contract.channels import Installation
from agents.contract.document import document
from agents.contract.messages import MESSAGES
from agents.topics import TOPICS
from pipeline.article.article import Article
from tests.consumers.packages import Unavailable, installed

ROOT = Path(__file__).resolve().parents[2]
PUBLISHED = ROOT / "docs" / "asyncapi.json"
HERE = Installation("storywire.", 4)


@pytest.fixture(scope="session")
def specification() -> Draft7Validator:
    """AsyncAPI 3.0's own schema of documents."""
    try:
        packages = installed(Path(__file__).parent)
    except Unavailable as why:
        pytest.skip(f"{why}: the document is not judged by AsyncAPI's schema")
    file = packages / "node_modules" / "@asyncapi" / "specs" / "schemas" / "3.0.0.json"
    return Draft7Validator(json.loads(file.read_bytes()))


def test_the_published_document_is_in_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`storywire schema` prints docs/asyncapi.json, byte for byte; write it anew where this fails."""
    monkeypatch.chdir(tmp_path)
    printed = CliRunner().invoke(app, ["schema"])
    assert printed.exit_code == 0, printed.output
    assert printed.stdout_bytes == PUBLISHED.read_bytes()


def test_the_document_is_valid(specification: Draft7Validator) -> None:
    """It is an AsyncAPI 3.0 document by the schema that the specification publishes."""
    found = [f"{error.json_path}: {error.message[:200]}" for error in specification.iter_errors(published())]
    assert found == []


@pytest.mark.parametrize("place", ["server", "action", "payload", "binding"])
def test_the_judge_of_documents_judges(specification: Draft7Validator, place: str) -> None:
    """A document with a fault in any of its parts is not valid by the same schema."""
    faulty = copy.deepcopy(published())
    if place == "server":
        del faulty["servers"]["cluster"]["protocol"]
    elif place == "action":
        faulty["operations"]["readArticles"]["action"] = "subscribe"
    elif place == "payload":
        faulty["components"]["schemas"]["Article"]["properties"]["title"]["type"] = "text"
    else:
        faulty["channels"]["stories"]["bindings"]["kafka"]["topicConfiguration"]["cleanup.policy"] = "compact"
    assert not specification.is_valid(faulty)


def published() -> Any:
    return orjson.loads(PUBLISHED.read_bytes())


def test_every_reference_leads_somewhere() -> None:
    """Each `$ref` of the document names a part of it."""
    found = published()
    for reference in references(found):
        part = found
        for name in reference.removeprefix("#/").split("/"):
            part = part[name]
        assert part


def references(part: Any) -> list[str]:
    if isinstance(part, dict):
        own = [part["$ref"]] if isinstance(part.get("$ref"), str) else []
        return own + [each for below in part.values() for each in references(below)]
    return [each for below in part for each in references(below)] if isinstance(part, list) else []


def test_every_public_topic_is_a_channel() -> None:
    """The channels are the public topics, each with the kinds of messages that lie on it, and no other."""
    found = published()
    addresses = {channel["address"].removeprefix("storywire.") for channel in found["channels"].values()}
    assert addresses == {spec.name.replace("<", "{").replace(">", "}") for spec in TOPICS if spec.public}
    assert {one["name"] for one in found["components"]["messages"].values()} == {
        spec.kind for spec in MESSAGES
    }
    read = [operation["channel"]["$ref"] for operation in found["operations"].values()]
    assert read == [f"#/channels/{name}" for name in found["channels"]]


def test_every_type_of_the_reference_is_a_message() -> None:
    """docs/reference.md names the same `ce_type`s as the document."""
    row = next(
        line
        for line in (ROOT / "docs" / "reference.md").read_text("utf-8").splitlines()
        if line.startswith("| `ce_type`")
    )
    for spec in MESSAGES:
        assert f"`{spec.kind}`" in row


def test_a_description_is_the_docstring() -> None:
    """What a type's docstring says stands in its schema."""
    described = published()["components"]["schemas"]["Article"]["description"]
    assert Article.__doc__ is not None
    assert described.split() == Article.__doc__.split()


def test_an_installation_is_told_as_it_is() -> None:
    """Prefix, partitions, replicas and retention are those of the settings; compacted topics have no end."""
    found = document(Installation("news.", 12, 3, {"articles": 90}))
    articles = found["channels"]["articles"]
    assert articles["address"] == "news.articles"
    kafka = articles["bindings"]["kafka"]
    assert (kafka["partitions"], kafka["replicas"]) == (12, 3)
    assert kafka["topicConfiguration"]["retention.ms"] == 90 * 86_400_000
    assert found["channels"]["stories"]["bindings"]["kafka"]["topicConfiguration"] == {
        "cleanup.policy": ["compact"]
    }


def test_the_document_is_the_same_each_time() -> None:
    """The same installation gives the same document."""
    assert document(HERE) == document(HERE) == published()
