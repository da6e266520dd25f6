"""Pages, files and live pages of what others share."""
