"""Who and what there is: the actors, places and stories declared, and where a text names them."""
