"""The open pages, one module a part of the site: ask, present, render."""
