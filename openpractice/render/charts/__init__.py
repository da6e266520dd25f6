"""One chart a file: each function takes plain values and returns a Vega-Lite specification as a dict.

`width` is the width of the whole picture in pixels, labels included: about 680 for a page or a report and 343 for a
telephone, where some charts rearrange themselves. Title and subtitle are optional because a web page writes its own.
"""
