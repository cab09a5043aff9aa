"""The database itself refuses to change or remove what is sealed."""

from django.db import migrations

from attise.kernel.append_only import refuse_changes

TABLES = ("ledger_batch", "ledger_transfer", "ledger_entry", "ledger_charge")


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]
    operations = [migrations.RunPython(*refuse_changes(TABLES, "the ledger is append-only", function="ledger_refuse"))]
