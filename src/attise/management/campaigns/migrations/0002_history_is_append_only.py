"""The database itself refuses to change or remove an entry of the history."""

from django.db import migrations

SQLITE = (
    "CREATE TRIGGER campaigns_history_no_update BEFORE UPDATE ON campaigns_historyentry "
    "BEGIN SELECT RAISE(ABORT, 'history is append-only'); END",
    "CREATE TRIGGER campaigns_history_no_delete BEFORE DELETE ON campaigns_historyentry "
    "BEGIN SELECT RAISE(ABORT, 'history is append-only'); END",
)
POSTGRESQL = (
    "CREATE FUNCTION campaigns_history_refuse() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'history is append-only'; END $$",
    "CREATE TRIGGER campaigns_history_no_change BEFORE UPDATE OR DELETE ON campaigns_historyentry "
    "FOR EACH ROW EXECUTE FUNCTION campaigns_history_refuse()",
)


def protect(apps, schema_editor):
    """Set the triggers of this database."""
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement)


def release(apps, schema_editor):
    """Remove them."""
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TRIGGER campaigns_history_no_update")
        schema_editor.execute("DROP TRIGGER campaigns_history_no_delete")
    else:
        schema_editor.execute("DROP TRIGGER campaigns_history_no_change ON campaigns_historyentry")
        schema_editor.execute("DROP FUNCTION campaigns_history_refuse")


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0001_initial")]
    operations = [migrations.RunPython(protect, release)]
