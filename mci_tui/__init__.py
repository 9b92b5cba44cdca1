"""The MCI engagement desk for the terminal. Independent of Microsoft."""

__version__ = "0.1.0"
