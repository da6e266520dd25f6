"""The border: what leaves one organisation for another, by agreement, protected, and written down."""
