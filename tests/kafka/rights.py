"""Rights (ACLs) on a cluster with `Security(acls=True)`, given by its administrator."""

from enum import IntEnum

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import for_code
from aiokafka.protocol.admin import CreateAclsRequest

from tests.kafka.cluster import Cluster
from tests.kafka.security import ADMIN


class Resource(IntEnum):
    """Kafka's `ResourceType`; the cluster's only name is "kafka-cluster"."""

    TOPIC = 2
    GROUP = 3
    CLUSTER = 4


class Operation(IntEnum):
    """Kafka's `AclOperation`."""

    ALL = 2
    READ = 3
    WRITE = 4
    CREATE = 5
    DELETE = 6
    ALTER = 7
    DESCRIBE = 8
    DESCRIBE_CONFIGS = 10
    ALTER_CONFIGS = 11
    IDEMPOTENT_WRITE = 12


PREFIXED, ALLOW = 4, 3
"""Of Kafka's `PatternType` and `AclPermissionType`."""


async def allow(cluster: Cluster, operation: Operation, resource: Resource, prefix: str) -> None:
    """The cluster's user may do `operation` on every such resource whose name begins with `prefix`.

    The broker that answered the request may know of it a moment before the others do.
    """
    assert cluster.security is not None
    whose = f"User:{cluster.security.user}"
    request = CreateAclsRequest(resource, prefix, PREFIXED, whose, "*", operation, ALLOW)
    admin = AIOKafkaAdminClient(**cluster.client(ADMIN, cluster.security.admin_password))
    await admin.start()
    try:
        # aiokafka knows the request and offers no call for it.
        response = await admin._send_request(request)
    finally:
        await admin.close()
    for code, message in response.creation_responses:
        if code:
            raise for_code(code)(message)
