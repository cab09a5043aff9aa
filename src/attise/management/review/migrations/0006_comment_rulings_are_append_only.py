"""The database itself refuses to change or remove what was decided of a reported comment."""

from django.db import migrations

SQLITE = (
    "CREATE TRIGGER review_commentruling_no_update BEFORE UPDATE ON review_commentruling "
    "BEGIN SELECT RAISE(ABORT, 'decisions are append-only'); END",
    "CREATE TRIGGER review_commentruling_no_delete BEFORE DELETE ON review_commentruling "
    "BEGIN SELECT RAISE(ABORT, 'decisions are append-only'); END",
)
POSTGRESQL = (
    "CREATE TRIGGER review_commentruling_no_change BEFORE UPDATE OR DELETE ON review_commentruling "
    "FOR EACH ROW EXECUTE FUNCTION review_decision_refuse()",
)


def protect(apps, schema_editor):
    """Set the triggers of this database."""
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement)


def release(apps, schema_editor):
    """Remove them."""
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TRIGGER review_commentruling_no_update")
        schema_editor.execute("DROP TRIGGER review_commentruling_no_delete")
    else:
        schema_editor.execute("DROP TRIGGER review_commentruling_no_change ON review_commentruling")


class Migration(migrations.Migration):
    dependencies = [("review", "0005_comment_reports")]
    operations = [migrations.RunPython(protect, release)]
