"""What ``make`` runs: checks, tests, catalogues, generated documents."""
