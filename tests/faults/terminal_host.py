"""A small app for `test_terminal`: `python -m tests.faults.terminal_host HOW DRAFT`.

HOW is `guarded` (by the lifeline), `bare` (without it), or a guarded app in trouble: `busy` (a thread never comes
back), `stuck` (the event loop never comes back after `!` is typed), `locked` (saving never comes back), `broken` (`!`
raises), `worker` (`!` raises in a worker's thread). DRAFT is the file into which leaving writes what was typed.
"""

import asyncio
import sys
import threading
from pathlib import Path

from mci_tui import terminal

terminal.scrub_environment()

from textual.app import App, ComposeResult  # noqa: E402 - the environment comes first
from textual.widgets import Input, Static  # noqa: E402


class Host(App[None]):
    def __init__(self, how: str, draft: Path) -> None:
        super().__init__()
        self._how, self._draft = how, draft

    def compose(self) -> ComposeResult:
        yield Input()
        yield Static("ready")

    def on_mount(self) -> None:
        if self._how == "busy":
            self.run_worker(asyncio.to_thread(threading.Event().wait))

    def on_input_changed(self, event: Input.Changed) -> None:
        secret_value = f"of {event.value}"
        if event.value.endswith("!") and self._how == "stuck":
            self._draft.with_suffix(".stuck").touch()
            threading.Event().wait()
        if event.value.endswith("!") and self._how == "broken":
            break_down(secret_value)
        if event.value.endswith("!") and self._how == "worker":
            self.run_worker(asyncio.to_thread(break_down, secret_value))

    def on_leave(self) -> None:
        with self._draft.open("a") as file:
            file.write(self.query_one(Input).value + "\n")
        if self._how == "locked":
            threading.Event().wait()

    def _handle_exception(self, error: Exception) -> None:
        if self.return_code is None:
            super()._handle_exception(terminal.crash(error, self._draft.parent / "reports"))


def break_down(secret_value: str) -> None:
    raise RuntimeError(f"mail to rossi@example.com failed {len(secret_value)}")


def main() -> int:
    app = Host(sys.argv[1], Path(sys.argv[2]))
    if sys.argv[1] == "bare":
        app.run()
        return app.return_code or 0
    return terminal.run(app, app.on_leave)


sys.exit(main())
