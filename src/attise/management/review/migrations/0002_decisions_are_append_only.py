"""The database itself refuses to change or remove a decision."""

from django.db import migrations

SQLITE = (
    "CREATE TRIGGER review_decision_no_update BEFORE UPDATE ON review_decision "
    "BEGIN SELECT RAISE(ABORT, 'decisions are append-only'); END",
    "CREATE TRIGGER review_decision_no_delete BEFORE DELETE ON review_decision "
    "BEGIN SELECT RAISE(ABORT, 'decisions are append-only'); END",
)
POSTGRESQL = (
    "CREATE FUNCTION review_decision_refuse() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'decisions are append-only'; END $$",
    "CREATE TRIGGER review_decision_no_change BEFORE UPDATE OR DELETE ON review_decision "
    "FOR EACH ROW EXECUTE FUNCTION review_decision_refuse()",
)


def protect(apps, schema_editor):
    """Set the triggers of this database."""
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement)


def release(apps, schema_editor):
    """Remove them."""
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TRIGGER review_decision_no_update")
        schema_editor.execute("DROP TRIGGER review_decision_no_delete")
    else:
        schema_editor.execute("DROP TRIGGER review_decision_no_change ON review_decision")
        schema_editor.execute("DROP FUNCTION review_decision_refuse")


class Migration(migrations.Migration):
    dependencies = [("review", "0001_initial")]
    operations = [migrations.RunPython(protect, release)]
