"""The few colours we use, each chosen to survive colour blindness and a grey printer.

The NHS colours are for text and structure. Those of statistical process control are the published set of NHS
England's "Making Data Count", which readers know; no chart relies on them alone.
"""

NAVY = "#003087"
BLUE = "#005eb8"
LIGHT_BLUE = "#41b6e6"
TEAL = "#007f7b"
PURPLE = "#330072"
TEXT = "#212b32"
SECONDARY_TEXT = "#4c6272"
MID_GREY = "#768692"
PALE_GREY = "#d8dde0"
PALEST_GREY = "#f0f4f5"
WHITE = "#ffffff"

COMMON_CAUSE = "#a6a6a6"
IMPROVEMENT = "#00b0f0"
CONCERN = "#e46c0a"
NEUTRAL = "#490092"
TARGET = "#de1b1b"

POINT_COLOURS = {
    "common_cause": COMMON_CAUSE,
    "improvement": IMPROVEMENT,
    "concern": CONCERN,
    "neutral_high": NEUTRAL,
    "neutral_low": NEUTRAL,
}

# One hue from pale to navy: order is kept in grey and for every kind of colour vision.
SEQUENCE = ("#f0f6fc", "#c9dff3", "#94c3e6", "#559fd3", "#1f77b8", "#0b529a", "#062f6b")

FONT = "Arial, Liberation Sans, sans-serif"
