"""What polling costs: a local server in a process of its own, and those who poll it."""
