"""The sentence of every reason: what is wrong, and what to do."""

from mci_tui.text import N_

SENTENCES: dict[str, str] = {
    # Why a customer or an ID is not eligible
    "criterion_not_met": N_("A criterion of the engagement is not met."),
    "fact_unknown": N_("%(fact)s is not known for %(id_type)s %(value)s"),
    "not_on_nomination_list": N_("%(value)s is not on the engagement's nomination list"),
    "active_claim_limit": N_("active claims: the limit of %(limit)s is reached"),
    "total_claim_limit": N_("claims in all: the limit of %(limit)s is reached"),
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
    "choose": N_("Choose one of these."),
    "choose_location": N_("Choose a location."),
    "choose_id_type": N_("Choose the type of ID."),
    "choose_engagement": N_("Choose at least one engagement."),
    "email_form": N_("This is no e-mail address that can be used: write it like anna.bianchi@contoso.example.com."),
    "email_own": N_("%(domain)s is your own company's domain: the customer's contact needs the customer's address."),
    "phone_form": N_("Write the number with its country code, such as +39 02 1234567."),
    "language_form": N_("The language of the mail is en or it."),
    "country_form": N_("Write the country as its two letters, such as IT."),
    "country_unknown": N_("%(value)s is no country of ISO 3166: write one such as IT; the United Kingdom is GB."),
    "mismatch_reason": N_("The tenant is not that of %(domain)s: say why this customer is nominated by it."),
    "mismatch_unknown": N_("No tenant is known for %(domain)s: say why this customer is nominated by this tenant."),
    "company_missing": N_("The directory does not know this ID: write the company's name."),
    "country_missing": N_("The directory does not know this ID: write the company's country, such as IT."),
    "country_not_told": N_("The directory does not tell the country of %(customer)s: write it, such as IT."),
    "hours_range": N_("Write whole hours between %(low)s and %(high)s, such as %(high)s."),
    "opportunity_unknown": N_("Opportunity %(value)s is not known here: import it, or check the ID."),
    "opportunity_needed": N_("Choose the opportunity."),
    "opportunity_other": N_("Opportunity %(value)s is another customer's: choose one of this customer."),
    "opportunity_fixed_pay": N_("An opportunity is for variable pay only: leave it out."),
    "customer_not_known": N_("%(customer)s has given no consent yet: add this customer by an ID instead."),
    "hours_fixed_pay": N_("Hours are for variable pay only: leave them out."),
    # Refusals of services
    "invalid": N_("Something is not right yet."),
    "not_eligible": N_("The customer cannot be nominated as asked:"),
    "reason_required": N_("A reason is needed: the tenant does not match the customer's e-mail domain."),
    "single_engagement": N_("Variable pay takes exactly one engagement at a time."),
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
    "theme_unknown": N_("There is no theme %(theme)s. The themes are: %(known)s."),
    "key_unknown": N_("No key has the id %(id)s; the nearest is %(like)s. docs/keys.md lists them all."),
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
    "xlsx_full": N_(
        "A workbook holds at most %(lines)s lines, and %(characters)s characters in a cell: export less, or as CSV."
    ),
    # Consent, mails and answers
    "wrong_state": N_("Claim %(claim)s is “%(stands)s” now: this cannot be done with it."),
    "address_changed": N_(
        "Somebody else has changed the customer's address to %(address)s since this was begun: leave, and start anew."
    ),
    "unusual_address": N_("Confirm that this address is meant, or take a person's address at the company."),
    "tick_disclaimer": N_("Tick the box to say that this is so: without it nothing is sent."),
    "not_configured": N_(
        "The workspace's setting %(key)s is needed first: an Incentives admin sets it with 'mci-tui settings set"
        " %(key)s VALUE'."
    ),
    "mail_not_configured": N_(
        "Your settings do not say how mail leaves: set host (or folder) under [mail] in %(path)s."
    ),
    "reminder_too_soon": N_("This address was written to less than %(hours)s hours ago: again from %(again)s."),
    "contact_incomplete": N_("Its contact is not complete or not right: choose Resend on the claim itself."),
    "reminders_used_up": N_("This claim has had its %(limit)s reminders: call the customer, or record their answer."),
    "recorded_answers_off": N_("This workspace takes answers from customers alone (setting allow_recorded_answers)."),
    "answer_before_asked": N_("The customer was asked on %(day)s: an answer cannot be older."),
    "answered_already": N_("The other answer is on record already; it was given once and stays."),
    "portal_cannot_listen": N_(
        "The portal cannot listen on %(host)s, port %(port)s: %(why)s. Choose another with --host and --port."
    ),
    "not_found_mail": N_("There is no mail %(message)s here. 'mci-tui mail list' names them."),
    "mail_not_retried": N_("This mail is “%(state)s” or no longer wanted: there is nothing to send again."),
    # Submission, decisions, referrals
    "proof_not_wanted": N_("This engagement asks for no %(proof)s: leave it out."),
    "proof_needs_file": N_("The %(proof)s is a file: attach it."),
    "proof_what": N_(
        "Name one: what is attached (--file KIND=FILE), which survey was answered (--record KIND), or what is to be"
        " written to a file (--save KIND=FILE)."
    ),
    "proof_no_file": N_("No file is attached to %(claim)s for the %(proof)s. 'mci-tui claims show' names what is."),
    "proof_form": N_("%(value)s is not of the form KIND=FILE, or its kind stands here twice: write invoice=bill.pdf."),
    "proof_missing": N_("The %(proof)s is missing: attach it."),
    "proof_large": N_("%(path)s is larger than %(limit)s MiB: attach a smaller copy."),
    "proof_empty": N_("%(path)s is empty: name the file that holds the proof."),
    "decision_out_of_order": N_("The claim stands as it does since %(day)s: a decision on it cannot be older."),
    "final_needs_dispute": N_("A rejection is final only after a dispute: write rejected."),
    "action_too_late": N_("The partner could act until %(day)s: from then on a claim is approved or rejected."),
    "not_found_referral": N_("There is no referral %(number)s here. 'mci-tui referrals list' names them."),
    # A workspace that cannot be used
    "workspace_missing": N_("There is no workspace at %(place)s. 'mci-tui init' makes one, 'mci-tui demo' a sample."),
    "workspace_exists": N_("There is something at this place already: choose another with --workspace."),
    "workspace_not_one": N_("This is not a workspace of mci-tui: choose another file with --workspace."),
    "workspace_not_there": N_(
        "There is no workspace in this database: 'mci-tui init' makes one in it, or choose another with --workspace."
    ),
    "workspace_newer": N_(
        "This workspace was made by a newer mci-tui (schema %(version)s; this one knows %(known)s): update the program."
    ),
    "workspace_older": N_("This workspace is of an early development version (schema %(version)s): make it anew."),
    "workspace_locked": N_("Somebody else is writing to the workspace%(holder)s: try again in a moment."),
    "workspace_full": N_("The disk is full: nothing was changed. Make room and repeat."),
    "workspace_readonly": N_(
        "The workspace's file can only be read: nothing was changed. Check its permissions and those of its folder."
    ),
    "workspace_cannot_open": N_("The workspace's file cannot be opened: check its permissions and its folder."),
    "workspace_cannot_open_because": N_(
        "%(place)s cannot be opened: %(why)s. Check it, or choose another place for the workspace."
    ),
    "workspace_damaged": N_("The workspace's file is damaged: stop, and restore a backup."),
    "workspace_io": N_("The disk refused to read or write: nothing was changed. Check the disk."),
    "workspace_unreachable": N_("The database cannot be reached: check the network and the server, then repeat."),
    "workspace_unreachable_because": N_(
        "The database cannot be reached: %(why)s. Check the network and the server, then repeat."
    ),
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
    "catalogue_country": N_("market %(key)s: %(country)s is no country of ISO 3166; the United Kingdom is GB."),
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
    # Cells of tables
    "not_boolean": N_("%(value)s is neither true nor false: write one of the two."),
    "not_number": N_("%(value)s is not a number: write one such as 300 or 7.5."),
    "number_comma": N_("%(value)s has a comma: write numbers with a decimal point and nothing between thousands."),
    "number_digits": N_("A number with decimals has at most %(limit)s digits."),
    "amount_range": N_("An amount in USD lies between 0 and %(most)s."),
    "amount_cents": N_("%(value)s has more than two decimals: write whole cents, such as 12500.50."),
    "amount_zero": N_("A deal size is above 0."),
    "hours_whole": N_("%(value)s is no number of whole hours: write one such as 16."),
    "not_date": N_("%(value)s is not a date: write it as year-month-day, such as 2026-11-03."),
    "no_such_day": N_("There is no day %(value)s: check day and month."),
    "instant_zone": N_("%(value)s has no time zone: write a date alone, or an instant such as 2026-11-03T09:30:00Z."),
    "not_a_choice": N_("%(value)s cannot stand here: write one of %(choices)s."),
    "cell_formula": N_("This cell holds a formula, which is not computed here: paste its value in its place."),
    "cell_error": N_("This cell holds the error %(value)s: correct it."),
    "cell_nul": N_("This cell has a character that no text has (NUL): type it anew."),
    "fact_on_domain": N_("A domain has no facts of its own: write them on the line of its tenant."),
    "tenant_on_other": N_("Only a domain belongs to a tenant: leave this empty."),
    "directory_msx": N_("MSX opportunities are no part of the directory: import them as opportunities."),
    "login_form": N_("A login has no spaces: write the name of the person's account on this machine."),
    "claim_id_form": N_("A claim ID has no spaces."),
    # Tables as a whole
    "file_directory": N_("%(path)s is a folder: name a file in it."),
    "file_not_regular": N_("%(path)s is not a plain file: save what it gives in a file, and name that."),
    "file_unreadable": N_("%(path)s cannot be read: %(why)s."),
    "table_empty": N_("%(path)s is empty: it needs a line with the names of its columns, and lines below it."),
    "table_no_lines": N_("%(path)s has no lines below its header: there is nothing to import."),
    "table_changed": N_("%(path)s changed while it was read: import it again once nobody writes to it."),
    "table_json": N_("%(path)s is JSON, which is for scripts: bring a table in as CSV or XLSX."),
    "table_encoding": N_("Line %(line)s is not UTF-8 text: save the file as UTF-8 (in a spreadsheet: “CSV UTF-8”)."),
    "table_utf16": N_("After line %(line)s the file is not what it says it is (UTF-16): save it as UTF-8."),
    "table_tabs": N_("Line %(line)s is separated by tabs: save the file with commas or semicolons between the cells."),
    "table_columns": N_(
        "Line %(line)s names %(count)s columns: at most %(limit)s are read. Remove what is not needed."
    ),
    "table_line_long": N_("Line %(line)s has more than %(limit)s characters: look for a line break that is missing."),
    "table_quote": N_(
        "Line %(line)s, cell %(cell)s: a quote is opened here and not closed properly. Close it, and double the quotes"
        " inside it."
    ),
    "xlsx_broken": N_(
        "%(path)s is not a workbook that can be read: save it as .xlsx (Excel workbook), or as CSV (UTF-8)."
    ),
    "xlsx_sealed": N_(
        "%(path)s is encrypted, or a workbook of an old kind (.xls): save it as .xlsx without a password, or as CSV"
        " (UTF-8)."
    ),
    "xlsx_large": N_(
        "%(path)s unpacks to far more than a table holds, and is not opened: save it anew as .xlsx, or as CSV (UTF-8)."
    ),
    "xlsx_sheets": N_(
        "%(path)s has several sheets with something in them (%(sheets)s): keep the one to import, hide or remove the"
        " others."
    ),
    "table_header": N_("Line %(line)s is not the header of %(kind)s; wrong or missing: %(columns)s."),
    "column_unknown": N_("There is no column %(column)s here: correct its name or remove it."),
    "column_misspelt": N_("There is no column %(column)s here: %(meant)s is meant?"),
    "column_unnamed": N_("Column %(position)s has no name: name or remove it."),
    "column_repeated": N_("The column %(column)s stands here more than once: keep one."),
    "column_missing": N_("The column %(column)s is missing: add it."),
    "fact_name": N_("A fact's name is made of a–z, 0–9 and _ and begins with a letter, such as fact:seats."),
    "fact_reserved": N_("%(fact)s is not a fact that can be imported: remove this column."),
    "row_long": N_(
        "This line has %(count)s cells, the header %(width)s: look for a delimiter too many, or quote the cell that has"
        " one."
    ),
    "row_short": N_("This line has %(count)s cells, the header %(width)s: add what is missing, empty cells too."),
    # Imports
    "import_kind": N_("%(kind)s cannot be imported: choose one of %(kinds)s."),
    "catalogue_whole_file": N_("A catalogue goes in as a whole or not at all: leave --bad-rows out."),
    "catalogue_large": N_("The catalogue is larger than %(limit)s MiB: split it into several files."),
    "staging_full": N_("There is no room for temporary files (%(why)s): nothing was changed. Make room and repeat."),
    "last_admin": N_("After this nobody would be Incentives admin of all locations: keep at least one."),
    "group_bad": N_("Another line of the same list or operator is bad: both go in together, or neither."),
    "line_repeated": N_("The same stands on line %(line)s already: keep one of the two."),
    "line_contradicts": N_("Line %(line)s says something else here: make both say the same."),
    "id_two_customers": N_("On line %(line)s this ID belongs to customer %(other)s: one ID has one customer."),
    "id_of_other": N_("This ID belongs to customer %(customer)s here: use that key, or correct the ID."),
    # Claims brought along
    "claim_differs": N_(
        "Claim %(claim)s is here already and says something else: claims are never changed by an import."
    ),
    "deal_size_not_sent": N_(
        "The deal size is given when consent is asked for: leave it empty for a claim not sent yet."
    ),
    "claim_lapsed": N_("By its dates this claim could stay open until %(day)s: give the status that it has now."),
    "created_outside": N_("The engagement runs from %(starts_on)s to %(ends_on)s: no claim begins outside it."),
    "day_future": N_("%(day)s is still to come: write a day up to today."),
    "day_before": N_("This is before %(column)s (%(day)s): check both."),
    "day_missing": N_("A claim of the status %(status)s needs this date."),
    "day_not_yet": N_("A claim of the status %(status)s has no such date: leave it empty, or correct the status."),
    "day_late": N_("This had to happen by %(day)s, by the engagement's days: check the dates."),
    "lapse_early": N_(
        "The claim could not lapse before the end of %(day)s, by the engagement's days: check the dates."
    ),
}
"""The sentence of every reason; what stands in it in `%(…)s` comes from the reason's parameters."""
