"""The command line: each command in its own file, thin over what the other rooms decide and do."""
