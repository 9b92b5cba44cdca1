"""The customer's page: what a mail's link opens, and where consent is given or declined (S-5g)."""
