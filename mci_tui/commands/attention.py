"""`attention`: what needs the operator next (S-11c)."""

from argparse import Namespace
from collections.abc import Sequence

from mci_tui.commands.call import Call
from mci_tui.commands.printing import Column, due, listing, sentence, shown_of, table
from mci_tui.services.attention import Item, item_row
from mci_tui.text import _
from mci_tui.words import ACTIONS, NEEDS


def attention(call: Call, _asked: Namespace) -> int:
    """Prints what needs the operator, the most urgent first."""
    with call.services() as services:
        found = services.attention.list()
    total = sum(found.counts.values())
    if call.json:
        listing(total, map(item_row, found.items))
    elif found.items:
        table(_columns(any(item.message_id for item in found.items)), found.items)
        shown_of(len(found.items), total)
    else:
        sentence(_("Nothing needs you now."))
    return 0


def _columns(mails: bool) -> Sequence[Column[Item]]:
    message: Column[Item] = Column(_("Message-ID"), lambda item: item.message_id)
    return (
        Column(_("What"), lambda item: _(NEEDS[item.kind][1])),
        Column(_("Claim ID"), lambda item: item.claim_id),
        Column(_("Customer"), lambda item: item.customer_name),
        Column(_("Engagement"), lambda item: item.engagement),
        Column(_("Due"), lambda item: due(item.due_on, item.due_what)),
        Column(_("Next"), lambda item: _(ACTIONS[item.action][0]) if item.action else None),
        *([message] if mails else []),
    )
