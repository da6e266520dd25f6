"""A backup: the database and every store as they were at one moment, in one file, and the way back."""
