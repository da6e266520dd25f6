"""Pages about people and the organisations they act for."""
