"""The subjects out of the box, compiled once."""

import tomllib
from pathlib import Path

import pytest

from pipeline.mention.detect import Detector
from pipeline.mention.subject import Subject, read

SUBJECTS = Path(__file__).resolve().parents[2] / "config" / "subjects"
OUT_OF_THE_BOX = ("ceasefire", "hostages", "rafah")


@pytest.fixture(scope="session")
def subjects() -> tuple[Subject, ...]:
    """The three subjects, read from their files."""
    found = []
    for name in OUT_OF_THE_BOX:
        subject = read(tomllib.loads((SUBJECTS / f"{name}.toml").read_text("utf-8")), f"{name}.toml")
        assert isinstance(subject, Subject), subject
        found.append(subject)
    return tuple(found)


@pytest.fixture(scope="session")
def detector(subjects: tuple[Subject, ...]) -> Detector:
    """The three subjects, compiled."""
    return Detector(subjects)
