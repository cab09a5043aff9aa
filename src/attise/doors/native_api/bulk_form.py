"""The form of bulk bodies: one JSON object per line."""

NDJSON = "application/x-ndjson"
