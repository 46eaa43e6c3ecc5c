"""The tables about detection, what they are measured on and held against. Nothing here is about time."""

import subprocess
import sys
from itertools import islice

import pytest

from pipeline.event.events import find
from pipeline.mention.pattern import parse
from pipeline.mention.subject import Subject
from tests.bench.children import ROOT
from tests.bench.detection import names
from tests.bench.detection.forms import first_words, patterns, plain, written
from tests.bench.detection.hostile import SHAPES
from tests.bench.detection.many import generated
from tests.bench.detection.sentences import ABOUT, AROUND
from tests.bench.detection.tables import miscounted, unread, wrong
from tests.bench.detection.texts import DAY, Content, mentioning, mixed
from tests.bench.detection.vocabulary import SIZE, words
from tests.shipped import shipped

FOUND = {
    names.STAGE: 4,
    names.DETECT: 4,
    names.MATCHER: 4,
    names.FOLDED: 4,
    names.FIRST_WORDS: 9,
    names.ALL_FORMS: 4,
    names.RE: 3,
}
RIGHT = {"corpus": names.MIXED, "mentioning": 4, "wrong": 0}


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> subprocess.CompletedProcess[str]:
    """The tables over 40 articles, up to 1,000 aliases and 100 kB of hostile text."""
    folder = tmp_path_factory.mktemp("bench") / "made"
    command = [sys.executable, "-m", "tests.bench", "--scale", "0.01", "--folder", str(folder)]
    command += ["--only", "detection"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)


def test_every_count_is_the_generators_truth(bench: subprocess.CompletedProcess[str]) -> None:
    """Articles show what was put in, at any number of aliases; no hostile text hides a mention."""
    assert (bench.returncode, bench.stderr) == (0, ""), bench.stdout + bench.stderr
    assert bench.stdout.endswith("Every count is the generator's truth.\n")


def test_every_table_comes_out(bench: subprocess.CompletedProcess[str]) -> None:
    """Each table stands there, with its rows and what is aimed at; a peer that is not installed is named."""
    for title in (
        "13. Finding ",
        "14. Microseconds an article by ",
        "15. Seconds of CPU a MB, the detect stage",
    ):
        assert title in bench.stdout
    for row in (names.STAGE, names.FOLDED, names.ALL_FORMS, names.RE, names.SPACY, names.NO_MENTION[0]):
        assert row in bench.stdout
    for note in ("a tenth: 40, 10.0% with a mention", "<= 3 ", "<= 1.5 ", "10 to 1,000 ("):
        assert note in bench.stdout
    assert max(map(len, bench.stdout.splitlines())) <= 100


def test_the_sentences_say_what_they_were_written_to_say() -> None:
    """Each names its one subject in each of eight languages, and those around them none."""
    for language, told in ABOUT.items():
        for subject, text in told:
            assert set(find(Content("", text, language, DAY), shipped()).mentions) == {subject}, text
        for text in AROUND[language]:
            assert not find(Content("", text, language, DAY), shipped()).mentions, text
    assert len(ABOUT) == len(AROUND) == 8


def test_the_corpora_are_what_they_are_called() -> None:
    """A tenth, or all, have a mention; the same each time; in all languages."""
    assert [bool(one.subjects) for one in mixed(80)].count(True) == 8
    assert all(one.subjects for one in mentioning(20))
    assert mixed(80) == mixed(80)
    assert {one.content.language for one in mixed(80)} == set(ABOUT)


def test_plain_forms_are_an_alias_written_out() -> None:
    """Options and what may be left out are written out, gaps are empty, open words have no ending."""
    forms = plain([parse("[halt|pause in] (the) ...2 fight*"), parse("Otage*")])
    assert forms == ["halt fight", "halt the fight", "otage", "pause in fight", "pause in the fight"]


def test_forms_of_an_alias_are_bounded() -> None:
    """One that stands for thousands gives so many that a list can hold them."""
    assert len(plain([parse(" ".join(["[a|b|c|d]"] * 6))])) == 64


def test_written_forms_keep_their_accents() -> None:
    """Who does not fold gets what stands in the file, in small letters."""
    subject = Subject("s", "S", aliases={"es": ("Rehén* ...2 @where",)}, words={"where": ("Líbano", "Gaza")})
    assert written([subject]) == ["rehén gaza", "rehén líbano"]
    assert plain(patterns([subject])) == ["rehen gaza", "rehen libano"]


def test_first_words_are_asked_for_as_our_matcher_asks() -> None:
    """With the space in front of them, but where a particle can stand between the two."""
    assert first_words([parse("(the) truce"), parse("هدنة")]) == [" the", " truce", "هدنه"]


def test_made_up_words_are_many_and_the_same() -> None:
    """As many as were asked for, none twice, in the letters of the language."""
    assert len(set(words("he"))) == SIZE
    assert words("ru") == words("ru")
    assert all("\u0900" <= letter <= "\u097f" for letter in "".join(words("hi")[:100]))


@pytest.mark.parametrize("kind", names.KINDS)
def test_more_aliases_begin_with_the_fewer(kind: str) -> None:
    """So that what stands in the articles is found by any number of them."""
    assert list(islice(generated(kind), 30))[:10] == list(islice(generated(kind), 10))
    assert len(set(islice(generated(kind), 500))) == 500


@pytest.mark.parametrize("shape", SHAPES)
def test_a_hostile_text_is_read(shape: str) -> None:
    """Three kilobytes of each shape do no harm, and hide no mention."""
    content = Content(
        "", ("Hamas said that a ceasefire was near, " + SHAPES[shape] * 3_000)[:3_000], "en", DAY
    )
    assert find(content, shipped()).mentions


def test_counts_that_cannot_be_are_told() -> None:
    """Wrong subjects, programs that ought to agree and do not, and what is found by who cannot see more."""
    assert list(wrong(RIGHT | {"found": FOUND})) == []
    assert list(wrong(RIGHT | {"found": FOUND, "wrong": 2})) == [
        "detection, a tenth: 2 articles with other subjects than were put in"
    ]
    assert list(
        wrong(RIGHT | {"found": FOUND | {names.STAGE: 5, names.SPACY: 2, names.TOKENS: 1, names.RE: 5}})
    ) == [
        "detection, a tenth: 5 articles with a mention, not 4",
        "detection, a tenth: detect stage finds 5, detector 4",
        "detection, a tenth: spaCy PhraseMatcher finds 2, spaCy, tokenised before 1",
        "detection, a tenth: re alternation finds 5, bare automaton, plain forms 4",
    ]


def test_sizes_that_find_other_articles_are_told() -> None:
    """More aliases must find the same articles as ten; an alternation the same at each size."""
    cells = [{"kind": names.OWN, "size": 10, "found": 4}, {"kind": names.RE, "size": 10, "found": 1}]
    assert list(miscounted(cells, 40)) == []
    cells += [{"kind": names.OWN, "size": 100, "found": 5}, {"kind": names.RE, "size": 100, "found": 0}]
    assert list(miscounted(cells, 40)) == [
        "100 aliases, first words of their own: 5 found, not 4",
        "100 aliases, re alternation: 0 found, not 1",
    ]


def test_a_lost_mention_is_told() -> None:
    """A hostile text with a mention must show it, one without must not."""
    assert list(unread({"many mentions": 3, names.NO_MENTION[0]: 0})) == []
    assert list(unread({"many mentions": 0, names.NO_MENTION[0]: 1})) == [
        "hostile text, many mentions: 0 mentions",
        "hostile text, combining marks alone: 1 mentions",
    ]
