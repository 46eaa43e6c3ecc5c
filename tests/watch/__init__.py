"""Whether a worker gets its work done: judged, measured, served."""
