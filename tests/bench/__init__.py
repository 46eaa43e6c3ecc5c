"""What `make bench` measures: generated articles with a known truth, and the tables of the README."""
