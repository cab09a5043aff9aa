"""The database itself refuses to alter or remove what an operator did to an account."""

from django.db import migrations

from attise.kernel.append_only import refuse_changes

TABLES = ("accounts_sanction",)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_sanctions")]
    operations = [migrations.RunPython(*refuse_changes(TABLES, "sanctions are append-only", function="accounts_sanction_refuse"))]
