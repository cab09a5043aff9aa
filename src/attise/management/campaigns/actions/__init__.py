"""What happens to campaigns: one module per verb, each verb one transaction."""
