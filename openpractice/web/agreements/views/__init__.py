"""Pages about agreements: those there are, one of them, a new one, and why."""
