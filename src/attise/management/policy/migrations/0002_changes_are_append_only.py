"""The database itself refuses to alter or remove a change of what is set."""

from django.db import migrations

from attise.kernel.append_only import refuse_changes

TABLES = ("policy_change",)


class Migration(migrations.Migration):
    dependencies = [("policy", "0001_initial")]
    operations = [migrations.RunPython(*refuse_changes(TABLES, "changes of settings are append-only", function="policy_refuse"))]
