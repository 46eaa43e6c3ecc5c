"""The whole path through the command line: what a user and a program see."""
