"""The commands of `mci-tui`, one subject a file."""
