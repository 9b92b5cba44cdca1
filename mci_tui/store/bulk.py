"""How a database is told that very many rows are about to be written in one transaction."""

from mci_tui.store.engine import Tx


def expect_many_rows(tx: Tx) -> None:
    """Makes PostgreSQL plan every statement afresh in this transaction.

    A plan made while a table was empty would be kept for the full one, and every look-up would read all of it.
    """
    if tx.dialect.name != "sqlite":
        tx.exec_driver_sql("SET LOCAL plan_cache_mode = force_custom_plan")
