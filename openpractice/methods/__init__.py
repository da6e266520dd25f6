"""The mathematics: numbers in, frozen answers out.

Only numpy, scipy and the calendar of bank holidays; nothing here knows what a practice, a measure or a database is.
"""
