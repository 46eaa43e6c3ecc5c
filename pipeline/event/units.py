"""Units of the claim ledger: the English nouns that figures count, and the unit each is summed up in."""

from pipeline.event.vocabulary import listed, words


def _all(nouns: str, unit: str) -> dict[str, str]:
    return dict.fromkeys(listed(nouns), unit)


TIME = {
    **_all("day days", "days"),
    **_all("week weeks", "weeks"),
    **_all("month months", "months"),
    **_all("year years", "years"),
    **_all("hour hours", "hours"),
    **_all("minute minutes", "minutes"),
}

PEOPLE = words(
    "people person persons individual individuals civilian civilians palestinians "
    "israelis gazans americans ukrainians russians "
    "yemenis "
    "syrians egyptians thais foreigner foreigners national nationals citizen citizens "
    "hostage hostages captive captives prisoner prisoners detainee detainees abductee abductees soldier "
    "soldiers troop troops fighter fighters militant militants gunman gunmen police officer officers child "
    "children woman women man men girl girls boy boys baby babies family families resident residents refugee "
    "refugees worker workers journalist journalists doctor doctors medic medics patient patients student "
    "students casualty casualties victim victims survivor survivors dead wounded injured killed missing "
    "displaced protester protesters demonstrator demonstrators settler settlers relative relatives passenger "
    "passengers worshippers evacuees inmates volunteers staff employees pilgrims peacekeepers lives"
)

GROUPS = {
    **_all("hostage hostages captive captives abductee abductees", "hostages"),
    **_all("prisoner prisoners detainee detainees inmates", "prisoners"),
    **_all("soldier soldiers troop troops", "soldiers"),
}
"""People whom the ledger counts apart; all others are "people"."""

THINGS = {
    **_all("body bodies", "bodies"),
    **_all("truck trucks lorry lorries", "trucks"),
    **_all("rocket rockets", "rockets"),
    **_all("missile missiles", "missiles"),
    **_all("drone drones", "drones"),
    **_all("strike strikes airstrike airstrikes", "strikes"),
    **_all("tank tanks", "tanks"),
    **_all("house houses home homes", "homes"),
    **_all("building buildings", "buildings"),
    **_all("hospital hospitals", "hospitals"),
    **_all("school schools", "schools"),
    **_all("tent tents", "tents"),
    **_all("village villages", "villages"),
    **_all("tonne tonnes", "tonnes"),
    **_all("ton tons", "tons"),
    **_all("kg kilograms kilogrammes", "kilograms"),
    **_all("litre litres liter liters", "litres"),
    **_all("km kilometre kilometres kilometer kilometers", "kilometres"),
    **_all("mile miles", "miles"),
    **_all("metre metres meter meters", "metres"),
    **_all("percent %", "percent"),
    **_all("dollar dollars", "USD"),
    **_all("euro euros", "EUR"),
    **_all("pound pounds", "GBP"),
    **_all("shekel shekels", "ILS"),
}

MEASURES = words("percent USD EUR GBP ILS tonnes tons kilograms litres kilometres miles metres")
"""Units that measure something else than themselves; what, stands behind "of" if anywhere."""

CURRENCIES = {"$": "USD", "€": "EUR", "£": "GBP", "₪": "ILS"}

LASTING = words(
    "pause truce ceasefire cease armistice lull break halt suspension war conflict offensive siege campaign "
    "period phase deadline ultimatum extension captivity cessation hudna deal agreement fighting calm stage"
)
"""Nouns that last: what a duration counts."""

FATES = words(
    "killed injured wounded displaced dead missing held freed released abducted kidnapped taken captured "
    "crowded moved driven forced living camping left remain remaining detained arrested trapped "
    "sheltering stranded starving evacuated fled returned buried recovered"
)
"""Words behind a noun that say what became of those counted."""

ADJECTIVES = words(
    "palestinian israeli american gazan foreign dual young elderly female male women civilian displaced "
    "wounded injured sick remaining living dead aid humanitarian relief food fuel armed more other "
    "additional new old hamas "
    "thai russian ukrainian syrian egyptian lebanese sudanese yemeni hostage security innocent un metric "
    "square cubic high female critically badly seriously the those these his her their its calendar "
    "consecutive full whole straight long-term short"
)
"""Words that may stand between a number and the noun it counts."""

MONTHS = words(
    "january february march april may june july august september october november december jan feb mar apr "
    "jun jul aug sep sept oct nov dec"
)
