"""The workspace that the stories play in."""

from tests.places import programme, workspace

__all__ = ["programme", "workspace"]
