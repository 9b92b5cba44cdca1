"""`customers`: the Customers page of an engagement, and the check of an ID."""

from argparse import Namespace
from collections.abc import Sequence

from mci_tui.commands.call import Call
from mci_tui.commands.printing import (
    Column,
    csv,
    document,
    due,
    listing,
    require_one_form,
    sentence,
    shown_of,
    table,
    workbook,
)
from mci_tui.domain.eligibility import Tab
from mci_tui.domain.ids import IdType, shown_id
from mci_tui.services.adding import Checked
from mci_tui.services.customers import CustomerRow, PageHead, PageQuestion
from mci_tui.services.exporting import CUSTOMER_COLUMNS, Source, cell, customer_row, every_customer
from mci_tui.services.verdicts import Verdict
from mci_tui.text import _, safe_text
from mci_tui.words import ID_TYPES, no_details, say, status_name


def list_customers(call: Call, asked: Namespace) -> int:
    """Prints a tab of an engagement's Customers page."""
    column, _colon, direction = asked.sort.partition(":")
    question = PageQuestion(asked.code, Tab[asked.tab.upper()], asked.filter, column, direction == "desc")
    require_one_form(asked, call.json)
    with call.services() as services:
        head = services.customers.head(question)
        rows = every_customer(services.customers, question, asked.offset, asked.limit)
        source = Source(f"customers-{asked.code}", CUSTOMER_COLUMNS, lambda: map(customer_row, rows))
        if call.json:
            listing(head.total, source.rows(), _notice(head))
        elif asked.csv:
            csv(source)
        elif asked.xlsx is not None:
            workbook(source, asked.xlsx)
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
    due_on: Column[CustomerRow] = Column(_("Due"), lambda row: due(row.due_on, row.due_what, row.days_overdue))
    why: Column[CustomerRow] = Column(_("Why"), lambda row: cell(row.reasons), wraps=True)
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
