"""The published contract: what lies on the public topics, as one AsyncAPI document made from the types."""
