"""How each kind of file gets into the workspace."""
