"""The program's words: reasons, statuses, actions, dates and amounts in the reader's language."""

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from mci_tui.errors import Reason
from mci_tui.text import N_, _, ngettext, safe_text


class StatusWords(NamedTuple):
    """A status as it is shown: its name, a short form for narrow lists, and a mark that stands beside the word."""

    name: str
    short: str
    mark: str


STATUSES: dict[str, StatusWords] = {
    "customer_claimed": StatusWords(N_("Customer claimed"), N_("Claimed"), "◔"),
    "awaiting_consent": StatusWords(N_("Awaiting customer consent response"), N_("Awaiting consent"), "◐"),
    "consent_received": StatusWords(N_("Customer consent received"), N_("Consent received"), "●"),
    "submitted": StatusWords(N_("Submitted"), N_("Submitted"), "▷"),
    "under_review": StatusWords(N_("Under review"), N_("Under review"), "◇"),
    "action_required": StatusWords(N_("Partner action required"), N_("Action required"), "◆"),
    "rejected": StatusWords(N_("Rejected"), N_("Rejected"), "▲"),
    "disputed": StatusWords(N_("Disputed"), N_("Disputed"), "△"),
    "approved": StatusWords(N_("Approved"), N_("Approved"), "✓"),
    "rejected_final": StatusWords(N_("Rejected final"), N_("Rejected final"), "✗"),
    "cancelled": StatusWords(N_("Cancelled"), N_("Cancelled"), "–"),
    "consent_declined": StatusWords(N_("Customer consent declined"), N_("Declined"), "✗"),
    "consent_expired": StatusWords(N_("Customer consent expired"), N_("Consent expired"), "⌛"),
    "not_submitted_expired": StatusWords(N_("Not submitted expired"), N_("Not submitted"), "⌛"),
    "post_submission_expired": StatusWords(N_("Post submission expired"), N_("Review expired"), "⌛"),
    "disputed_expired": StatusWords(N_("Disputed expired"), N_("Dispute expired"), "⌛"),
    "known": StatusWords(N_("Known customer"), N_("Known"), "○"),
}

ACTIONS: dict[str, tuple[str, str]] = {
    "request-customer": (N_("Request customer"), N_("Request")),
    "send-consent": (N_("Send customer consent email"), N_("Send")),
    "resend-consent": (N_("Resend customer consent email"), N_("Resend")),
    "submit-claim": (N_("Submit claim"), N_("Submit")),
    "dispute": (N_("Dispute"), N_("Dispute")),
}
"""What the Action column says: the full name, and a short form for narrow lists."""

DUE: dict[str, str] = {
    "consent": N_("consent"),
    "submission": N_("submission"),
    "review": N_("review"),
    "dispute": N_("dispute"),
}

ID_TYPES: dict[str, str] = {
    "domain": N_("Domain name"),
    "tenant": N_("Tenant ID"),
    "tpid": N_("Top parent ID (TPID)"),
    "subscription": N_("Azure subscription ID"),
    "msx": N_("MSX opportunity ID"),
}

PAY: dict[str, str] = {"fixed": N_("fixed pay"), "variable": N_("variable pay")}

PROOF: dict[str, str] = {
    "invoice": N_("invoice"),
    "poe": N_("proof-of-execution document"),
    "customer_survey": N_("customer survey"),
    "partner_survey": N_("partner survey"),
}

MONTHS = (
    N_("Jan"), N_("Feb"), N_("Mar"), N_("Apr"), N_("May"), N_("Jun"),
    N_("Jul"), N_("Aug"), N_("Sep"), N_("Oct"), N_("Nov"), N_("Dec"),
)  # fmt: skip

SENTENCES: dict[str, str] = {
    # Why a customer or an ID is not eligible
    "criterion_not_met": N_("A criterion of the engagement is not met."),
    "fact_unknown": N_("%(fact)s is not known for %(id_type)s %(value)s"),
    "not_on_nomination_list": N_("%(value)s is not on the engagement's nomination list"),
    "active_claim_limit": N_("the limit of %(limit)s active claim(s) for one customer is reached"),
    "total_claim_limit": N_("the limit of %(limit)s claim(s) in all for one customer is reached"),
    "id_type_not_accepted": N_("this engagement takes only: %(accepted)s"),
    "id_not_resolved": N_("no tenant is known for %(value)s: use the tenant ID or the TPID"),
    "engagement_not_active": N_("the engagement runs from %(starts_on)s to %(ends_on)s"),
    "location_not_enrolled": N_("location %(location)s is not enrolled in MCI"),
    "location_global": N_("%(location)s is a global ID: choose a location ID"),
    "location_not_eligible": N_("location %(location)s is not eligible for this engagement"),
    "operator_not_granted": N_("you hold no role for location %(location)s: ask an Incentives admin"),
    "known_customer": N_("%(customer)s stands in the Eligible tab: request this customer instead of adding it"),
    "open_claim": N_("%(customer)s already has the open claim %(claim)s"),
    "opportunity_closed": N_("opportunity %(value)s is closed"),
    "opportunity_none": N_("the customer has no open opportunity"),
    "opportunity_in_use": N_("opportunity %(value)s is in another open claim of this engagement"),
    "not_eligible_any_more": N_("%(engagement)s is not eligible: look at its reasons and choose again."),
    "free_mail": N_("%(domain)s is a free-mail service: is this really the customer's address?"),
    "role_address": N_("%(name)s is the address of a role: consent should come from a person."),
    # Forms of IDs and values
    "id_missing": N_("Type the ID."),
    "domain_form": N_("A domain name has at least one dot and no spaces, such as contoso.example.com."),
    "tenant_form": N_("A tenant ID is made of 0–9, a–f and hyphens, such as 4f1c0e2a-77b1-4c1e-9a55-0c2d5be81f10."),
    "tenant_length": N_(
        "A tenant ID has 36 characters, such as 4f1c0e2a-77b1-4c1e-9a55-0c2d5be81f10. This one has %(length)s."
    ),
    "subscription_form": N_(
        "A subscription ID is made of 0–9, a–f and hyphens, such as 9a1b2c3d-77b1-4c1e-9a55-0c2d5be81f10."
    ),
    "subscription_length": N_(
        "A subscription ID has 36 characters, such as 9a1b2c3d-77b1-4c1e-9a55-0c2d5be81f10. This one has %(length)s."
    ),
    "id_zeros": N_("This ID is all zeros: it names nobody. Copy the customer's own ID."),
    "tpid_form": N_("A TPID has 3 to 12 digits, such as 1234567."),
    "msx_form": N_("An MSX opportunity ID is 7- and 6 to 14 letters or digits, such as 7-ABC1234567."),
    "location_form": N_("A location ID has 6 to 8 digits, such as 1234567."),
    "required": N_("This cannot be empty."),
    "too_long": N_("At most %(limit)s characters; this has %(length)s."),
    "choose_location": N_("Choose a location."),
    "choose_id_type": N_("Choose the type of ID."),
    "choose_engagement": N_("Choose at least one engagement."),
    "email_form": N_("This is no e-mail address that can be used: write it like anna.bianchi@contoso.example.com."),
    "email_own": N_("%(domain)s is your own company's domain: the customer's contact needs the customer's address."),
    "phone_form": N_("Write the number with its country code, such as +39 02 1234567."),
    "language_form": N_("The language of the mail is en or it."),
    "country_form": N_("Write the country as its two letters, such as IT."),
    "mismatch_reason": N_("The tenant is not that of %(domain)s: say why this customer is nominated by it."),
    "mismatch_unknown": N_("No tenant is known for %(domain)s: say why this customer is nominated by this tenant."),
    "company_missing": N_("The directory does not know this ID: write the company's name."),
    "country_missing": N_("The directory does not know this ID: write the company's country, such as IT."),
    "hours_range": N_("Write whole hours between %(low)s and %(high)s, such as %(high)s."),
    "opportunity_unknown": N_("Opportunity %(value)s is not known here: import it, or check the ID."),
    "opportunity_needed": N_("Choose the opportunity."),
    "opportunity_other": N_("Opportunity %(value)s is another customer's: choose one of this customer."),
    "customer_not_known": N_("%(customer)s has given no consent yet: add this customer by an ID instead."),
    "hours_fixed_pay": N_("Hours are for variable pay only: leave them out."),
    # Refusals of services
    "invalid": N_("Something is not right yet."),
    "not_eligible": N_("The customer cannot be added as asked:"),
    "reason_required": N_("A reason is needed: the tenant does not match the customer's e-mail domain."),
    "single_engagement": N_("Variable pay takes exactly one engagement at a time."),
    "variable_not_yet": N_("Variable-pay engagements cannot be chosen with this ID."),
    "not_found_engagement": N_("There is no engagement %(code)s here. 'mci-tui engagements list' names them."),
    "not_found_claim": N_("There is no claim %(number)s here. 'mci-tui claims list' names them."),
    "not_found_location": N_("There is no location %(location)s here. Import it, or choose another."),
    "not_found_customer": N_("There is no customer %(key)s here."),
    "not_found_file": N_("There is no file %(path)s."),
    "no_role": N_("%(login)s has no role in this workspace: an Incentives admin can grant one."),
    "role_missing": N_("This needs the role %(roles)s%(where)s: ask an Incentives admin."),
    "read_only": N_("This was opened read-only: nothing can be changed."),
    "stale": N_("Somebody else changed this meanwhile: look again and repeat."),
    "setting_unknown": N_("There is no setting %(key)s. The settings are: %(known)s."),
    "setting_value": N_("%(key)s cannot be %(value)s: %(needs)s."),
    "setting_file_unknown": N_("The settings file %(path)s has the unknown key %(key)s: correct or remove it."),
    "setting_file_broken": N_("The settings file %(path)s cannot be read: %(why)s."),
    "setting_user_value": N_("The setting %(key)s cannot be %(value)s: %(needs)s."),
    "timezone_unknown": N_("There is no time zone %(zone)s: write one such as Europe/Rome."),
    "no_terminal": N_(
        "The screens need a terminal: start mci-tui in one, or use a command ('mci-tui --help' names them)."
    ),
    "add_file_broken": N_("%(path)s cannot be read as TOML: %(why)s."),
    "add_key_unknown": N_("The key %(key)s is unknown: the keys are %(known)s."),
    "add_key_text": N_("%(key)s needs a text; only engagement may be a list."),
    "workspace_refused": N_("The database refused this: %(why)s. Ask who looks after it."),
    "export_exists": N_("%(path)s exists already: choose another name or remove it."),
    "export_failed": N_("%(path)s cannot be written: %(why)s."),
    # A workspace that cannot be used
    "workspace_missing": N_("There is no workspace at %(place)s. 'mci-tui init' makes one, 'mci-tui demo' a sample."),
    "workspace_exists": N_("There is something at this place already: choose another with --workspace."),
    "workspace_not_one": N_("This is not a workspace of mci-tui: choose another file with --workspace."),
    "workspace_newer": N_(
        "This workspace was made by a newer mci-tui (schema %(version)s; this one knows %(known)s): update the program."
    ),
    "workspace_older": N_("This workspace is of an early development version (schema %(version)s): make it anew."),
    "workspace_locked": N_("Somebody else is writing to the workspace%(holder)s: try again in a moment."),
    "workspace_full": N_("The disk is full: nothing was changed. Make room and repeat."),
    "workspace_readonly": N_("The workspace's file can only be read: nothing was changed. Check its permissions."),
    "workspace_cannot_open": N_("The workspace's file cannot be opened: check its permissions and its folder."),
    "workspace_cannot_open_because": N_("%(place)s cannot be opened: %(why)s."),
    "workspace_damaged": N_("The workspace's file is damaged: stop, and restore a backup."),
    "workspace_io": N_("The disk refused to read or write: nothing was changed. Check the disk."),
    "workspace_unreachable": N_("The database cannot be reached: check the network and the server, then repeat."),
    "workspace_url": N_("%(place)s is not a place for a workspace: give a file, sqlite:///… or postgresql://…"),
    "workspace_driver": N_("PostgreSQL needs the extra 'postgres': install mci-tui[postgres]."),
    # The catalogue
    "catalogue_toml": N_("This is not TOML: %(detail)s."),
    "catalogue_format": N_("%(key)s: this program reads format = 1."),
    "catalogue_table": N_("%(engagement)s: %(key)s: a table is needed here."),
    "catalogue_missing": N_("%(engagement)s: %(key)s is missing."),
    "catalogue_unknown": N_("%(engagement)s: the key %(key)s is unknown: correct or remove it."),
    "catalogue_repeated": N_("%(engagement)s: this code stands here twice."),
    "catalogue_empty": N_("The catalogue has no [[engagement]]."),
    "catalogue_text": N_("%(engagement)s: %(key)s: a text that is not empty and not too long is needed."),
    "catalogue_flag": N_("%(engagement)s: %(key)s: true or false is needed."),
    "catalogue_whole": N_("%(engagement)s: %(key)s: a whole number of at least 1 is needed."),
    "catalogue_date": N_("%(engagement)s: %(key)s: a date such as 2026-07-01 is needed."),
    "catalogue_amount": N_("%(engagement)s: %(key)s: an amount above 0 in USD with at most two decimals is needed."),
    "catalogue_percent": N_("%(engagement)s: %(key)s: a percentage above 0 and up to 100 is needed."),
    "catalogue_choices": N_("%(engagement)s: %(key)s: choose from %(allowed)s, each once."),
    "catalogue_code": N_("%(engagement)s: %(key)s: use a–z, 0–9 and single hyphens."),
    "catalogue_countries": N_("market %(key)s: countries are two capital letters, such as IT."),
    "catalogue_market_twice": N_("market %(key)s: %(country)s is in another market already."),
    "catalogue_ends_before": N_("%(engagement)s: %(key)s: the engagement ends before it starts."),
    "catalogue_id_types_fixed": N_("%(engagement)s: %(key)s: fixed pay takes domain, tenant, tpid, subscription."),
    "catalogue_id_types_variable": N_('%(engagement)s: %(key)s: variable pay takes exactly ["msx"].'),
    "catalogue_locations": N_('%(engagement)s: %(key)s: write "all" or a list of location IDs.'),
    "catalogue_fact": N_("%(engagement)s: %(key)s: a fact's name is made of a–z, 0–9 and _."),
    "catalogue_fact_forbidden": N_("%(engagement)s: %(key)s: no criterion may use the deal size or the hours."),
    "catalogue_value": N_("%(engagement)s: %(key)s: this value does not fit the comparison %(comparison)s."),
    "catalogue_fixed_terms": N_("%(engagement)s: %(key)s: fixed pay has the key fixed alone."),
    "catalogue_variable_fixed": N_("%(engagement)s: %(key)s: variable pay has no fixed amount."),
    "catalogue_no_term": N_("%(engagement)s: %(key)s: variable pay needs at least one of hourly, percent_of_acv, cap."),
    "catalogue_hours": N_("%(engagement)s: %(key)s: variable pay needs min_hours and max_hours, the first not larger."),
}
"""The sentence of every reason; what stands in it in `%(…)s` comes from the reason's parameters."""


def say(reason: Reason) -> str:
    """The reason in the reader's words; safe to show."""
    if text := reason.params.get("text"):
        return safe_text(str(text))
    code = reason.code
    if code == "opportunity_closed" and "value" not in reason.params:
        code = "opportunity_none"
    template = SENTENCES.get(code)
    if template is None:
        return safe_text(code)
    return _(template) % {name: _word(name, value) for name, value in reason.params.items()}


def _word(name: str, value: Any) -> str:
    if isinstance(value, date):
        return day(value)
    if name == "id_type":
        return _(ID_TYPES.get(str(value), str(value)))
    if name == "accepted":
        return ", ".join(_(ID_TYPES[str(id_type)]) for id_type in value)
    if name == "holder":
        return f" – {safe_text(str(value))}" if value else ""
    return safe_text(str(value))


def status_name(status: str, *, short: bool = False) -> str:
    """The name of a status, or its short form."""
    words = STATUSES[status]
    return _(words.short if short else words.name)


def day(value: date, *, year: bool = True) -> str:
    """A date as people write it: `23 Dec 2026`."""
    written = f"{value.day} {_(MONTHS[value.month - 1])}"
    return f"{written} {value.year}" if year else written


def days(number: int) -> str:
    """What is left of a deadline: `today`, `1 day`, `12 days`."""
    if number == 0:
        return _("today")
    return ngettext("%(number)s day", "%(number)s days", number) % {"number": number}


def amount(whole_cents: int) -> str:
    """An amount with its cents, for columns of figures: `3,912.00`."""
    whole, rest = divmod(whole_cents, 100)
    return f"{number(whole)}.{rest:02d}"


def usd(whole_cents: int) -> str:
    """An amount as people read it: `8,000 USD`, with cents only where there are any."""
    whole, rest = divmod(whole_cents, 100)
    return f"{number(whole)}{f'.{rest:02d}' if rest else ''} USD"


def number(value: int) -> str:
    """A whole number with its thousands apart."""
    return f"{value:,}"


def problems_said(problems: Mapping[str, Reason]) -> dict[str, str]:
    """Problems by field, each in words."""
    return {field: say(problem) for field, problem in problems.items()}
