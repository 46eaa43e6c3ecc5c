"""`storywire schema`: the published contract, for programs and the tools that read AsyncAPI."""

import sys

from agents.cli.context import settings_from
from agents.contract.channels import Installation
from agents.contract.document import document, written


def schema() -> None:
    """Print the contract of the public topics.

    It is an AsyncAPI 3.0 document with JSON Schemas. Topic names, partitions and retention are
    those of this installation's settings.

    Example:  storywire schema > asyncapi.json
    """
    settings = settings_from({})
    here = Installation(
        settings.topic_prefix, settings.partitions, settings.replication, settings.retention_days
    )
    sys.stdout.buffer.write(written(document(here)))
