"""Small documents that the tests are made of."""

_NAMESPACES = (
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:media="http://search.yahoo.com/mrss/"'
)


def rss(item: str) -> str:
    """An RSS 2.0 feed around what stands in its item."""
    return (
        f'<rss version="2.0" {_NAMESPACES}><channel><title>Paper</title><link>https://paper.example/</link>'
        f"<language>en</language><item>{item}</item></channel></rss>"
    )


def atom(entry: str) -> str:
    """An Atom feed around what stands in its entry."""
    return (
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><title>Paper</title><id>urn:paper</id>'
        f'<link href="https://paper.example/"/><entry>{entry}</entry></feed>'
    )


RSS = rss(
    "<title>Talks resume</title><link>https://paper.example/a</link><guid>https://paper.example/a</guid>"
    "<description>Delegations are back.</description><author>Ada Lind</author>"
    "<pubDate>Sat, 04 May 2024 12:00:00 +0300</pubDate>"
)
ATOM = atom(
    "<title>Talks resume</title><link href='https://paper.example/a'/><id>https://paper.example/a</id>"
    "<summary>Delegations are back.</summary><author><name>Ada Lind</name></author>"
    "<published>2024-05-04T12:00:00+03:00</published>"
)
RDF = (
    '<?xml version="1.0"?><rdf:RDF xmlns="http://purl.org/rss/1.0/" '
    'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xml:lang="en"><channel rdf:about="https://paper.example/"><title>Paper</title>'
    "<link>https://paper.example/</link></channel>"
    '<item rdf:about="https://paper.example/a"><title>Talks resume</title>'
    "<link>https://paper.example/a</link><description>Delegations are back.</description>"
    "<dc:creator>Ada Lind</dc:creator><dc:date>2024-05-04T09:00:00Z</dc:date></item></rdf:RDF>"
)
JSON = (
    '{"version": "https://jsonfeed.org/version/1.1", "title": "Paper", "language": "en", '
    '"home_page_url": "https://paper.example/", "items": [{"id": "https://paper.example/a", '
    '"url": "https://paper.example/a", "title": "Talks resume", "summary": "Delegations are back.", '
    '"authors": [{"name": "Ada Lind"}], "date_published": "2024-05-04T09:00:00Z"}]}'
)
