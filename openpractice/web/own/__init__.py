"""What is an organisation's own: where its facts lie, its key, how long they are kept, and what becomes of them when it leaves."""
