"""The worker on a Kafka cluster, beside others that do the same work on the same broker in the same run."""
