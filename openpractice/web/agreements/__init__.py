"""What one organisation may see of another's data and why: agreements that are carried out, not filed."""
