"""The database: schema, transactions, guards."""
