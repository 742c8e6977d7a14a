"""What Alembic loads to run the steps, on the connection that it is given."""

from __future__ import annotations

from alembic import context


def run() -> None:
    """Run the steps in the transaction that the connection is in."""
    context.configure(connection=context.config.attributes["connection"], transaction_per_migration=False)
    context.run_migrations()


if __name__ == "env_py":  # as Alembic calls it; to import it does nothing
    run()
