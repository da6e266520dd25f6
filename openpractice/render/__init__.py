"""The answers: plain values in; charts, words, tables, workbooks and documents out.

Nothing here evaluates, compares or stores. Every function takes plain values or the frozen dataclasses of its own
module, so a chart can be drawn, and tested, without a database.
"""
