"""Whether a worker gets its work done: measured, told to supervisors, and ended where it does not."""
