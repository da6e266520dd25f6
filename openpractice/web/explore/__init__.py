"""Open figures for everyone: find a practice, see its measures, compare it fairly. No login, no cookie."""
