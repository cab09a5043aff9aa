"""The database itself refuses to change or remove what was decided of a reported ad."""

from django.db import migrations

from attise.kernel.append_only import refuse_changes

TABLES = ("review_adruling",)


class Migration(migrations.Migration):
    dependencies = [("review", "0007_ad_reports")]
    operations = [migrations.RunPython(*refuse_changes(TABLES, "decisions are append-only", function="review_decision_refuse", makes_function=False))]
