"""How Alembic runs: on the connection that `models.migrations` opened, inside its transaction."""

from alembic import context

from models import METADATA

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=METADATA,
    compare_type=True,
    user_module_prefix="sqltypes.",
    render_as_batch=connection.dialect.name == "sqlite",
)
context.run_migrations()
