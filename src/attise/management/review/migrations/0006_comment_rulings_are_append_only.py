"""The database itself refuses to change or remove what was decided of a reported comment."""

from django.db import migrations

from attise.kernel.append_only import refuse_changes

TABLES = ("review_commentruling",)


class Migration(migrations.Migration):
    dependencies = [("review", "0005_comment_reports")]
    operations = [migrations.RunPython(*refuse_changes(TABLES, "decisions are append-only", function="review_decision_refuse", makes_function=False))]
