"""The keys of every screen: which ones are taken, and that the help tells of all."""

import re

import pytest
from textual.binding import Binding
from textual.dom import DOMNode

from mci_tui.app import MciApp
from mci_tui.errors import reason
from mci_tui.screens.keymap import bindings, owners, unknown_keys
from tests.operator import WIDE, Operator, Place
from tests.stories.wizard import reaches

TAKEN = {f"ctrl+{letter}" for letter in "abhijmqsz"}
"""Keys that tmux, screen or a terminal takes for itself, or that cannot be told from Tab, Enter and Backspace."""


ALL = [(owner, binding) for owner in owners() for binding in bindings(owner)]


def wrong_with(keys: list[str]) -> str:
    """What speaks against a binding's keys, or nothing."""
    if any(key.startswith("alt+") for key in keys):
        return "terminals and window managers take Alt"
    if set(keys) <= TAKEN:
        return "its only key is taken by others"
    if all(re.fullmatch(r"f\d+", key) for key in keys):
        return "terminals take F-keys: it needs another one beside it"
    return ""


@pytest.mark.parametrize(("owner", "binding"), ALL, ids=lambda each: getattr(each, "id", None) or each.__name__)
def test_a_binding_can_be_moved_reached_and_explained(owner: type[DOMNode], binding: Binding) -> None:
    assert binding.id, "a keymap moves bindings by their id"
    assert binding.description, "the help tells what it does"
    assert wrong_with(binding.key.split(",")) == ""


def test_every_binding_is_one_that_can_have_an_id() -> None:
    assert MciApp in owners()
    for owner in owners():
        assert all(isinstance(each, Binding) for each in owner.__dict__.get("BINDINGS", ())), owner.__name__


def test_an_id_that_no_key_has_is_told_with_the_nearest_one() -> None:
    assert unknown_keys(["customers.add"]) == {}
    told = unknown_keys(["customers.ad", "customers.add", "x"])
    assert told.keys() == {"keys.customers.ad", "keys.x"}
    assert told["keys.customers.ad"] == reason("key_unknown", id="customers.ad", like="customers.add")


def test_the_policy_turns_down_what_others_take() -> None:
    """The negative control."""
    assert wrong_with(["ctrl+q"])
    assert wrong_with(["alt+n", "n"])
    assert wrong_with(["f10"])
    assert not wrong_with(["f10", "ctrl+o"])
    assert not wrong_with(["ctrl+a", "home"])


def test_every_id_is_there_once() -> None:
    ids = [binding.id for _owner, binding in ALL]
    assert len(ids) == len(set(ids)) > 30


def own_words(*nodes: DOMNode | None) -> set[str]:
    """What the bindings of these say of themselves; those aside that there is nothing for."""
    return {
        binding.description
        for node in nodes
        if node
        for owner in type(node).__mro__
        if owner.__module__.startswith("mci_tui") and issubclass(owner, DOMNode)
        for binding in bindings(owner)
        if node.check_action(binding.action, ()) is not False
    }


async def helped(operator: Operator, key: str) -> str:
    """All that the help says of the screen in front."""
    await operator.presses(key)
    assert operator.where == "HelpScreen"
    words = operator.words()
    await operator.presses("end")
    words += operator.words()
    await operator.presses("f1")
    assert operator.where != "HelpScreen"
    return words


def missing(words: set[str], shown: str) -> set[str]:
    """What the help leaves out."""
    return {each for each in words if each not in shown}


async def test_the_help_lists_every_key_of_the_screen_below(workspace: Place) -> None:
    async with workspace.opened(size=WIDE) as operator:
        app = operator.app
        for keys in ((), ("i",), ("escape", "enter"), ("o",), ("escape", "M")):
            await operator.presses(*keys)
            words = own_words(app.screen, app.focused, app) - {"Open the row"}
            assert missing(words, await helped(operator, "question_mark")) == set(), keys


async def test_the_help_says_of_enter_what_the_screen_does_with_it(workspace: Place) -> None:
    """The list's own words for it, *Open the row*, would be wrong where a row offers an action"""
    async with workspace.opened(size=WIDE) as operator:
        for key, words in (("2", "o, ⏎ Customers"), ("3", "e, ⏎ Action"), ("5", "e, ⏎ Open referral")):
            await operator.presses(key)
            shown = await helped(operator, "question_mark")
            assert words in shown
            assert "Open the row" not in shown


async def test_where_letters_are_typed_f1_lists_the_keys_that_work_there(workspace: Place) -> None:
    async with workspace.opened(size=WIDE) as operator:
        app = operator.app
        await operator.presses("slash")
        assert missing(own_words(app.focused), await helped(operator, "f1")) == set()
        await operator.presses("escape", "enter")
        await reaches(operator, "claim")
        shown = await helped(operator, "ctrl+g")
        assert missing(own_words(app.screen), shown) == set()
        assert "F1, Ctrl+G Keys" in shown


async def test_esc_closes_the_help_and_nothing_behind_it(workspace: Place) -> None:
    async with workspace.opened() as operator:
        await operator.opens("Threat")
        await operator.presses("question_mark", "escape")
        assert operator.where == "CustomersScreen"


async def test_a_keymap_moves_a_key_by_its_id(workspace: Place) -> None:
    async with workspace.opened() as operator:
        operator.app.set_keymap({"engagements.summary": "v"})
        await operator.presses("i")
        assert operator.where == "EngagementsScreen"
        await operator.presses("v")
        assert operator.where == "EngagementScreen"
