"""Keys that arrive together."""

from textual.app import App, ComposeResult
from textual.events import Key
from textual.widgets import Input

from mci_tui.widgets.typeahead import TypeAheadApp


class _Form(App[None]):
    """Two fields, and Enter that takes what stands in them."""

    BINDINGS = [("enter", "take")]
    taken: tuple[str, ...] = ()

    def compose(self) -> ComposeResult:
        yield Input(id="first")
        yield Input(id="second")

    def action_take(self) -> None:
        self.taken = tuple(field.value for field in self.query(Input))


class Careful(TypeAheadApp[None], _Form):
    pass


class Plain(_Form):
    pass


BURST = [*"anna", "tab", *"rossi", "shift+tab", "end", *"!"]


async def _typed(app: "Careful | Plain") -> list[str]:
    """What stands in the fields after keys that came in one packet."""
    async with app.run_test() as pilot:
        for key in BURST:
            app.post_message(Key(key, key if len(key) == 1 else None))
        for _key in BURST:
            await pilot.pause()
        return [field.value for field in app.query(Input)]


async def test_letters_that_come_with_a_tab_go_to_the_field_that_the_tab_leads_to() -> None:
    assert await _typed(Careful()) == ["anna!", "rossi"]


async def test_without_holding_keys_back_they_would_all_go_to_the_old_field() -> None:
    """The negative control."""
    assert await _typed(Plain()) != ["anna!", "rossi"]
