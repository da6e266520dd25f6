"""Which organisation someone acts for, in which role, and what that lets them do."""
