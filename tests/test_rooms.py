"""The rooms: who imports whom, and that nothing impure stands in the pipeline."""

import ast
import importlib
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("feed", "article", "mention", "event", "story")
"""The folders of the pipeline in the order of the flow."""
BRANCH = "poll"
"""A room beside the flow: it knows feeds, and no other room knows it."""

# fmt: off
IMPURE = frozenset((
    "agents", "config", "faust", "mode", "aiokafka", "aiohttp", "httpx", "requests", "urllib3", "rocksdict",
    "uvloop", "typer", "rich", "asyncio", "concurrent", "ftplib", "glob", "http", "importlib", "logging",
    "multiprocessing", "os", "pathlib", "random", "secrets", "select", "shutil", "signal", "socket",
    "socketserver", "sqlite3", "ssl", "subprocess", "sys", "tempfile", "threading", "time",
    "urllib.request", "uuid",
))
IMPURE_CALLS = frozenset((
    "now", "utcnow", "today", "fromtimestamp", "uuid1", "uuid4", "urlopen", "getenv", "open", "input",
    "print", "hash", "id", "exec", "eval", "__import__",
))
# fmt: on
PURE = frozenset(("pathlib.PurePosixPath", "sys.intern", "sys.maxsize", "sys.maxunicode"))
"""Names of impure modules that are pure themselves."""


def modules(package: str) -> list[Path]:
    return sorted((ROOT / package).rglob("*.py"))


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"), str(path))


def imports(tree: ast.AST) -> Iterator[str]:
    """Dotted names that a module imports, `from a import b` as `a.b`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute here"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def calls(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def impurities(source: str) -> set[str]:
    """What a module of the pipeline may not have: impure imports and calls."""
    tree = ast.parse(source)
    imported = {name for name in imports(tree) for bad in IMPURE if f"{name}.".startswith(f"{bad}.")}
    return (imported - PURE) | (
        {f"{name}()" for name in calls(tree)} & {f"{name}()" for name in IMPURE_CALLS}
    )


def room_of(module: str) -> str | None:
    """The room a dotted name lies in; None for the shared files and for what is not the pipeline."""
    parts = module.split(".")
    return parts[1] if parts[0] == "pipeline" and len(parts) > 1 and parts[1] in (*ROOMS, BRANCH) else None


def dotted(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


@pytest.mark.parametrize("path", modules("pipeline"), ids=dotted)
def test_the_pipeline_is_pure(path: Path) -> None:
    """No module of the pipeline reads a clock, a socket, a file, the environment or a random source."""
    assert impurities(path.read_text("utf-8")) == set()


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("import os.path", {"os.path"}),
        ("from sys import intern, argv", {"sys.argv"}),
        ("from urllib.request import urlopen", {"urllib.request.urlopen"}),
        ("from config.settings import Settings", {"config.settings.Settings"}),
        ("from datetime import datetime\ndatetime.now()", {"now()"}),
        ("open('x')", {"open()"}),
        ("from urllib.parse import urlsplit\nimport timeit_like", set()),
    ],
)
def test_the_purity_check_sees(source: str, found: set[str]) -> None:
    """The check itself finds what it is for, and passes what only looks like it."""
    assert impurities(source) == found


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_only_earlier_rooms(room: str) -> None:
    """feed -> article -> mention -> event -> story: nothing imports what stands after it."""
    allowed = set(ROOMS[: ROOMS.index(room) + 1]) | {None}
    for path in modules(f"pipeline/{room}"):
        assert {room_of(name) for name in imports(tree_of(path))} <= allowed, dotted(path)


def test_the_room_of_polling_knows_feeds_alone() -> None:
    """poll imports the feed room and shared files; that nothing imports it the other rooms' tests say."""
    reached = {room_of(name) for path in modules(f"pipeline/{BRANCH}") for name in imports(tree_of(path))}
    assert reached <= {"feed", BRANCH, None}


def highest_rooms() -> dict[str, int]:
    """For each top-level file of the pipeline the rank of the highest room it reaches; -1 for none."""
    shared = {dotted(path): list(imports(tree_of(path))) for path in (ROOT / "pipeline").glob("*.py")}
    ranks = {
        name: max((ROOMS.index(room) for each in used if (room := room_of(each))), default=-1)
        for name, used in shared.items()
    }
    for _ in shared:  # through one another, at most as many steps as there are files
        for name, used in shared.items():
            reached = [ranks[other] for other in ranks for each in used if f"{each}.".startswith(f"{other}.")]
            ranks[name] = max([ranks[name], *reached])
    return ranks


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_reaches_no_later_room_through_a_shared_file(room: str) -> None:
    """A top-level file that imports a room is imported by that room or later ones only."""
    later = {name for name, rank in highest_rooms().items() if rank > ROOMS.index(room)}
    for path in modules(f"pipeline/{room}"):
        used = {
            name for name in later for each in imports(tree_of(path)) if f"{each}.".startswith(f"{name}.")
        }
        assert used == set(), dotted(path)


@pytest.mark.parametrize("path", modules("config"), ids=dotted)
def test_config_imports_the_pipeline_pydantic_and_the_standard_library(path: Path) -> None:
    """What varies knows the pipeline's types and nothing of what happens."""
    allowed = {"pipeline", "config", "pydantic"} | sys.stdlib_module_names
    assert {name.partition(".")[0] for name in imports(tree_of(path))} <= allowed


@pytest.mark.parametrize("package", ["agents", "config", "pipeline"])
def test_our_packages_are_the_ones_imported(package: str) -> None:
    """`agents`, `config` and `pipeline` are common names: the ones imported lie in this checkout."""
    imported = importlib.import_module(package).__file__
    assert imported is not None
    assert Path(imported).resolve() == ROOT / package / "__init__.py"


@pytest.mark.parametrize("package", ["agents", "config", "pipeline"])
def test_every_folder_of_code_is_a_package(package: str) -> None:
    """Each folder with modules has an __init__ with a docstring that says what it decides."""
    for folder in {path.parent for path in modules(package)}:
        assert ast.get_docstring(tree_of(folder / "__init__.py")), folder.relative_to(ROOT)


def declared_distributions() -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return {plain(re.split(r"[<>=!~\[; ]", line)[0]) for line in project["dependencies"]}


def plain(distribution: str) -> str:
    """A distribution's name as registries compare it."""
    return re.sub(r"[-_.]+", "-", distribution).lower()


def test_every_library_we_import_is_declared() -> None:
    """What the code imports is declared in pyproject.toml, not borrowed from what it depends on."""
    found = {
        name.partition(".")[0]
        for package in ("agents", "config", "pipeline")
        for path in modules(package)
        for name in imports(tree_of(path))
    }
    foreign = found - sys.stdlib_module_names - {"agents", "config", "pipeline"}
    distributions = packages_distributions()
    missing = {
        name
        for name in foreign
        if not {plain(each) for each in distributions.get(name, [])} & declared_distributions()
    }
    assert missing == set()
