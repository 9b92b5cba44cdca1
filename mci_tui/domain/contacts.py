"""Contact data: the customer's and one's own company's (S-3g)."""

from mci_tui.domain.ids import IdType, shown_id
from mci_tui.errors import Reason, WrongValue, reason

LANGUAGES = ("en", "it")
"""The languages that a mail to the customer can be written in."""

ROLE_NAMES = frozenset(
    """abuse account accounting accounts admin administration administrator amministrazione billing contact enquiries
    finance hello help helpdesk hostmaster hr info it jobs kontakt mail marketing news no-reply noreply office orders
    postmaster procurement purchasing reception root sales secretary security service staff support team
    webmaster""".split()  # noqa: SIM905 - one word after the other reads better
)
"""Names of addresses that belong to a role rather than to a person."""

MAX_EMAIL = 254
MAX_PHONE = 40


def normal_email(text: str) -> str:
    """An address as it is kept, its domain in lower case. Asks no name server. Raises `WrongValue`."""
    from email_validator import EmailNotValidError, validate_email

    try:
        found = validate_email(text.strip(), check_deliverability=False, allow_smtputf8=False, strict=True)
    except EmailNotValidError as error:
        raise WrongValue(reason("email_form")) from error
    return found.normalized


def mail_domain(email: str) -> str:
    """The domain of an address, as an A-label in lower case."""
    domain = email.rpartition("@")[2].lower()
    if domain.isascii():
        return domain
    import idna

    return idna.encode(domain, uts46=True).decode("ascii")


def normal_phone(text: str, country: str | None = None) -> str:
    """A phone number in its international form; empty stays empty. Raises `WrongValue`."""
    import phonenumbers

    if not text.strip():
        return ""
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException as error:
        raise WrongValue(reason("phone_form")) from error
    if not phonenumbers.is_possible_number(number):
        raise WrongValue(reason("phone_form"))
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def email_problem(text: str, forbidden: tuple[str, ...] = ()) -> Reason | None:
    """What is wrong with an address; one at a `forbidden` domain or below it is refused. S-3g"""
    if not text.strip():
        return reason("required")
    try:
        domain = mail_domain(normal_email(text))
    except WrongValue as wrong:
        return wrong.why
    if any(domain == own or domain.endswith(f".{own}") for own in forbidden):
        return reason("email_own", domain=shown_id(IdType.DOMAIN, domain))
    return None


def remarks(email: str, free_mail: tuple[str, ...]) -> list[Reason]:
    """What is pointed out about an address without refusing it: free mail, an address of a role. S-3g"""
    local, _at, domain = email.lower().rpartition("@")
    found = []
    if domain in free_mail:
        found.append(reason("free_mail", domain=domain))
    if local.partition("+")[0] in ROLE_NAMES:
        found.append(reason("role_address", name=local))
    return found
