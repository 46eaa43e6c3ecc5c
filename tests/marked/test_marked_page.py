"""The page of a marked text: whole, escaped, linked, and readable without colour, script or network."""

import re
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from agents.cli.marked import drawn, marked
from agents.cli.marked_page import page
from pipeline.event.event import Party
from pipeline.event.events import Content
from pipeline.rules import Rules
from tests.marked.build import finding, found, nested, said

VOID = {"meta", "link", "br", "hr", "img", "input"}
HOSTILE = (
    "<script>alert(1)</script> & &amp; &#x3c; \"'> truce </p></div><b onclick=x>hostages</b> "
    "\u202etruce\u202c\u2066 {{ 7 * 7 }} {% raw %}\n\n\n  ]]> <!-- truce -->\ttruce"
)


class Outline(HTMLParser):
    """Elements with their attributes, and the text of each element that has an id."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, str] = {}
        self.heading = ""
        self._open: list[tuple[str, str | None]] = []
        self.feed(html)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        self.elements.append((tag, attributes))
        if tag == "dd":
            self.handle_data(" ")
        if tag not in VOID:
            ident = attributes.get("id")
            self._open.append((tag, ident))
            if ident is not None:
                assert ident not in self.texts, f"the id {ident} stands there twice"
                self.texts[ident] = ""

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        self.heading += data if self._open and self._open[-1][0] == "title" else ""
        for _, ident in self._open:
            if ident is not None:
                self.texts[ident] += data

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.mark.parametrize("title", ["", HOSTILE.replace("\n", " ")])
def test_the_text_without_its_tags_is_the_text(title: str, rules: Rules) -> None:
    """Tags, entities, template signs, overrides and blank lines come out of the page as they went in."""
    content = Content(title, HOSTILE, "en")
    shown = marked(content, rules)
    assert sum(map(len, shown.found.mentions.values())) >= 4
    outline = Outline(page(shown, rules))
    assert outline.texts["text"] == HOSTILE
    assert outline.texts.get("title", "") == title
    assert "\u202e" not in outline.heading


def test_nothing_of_the_text_becomes_markup(rules: Rules) -> None:
    """In text, title, cards and attributes: no element, no attribute but those of the template."""
    hostile = HOSTILE.replace("\n", " ")
    one = finding(
        hostile,
        "truce",
        attribution=said(
            hostile, "hostages</b>", "<script>alert(1)</script>", "\"'>", via="</p>", actor="<i>"
        ),
        hedge="<b onclick=x>",
        actors=("<u>",),
        places=("<u>",),
    )
    outline = Outline(page(drawn(Content(hostile, hostile, '"><u>'), found({"ceasefire": [one]})), rules))
    tags = {name for name, _ in outline.elements}
    assert tags.isdisjoint({"script", "b", "i", "u", "img", "iframe", "form"})
    assert not [key for _, attributes in outline.elements for key in attributes if key.startswith("on")]
    assert "alert(1)" in outline.texts["c1"]


def test_what_turns_the_line_around_stands_alone(rules: Rules) -> None:
    """Each embedding, override and isolate of the text is alone in an element that isolates it."""
    html = page(marked(Content("", "a \u202etruce\u2066 b", "en"), rules), rules)
    assert re.findall("(.{5})[\u202a-\u202e\u2066-\u2069](.{6})", html) == [("<bdi>", "</bdi>")] * 4


def test_marks_nest_and_link_to_their_cards(rules: Rules) -> None:
    """A mention in a quotation in an attribution is marked inside of it, and each link leads somewhere."""
    outline = Outline(page(drawn(*nested()), rules))
    assert outline.texts["m1"] == "truce"
    classes = [attributes.get("class") for name, attributes in outline.elements if name in ("span", "mark")]
    inside = classes[classes.index("words", classes.index("days")) :]
    assert [kind for kind in inside if kind and kind != "tag"][:4] == ["words", "act", "figure", "hue-0"]
    targets = [str(link["href"]) for link in outline.named("a")]
    assert {"#cards", "#c1", "#m1"} == set(targets)
    assert all(target.removeprefix("#") in outline.texts for target in targets)


def test_a_card_says_all_that_was_found(rules: Rules) -> None:
    """Sentence, speaker with actor, verb, words, source, hedge, polarity, act, figure and days."""
    card = " ".join(Outline(page(drawn(*nested()), rules)).texts["c1"].split())
    for told in (
        "1. truce ceasefire",
        "Speaker Hamas (Hamas Movement)",
        "Verb told (quoted)",
        "Words accepts about 40 to 42 days of truce",
        "Via sources",
        "Hedge reportedly",
        "Polarity conditional",
        "Act AGREE: accepts By Hamas (Hamas Movement) To Egypt Mediator Qatar",
        "about 40 to 42 days: 40-42 days; qualifier: about; counted: truce; "
        "claimed by Hamas (Hamas Movement); as of 2024-05-05",
        "Saturday: 2024-05-04; the nearest such day up to publication is assumed (read from 2024-05-05)",
        "Actors Hamas Movement",
    ):
        assert told in card
    assert "Not said" not in card


def test_a_card_says_what_the_sentence_does_not(rules: Rules) -> None:
    """What was looked for and not found is named, so that an empty card is no riddle."""
    outline = Outline(page(marked(Content("", "A truce.", "en"), rules), rules))
    assert "speaker, hedge, act, figures, days" in outline.texts["c1"]


def test_nothing_found_is_said(rules: Rules) -> None:
    """A text without a mention has no cards and says so; one in a language without a grammar says that."""
    outline = Outline(page(marked(Content("", "Nothing.", "sv"), rules), rules))
    assert "None of the tracked subjects is mentioned." in outline.texts["cards"]
    assert "No grammar is listed for the language 'sv': names alone were read." in outline.texts["about"]


def test_each_paragraph_finds_its_own_direction(rules: Rules) -> None:
    """Every block of somebody's words is `dir="auto"`, and short ones in cards are isolated."""
    text = "A truce.\n\nتقول حماس: هدنة."
    html = page(
        drawn(Content("هدنة", text, "ar"), found({"ceasefire": [finding(text, "truce", "A truce.")]})), rules
    )
    outline = Outline(html)
    blocks = [attributes for tag in ("h1", "blockquote") for attributes in outline.named(tag)]
    assert blocks and all(attributes["dir"] == "auto" for attributes in blocks)
    assert html.count('<p dir="auto">') == 2
    assert "<bdi>truce</bdi>" in html


def test_the_page_needs_nothing_beside_it(rules: Rules) -> None:
    """No script, no address of anything, and a policy under which a browser would load nothing."""
    outline = Outline(page(drawn(*nested()), rules))
    assert not outline.named("script") and not outline.named("link") and not outline.named("img")
    assert not [a for _, attributes in outline.elements for a in attributes if a in ("src", "style")]
    policies = [meta["content"] for meta in outline.named("meta") if "http-equiv" in meta]
    assert policies == ["default-src 'none'; style-src 'unsafe-inline'"]
    assert "url(" not in page(drawn(*nested()), rules)


def test_kinds_do_not_rest_on_colour(rules: Rules) -> None:
    """Each kind that is drawn is in the legend, has a title, and a shape of its own in the style sheet."""
    html = page(drawn(*nested()), rules)
    style = html[html.index("<style>") : html.index("</style>")]
    titles = {a["class"]: a.get("title") for a in Outline(html).named("span") if a.get("title")}
    kinds = {"words", "speaker", "verb", "source", "hedge", "act", "figure", "days"}
    assert set(titles) == kinds
    legend = html[html.index('class="legend"') : html.index("<main>")]
    rules_of = [match[1] for match in re.finditer(r"^\.[a-z]+ \{ (.*) \}$", style, re.MULTILINE)]
    for kind in kinds:
        assert f'class="{kind}"' in legend
        own = re.search(rf"^\.{kind} \{{ (.*) \}}$", style, re.MULTILINE)
        assert own and re.search("border-block-end|box-shadow|text-decoration", own[1])
    shapes = [re.sub(r"(color|background): var\([^)]*\);? ?", "", own) for own in rules_of]
    assert all(a != b for a, b in pairwise(sorted(shapes)))


def _luminance(color: str) -> float:
    """Relative luminance by WCAG 2.2."""
    parts = [int(color[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_contrast(theme: int, rules: Rules) -> None:
    """Letters on their grounds reach 4.5:1 and lines 3:1 (WCAG 2.2, 1.4.3 and 1.4.11), in both themes."""
    html = page(drawn(*nested()), rules)
    colors = dict(
        re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{6});", re.findall(r":root \{(.*?)\}", html, re.DOTALL)[theme])
    )
    grounds = [colors["paper"], colors["said"]]
    for ink in ("ink", "soft", "link", "speaker", "figure", "act"):
        assert min(_contrast(colors[ink], ground) for ground in grounds) >= 4.5, ink
    for hue in range(4):
        assert _contrast(colors["ink"], colors[f"ground-{hue}"]) >= 4.5
    assert min(_contrast(colors["line"], ground) for ground in grounds) >= 3


def test_parties_without_an_actor_are_as_written(rules: Rules) -> None:
    """Somebody who is in no list is shown by the words alone."""
    content, all_found = nested()
    act = all_found.findings["ceasefire"][0].act
    assert act is not None and act.to == Party("Egypt")
    assert "<bdi>Egypt</bdi></dd>" in page(drawn(content, all_found), rules)
