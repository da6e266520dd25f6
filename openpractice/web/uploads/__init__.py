"""Files that people and programs bring, and the worker that reads them."""
