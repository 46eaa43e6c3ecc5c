"""What varies: settings, subjects, stories, actors, places and publishers, and their loading."""
