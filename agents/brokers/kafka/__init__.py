"""The engine for more than one machine: Apache Kafka, through aiokafka."""
