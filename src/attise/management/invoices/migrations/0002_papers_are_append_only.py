"""The database itself refuses to change or remove a paper, or who issued it."""

from django.db import migrations

from attise.kernel.append_only import refuse_changes

TABLES = ("invoices_invoice", "invoices_issuer")


class Migration(migrations.Migration):
    dependencies = [("invoices", "0001_initial")]
    operations = [migrations.RunPython(*refuse_changes(TABLES, "papers are append-only", function="invoices_refuse"))]
