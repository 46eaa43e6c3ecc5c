"""What is told of a mention and done about it: clauses, stance, acts and their parties."""
