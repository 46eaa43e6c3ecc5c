"""How fast detection is, beside what others would take: the tables that `make bench` prints last."""
