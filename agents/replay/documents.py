"""Which documents the given paths name: files, folders, and folders described by a manifest."""

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pipeline.feed.entry import Origin
from pipeline.feed.manifest import KINDS, Kind, read_manifest
from pipeline.feed.manifest import Document as Listed
from pipeline.outcome import Reason, Rejected

MANIFEST = "manifest.toml"


@dataclass(frozen=True, slots=True)
class Document:
    """One file to replay and what is known of it from outside: from a manifest, or nothing."""

    path: Path
    kind: Kind
    origin: Origin = "archive"
    feed: str | None = None
    observed: datetime | None = None
    publisher: str | None = None
    url: str | None = None
    published: datetime | None = None
    updated: datetime | None = None
    language: str | None = None
    withdrawn: bool = False


def find(paths: Sequence[Path]) -> Iterator[Document | Rejected]:
    """Every document below `paths`, in the order of the paths and by name within a folder."""
    for path in paths:
        if path.is_dir():
            yield from _in_folder(path)
        elif path.exists():
            yield _by_name(path)
        else:
            yield Rejected(Reason.MISSING_FILE, "no such file or folder: check the path", str(path))


def _in_folder(folder: Path) -> Iterator[Document | Rejected]:
    if (folder / MANIFEST).is_file():
        yield from _by_manifest(folder)
        return
    for path in sorted(folder.iterdir()):
        if path.name.startswith("."):
            continue
        if path.is_dir():
            yield from _in_folder(path)
        elif path.is_file():
            yield _by_name(path)


def _by_name(path: Path) -> Document | Rejected:
    suffixes = [suffix for suffix in path.suffixes if suffix != ".gz"]
    kind = KINDS.get(suffixes[-1].lower()) if suffixes else None
    if kind is None:
        known = ", ".join(sorted(KINDS))
        return Rejected(
            Reason.UNKNOWN_KIND, f"{path.name}: not a kind of file that can be replayed ({known})", str(path)
        )
    return Document(path=path, kind=kind)


def _by_manifest(folder: Path) -> Iterator[Document | Rejected]:
    where = str(folder / MANIFEST)
    try:
        data = tomllib.loads((folder / MANIFEST).read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        yield Rejected(Reason.BAD_MANIFEST, f"not TOML: {error}", where)
        return
    manifest = read_manifest(data, where)
    if isinstance(manifest, Rejected):
        yield manifest
        return
    for listed in manifest.document:
        yield _listed(folder, listed, manifest.origin)


def _listed(folder: Path, listed: Listed, origin: Origin) -> Document | Rejected:
    path = folder / listed.path
    if not path.resolve().is_relative_to(folder.resolve()):
        return Rejected(Reason.BAD_MANIFEST, "the manifest names a file outside its folder", str(path))
    if not path.is_file():
        return Rejected(Reason.MISSING_FILE, "the manifest names a file that is not there", str(path))
    return Document(
        path=path,
        kind=listed.kind,
        origin=origin,
        feed=listed.feed,
        observed=listed.observed,
        publisher=listed.publisher,
        url=listed.url,
        published=listed.published,
        updated=listed.updated,
        language=listed.language,
        withdrawn=listed.withdrawn,
    )
