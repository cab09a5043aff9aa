"""The database itself refuses to alter or remove what an operator did to an account."""

from django.db import migrations

TABLES = ("accounts_sanction",)
REFUSE = "CREATE FUNCTION accounts_sanction_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'sanctions are append-only'; END $$"


def protect(apps, schema_editor):
    """Set the triggers of this database."""
    if schema_editor.connection.vendor == "sqlite":
        for table in TABLES:
            for verb in ("UPDATE", "DELETE"):
                schema_editor.execute(
                    f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                    "BEGIN SELECT RAISE(ABORT, 'sanctions are append-only'); END"
                )
        return
    schema_editor.execute(REFUSE)
    for table in TABLES:
        schema_editor.execute(
            f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION accounts_sanction_refuse()"
        )


def release(apps, schema_editor):
    """Remove them."""
    if schema_editor.connection.vendor == "sqlite":
        for table in TABLES:
            for verb in ("update", "delete"):
                schema_editor.execute(f"DROP TRIGGER {table}_no_{verb}")
        return
    for table in TABLES:
        schema_editor.execute(f"DROP TRIGGER {table}_no_change ON {table}")
    schema_editor.execute("DROP FUNCTION accounts_sanction_refuse")


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_sanctions")]
    operations = [migrations.RunPython(protect, release)]
