"""The workspace that the stories play in."""

from tests.places import nobody_looks, programme, workspace

__all__ = ["nobody_looks", "programme", "workspace"]
