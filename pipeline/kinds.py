"""Kinds of public messages that articles lead to: their `ce_type`, which ends with the version of the form.

A change that a reader would have to know of is a new version; see docs/consume.md.
"""

ARTICLE_KIND = "storywire.article.v1"
EVENT_KIND = "storywire.event.v1"
ARTICLE_RETRACTED_KIND = "storywire.article.retracted.v1"
EVENT_RETRACTED_KIND = "storywire.event.retracted.v1"

ARTICLE_KINDS = (ARTICLE_KIND, ARTICLE_RETRACTED_KIND)
EVENT_KINDS = (EVENT_KIND, EVENT_RETRACTED_KIND)
