"""How a screen comes to the front."""

import pytest

from mci_tui.screens.watching import Watching
from tests.operator import Place


async def test_a_screen_is_not_styled_again_as_it_opens(workspace: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    styled: list[str] = []
    style = Watching.update_node_styles

    def told(screen: Watching, animate: bool = True) -> None:
        styled.append(type(screen).__name__)
        style(screen, animate)

    monkeypatch.setattr(Watching, "update_node_styles", told)
    async with workspace.opened() as operator:
        assert operator.table.count
        assert styled == []
