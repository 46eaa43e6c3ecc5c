"""Words of English that tell who says what: verbs of saying, speakers, roles, what stands between them.

Compiled by hand from how wire copy attributes; each list errs on the side of leaving a word out.
"""

from pipeline.event.vocabulary import words

SAYING = words(
    "said says announced announces affirmed affirms emphasized emphasizes emphasised emphasises stressed "
    "reiterated reiterates insisted insists confirmed confirms declared declares warned warns vowed vows "
    "pledged asserted asserts alleged alleges argued argues expressed expresses acknowledged acknowledges "
    "admitted admits urged urges threatened threatens proposed proposes demanded accused accuses denied "
    "denies rejected rejects welcomed welcomes condemned condemns dismissed dismisses stated disclosed "
    "predicted cautioned cautions lamented conceded replied responded tweeted explained suggested"
)
"""Verbs whose complement is what the speaker says; a clause, an object or a quotation may follow."""

CLAUSE_ONLY = words(
    "added adds noted notes claimed claims maintained maintains indicated indicates revealed reveals "
    "reported reports stresses states demands explains suggests concluded concludes believes argued "
    "responded replied"
)
"""Verbs (and nouns that look like them) that attribute only before "that" or a quotation."""

PARTICLES = {
    "called": words("for on"),
    "calls": words("for on"),
    "calling": words("for on"),
    "appealed": words("for"),
    "appeals": words("for"),
    "appealing": words("for"),
    "pressed": words("for"),
    "pushed": words("for"),
    "pushing": words("for"),
    "asked": words("for"),
}
"""Verbs that attribute with the particle behind them; the words follow the particle."""

CREDITING = words("reported reports said says")
"""Verbs that behind a name and a comma credit it with the whole sentence."""

TELLING = words("told tells")
"""Verbs that name whom they address before what is said."""

TOPICAL = words("addressed addresses discussed discusses")
"""Verbs that name a topic; what is said follows as ", stating that ..."."""

PARTICIPLES = words(
    "saying stating adding warning insisting indicating stressing emphasizing emphasising noting claiming "
    "arguing declaring announcing reiterating affirming explaining urging suggesting vowing demanding telling"
)
"""A comma and one of these carry on the statement of the sentence's speaker."""

PROGRESSIVE = words(
    "urging demanding saying calling warning insisting proposing rejecting denying threatening "
    "pushing appealing"
)
"""Participles that are verbs of their own behind a form of "be"."""

INVERTIBLE = words(
    "said says stated declared added warned reported announced affirmed insisted explained told"
)
"""Verbs that may stand before their speaker (", said the minister")."""

CUES = (
    SAYING
    | CLAUSE_ONLY
    | frozenset(PARTICLES)
    | TELLING
    | TOPICAL
    | PARTICIPLES
    | PROGRESSIVE
    | words("according reported announced stated")
)

BE = words("is are was were be been being")
HAVE = words("has have had having")
BLOCKING = words(
    "to not never no n t cannot could would may might must should can will shall did does do refused "
    "declined yet without if didn hasn haven hadn doesn wouldn won don isn wasn aren weren nor neither"
)
"""Words before a verb that make it a statement not made, or not yet."""

ADVERBS = words(
    "also again repeatedly later then earlier previously recently already still today yesterday tonight "
    "publicly reportedly allegedly meanwhile however too now once just both first even thus"
)
DAYS = words("monday tuesday wednesday thursday friday saturday sunday")
TIMES = DAYS | words("today yesterday tonight tomorrow morning afternoon evening night week month weekend")
TIME_LEADS = words("on late early earlier later last this overnight")
OCCASIONS = words(
    "statement interview speech briefing conference post video broadcast letter report remarks message "
    "address meeting call tweet comments communique televised"
)

STOPPERS = words(
    "that while but although though because if when as after before since where which who whom whose whereas "
    "despite unless until however so than or nor is are was were be been being has have had having will "
    "would did do does to could may might must should can not never what how why there"
)
"""Words that no speaker's noun phrase holds."""

PREPOSITIONS = words("of for from in at by with on to near inside outside")
"""Before the first of these stands a noun phrase's head."""

PRONOUNS = words("he she they it")
UNFINISHED = PREPOSITIONS | words("the a an its their his her and s about over into")
"""With one of these at its end a noun phrase was cut off."""

OFFICIALS = words(
    "official officials spokesman spokeswoman spokesperson spokespeople minister ministers ministry "
    "president premier leader leaders leadership chief government authorities army military navy forces "
    "troops police secretary ambassador envoy envoys negotiator negotiators delegation delegate delegates "
    "cabinet statement parliament senator lawmaker lawmakers commander general diplomat diplomats presidency "
    "office administration council representative representatives mediator mediators aide aides "
    "director commissioner coordinator head movement group wing politburo chairman king emir"
)
"""Heads that speak for whom they are said to belong to: "Israeli officials", "a Hamas spokesman"."""

TITLES = words(
    "the a an its his her their of for and s senior former top deputy foreign prime defence defense health "
    "vice acting interim political military exiled veteran war armed chief national security humanitarian "
    "relief aid agency office member refugee state"
)
"""Small words and adjectives of the titles before a name."""

AGENCIES = words("reuters afp ap cnn bbc axios haaretz tass xinhua anadolu bloomberg")

SPEAKERS = (
    OFFICIALS
    | AGENCIES
    | words(
        "source sources witnesses witness residents resident doctors doctor medics medic analysts analyst "
        "agency agencies media television tv radio newspaper report reports relatives families family mother "
        "father brother sister wife husband protesters survivors experts expert rescuers workers worker "
        "journalist journalists reporter charity charities groups countries countries' militants "
        "rebels fighters "
        "broadcaster website outlet court judges judge prosecutor prosecutors lawyer lawyers union party "
        "coalition alliance organisation organization bloc hospital teams medics organisers activists "
        "historian professor"
    )
)
"""Heads of noun phrases that can speak at all."""

SOURCES = AGENCIES | words("source sources diplomats media television broadcaster newspaper agency outlet")
"""Heads of those who pass on what others say."""

PRIVY = words("familiar briefed present involved knowledgeable")
"""Adjectives behind a noun phrase's head ("sources familiar with the talks")."""

REFERRING = OFFICIALS | words(
    "agency agencies organisation organization group union party coalition alliance bloc court broadcaster "
    "newspaper website outlet charity report source militants rebels fighters"
)
"""With "the" alone before it such a noun only refers back: it names nobody by itself."""

NOT_SOURCES = words("plan plans schedule need needs custom tradition taste whim law")
"""What follows "according to" without being a source."""

RECIPIENTS = words(
    "reporters journalists lawmakers parliament congress media television tv radio me us them him her state "
    "supporters families mediators"
)
CIRCUMSTANCES = words("after before as when while in at during on following amid ahead")
"""Behind "he said" at the end of a clause these tell when or where, not what."""

PAST = words(
    "gave took made held met began came went saw sent spoke put kept left won lost drew told said has had"
)
"""Frequent past tenses, beside those in -ed, behind which a sentence's subject is known."""

CONNECTORS = words("while but whereas although though and as")
