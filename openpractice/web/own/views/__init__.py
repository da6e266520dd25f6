"""Pages about an organisation's own data: its figures, its patients' pseudonyms, its key, keeping and leaving."""
