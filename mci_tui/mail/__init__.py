"""Mail to customers: what it says (`letters`), and how it leaves (`transport`). Knows no database and no screen."""
