"""The database itself refuses to change or remove a decision."""

from django.db import migrations

from attise.kernel.append_only import refuse_changes

TABLES = ("review_decision",)


class Migration(migrations.Migration):
    dependencies = [("review", "0001_initial")]
    operations = [migrations.RunPython(*refuse_changes(TABLES, "decisions are append-only", function="review_decision_refuse"))]
