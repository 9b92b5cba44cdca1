"""One wizard a file, and the one engine."""
