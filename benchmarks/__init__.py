"""How quick the program is, against floors and peers, measured through a real pseudo-terminal."""
