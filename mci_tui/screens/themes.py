"""The program's own themes: one accent, calm shades, and colours for states that never speak alone."""

from textual.theme import Theme

DEFAULT_THEME = "mci-dark"

THEMES = (
    Theme(
        name="mci-dark",
        dark=True,
        primary="#7aa2f7",
        secondary="#7aa2f7",
        accent="#7aa2f7",
        foreground="#c8d0e0",
        background="#11141c",
        surface="#171b26",
        panel="#1d2230",
        success="#7fc99a",
        warning="#e0b264",
        error="#e5738a",
        variables={"footer-key-foreground": "#7aa2f7", "input-selection-background": "#7aa2f7 35%"},
    ),
    Theme(
        name="mci-light",
        dark=False,
        primary="#2f5fc4",
        secondary="#2f5fc4",
        accent="#2f5fc4",
        foreground="#26304a",
        background="#f7f8fb",
        surface="#eceff5",
        panel="#e2e6ef",
        success="#1f7a45",
        warning="#8a5a00",
        error="#b3243f",
        variables={"input-selection-background": "#2f5fc4 25%"},
    ),
)
"""Beside them every theme of Textual's own can be chosen, `ansi-dark` and `ansi-light` among them."""
