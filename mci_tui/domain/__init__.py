"""The rules of the programme: frozen values and pure functions."""
