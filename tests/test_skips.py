"""The rule about skips, run by pytest inside pytest."""

from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

PASSES = "def test_passes(): assert True\n"
SKIP = 'import pytest\n@pytest.mark.skipif(True, reason="{reason}")\ndef test_skipped(): pass\n'
CALLED = 'import pytest\ndef test_called(): pytest.skip("{reason}")\n'
MODULE = 'import pytest\npytest.skip("{reason}", allow_module_level=True)\n'
XFAIL = 'import pytest\n@pytest.mark.xfail(reason="{reason}")\ndef test_fails(): assert False\n'


@pytest.fixture
def project(pytester: pytest.Pytester) -> pytest.Pytester:
    pytester.makeini("[pytest]\nasyncio_default_fixture_loop_scope = function\n")
    pytester.makeconftest((Path(__file__).parent / "conftest.py").read_text("utf-8"))
    pytester.makepyfile(test_passes=PASSES)
    return pytester


@pytest.mark.parametrize("source", [SKIP, CALLED, MODULE, XFAIL], ids=["mark", "call", "module", "xfail"])
def test_a_skip_fails_the_run(project: pytest.Pytester, source: str) -> None:
    """Under --skips-fail every way of not running a test fails the run and is named with its reason."""
    project.makepyfile(test_it=source.format(reason="no network"))
    result = project.runpytest("--skips-fail")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(
        ["skipped, which fails this run: *no network", 'skipped as "absent: ../shared": 0']
    )


@pytest.mark.parametrize("source", [SKIP, CALLED, MODULE], ids=["mark", "call", "module"])
def test_an_absent_corpus_is_counted_and_passes(project: pytest.Pytester, source: str) -> None:
    """A skip whose reason starts with "absent: ../shared" passes, and their number is printed."""
    project.makepyfile(test_it=source.format(reason="absent: ../shared/corpora/articles.jsonl"))
    result = project.runpytest("--skips-fail")
    assert result.ret == pytest.ExitCode.OK
    result.stdout.fnmatch_lines(['skipped as "absent: ../shared": 1'])


def test_the_reason_must_start_so(project: pytest.Pytester) -> None:
    """The words further inside a reason do not excuse a skip."""
    project.makepyfile(test_it=SKIP.format(reason="slow, absent: ../shared/x"))
    assert project.runpytest("--skips-fail").ret == pytest.ExitCode.TESTS_FAILED


def test_without_the_option_a_skip_is_a_skip(project: pytest.Pytester) -> None:
    """A person's own run passes with skips, as pytest does."""
    project.makepyfile(test_it=SKIP.format(reason="no network"))
    assert project.runpytest().ret == pytest.ExitCode.OK


def test_a_failure_stays_what_it_is(project: pytest.Pytester) -> None:
    """A failing test fails with --skips-fail as without it."""
    project.makepyfile(test_it="def test_fails(): assert False\n")
    result = project.runpytest("--skips-fail")
    result.assert_outcomes(passed=1, failed=1)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
