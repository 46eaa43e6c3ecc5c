"""poll: decides when a feed is asked, what its answer means, what deserves a note; fed by agents/polling."""
