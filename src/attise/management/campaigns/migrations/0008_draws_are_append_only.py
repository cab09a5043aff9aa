"""The database itself refuses to change what a lot drew."""

from django.db import migrations

from attise.kernel.append_only import refuse_changes

TABLES = ("campaigns_lotpost",)


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0007_lots")]
    operations = [migrations.RunPython(*refuse_changes(TABLES, "draws are append-only", function="campaigns_draw_refuse"))]
