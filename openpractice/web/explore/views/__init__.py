"""The open pages: ask, present, render. One module a group of pages."""
