"""An independent count over the raw XML of a polled feed: no parser and no comparison of ours."""

import re
import xml.etree.ElementTree as ET
from collections import Counter, defaultdict
from collections.abc import Iterable

ITEM = re.compile(r"<item>.*?</item>", re.DOTALL)


def items(body: str) -> dict[str, tuple[str, ...]]:
    """guid -> (title, description, link, pubDate); two snapshots are merge conflicts, so item by item."""
    wrapped = '<r xmlns:media="http://search.yahoo.com/mrss/">' + "".join(ITEM.findall(body)) + "</r>"
    found: dict[str, tuple[str, ...]] = {}
    for item in ET.fromstring(wrapped):
        said = [
            " ".join((item.findtext(k) or "").split()) for k in ("title", "description", "link", "pubDate")
        ]
        found.setdefault(item.findtext("guid") or "", tuple(said))
    return found


def count(bodies: Iterable[str]) -> Counter[str]:
    """What happened from each snapshot to the next, and to each item over all of them."""
    facts: Counter[str] = Counter()
    last: dict[str, tuple[str, ...]] = {}
    worded, links = defaultdict(list), defaultdict(set)
    before: dict[str, tuple[str, ...]] = {}
    for body in bodies:
        now = items(body)
        facts["gone"] += len(before.keys() - now.keys())
        facts["gaps"] += bool(before and now and not before.keys() & now.keys())
        for guid, said in now.items():
            facts["items"] += guid not in last
            facts["reappeared"] += guid in last and guid not in before
            if guid in last and last[guid][:2] != said[:2]:
                facts["edits"] += 1
                facts["returns"] += said[:2] in worded[guid]
                for n in (0, 1):
                    earlier = said[n] in [words[n] for words in worded[guid]]
                    facts["titles or descriptions returned to"] += last[guid][n] != said[n] and earlier
            facts["redates"] += guid in last and last[guid][3] != said[3]
            worded[guid].append(said[:2])
            links[guid].add(said[2])
            last[guid] = said
        before = now
    facts["links that differ by query"] = sum(
        len(those) > 1 and len({re.split(r"[?#]", one)[0] for one in those}) == 1 for those in links.values()
    )
    return facts
