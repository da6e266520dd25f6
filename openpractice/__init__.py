"""OpenPractice: from published NHS data to one practice's honest picture."""

__version__ = "0.1.0"
