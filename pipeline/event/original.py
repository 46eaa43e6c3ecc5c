"""Original: findings made in bare text, in places of the text as it was published."""

from dataclasses import dataclass, replace

from pipeline.event.event import Act, Attribution, Days, Figure, Finding
from pipeline.event.world.gazetteer import Named
from pipeline.mention.bare import Bare
from pipeline.mention.mention import Field, Mention, Sentence


@dataclass(frozen=True, slots=True)
class Original:
    """The published title and text, and what was read of them. All places that it is given index the bare
    strings, all that it gives the published ones; words that have no place of their own stay as read."""

    title: Bare
    text: Bare

    @property
    def untouched(self) -> bool:
        """Nothing was left out of title or text: places are what they were."""
        return not (self.title.at or self.text.at)

    def _of(self, field: Field) -> Bare:
        return self.title if field == "title" else self.text

    def span(self, field: Field, start: int, end: int) -> tuple[int, int, str]:
        """Start, end and words in the published string."""
        side = self._of(field)
        first, last = side.start(start), side.end(end)
        return first, last, side.original[first:last]

    def named(self, field: Field, named: tuple[Named, ...]) -> tuple[Named, ...]:
        """The namings of a field."""
        side = self._of(field)
        return tuple(one._replace(start=side.start(one.start), end=side.end(one.end)) for one in named)

    def sentence(self, sentence: Sentence) -> Sentence:
        """A sentence, as a slice of the published string."""
        return Sentence(sentence.field, *self.span(sentence.field, sentence.start, sentence.end))

    def mention(self, mention: Mention) -> Mention:
        """A mention with its sentence."""
        start, end, surface = self.span(mention.field, mention.start, mention.end)
        sentence = self.sentence(mention.sentence)
        return replace(mention, start=start, end=end, surface=surface, sentence=sentence)

    def finding(self, finding: Finding) -> Finding:
        """A finding with all that has a place in it."""
        field = finding.field
        start, end, surface = self.span(field, finding.start, finding.end)
        return replace(
            finding,
            start=start,
            end=end,
            surface=surface,
            sentence=self.sentence(finding.sentence),
            attribution=finding.attribution and self._attribution(field, finding.attribution),
            figures=tuple(self._figure(field, one) for one in finding.figures),
            act=finding.act and self._act(field, finding.act),
            days=tuple(self._days(field, one) for one in finding.days),
        )

    def _attribution(self, field: Field, one: Attribution) -> Attribution:
        start, end, words = self.span(field, one.start, one.end)
        return replace(one, start=start, end=end, words=words)

    def _figure(self, field: Field, one: Figure) -> Figure:
        start, end, surface = self.span(field, one.start, one.end)
        return replace(one, start=start, end=end, surface=surface)

    def _act(self, field: Field, one: Act) -> Act:
        start, end, cue = self.span(field, one.start, one.end)
        return replace(one, start=start, end=end, cue=cue)

    def _days(self, field: Field, one: Days) -> Days:
        start, end, surface = self.span(field, one.start, one.end)
        return replace(one, start=start, end=end, surface=surface)
