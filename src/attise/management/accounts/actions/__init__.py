"""What happens in this room, one module per verb."""
