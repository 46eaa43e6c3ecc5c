"""The published contract: in step with the types, valid by its specification, kept by what is sent."""
