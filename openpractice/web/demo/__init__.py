"""The demonstration: made-up people in organisations of the sample, with something of every part to look at."""
