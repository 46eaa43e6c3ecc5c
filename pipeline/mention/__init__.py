"""Decides where a text mentions a tracked subject; fed with the titles and texts of `article`."""
