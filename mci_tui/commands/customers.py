"""`customers`: the Customers page of an engagement, and the check of an ID."""

from argparse import Namespace
from collections.abc import Iterator, Sequence

from mci_tui.commands.call import Call
from mci_tui.commands.printing import Column, csv, document, due, listing, sentence, shown_of, table
from mci_tui.domain.eligibility import Tab
from mci_tui.domain.ids import IdType, shown_id
from mci_tui.services.adding import Checked
from mci_tui.services.csv_out import Cell
from mci_tui.services.customers import CustomerRow, Customers, PageHead, PageQuestion, Place
from mci_tui.services.verdicts import Verdict
from mci_tui.text import _, safe_text
from mci_tui.words import ID_TYPES, no_details, say, status_name

COLUMNS = (
    "customer",
    "customer_name",
    "claim_id",
    "claim_name",
    "location_id",
    "id_type",
    "id_value",
    "status",
    "due_on",
    "due_what",
    "days_left",
    "action",
    "reasons",
)
"""What a row of a Customers page is made of, for scripts."""

_PAGE = 1_000


def list_customers(call: Call, asked: Namespace) -> int:
    """Prints a tab of an engagement's Customers page."""
    column, _colon, direction = asked.sort.partition(":")
    question = PageQuestion(asked.code, Tab[asked.tab.upper()], asked.filter, column, direction == "desc")
    with call.services() as services:
        head = services.customers.head(question)
        rows = _rows(services.customers, question, asked.offset, asked.limit)
        if call.json:
            listing(head.total, ({name: getattr(row, name) for name in COLUMNS} for row in rows), _notice(head))
        elif asked.csv:
            csv(COLUMNS, ([_cell(getattr(row, name)) for name in COLUMNS] for row in rows))
        else:
            _tell(head, list(rows), question)
    return 0


def check_customer(call: Call, asked: Namespace) -> int:
    """Prints what every engagement says to an ID."""
    with call.services() as services:
        checked = services.adding.check_id(IdType(asked.id_type), asked.id, asked.location)
    if call.json:
        document(_checked(checked))
    else:
        _tell_checked(checked)
    return 0


def _rows(customers: Customers, question: PageQuestion, offset: int, limit: int | None) -> Iterator[CustomerRow]:
    """The rows asked for, read a page at a time."""
    after, left = None, limit
    while left is None or left > 0:
        size = _PAGE if left is None else min(_PAGE, left)
        page = customers.rows(question, Place(offset, size, after))
        yield from page
        if len(page) < size:
            return
        after, offset = page[-1], offset + size
        left = None if left is None else left - size


def _cell(value: object) -> Cell:
    if isinstance(value, tuple):
        return "; ".join(say(reason) for reason in value)
    return value  # type: ignore[return-value]


def _notice(head: PageHead) -> str:
    return no_details().replace("\n", " ") if head.no_details else ""


def _tell(head: PageHead, rows: Sequence[CustomerRow], question: PageQuestion) -> None:
    if rows:
        table(_columns(question.tab), rows)
        shown_of(len(rows), head.total)
    elif notice := _notice(head):
        sentence(notice)
    elif head.total:
        shown_of(0, head.total)
    elif question.filter.strip():
        sentence(_("Nothing matches the filter."))
    else:
        sentence(_("Nobody stands in this tab."))


def _columns(tab: Tab) -> Sequence[Column[CustomerRow]]:
    of_claim: tuple[Column[CustomerRow], ...] = (
        Column(_("Claim ID"), lambda row: row.claim_id),
        Column(_("Status"), _status),
    )
    due_on: Column[CustomerRow] = Column(_("Due"), lambda row: due(row.due_on, row.due_what))
    why: Column[CustomerRow] = Column(_("Why"), lambda row: _cell(row.reasons), wraps=True)
    return (
        Column(_("Customer"), lambda row: row.customer_name),
        *{Tab.ELIGIBLE: (*of_claim, due_on), Tab.NOT_ELIGIBLE: (why,), Tab.COMPLETE: of_claim}[tab],
        Column(_("Friendly name"), lambda row: row.claim_name, wide=True),
        Column(_("Location"), lambda row: row.location_id, wide=True),
        Column(_("ID"), lambda row: shown_id(row.id_type or "", row.id_value or ""), wide=True),
        Column(_("Key"), lambda row: row.customer, wide=True),
    )


def _status(row: CustomerRow) -> str:
    return status_name(row.status or "known", short=True)


def _checked(checked: Checked) -> dict[str, object]:
    return {
        "id_type": checked.id_type,
        "id_value": checked.value,
        "tenant_id": checked.tenant,
        "customer": checked.customer,
        "customer_name": checked.customer_name,
        "known": checked.known,
        "engagements": [
            {"code": verdict.engagement.code, "eligible": verdict.eligible, "reasons": verdict.reasons}
            for verdict in checked.verdicts
        ],
    }


def _tell_checked(checked: Checked) -> None:
    name = checked.customer_name or _("the directory does not know this ID")
    known = _("known customer") if checked.known else _("not a known customer")
    value = shown_id(checked.id_type, checked.value)
    sentence(f"{_(ID_TYPES[checked.id_type])} {safe_text(value)} · {safe_text(name)} · {known}")
    if checked.tenant and checked.tenant != checked.value:
        sentence(_("Tenant %(tenant)s") % {"tenant": checked.tenant})
    for verdict in checked.verdicts:
        sentence(f"\n{'✓' if verdict.eligible else '✗'} {safe_text(verdict.engagement.code)}")
        for said in _said(verdict):
            sentence(f"    {said}")


def _said(verdict: Verdict) -> Sequence[str]:
    return [_("eligible")] if verdict.eligible else [say(why) for why in verdict.reasons]
