"""Several workers that come and go, and what each feed of a server saw of them."""
