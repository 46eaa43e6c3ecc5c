"""What holds for every test: no variable of the shell reaches it, and skips can be made to count.

With `--skips-fail` a skipped test fails the run, unless its reason starts with "absent: ../shared":
those fixtures are not part of the project. How many there were is printed. So are the figures that
tests measured, which `figures` takes: tests run side by side, and what one of them prints would be lost.
"""

import os
from collections.abc import Callable

import hypothesis
import pytest

# A deadline would judge the machine: other work on it takes any example past 200 ms.
hypothesis.settings.register_profile("any machine", deadline=None)
hypothesis.settings.load_profile("any machine")
# A verdict on a commit is the same each time it is asked for; `make test` goes on looking for new examples.
hypothesis.settings.register_profile("verdict", deadline=None, derandomize=True)

pytest_plugins = ["tests.kafka.fixtures"]

ABSENT = "absent: ../shared"

for variable in [name for name in os.environ if name.startswith("STORYWIRE_")]:
    del os.environ[variable]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--skips-fail",
        action="store_true",
        help=f'fail the run on each skip whose reason is not "{ABSENT}..."',
    )


def reason_of(report: pytest.TestReport | pytest.CollectReport) -> str:
    """The reason of a skip as its author wrote it; for an xfail, which counts as a skip too, its own."""
    if hasattr(report, "wasxfail"):
        return f"xfail: {report.wasxfail}"
    text = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    return text.removeprefix("Skipped: ")


def skips(session: pytest.Session) -> tuple[list[str], int]:
    """Lines of the skips that count, and the number of those that do not."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    assert reporter is not None
    found = reporter.stats.get("skipped", []) + reporter.stats.get("xfailed", [])
    counted = [f"{report.nodeid}: {reason_of(report)}" for report in found]
    kept = [line for line in counted if f": {ABSENT}" not in line]
    return kept, len(counted) - len(kept)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    if session.config.getoption("--skips-fail") and exitstatus == pytest.ExitCode.OK and skips(session)[0]:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture
def figures(record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    """Takes text that is printed when all tests are through, under the name of its test."""
    return lambda text: record_property("figures", text)


def print_figures(terminalreporter: pytest.TerminalReporter) -> None:
    """What tests gave to `figures`, in the order of their names."""
    for report in sorted(terminalreporter.stats.get("passed", []), key=lambda report: report.nodeid):
        for name, text in report.user_properties:
            if name == "figures":
                terminalreporter.write_line(f"{report.nodeid}\n{text}")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    print_figures(terminalreporter)
    session = terminalreporter._session
    if session is None or not session.config.getoption("--skips-fail"):
        return
    kept, absent = skips(session)
    for line in kept:
        terminalreporter.write_line(f"skipped, which fails this run: {line}", red=True)
    terminalreporter.write_line(f'skipped as "{ABSENT}": {absent}')
