"""Gives the tests of the commands what they share."""

from tests.commands.calls import desk, files, home, made_sample, mci, sample

__all__ = ["desk", "files", "home", "made_sample", "mci", "sample"]
